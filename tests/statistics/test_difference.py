"""t-intervals against scipy's, and what they cover."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from adenoscope.statistics.difference import paired_difference, unpaired_difference


@pytest.mark.parametrize("ci_prob", [0.9, 0.95])
@pytest.mark.parametrize("seed", range(5))
def test_both_agree_with_scipy(seed: int, ci_prob: float) -> None:
    rng = np.random.default_rng(seed)
    treated, vehicle = rng.normal(0.15, 0.05, 8), rng.normal(0.01, 0.02, 8)
    for ours, theirs in [
        (paired_difference(treated, vehicle, ci_prob), stats.ttest_rel(treated, vehicle)),
        (
            unpaired_difference(treated, vehicle[:5], ci_prob),
            stats.ttest_ind(treated, vehicle[:5], equal_var=False),
        ),
    ]:
        expected = theirs.confidence_interval(ci_prob)
        assert ours is not None
        np.testing.assert_allclose([ours.low, ours.high], [expected.low, expected.high], rtol=1e-10)


@pytest.mark.parametrize("difference", [paired_difference, unpaired_difference])
def test_animals_that_do_not_differ_at_all_give_no_interval(difference: object) -> None:
    assert callable(difference)
    assert difference(np.full(4, 0.5), np.full(4, 0.25)) is None


def test_pairing_covers_the_truth_in_95_percent_of_simulated_studies() -> None:
    rng = np.random.default_rng(11)
    covered = 0
    for _ in range(2000):
        animals = rng.normal(0, 0.05, 6)
        treated, vehicle = animals + rng.normal(0.1, 0.02, 6), animals + rng.normal(0, 0.02, 6)
        interval = paired_difference(treated, vehicle)
        assert interval is not None
        covered += not interval.excludes(0.1)
    assert 0.935 < covered / 2000 < 0.965  # ±3 s.e. of 2000 studies


def test_unpaired_arms_of_unlike_spread_and_size_cover_the_truth_in_95_percent() -> None:
    rng = np.random.default_rng(12)
    covered = 0
    for _ in range(2000):
        interval = unpaired_difference(rng.normal(0.1, 0.06, 6), rng.normal(0, 0.01, 10))
        assert interval is not None
        covered += not interval.excludes(0.1)
    assert 0.93 < covered / 2000 < 0.97  # Welch's degrees are approximate at this size


values = st.lists(st.floats(-1, 1), min_size=3, max_size=12)


@given(values=values, shift=st.floats(-1, 1))
def test_shifting_the_treated_arm_shifts_the_estimate_alone(values: list[float], shift: float) -> None:
    vehicle = np.arange(len(values)) / 10.0
    before = unpaired_difference(np.array(values), vehicle)
    after = unpaired_difference(np.array(values) + shift, vehicle)
    assert before is not None
    assert after is not None
    assert after.estimate == pytest.approx(before.estimate + shift, abs=1e-12)
    assert after.half_width == pytest.approx(before.half_width, abs=1e-9)
