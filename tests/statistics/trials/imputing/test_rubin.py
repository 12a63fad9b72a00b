"""Pooling of imputed data sets: Rubin's rules by hand, and their limits."""

from __future__ import annotations

import numpy as np

from adenoscope.statistics.trials.imputing.rubin import pool


def test_three_imputations_are_pooled_as_by_hand() -> None:
    found = pool(np.array([[1.0], [2.0], [3.0]]), np.array([[4.0], [5.0], [6.0]]), np.array([50.0]), 0.95)
    total, share = 5 + 4 / 3, (4 / 3) / (5 + 4 / 3)
    observed = 51 / 53 * 50 * (1 - share)
    degrees = 1 / (share**2 / 2 + 1 / observed)
    np.testing.assert_allclose(found.estimate, 2)
    np.testing.assert_allclose(found.standard_error, np.sqrt(total))
    np.testing.assert_allclose(found.degrees, degrees)


def test_imputations_that_agree_leave_the_degrees_of_the_analysis_but_for_their_correction() -> None:
    found = pool(np.full((5, 1), 2.0), np.full((5, 1), 4.0), np.array([50.0]), 0.95)
    np.testing.assert_allclose(found.standard_error, 2)
    np.testing.assert_allclose(found.degrees, 51 / 53 * 50)
