"""A session made ready: masked where it was handled, cut where the light path broke, on the first onset's clock."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.core.recording import Channels, Trace
from adenoscope.photometry.prepare import coupling_step, prepare, soon_after

HANDLING_S = (-30.0, 60.0)
ORIGIN_S = 1000.0


def trace(name, *, start_s=0.0, level=400.0, seed=1, change=None):
    """Return 2,400 s at 5 Hz; ``change`` [1] of the time after 1,000 s multiplies it."""
    time_s = np.arange(0.0, 2400.0, 0.2)
    values = level * (1 + 0.003 * np.random.default_rng(seed).standard_normal(time_s.size))
    if change is not None:
        values = values * change(time_s - ORIGIN_S)
    return Trace(name, time_s + start_s, values)


def pair(change_signal=None, change_control=None):
    signal = trace("signal", seed=1, change=change_signal)
    return Channels(signal, control=trace("control", seed=2, change=change_control))


def test_levels_are_relative_to_the_baseline_before_handling():
    data = prepare(pair(), (ORIGIN_S,), HANDLING_S)
    before = data.design.time_s < HANDLING_S[0]
    assert np.allclose(np.nanmedian(data.Y[before], axis=0), 0.0, atol=1e-12)


@pytest.mark.parametrize("size", [3.0, 1.2, 0.7, 0.01])
def test_the_handling_window_is_masked_and_not_interpolated(size):
    def bump(t):
        return np.where((t > -30) & (t < 60), size, 1.0)

    data = prepare(pair(bump, bump), (ORIGIN_S,), HANDLING_S)
    touched = (data.edges_s[1:] > HANDLING_S[0]) & (data.edges_s[:-1] < HANDLING_S[1])
    assert np.array_equal(data.masked, touched)
    assert data.breaks_s == ()
    assert np.isnan(data.Y[touched]).all()
    assert np.abs(data.Y[~touched]).max() < 0.01


def test_every_onset_has_its_handling_window():
    data = prepare(pair(), (ORIGIN_S, ORIGIN_S + 600.0), HANDLING_S)
    masked_s = data.design.time_s[data.masked]
    assert np.array_equal(data.design.onsets_s, [0.0, 600.0])
    near = [np.abs(masked_s - onset - 15.0) < 60.0 for onset in (0.0, 600.0)]
    assert near[0].any()
    assert near[1].any()
    assert (near[0] | near[1]).all()


def test_a_handling_window_of_no_length_masks_nothing():
    data = prepare(pair(), (ORIGIN_S,), (0.0, 0.0))
    assert not data.masked.any()
    assert np.isfinite(data.Y).all()
    assert not data.design.settle.any()


def test_motion_may_be_larger_while_the_animal_settles_and_then_no_more():
    design = prepare(pair(), (ORIGIN_S,), HANDLING_S).design
    unsettled = design.time_s[design.settle > 0]
    assert unsettled.min() == pytest.approx(HANDLING_S[1], abs=10)
    assert unsettled.max() < HANDLING_S[1] + 120
    assert np.all(np.diff(design.settle[design.settle > 0]) < 0)


def test_a_broken_light_path_ends_the_session_on_either_side():
    def fallen_out(t):
        return np.where((t < -600) | (t > 900), 0.4, 1.0)

    data = prepare(pair(fallen_out, fallen_out), (ORIGIN_S,), HANDLING_S)
    start, end = data.breaks_s
    assert -600 < start < -450
    assert 750 < end < 900
    assert data.edges_s[0] > -600
    assert data.edges_s[-1] < 900
    assert data.edges_s.size == data.design.time_s.size + 1 == data.Y.shape[0] + 1
    assert np.nanmax(np.abs(data.Y)) < 0.01


@pytest.mark.parametrize("length_s", [30.0, 65.0, 100.0])
def test_a_recording_of_a_few_bins_is_still_put_in_order(length_s):
    time_s = np.arange(0.0, length_s, 0.2)
    data = prepare(Channels(Trace("signal", time_s, np.full(time_s.size, 300.0))), (20.0,), HANDLING_S)
    assert data.edges_s.size == data.Y.shape[0] + 1


def test_a_whole_light_path_is_left_whole():
    data = prepare(pair(lambda t: 1 + 0.6 * (t > 0) * np.exp(-t / 300)), (ORIGIN_S,), HANDLING_S)
    assert data.breaks_s == ()
    assert data.edges_s[0] == pytest.approx(-ORIGIN_S, abs=30)
    assert data.edges_s[-1] == pytest.approx(1400, abs=30)


def test_how_far_the_coupling_moved_is_seen_in_the_control():
    data = prepare(pair(None, lambda t: np.where(t > 0, 1.08, 1.0)), (ORIGIN_S,), HANDLING_S)
    assert data.step_seen == pytest.approx(np.log(1.08), abs=0.003)


def test_no_step_is_seen_where_the_control_is_lost():
    nothing = np.full(100, np.nan)
    with np.errstate(all="ignore"):
        assert coupling_step(nothing[:0], np.empty(0), HANDLING_S) == 0.0


def test_a_blank_is_laid_beside_the_signal_by_the_time_since_its_own_start():
    blank = trace("signal", start_s=5e4, seed=3, change=lambda t: np.where((t > 0) & (t < 30), 0.8, 1.0))
    data = prepare(Channels(trace("signal"), blank=blank), (ORIGIN_S,), HANDLING_S)
    dip = data.edges_s[:-1][data.Y[:, 1] < -0.1]
    assert data.kind == "blank"
    # The blank session had no handling at that time: what it shows is bleaching, and is kept.
    assert np.array_equal(dip, [0.0, 10.0, 20.0])
    assert data.step_seen == 0.0


def test_a_signal_alone_has_an_empty_second_channel():
    data = prepare(Channels(trace("signal")), (ORIGIN_S,), HANDLING_S)
    assert data.kind == "single"
    assert np.isnan(data.Y[:, 1]).all()


def test_exposure_counts_from_the_first_sample_whatever_the_clock_says():
    late = Channels(trace("signal", start_s=7e3))
    data = prepare(late, (7e3 + ORIGIN_S,), HANDLING_S)
    assert np.allclose(data.design.exposed_s[:, 0], data.design.time_s + ORIGIN_S)


def test_soon_after_an_onset_is_ten_minutes_long():
    time_s = np.array([-100.0, -20.0, 0.0, 599.0, 700.0, 1100.0, 1700.0])
    near = soon_after(time_s, np.array([0.0, 1000.0]))
    assert near.tolist() == [False, True, True, True, False, True, False]
