"""Bounds against published ones, against simulated trials, and against what they are made to hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import multivariate_normal

from adenoscope.statistics.sequential.bounds import drift_for_power, efficacy_bounds, futility_bounds
from adenoscope.statistics.sequential.monitoring import stopped
from adenoscope.statistics.sequential.spending import Numbers, Spending, spent

FIVE = np.linspace(0.2, 1, 5)
UNEVEN = np.array([0.15, 0.2, 0.7, 1.0])


def statistics(information: Numbers, drift: float, n_trials: int, seed: int) -> Numbers:
    steps = np.diff(information, prepend=0.0)
    rng = np.random.default_rng(seed)
    sums = np.cumsum(drift * steps + np.sqrt(steps) * rng.standard_normal((n_trials, len(steps))), axis=1)
    return sums / np.sqrt(information)


def test_five_looks_have_the_published_obrien_fleming_bounds() -> None:
    """Lan-DeMets with one-sided 0.025: the gate of the project."""
    published = [4.8769, 3.3570, 2.6803, 2.2898, 2.0310]
    assert np.allclose(efficacy_bounds(FIVE).upper, published, atol=5e-5)  # half of their last digit


@pytest.mark.parametrize("spending", ["obrien_fleming", "pocock"])
@pytest.mark.parametrize("information", [FIVE[:4], UNEVEN])
def test_bounds_spend_what_another_integration_says(spending: Spending, information: Numbers) -> None:
    upper = efficacy_bounds(information, spending=spending).upper
    together = np.sqrt(np.minimum.outer(information, information) / np.maximum.outer(information, information))
    for looks in range(2, len(information) + 1):
        law = multivariate_normal(cov=together[:looks, :looks], seed=1, abseps=1e-9, releps=1e-9, maxpts=1_000_000)
        expected = spent(spending, 0.025, information[looks - 1 : looks])[0]
        assert 1 - law.cdf(upper[:looks]) == pytest.approx(expected, abs=1e-7)  # of that integration


def test_three_looks_have_the_bounds_and_the_inflation_that_gsdesign_gives() -> None:
    """gsDesign() as it comes: alpha 0.025, beta 0.1, Hwang-Shih-DeCani -4 above and -2 below, not binding."""
    three = np.array([1 / 3, 2 / 3, 1.0])
    bounds = futility_bounds(efficacy_bounds(three, spending="hwang_shih_decani"), 0.1, "hwang_shih_decani", -2.0)
    assert np.allclose(bounds.upper, [3.01, 2.55, 2.00], atol=0.005)  # half of the last digit that is printed
    assert np.allclose(bounds.lower, [-0.24, 0.94, 2.00], atol=0.005)  # the same
    assert bounds.drift is not None
    assert (bounds.drift / (ndtri(0.975) + ndtri(0.9))) ** 2 == pytest.approx(1.070, abs=5e-4)  # the same


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.floats(0.02, 1.0), min_size=1, max_size=6).map(lambda steps: np.cumsum(steps) / np.sum(steps)),
    st.sampled_from(["obrien_fleming", "pocock", "hwang_shih_decani"]),
    st.sampled_from([0.025, 0.05]),
)
def test_however_looks_are_spaced_the_error_is_what_was_asked_for(
    information: Numbers, spending: Spending, alpha: float
) -> None:
    bounds = efficacy_bounds(information, alpha, spending)
    assert bounds.crossing(0.0).power == pytest.approx(alpha, abs=1e-9)  # of roots and quadrature


def test_one_look_is_the_fixed_test() -> None:
    bounds = efficacy_bounds(np.ones(1))
    assert bounds.upper[0] == pytest.approx(ndtri(0.975), abs=1e-9)  # of the root
    assert drift_for_power(bounds, 0.9) == pytest.approx(ndtri(0.975) + ndtri(0.9), abs=1e-9)  # the same
    assert bounds.nominal_p[0] == pytest.approx(0.025, abs=1e-9)  # the same


@pytest.mark.parametrize("information", [FIVE, UNEVEN])
@pytest.mark.parametrize("binding", [True, False])
@pytest.mark.parametrize("drift", [0.0, 3.0])
def test_simulated_trials_stop_where_integration_says(information: Numbers, binding: bool, drift: float) -> None:
    bounds = futility_bounds(efficacy_bounds(information, spending="pocock"), 0.2)
    expected = bounds.crossing(drift, binding=binding)
    n_trials = 200_000
    found = stopped(statistics(information, drift, n_trials, seed=1), bounds, binding=binding)
    for look in range(len(information)):
        share = float(expected.above[look])
        seen = float(np.mean((found.look == look) & found.efficacy))
        assert abs(seen - share) < 4.5 * np.sqrt(share * (1 - share) / n_trials) + 1e-6  # one in 10^5 for each look
    mean = information[found.look].mean()
    error = information[found.look].std() / np.sqrt(n_trials)
    assert abs(mean - expected.expected_information) < 4.5 * error + 1e-9  # the same


@pytest.mark.parametrize("spending", ["obrien_fleming", "pocock", "hwang_shih_decani"])
def test_futility_bounds_meet_the_efficacy_bounds_and_give_the_power_asked_for(spending: Spending) -> None:
    bounds = futility_bounds(efficacy_bounds(UNEVEN), 0.1, spending)
    assert bounds.drift is not None
    assert bounds.lower[-1] == bounds.upper[-1]
    assert (bounds.lower[:-1] < bounds.upper[:-1]).all()
    at_drift, at_none = bounds.crossing(bounds.drift), bounds.crossing(0.0)
    assert at_drift.power == pytest.approx(0.9, abs=1e-8)  # of roots and quadrature
    assert at_drift.below.sum() == pytest.approx(0.1, abs=1e-8)  # the same
    assert at_none.power < 0.025  # who stops for futility cannot err any more
    assert bounds.crossing(0.0, binding=False).power == pytest.approx(0.025, abs=1e-9)  # the same
    assert at_none.expected_information < 0.9


def test_more_looks_cost_more_people_at_most_and_fewer_on_average() -> None:
    fixed = drift_for_power(efficacy_bounds(np.ones(1)), 0.8)
    bounds = efficacy_bounds(FIVE)
    drift = drift_for_power(bounds, 0.8)
    most = (drift / fixed) ** 2
    assert 1 < most < 1.04
    assert most * bounds.crossing(drift).expected_information < 0.9


def test_a_trial_under_way_has_spent_a_part_of_its_error() -> None:
    planned, so_far = efficacy_bounds(FIVE), efficacy_bounds(FIVE[:3])
    assert np.allclose(so_far.upper, planned.upper[:3], atol=1e-9)  # of roots
    assert so_far.crossing(0.0).power < 0.025


def test_a_missing_statistic_stops_no_trial_before_its_end() -> None:
    bounds = futility_bounds(efficacy_bounds(FIVE))
    z = np.array([[np.nan, np.nan, 9.0, np.nan, np.nan], [np.nan] * 5, [-9.0, 9.0, 0.0, 0.0, 0.0]])
    found = stopped(z, bounds)
    assert found.look.tolist() == [2, 4, 0]
    assert found.efficacy.tolist() == [True, False, False]
    assert stopped(z, bounds, binding=False).look.tolist() == [2, 4, 1]
