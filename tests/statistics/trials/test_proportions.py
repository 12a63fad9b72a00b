"""Differences of risks: published intervals, the test that agrees with them, and the level it holds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from adenoscope.statistics.trials.proportions import risk_difference

# Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I, table II, row "Miettinen"
PUBLISHED = (
    (56, 70, 48, 80, 0.0528, 0.3382),
    (9, 10, 3, 10, 0.1700, 0.8406),
    (5, 56, 0, 29, -0.0326, 0.1933),
)


@pytest.mark.parametrize(("x1", "n1", "x0", "n0", "low", "high"), PUBLISHED)
def test_intervals_are_the_published_ones(x1: int, n1: int, x0: int, n0: int, low: float, high: float) -> None:
    found = risk_difference(x1, n1, x0, n0, 0.95)
    # Printed to four decimals
    assert float(found.low) == pytest.approx(low, abs=5.1e-5)
    assert float(found.high) == pytest.approx(high, abs=5.1e-5)


def test_the_interval_excludes_zero_where_the_test_rejects() -> None:
    x1, x0 = np.meshgrid(np.arange(21), np.arange(16), indexing="ij")
    found = risk_difference(x1, 20, x0, 15, 0.95)
    outside = (found.low > 0) | (found.high < 0)
    np.testing.assert_array_equal(outside, found.p_value < 0.05)
    assert ((found.low <= found.estimate) & (found.estimate <= found.high)).all()


def test_swapped_arms_give_the_mirror_image() -> None:
    there, back = risk_difference(7, 20, 3, 30, 0.9), risk_difference(3, 30, 7, 20, 0.9)
    np.testing.assert_allclose([there.low, there.high], [-back.high, -back.low], atol=1e-12)
    assert there.p_value == back.p_value


def test_nobody_and_everybody_are_no_difference_and_an_empty_arm_has_no_answer() -> None:
    found = risk_difference([0, 12, 0], [12, 12, 0], [0, 9, 3], [9, 9, 9], 0.95)
    assert found.p_value[:2].tolist() == [1.0, 1.0]
    assert (found.low[:2] < 0).all()
    assert (found.high[:2] > 0).all()
    assert np.isnan(found.estimate[2])


@pytest.mark.parametrize("n", [15, 30, 50, 100, 150])
def test_the_level_is_about_nominal_whatever_the_risk(n: int) -> None:
    """All tables enumerated, so this is the level itself; what it is stands in the docstring of the function."""
    counts = np.arange(n + 1)
    rejected = risk_difference(counts[:, None], n, counts, n, 0.95).p_value < 0.05
    for risk in (0.2, 0.3, 0.4, 0.5):
        mass = stats.binom.pmf(counts, n, risk)
        level = mass @ rejected @ mass
        assert (0.038 if n < 30 else 0.045) < level < 0.058
