"""The Emax curve's equation, its derivatives, and its families."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.core.recording import Samples
from adenoscope.statistics.doses.curve_shapes import Family
from adenoscope.statistics.doses.emax_curve import emax_family, fraction, shifted_family

DOSES = np.array([0.0, 1.0, 5.0, 20.0])


def test_half_of_the_ceiling_is_reached_at_ed50_and_none_of_it_without_a_dose() -> None:
    share = fraction(np.array([0.0, 7.0]), np.log([[7.0, 2.5]]))
    np.testing.assert_allclose(share, [[0.0, 0.5]])


def test_steepness_is_one_where_it_is_held() -> None:
    np.testing.assert_allclose(fraction(DOSES, np.log([[4.0]]))[0], DOSES / (4.0 + DOSES))


@pytest.mark.parametrize(
    ("family", "at"),
    [
        (emax_family(DOSES, free_hill=False), np.log([4.0])),
        (emax_family(DOSES, free_hill=True), np.log([4.0, 1.7])),
        (shifted_family(DOSES, 2 * DOSES, free_hill=False), np.log([4.0, 3.0])),
        (shifted_family(DOSES, 2 * DOSES[:3], free_hill=True), np.log([4.0, 1.7, 3.0])),
    ],
)
def test_slopes_are_the_derivatives_of_the_design(family: Family, at: Samples) -> None:
    step = 1e-6
    for i in range(len(at)):
        moved = step * np.eye(len(at))[i]
        designs = family.design(np.array([at - moved, at + moved]))
        # central difference: truncation near step², rounding near 1e-16 / step
        np.testing.assert_allclose(family.slopes(at)[..., i], (designs[1] - designs[0]) / (2 * step), atol=1e-8)


def test_the_second_of_a_shifted_pair_has_its_ed50_further_along() -> None:
    design = shifted_family(DOSES, DOSES, free_hill=True).design(np.log([[4.0, 1.7, 3.0]]))[0]
    np.testing.assert_allclose(design[4:, 2], fraction(DOSES, np.log([[12.0, 1.7]]))[0])
