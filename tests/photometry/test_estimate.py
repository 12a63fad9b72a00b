"""The estimator as a whole on simulated recordings whose truth is known; seeds from 500 are not the benchmark's."""

from __future__ import annotations

from dataclasses import astuple, replace
from functools import cache

import numpy as np
import pytest

from adenoscope.core.errors import InputError
from adenoscope.core.recording import Channels, Trace
from adenoscope.core.study import Settings
from adenoscope.photometry.estimate import estimate_response
from adenoscope.photometry.synthetic import SCENARIOS, simulate

CONDITIONS = ("typical", "fast", "repeated", "short_baseline", "no_control", "no_response_drift")


@cache
def simulated(name, seed):
    return simulate(SCENARIOS[name], seed)


@cache
def estimated(name, seed):
    made = simulated(name, seed)
    return estimate_response(made.channels, made.onsets_s)


def covers_truth(name, seed):
    """Return whether the interval of the mean holds the true mean over the same window; None if refused."""
    made, estimands = simulated(name, seed), estimated(name, seed).estimands
    if estimands is None:
        return None
    start, end = estimands.window_s
    inside = (made.truth_time_s >= start) & (made.truth_time_s < end)
    return not estimands.mean_dff.excludes(float(made.truth_dff[inside].mean()))


def with_traces(channels, change):
    """Return the channels with ``change`` applied to each trace that is there."""
    traces = (channels.signal, channels.control, channels.blank)
    return Channels(*(None if trace is None else change(trace) for trace in traces))


def numbers(response):
    """Return all estimates and bounds of a response in one array; a missing interval is left out."""
    intervals = [value for value in vars(response.estimands).values() if hasattr(value, "low")]
    curve = response.curve
    return np.concatenate([*map(astuple, intervals), curve.dff, curve.dff_low, curve.dff_high])


def test_the_truth_lies_in_the_interval_of_nearly_every_recording():
    covered = [covers_truth(name, 500) for name in CONDITIONS]
    # Of six 95 % intervals two or more miss in 3 % of cases, and the seed is fixed.
    assert sum(covered) >= 5


@pytest.mark.slow
def test_intervals_cover_as_they_say():
    covered = [covers_truth(name, seed) for name in CONDITIONS for seed in range(501, 521)]
    judged = [hit for hit in covered if hit is not None]
    assert len(judged) >= 114
    # Binomial: 95 % of 120 has a standard deviation of 2 %, so 90 % is two and a half of them away.
    assert 0.90 <= np.mean(judged) <= 1.0


def test_a_response_has_every_number_of_the_contract():
    response = estimated("typical", 500)
    estimands = response.estimands
    assert (response.status, response.reason) == ("estimated", None)
    assert estimands.window_s == (0.0, 1800.0)
    length = 1800.0
    assert estimands.auc_dff_s.estimate == pytest.approx(length * estimands.mean_dff.estimate)
    assert estimands.auc_dff_s.half_width == pytest.approx(length * estimands.mean_dff.half_width)
    assert estimands.peak_dff.estimate > estimands.mean_dff.estimate
    assert 0 < estimands.onset_s.estimate < estimands.time_to_peak_s.estimate
    assert estimands.minimum_detectable_dff > 0
    assert not estimands.placebo_dff.excludes(0.0)


def test_the_times_of_a_response_are_near_the_truth():
    made, estimands = simulated("typical", 500), estimated("typical", 500).estimands
    inside = made.truth_time_s <= 1800
    peak = float(made.truth_dff[inside].max())
    assert not estimands.peak_dff.excludes(peak)
    onset_s = float(made.truth_time_s[np.argmax(made.truth_dff >= 0.2 * peak)])
    # One interval of 95 % may miss by its edge; a tenth of its width is granted.
    assert abs(estimands.onset_s.estimate - onset_s) < 2.2 * estimands.onset_s.half_width


def test_the_curve_runs_from_the_intervention_to_the_end_within_its_band():
    made, response = simulated("typical", 500), estimated("typical", 500)
    curve = response.curve
    assert 0 < curve.time_s[0] < 30
    assert curve.time_s[-1] == pytest.approx(made.truth_time_s[-1], abs=60)
    assert np.all(curve.dff_low < curve.dff)
    assert np.all(curve.dff < curve.dff_high)
    truth = np.interp(curve.time_s, made.truth_time_s, made.truth_dff)
    # Errors along a curve go together, so that one recording's share scatters widely about 95 %.
    assert np.mean((curve.dff_low <= truth) & (truth <= curve.dff_high)) > 0.7


def test_the_fitted_parts_explain_the_channels_and_their_masked_stretch_is_the_handling_window():
    parts = estimated("typical", 500).parts
    ((start, end),) = parts.masked_s
    assert start == pytest.approx(-30, abs=30)
    assert end == pytest.approx(60, abs=10)
    for seen, fit in ((parts.signal, parts.signal_fit), (parts.control, parts.control_fit)):
        good = np.isfinite(seen)
        assert np.isfinite(fit).all()
        # Bins of 10 s scatter by about 0.2 %.
        assert np.std(seen[good] - fit[good]) < 0.01
    before = parts.time_s < 0
    assert np.allclose(parts.signal_fit[before], parts.signal_background[before], rtol=1e-9)


@pytest.mark.parametrize("seed", [500, 501, 502])
def test_without_a_response_the_interval_holds_0_and_nothing_is_detected(seed):
    estimands = estimated("no_response_drift", seed).estimands
    assert not estimands.mean_dff.excludes(0.0)
    assert estimands.onset_s is None
    assert estimands.half_decay_s is None


def test_a_single_channel_is_signal_only_has_no_area_and_a_wider_interval():
    single, pair = estimated("no_control", 500), estimated("typical", 500)
    assert single.control.verdict == "signal_only"
    assert single.control.kappa is None
    assert single.estimands.auc_dff_s is None
    assert single.parts.control is None
    assert single.estimands.mean_dff.half_width > 2 * pair.estimands.mean_dff.half_width


def test_a_blank_session_narrows_the_interval_of_the_signal_alone():
    with_blank, alone = [], []
    for seed in range(500, 504):
        made = simulated("no_control_blank", seed)
        response = estimated("no_control_blank", seed)
        assert response.control.verdict == "caution"
        assert response.estimands.auc_dff_s is not None
        with_blank.append(response.estimands.mean_dff.half_width)
        bare = estimate_response(Channels(made.channels.signal), made.onsets_s)
        alone.append(bare.estimands.mean_dff.half_width)
    assert np.mean(with_blank) < 0.9 * np.mean(alone)


def test_repeated_bouts_rise_after_each_onset():
    made, response = simulated("repeated", 500), estimated("repeated", 500)
    assert response.status == "estimated"
    assert response.parts.masked_s == ()
    after_s = np.array(made.onsets_s) - made.onsets_s[0]
    level = np.interp(np.concatenate([after_s, after_s + 280.0]), response.curve.time_s, response.curve.dff)
    starts, ends = level[:5], level[5:]
    assert np.all(ends > starts + 0.05)


def test_the_same_arguments_give_the_same_bits_and_another_seed_nearly_the_same():
    made, first = simulated("typical", 500), numbers(estimated("typical", 500))
    again = numbers(estimate_response(made.channels, made.onsets_s))
    assert np.array_equal(first, again)
    other = estimate_response(made.channels, made.onsets_s, settings=Settings(seed=2)).estimands.mean_dff
    mean = estimated("typical", 500).estimands.mean_dff
    assert other != mean
    # What is drawn must not carry the answer: a quarter of the half width is the error of some 30 draws.
    assert abs(other.estimate - mean.estimate) < 0.25 * mean.half_width


def test_the_unit_of_a_channel_changes_nothing():
    made = simulated("typical", 500)
    gains = {"signal": 3.7, "control": 0.021}

    def amplify(trace):
        return replace(trace, values=gains[trace.name] * trace.values)

    scaled = estimate_response(with_traces(made.channels, amplify), made.onsets_s)
    # Levels are taken relative to the baseline; rounding passes through the search for the mode.
    assert np.allclose(scaled.curve.dff, estimated("typical", 500).curve.dff, atol=1e-6)
    mean, expected = scaled.estimands.mean_dff, estimated("typical", 500).estimands.mean_dff
    assert astuple(mean) == pytest.approx(astuple(expected), abs=1e-6)


def test_when_the_clock_was_started_changes_nothing():
    made = simulated("typical", 500)

    def later(trace):
        return replace(trace, time_s=trace.time_s + 86_400.0)

    onsets_s = tuple(onset + 86_400.0 for onset in made.onsets_s)
    shifted = estimate_response(with_traces(made.channels, later), onsets_s)
    assert np.allclose(shifted.curve.dff, estimated("typical", 500).curve.dff, atol=1e-6)


@pytest.mark.parametrize("rate_hz", [1.0, 1000.0])
def test_the_sampling_rate_changes_little(rate_hz):
    made = simulate(replace(SCENARIOS["typical"], rate_hz=rate_hz), 500)
    mean = estimate_response(made.channels, made.onsets_s).estimands.mean_dff
    expected = estimated("typical", 500).estimands.mean_dff
    # The noise is another, and a part of the interval is there because of it.
    assert abs(mean.estimate - expected.estimate) < 0.7 * expected.half_width
    assert 0.6 < mean.half_width / expected.half_width < 1.7


def test_losses_and_a_full_detector_leave_an_estimate_that_is_finite():
    response = estimated("dropouts", 501)
    assert response.status == "estimated"
    assert np.isfinite(numbers(response)).all()


def test_a_control_that_follows_the_response_gives_no_number():
    made = simulate(replace(SCENARIOS["typical"], kappa=(0.9, 0.9), peak_dff=(0.3, 0.3)), 500)
    response = estimate_response(made.channels, made.onsets_s)
    assert response.status == "refused"
    assert response.control.verdict == "unusable"
    assert response.estimands is None
    assert response.curve is None
    assert response.parts is not None


def test_a_session_without_a_baseline_is_refused_before_any_fit():
    made = simulated("typical", 500)
    response = estimate_response(made.channels, (made.channels.signal.time_s[0] + 90.0,))
    assert response.status == "refused"
    assert "of usable baseline" in response.reason
    assert np.isnan(response.parts.signal_fit).all()


@pytest.mark.parametrize(
    ("onsets_s", "found"),
    [
        ((), "no time"),
        ((-5.0,), "intervention at -5 s"),
        ((0.0,), "intervention at 0 s"),
        ((600.0,), "intervention at 600 s"),
        ((300.0, 200.0), "intervention at 300, 200 s"),
        ((300.0, 300.0), "intervention at 300, 300 s"),
        ((300.0, 900.0), "intervention at 300, 900 s"),
        ((float("nan"),), "intervention at nan s"),
    ],
)
def test_wrong_onsets_are_an_error_that_teaches(onsets_s, found):
    signal = Trace("green", np.arange(0.0, 600.5, 0.5), np.full(1201, 300.0))
    with pytest.raises(InputError) as caught:
        estimate_response(Channels(signal), onsets_s)
    (problem,) = caught.value.problems
    assert problem.file == "green"
    assert found in problem.found
    assert problem.allowed == "increasing times between 0 and 600 s, the recording's first and last sample"
    assert "intervention_s in seconds" in problem.remedy
