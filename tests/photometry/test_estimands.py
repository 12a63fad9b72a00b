"""Estimands: weighted quantiles and mixtures against their definitions, times on curves drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm

from adenoscope.photometry.estimands import (
    Posterior,
    curve_of,
    first_crossing,
    is_detected,
    last_rise,
    mean_interval,
    mixture_quantile,
    quantile_interval,
    time_interval,
    times_of,
    window_weights,
)

WINDOW_S = (0.0, 100.0)
BIN_S = 10.0  # no time is known better than a bin


def posterior(curves, weight=None):
    """Return a posterior of the given curves, shape (bin, draw), in bins of 10 s, one scale draw for each."""
    dff = np.asarray(curves, float)
    start = 10.0 * np.arange(dff.shape[0])
    weight = np.full(dff.shape[1], 1 / dff.shape[1]) if weight is None else np.asarray(weight)
    return Posterior(start + 5.0, start, start + 10.0, dff, weight, dff, weight)


def noisy_posterior(mean, sd, n_scales=64, n_states=16, seed=1):
    """Return draws of an own level for each draw around a mean curve."""
    rng = np.random.default_rng(seed)
    mean = np.asarray(mean, float)
    level = sd * rng.standard_normal(n_scales * n_states)
    start = 10.0 * np.arange(mean.size)
    return Posterior(
        start + 5.0,
        start,
        start + 10.0,
        mean[:, None] + level,
        np.full(level.size, 1 / level.size),
        np.repeat(mean[:, None], n_scales, axis=1),
        np.full(n_scales, 1 / n_scales),
    )


@given(a=st.floats(0.0, 99.0), b=st.floats(0.0, 99.0))
def test_window_weights_sum_to_1_and_count_the_overlap_of_each_bin(a, b):
    start, end = min(a, b), max(a, b) + 1.0
    weights = window_weights(posterior(np.zeros((10, 1))), (start, end))
    assert weights.sum() == pytest.approx(1.0)
    grid = np.linspace(start, end, 20_001)
    share = np.histogram(grid, bins=10.0 * np.arange(11))[0] / grid.size
    assert np.allclose(weights, share, atol=2e-4)


def test_half_a_bin_counts_half():
    weights = window_weights(posterior(np.zeros((4, 1))), (5.0, 20.0))
    assert np.allclose(weights, [1 / 3, 2 / 3, 0.0, 0.0])


def test_the_mean_over_a_window_is_that_of_its_bins():
    made = noisy_posterior([0.0, 1.0, 4.0, 100.0], 0.02)
    assert mean_interval(made, window_weights(made, (0.0, 30.0))).estimate == pytest.approx(5 / 3)


@pytest.mark.parametrize("probability", [0.025, 0.3, 0.5, 0.975])
def test_the_quantile_of_one_normal_is_that_of_scipy(probability):
    found = mixture_quantile(np.array([0.3]), np.array([0.02]), np.array([1.0]), probability)
    assert found == pytest.approx(norm(0.3, 0.02).ppf(probability), abs=1e-9)


@pytest.mark.parametrize("probability", [0.025, 0.5, 0.975])
def test_the_quantile_of_a_mixture_is_where_its_distribution_function_is(probability):
    mean, sd, weight = np.array([-1.0, 0.0, 4.0]), np.array([0.3, 2.0, 0.1]), np.array([0.2, 0.5, 0.3])
    expected = brentq(lambda x: weight @ norm.cdf(x, mean, sd) - probability, -20, 20, xtol=1e-12)
    assert mixture_quantile(mean, sd, weight, probability) == pytest.approx(expected, abs=1e-9)


def test_the_interval_of_a_mean_has_the_spread_of_the_draws():
    made = noisy_posterior(np.full(10, 0.1), 0.02)
    interval = mean_interval(made, window_weights(made, WINDOW_S))
    assert interval.estimate == pytest.approx(0.1)
    # The spread of 1,024 draws is known to 2 %; 8 % is four of its errors.
    assert interval.half_width == pytest.approx(1.96 * 0.02, rel=0.08)


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=60, unique=True))
def test_equal_weights_give_the_quantiles_of_hazen(values):
    draws = np.array(values)
    interval = quantile_interval(draws, np.full(draws.size, 1.0))
    expected = np.quantile(draws, [0.025, 0.5, 0.975], method="hazen")
    assert np.allclose([interval.low, interval.estimate, interval.high], expected, atol=1e-9)


def test_a_weight_counts_as_that_many_draws():
    rng = np.random.default_rng(3)
    values, times = rng.normal(size=400), rng.integers(1, 6, size=400)
    weighted = quantile_interval(values, times / times.sum())
    repeated = quantile_interval(np.repeat(values, times), np.full(times.sum(), 1 / times.sum()))
    # Between neighbours the two interpolate differently; 400 draws lie about 0.02 apart in the tails' width.
    assert weighted.estimate == pytest.approx(repeated.estimate, abs=0.02)
    assert weighted.low == pytest.approx(repeated.low, abs=0.1)
    assert weighted.high == pytest.approx(repeated.high, abs=0.1)


@given(st.permutations(range(12)))
def test_the_order_of_the_draws_does_not_matter(order):
    values, weight = np.linspace(-1, 2, 12) ** 3, np.linspace(1, 2, 12)
    index = np.array(order)
    shuffled, straight = quantile_interval(values[index], weight[index]), quantile_interval(values, weight)
    # Weights are summed in another order.
    assert shuffled.estimate == pytest.approx(straight.estimate, rel=1e-12)
    assert (shuffled.low, shuffled.high) == pytest.approx((straight.low, straight.high), rel=1e-12)


def test_a_crossing_is_found_between_bins():
    time_s = np.array([0.0, 10.0, 20.0, 30.0])
    level = np.array([[3.0, 1.0, -1.0], [1.0, 1.0, 1.0], [-1.0, 1.0, 0.0], [-2.0, 1.0, -3.0]])
    everywhere = np.ones(level.shape, bool)
    assert np.allclose(first_crossing(time_s, level, everywhere), [15.0, np.nan, 0.0], equal_nan=True)


def test_a_crossing_counts_only_where_it_is_allowed():
    time_s = np.array([0.0, 10.0, 20.0, 30.0, 40.0])
    level = np.array([[1.0], [-1.0], [2.0], [1.0], [-1.0]])
    allowed = np.arange(5)[:, None] >= 2
    assert first_crossing(time_s, level, allowed) == pytest.approx([35.0])
    assert np.isnan(first_crossing(time_s, level, ~allowed & (time_s[:, None] < 10)))


def test_the_last_rise_is_found_between_bins_and_a_curve_that_is_always_above_rose_at_the_first():
    time_s = np.array([0.0, 10.0, 20.0, 30.0, 40.0])
    level = np.array([[-1.0, 1.0, -3.0], [1.0, 2.0, -1.0], [-1.0, 1.0, 3.0], [1.0, 3.0, 4.0], [-1.0, -9.0, 5.0]])
    allowed = np.arange(5)[:, None] <= np.array([3, 3, 4])
    assert np.allclose(last_rise(time_s, level, allowed), [25.0, 0.0, 12.5])


def test_times_are_spread_over_their_bins():
    t = np.arange(5.0, 2000.0, BIN_S)
    triangle = np.interp(t, [0.0, 505.0, 1505.0], [0.0, 0.2, 0.0])
    times = times_of(posterior(np.repeat(triangle[:, None], 4000, axis=1)), (0.0, 1000.0))
    # A uniform spread over a width w has a standard deviation of w / sqrt(12), known here to 1 %.
    assert np.std(times.onset) == pytest.approx(BIN_S / 12**0.5, rel=0.05)
    assert np.std(times.time_to_peak) == pytest.approx(2 * BIN_S / 12**0.5, rel=0.05)


def test_times_of_a_triangle_are_those_that_were_drawn():
    t = np.arange(5.0, 2000.0, 10.0)
    triangle = np.interp(t, [0.0, 505.0, 1505.0], [0.0, 0.2, 0.0])
    times = times_of(posterior(triangle[:, None]), (0.0, 1000.0))
    assert times.peak[0] == pytest.approx(0.2)
    assert times.time_to_peak[0] == pytest.approx(505.0, abs=BIN_S)
    assert times.onset[0] == pytest.approx(101.0, abs=BIN_S / 2)
    assert times.time_to_peak[0] + times.half_decay[0] == pytest.approx(1005.0, abs=BIN_S / 2)


def test_a_dip_has_a_negative_peak_and_the_same_times():
    t = np.arange(5.0, 2000.0, 10.0)
    triangle = np.interp(t, [0.0, 505.0, 1505.0], [0.0, 0.2, 0.0])
    up, down = (times_of(posterior(sign * triangle[:, None]), (0.0, 1000.0)) for sign in (1, -1))
    assert down.peak[0] == -up.peak[0]
    assert down[1:] == up[1:]


def test_the_peak_is_sought_in_the_window_and_the_half_decay_to_the_end():
    t = np.arange(5.0, 2000.0, 10.0)
    rising = np.interp(t, [0.0, 1005.0, 1505.0], [0.0, 0.2, 0.0])
    times = times_of(posterior(rising[:, None]), (0.0, 600.0))
    assert times.time_to_peak[0] == pytest.approx(595.0, abs=BIN_S)
    half_lost_s = 1505.0 - 500.0 * (0.5 * rising[59]) / 0.2
    assert times.time_to_peak[0] + times.half_decay[0] == pytest.approx(half_lost_s, abs=BIN_S / 2)


def test_a_plateau_has_no_half_decay():
    t = np.arange(5.0, 2000.0, 10.0)
    plateau = np.repeat(np.minimum(t / 300, 1.0)[:, None], 20, axis=1)
    made = posterior(plateau)
    times = times_of(made, (0.0, 1000.0))
    assert np.isnan(times.half_decay).all()
    assert time_interval(times.half_decay, made.weight) is None
    assert time_interval(times.onset, made.weight) is not None


def test_a_time_is_claimed_while_few_draws_lack_it_and_none_when_many_do():
    values = np.linspace(100.0, 200.0, 20)
    weight = np.full(20, 0.05)
    values[:4] = np.nan
    interval = time_interval(values, weight)
    assert values[4] <= interval.low <= interval.estimate <= interval.high <= 200.0
    values[4] = np.nan
    assert time_interval(values, weight) is None


@pytest.mark.parametrize(("size", "detected"), [(0.0, False), (0.02, False), (0.2, True), (-0.2, True)])
def test_a_response_is_detected_when_its_whole_band_leaves_0(size, detected):
    assert is_detected(noisy_posterior(np.full(10, size), 0.02), WINDOW_S) is detected


def test_a_response_outside_the_window_is_not_detected_in_it():
    made = noisy_posterior(np.r_[np.zeros(10), np.ones(10)], 0.02)
    assert not is_detected(made, (0.0, 100.0))
    assert is_detected(made, (0.0, 200.0))


def test_few_false_alarms_come_from_draws_around_nothing():
    # The curve's own error is drawn like its draws: a band of 95 % leaves 0 in 5 % of cases.
    rng = np.random.default_rng(5)
    alarms = sum(
        is_detected(noisy_posterior(np.full(5, 0.02 * rng.normal()), 0.02, seed=k), WINDOW_S) for k in range(400)
    )
    # Binomial: 20 expected of 400, sd 4.4.
    assert 5 <= alarms <= 35


def test_the_band_of_a_curve_is_two_standard_deviations_of_the_draws():
    curve = curve_of(noisy_posterior(np.linspace(0.0, 0.2, 10), 0.02))
    assert np.allclose(curve.dff, np.linspace(0.0, 0.2, 10))
    assert np.allclose(curve.dff_high - curve.dff, 1.96 * 0.02, rtol=0.08)
    assert np.allclose(curve.dff_high - curve.dff, curve.dff - curve.dff_low)
