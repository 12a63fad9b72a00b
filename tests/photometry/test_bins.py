"""Bins: where their edges lie, and what spikes, losses and a full detector do not do to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.core.recording import Trace
from adenoscope.photometry.bins import COARSE_S, FINE_AFTER_ONSET_S, FINE_S, bin_edges, bin_trace, ceiling

EDGES = np.arange(-100.0, 101.0, 10.0)


def steady_trace(saturation=None):
    """Return 200 s at 8 Hz of noise around a level, from 100 s before the origin; all times are exact."""
    time_s = np.arange(-800, 800) / 8
    values = 500.0 * (1 + 0.01 * np.random.default_rng(1).standard_normal(time_s.size))
    return Trace("signal", time_s, values, saturation=saturation)


def with_values(trace, first_s, last_s, change):
    """Return the trace with ``change`` applied to the samples from ``first_s`` to before ``last_s``."""
    values = trace.values.copy()
    there = (trace.time_s >= first_s) & (trace.time_s < last_s)
    values[there] = change(values[there])
    return Trace(trace.name, trace.time_s, values, saturation=trace.saturation)


@given(
    first=st.floats(-7200.0, -10.0),
    last=st.floats(60.0, 7200.0),
    gaps=st.lists(st.integers(1, 90).map(lambda k: 10.0 * k), max_size=5),
)
def test_edges_increase_within_the_recording_and_stand_at_every_onset(first, last, gaps):
    onsets = np.concatenate([[0.0], np.cumsum(gaps)])
    onsets = onsets[onsets < last]
    edges = bin_edges(first, last, onsets)
    assert first <= edges[0]
    assert edges[-1] <= last
    widths = np.diff(edges)
    assert widths.min() > 0.4 * FINE_S
    assert widths.max() <= 2 * COARSE_S
    assert np.isin(onsets, edges).all()


@pytest.mark.parametrize("second", [603.0, 632.0, 1201.0])
def test_an_onset_close_behind_another_edge_is_an_edge(second):
    assert second in bin_edges(-1200.0, 4000.0, np.array([0.0, second]))


@given(first=st.floats(-7200.0, -10.0))
def test_bins_are_fine_after_an_onset_and_coarse_later(first):
    edges = bin_edges(first, 3000.0, np.array([0.0]))
    after = edges[edges >= 0]
    assert np.allclose(np.diff(after[after <= FINE_AFTER_ONSET_S]), FINE_S)
    assert np.allclose(np.diff(after[after >= FINE_AFTER_ONSET_S]), COARSE_S)


def test_a_bin_holds_the_log_of_its_median():
    trace = steady_trace()
    bins = bin_trace(trace, 0.0, EDGES)
    expected = [np.log(np.median(trace.values[80 * i : 80 * (i + 1)])) for i in range(20)]
    assert np.allclose(bins.log_f, expected, rtol=1e-12)
    assert not bins.clipped.any()


def test_the_origin_is_on_the_clock_of_the_trace():
    trace = steady_trace()
    moved = Trace("signal", trace.time_s + 1e5, trace.values)
    assert np.array_equal(bin_trace(moved, 1e5, EDGES).log_f, bin_trace(trace, 0.0, EDGES).log_f)


def test_a_spike_of_a_second_does_not_move_a_bin():
    trace = steady_trace()
    calm = bin_trace(trace, 0.0, EDGES).log_f
    spiked = bin_trace(with_values(trace, 3.0, 4.0, lambda v: 5 * v), 0.0, EDGES).log_f
    # A tenth of the samples moves the median by about an eighth of their spread of 1 %.
    assert np.abs(spiked - calm).max() < 0.004


def test_samples_of_a_dark_moment_are_left_out():
    trace = steady_trace()
    calm = bin_trace(trace, 0.0, EDGES).log_f
    dark = bin_trace(with_values(trace, 0.0, 6.0, lambda v: 0.01 * v), 0.0, EDGES).log_f
    assert np.abs(dark - calm).max() < 0.004


def test_lost_samples_are_left_out_and_a_bin_of_nothing_else_is_nan():
    trace = steady_trace()
    calm = bin_trace(trace, 0.0, EDGES).log_f
    lost = bin_trace(with_values(trace, 4.0, 18.0, lambda v: v * np.nan), 0.0, EDGES).log_f
    assert np.flatnonzero(np.isnan(lost)).tolist() == [11]  # 10 to 20 s: only a fifth is left
    seen = np.isfinite(lost)
    assert np.abs(lost[seen] - calm[seen]).max() < 0.004


def test_a_bin_without_any_row_is_nan():
    trace = steady_trace()
    gone = (trace.time_s >= 20) & (trace.time_s < 40)
    holed = Trace("signal", trace.time_s[~gone], trace.values[~gone])
    lost = bin_trace(holed, 0.0, EDGES).log_f
    assert np.flatnonzero(np.isnan(lost)).tolist() == [12, 13]


@pytest.mark.parametrize("saturation", [None, 600.0])
def test_a_bin_at_the_detectors_ceiling_is_lost_and_counted(saturation):
    trace = steady_trace(saturation=saturation)
    full = with_values(trace, 30.0, 50.0, lambda v: np.full_like(v, 600.0))
    bins = bin_trace(full, 0.0, EDGES)
    assert np.flatnonzero(np.isnan(bins.log_f)).tolist() == [13, 14]
    assert np.allclose(bins.clipped[[13, 14]], 1.0)
    assert bins.clipped.sum() == pytest.approx(2.0)


def test_a_maximum_that_is_reached_once_is_no_ceiling():
    assert ceiling(steady_trace()) == np.inf


def test_a_trace_of_nothing_has_no_ceiling():
    trace = steady_trace()
    assert ceiling(Trace("signal", trace.time_s, np.full_like(trace.values, np.nan))) == np.inf
