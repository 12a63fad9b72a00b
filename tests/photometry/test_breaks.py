"""Breaks of the light path: a moved patch cord is found, a lamp's step and a response are not taken for one."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.photometry.breaks import AROUND, REACH, find_breaks, jump_sizes, unbroken

N, AT = 120, 60
NEAR = AROUND + REACH - 1  # a step is seen by all comparisons that span it
NOWHERE, EVERYWHERE = np.zeros(N, bool), np.ones(N, bool)


def two_channels(signal_step, control_step, *, at=AT, seed=1):
    """Return log fluorescence, (bin, 2): bleaching and noise, with a step at one bin."""
    k = np.arange(N)[:, None]
    Y = 0.2 * np.exp(-k / 60) + 0.003 * np.random.default_rng(seed).standard_normal((N, 2))
    return Y + np.where(k >= at, [signal_step, control_step], 0.0)


@pytest.mark.parametrize("step", [-1.5, -0.3, -0.2, 0.2, 0.3, 1.5])
@pytest.mark.parametrize("soon", [NOWHERE, EVERYWHERE])
def test_a_moved_patch_cord_is_found_where_it_was_moved(step, soon):
    found = find_breaks(two_channels(step, step), True, soon, NOWHERE)
    assert found
    assert np.allclose(found, AT, atol=NEAR)


def test_two_breaks_are_both_found():
    found = np.array(
        find_breaks(two_channels(-0.5, -0.5, at=40) + two_channels(0.5, 0.5, at=80), True, NOWHERE, NOWHERE)
    )
    near = [np.abs(found - at) <= NEAR for at in (40, 80)]
    assert near[0].any()
    assert near[1].any()
    assert (near[0] | near[1]).all()


@pytest.mark.parametrize("steps", [(0.3, 0.0), (0.0, 0.3), (0.3, -0.3), (-0.3, 0.02)])
def test_a_step_of_one_lamp_or_of_both_in_opposite_ways_is_no_break(steps):
    assert find_breaks(two_channels(*steps), True, NOWHERE, NOWHERE) == []


@pytest.mark.parametrize("kappa", [-0.2, 0.0, 0.2])
def test_a_fast_response_of_60_percent_is_no_break(kappa):
    Y = two_channels(0.0, 0.0)
    response = 0.6 * np.exp(-np.clip(np.arange(N) - AT, 0, None) / 10) * (np.arange(N) >= AT)
    Y += np.log1p(np.outer(response, [1.0, kappa]))
    assert find_breaks(Y, True, NOWHERE, NOWHERE) == []


def test_a_response_of_the_signal_alone_is_no_break_soon_after_an_onset_and_is_one_elsewhere():
    Y = two_channels(0.5, 0.0)
    Y[:, 1] = np.nan
    assert find_breaks(Y, False, EVERYWHERE, NOWHERE) == []
    assert np.allclose(find_breaks(Y, False, NOWHERE, NOWHERE) or [0], AT, atol=NEAR)


@pytest.mark.parametrize("step", [-0.5, 0.2, 0.5])
def test_a_step_where_the_animal_was_handled_is_one_in_coupling_and_no_break(step):
    handled = np.zeros(N, bool)
    handled[AT - 3 : AT + 6] = True
    assert find_breaks(two_channels(step, step), True, NOWHERE, handled) == []
    assert find_breaks(two_channels(step, step, at=AT + 20), True, NOWHERE, handled)


def test_bleaching_and_noise_are_no_break():
    for seed in range(20):
        Y = two_channels(0.0, 0.0, seed=seed)
        assert find_breaks(Y, True, NOWHERE, NOWHERE) == []
        assert find_breaks(Y, False, NOWHERE, NOWHERE) == []


def test_the_size_of_a_jump_is_that_of_the_level_and_lost_bins_do_not_hide_it():
    Y = two_channels(-0.4, -0.4)
    Y[AT - 2 : AT + 2] = np.nan
    sizes = jump_sizes(Y[:, 0])
    assert sizes[np.argmax(np.abs(sizes))] == pytest.approx(-0.4, abs=0.03)


def test_a_channel_of_nothing_has_no_jumps():
    assert not jump_sizes(np.full(N, np.nan)).any()


def test_the_session_lasts_from_the_last_break_before_the_intervention_to_the_first_after_it():
    time_s = np.arange(-600.0, 600.0, 10.0)
    bins = [int(np.searchsorted(time_s, at)) for at in (-400.0, -200.0, 300.0, 500.0)]
    breaks = [(i, i) for i in bins]
    start, end = unbroken(time_s, breaks)
    assert -200 < start <= -160
    assert 260 <= end < 300
    assert unbroken(time_s, []) == (-np.inf, np.inf)


def test_a_cord_that_is_moved_for_half_a_minute_is_one_break_and_none_of_it_is_kept():
    Y = two_channels(0.5, 0.5)
    Y[AT : AT + 3] = [[-0.7, -0.6], [0.2, 0.1], [-0.3, -0.3]]
    time_s = 10.0 * (np.arange(N) - N + 10.0)
    breaks = find_breaks(Y, True, NOWHERE, NOWHERE)
    start, _ = unbroken(time_s, breaks)
    assert start >= time_s[AT + 3]
    assert np.ptp(Y[time_s >= start, 1]) < 0.1
