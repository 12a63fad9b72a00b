"""Simulated recordings: reproducible, with parts that stand alone and a truth that is what it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adenoscope.photometry.synthetic import SCENARIOS, Scenario, simulate

SHORT = Scenario("short", duration_s=3600.0, baseline_s=900.0)
SILENT = replace(
    SHORT,
    name="silent",
    drift_per_hour=0.0,
    motion=0.0,
    handling=False,
    vasomotion_sd=0.0,
    neural_sd=0.0,
    noise=(0.0, 0.0),
    read_noise=0.0,
    detector_offset=0.0,
)


def baseline_level(time_s, values, onset_s):
    return values[(time_s > onset_s - 60) & (time_s < onset_s)].mean()


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_condition_gives_a_recording_on_its_own_clock_with_truth_to_the_end(name):
    made = simulate(SCENARIOS[name], seed=3)
    signal = made.channels.signal
    assert signal.time_s[0] >= made.scenario.clock_start_s
    assert np.all(np.diff(signal.time_s) > 0)
    assert np.nanmin(signal.values) > 0
    assert made.truth_time_s[0] == 0
    assert made.onsets_s[0] + made.truth_time_s[-1] == pytest.approx(signal.time_s[-1], abs=1.0)
    assert (made.channels.control is not None) == made.scenario.has_control
    assert (made.channels.blank is not None) == made.scenario.has_blank


def test_the_same_seed_gives_the_same_samples_and_another_seed_others():
    first, again, other = (simulate(SHORT, seed) for seed in (5, 5, 6))
    assert np.array_equal(first.channels.signal.values, again.channels.signal.values)
    assert not np.allclose(first.truth_dff, other.truth_dff)


def test_switching_a_part_off_leaves_the_other_parts_as_they_were():
    whole, still = simulate(SHORT, 7), simulate(replace(SHORT, motion=0.0, has_control=False), 7)
    assert np.ptp(still.parts["signal motion"]) == 0
    for part in ("bleaching", "drift", "handling", "blood", "activity"):
        assert np.array_equal(whole.parts[f"signal {part}"], still.parts[f"signal {part}"])
    assert np.array_equal(whole.truth_dff, still.truth_dff)


def test_the_rate_changes_the_noise_and_neither_truth_nor_parts():
    slow, fast = simulate(replace(SHORT, rate_hz=1.0), 8), simulate(replace(SHORT, rate_hz=100.0), 8)
    assert np.array_equal(slow.truth_dff, fast.truth_dff)
    assert np.array_equal(slow.parts["signal drift"], fast.parts["signal drift"])
    assert fast.channels.signal.rate_hz == pytest.approx(100.0)
    jitter = [np.std(np.diff(made.channels.signal.values)) for made in (slow, fast)]
    assert jitter[1] > 2 * jitter[0]


def test_without_anything_else_the_signal_over_its_bleaching_is_the_truth():
    made = simulate(SILENT, 9)
    signal, bleached = made.channels.signal, made.parts["signal bleaching"]
    after = made.parts_time_s >= made.onsets_s[0]
    level = np.interp(made.parts_time_s, signal.time_s, signal.values) / bleached
    # The simulator samples the same 10 Hz grid, so only rounding is left.
    assert np.allclose(level[after] / level[0] - 1, made.truth_dff, atol=1e-9)


@pytest.mark.parametrize("kappa", [-0.2, 0.0, 0.2])
def test_the_control_moves_by_kappa_times_the_signal(kappa):
    flat = replace(SILENT, kappa=(kappa, kappa), bleaching_loss=(0.0, 0.0))
    made = simulate(flat, 10)
    control = made.channels.control
    caused = control.values / baseline_level(control.time_s, control.values, made.onsets_s[0]) - 1
    at = np.interp(made.onsets_s[0] + made.truth_time_s, control.time_s, caused)
    assert made.kappa == kappa
    assert np.allclose(at, kappa * made.truth_dff, atol=1e-9)


def test_responses_keep_to_the_kinetics_they_are_named_for():
    peaks = {}
    for name in ("typical", "fast", "slow"):
        made = [simulate(SCENARIOS[name], seed) for seed in range(8)]
        peaks[name] = np.array([m.truth_time_s[np.argmax(m.truth_dff)] for m in made])
    assert 350 < np.median(peaks["typical"]) < 650
    assert peaks["fast"].max() <= 100
    assert peaks["slow"].min() > 1700
    assert peaks["slow"].max() < 2750


def test_a_biphasic_response_falls_below_its_baseline_and_a_plateau_stays():
    assert simulate(SCENARIOS["biphasic"], 1).truth_dff.min() < -0.01
    plateau = simulate(SCENARIOS["plateau"], 1).truth_dff
    assert plateau[-1] > 0.7 * plateau.max()


def test_repeated_bouts_have_five_onsets_and_five_rises():
    made = simulate(SCENARIOS["repeated"], 2)
    assert np.allclose(np.diff(made.onsets_s), 600.0)
    ends, starts = made.truth_dff[300:2701:600], made.truth_dff[600:2401:600]
    assert ends.size == 5
    assert starts.max() < 0.2 * ends.min()


def test_without_a_response_the_truth_is_zero():
    assert not simulate(SCENARIOS["no_response"], 4).truth_dff.any()


def test_losses_are_nan_missing_rows_and_a_ceiling_the_trace_knows():
    made = simulate(replace(SCENARIOS["dropouts"], saturation=1.0), 5)
    signal = made.channels.signal
    assert np.isnan(signal.values).any()
    assert signal.time_s.size < 0.995 * 72001
    assert signal.saturation == np.nanmax(signal.values)


def test_a_blank_session_is_alike_in_bleaching_and_has_neither_response_nor_handling():
    quiet = replace(SILENT, has_control=False, has_blank=True, peak_dff=(0.2, 0.2))
    made = simulate(quiet, 6)
    blank, left = made.channels.blank, made.parts["signal bleaching"]
    relative = np.interp(made.parts_time_s, blank.time_s, blank.values) / blank.values[0]
    # Constants differ by about 10 %, so of a third that is bleached some hundredths may differ.
    assert np.abs(relative - left).max() < 0.06
    assert np.all(np.diff(relative) < 1e-4)


def test_an_intervention_outside_the_recording_is_refused_by_name():
    with pytest.raises(ValueError, match="lies outside the recording"):
        Scenario("late", baseline_s=9000.0)
