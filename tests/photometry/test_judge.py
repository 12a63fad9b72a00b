"""Verdicts, refusals and cautions on fits made by hand, each with what it must say."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.core.interval import Interval
from adenoscope.core.response import Control
from adenoscope.photometry import judge
from adenoscope.photometry.fit import Fit
from adenoscope.photometry.model import KAPPA, SCALES, Design
from adenoscope.photometry.prepare import Data
from adenoscope.photometry.scales import ScaleDraws, default_prior

WINDOW_S = (0.0, 1800.0)
USABLE = Control("usable", Interval(0.0, -0.1, 0.1), "The control tells motion and drift from the response.")


def session(*, baseline_s=1200.0, after_s=3600.0, kind="control", **changed):
    """Return bins of 10 s in which everything was recorded."""
    edges = np.arange(-baseline_s, after_s + 5.0, 10.0)
    time_s = 0.5 * (edges[1:] + edges[:-1])
    n = time_s.size
    ones = np.ones((n, 2))
    design = Design(
        time_s, ones * (time_s + baseline_s)[:, None], np.zeros(1), 0 * time_s, 0 * ones, ones, ones[:, 0]
    )
    Y = np.zeros((n, 2))
    if kind == "single":
        Y[:, 1] = np.nan
    data = Data(Y, design, np.zeros((n, 2)), np.zeros(n, bool), edges, kind, 0.0, ())
    return data._replace(**changed)


def lost(data, first_s, last_s, channel=0):
    Y = data.Y.copy()
    Y[(data.design.time_s > first_s) & (data.design.time_s < last_s), channel] = np.nan
    return data._replace(Y=Y)


def clipped(data, share):
    clipped = data.clipped.copy()
    clipped[data.design.time_s > 0, 0] = share
    return data._replace(clipped=clipped)


def fitted(data, *, kappa=0.0, kappa_sd=0.05, drift=0.003, own=0.001):
    """Return a fit whose scales are those of the prior's mean, but for a leak and slow fluctuations."""
    n_draws = 400
    th = np.tile(default_prior().mean, (n_draws, 1))
    th[:, KAPPA] = kappa + kappa_sd * np.random.default_rng(1).standard_normal(n_draws)
    th[:, SCALES.index("drift_signal")] = np.log(drift)
    th[:, SCALES.index("own_signal")] = np.log(own)
    nothing = np.empty((0, 0))
    draws = ScaleDraws(th, np.full(n_draws, 1 / n_draws))
    return Fit(data, draws, np.empty(0), nothing, np.empty((0, 0, 0)), nothing, nothing)


def cautions(data, window_s=WINDOW_S, asked_s=1800.0, **scales):
    fit = fitted(data, **scales)
    return judge.cautions_of(fit, judge.judge_control(fit), window_s, asked_s)


def test_a_whole_session_is_not_refused():
    for kind in ("control", "blank", "single"):
        assert judge.refuse_before_fit(session(kind=kind), WINDOW_S) is None


@pytest.mark.parametrize(("baseline_s", "refused"), [(60.0, True), (110.0, True), (120.0, False), (300.0, False)])
def test_two_minutes_of_baseline_are_the_least(baseline_s, refused):
    reason = judge.refuse_before_fit(session(baseline_s=baseline_s), WINDOW_S)
    assert (reason is not None) is refused
    if refused:
        assert f"only {baseline_s:.0f} s of usable baseline" in reason
        assert "at least 120 s" in reason


def test_a_baseline_that_was_lost_is_no_baseline():
    reason = judge.refuse_before_fit(lost(session(), -1100.0, 0.0), WINDOW_S)
    assert "only 100 s of usable baseline" in reason


@pytest.mark.parametrize(("share", "refused"), [(0.1, False), (0.29, False), (0.31, True), (1.0, True)])
def test_a_window_at_the_detectors_ceiling_is_refused(share, refused):
    reason = judge.refuse_before_fit(clipped(session(), share), WINDOW_S)
    assert (reason is not None) is refused
    if refused:
        assert f"ceiling for {share:.0%} of the window" in reason
        assert "lower the light power" in reason


@pytest.mark.parametrize(("seen_s", "refused"), [(800.0, True), (1000.0, False)])
def test_half_of_the_window_must_have_been_recorded(seen_s, refused):
    reason = judge.refuse_before_fit(lost(session(), seen_s, 1800.0), WINDOW_S)
    assert (reason is not None) is refused
    if refused:
        assert "only 44% of the window from 0 to 1800 s was recorded" in reason
        assert "shorter window_s" in reason


def test_a_window_beyond_the_recording_is_refused():
    reason = judge.refuse_before_fit(session(after_s=600.0), (900.0, 1800.0))
    assert "only 0% of the window" in reason


def test_a_control_that_is_missing_for_most_of_the_recording_is_refused():
    reason = judge.refuse_before_fit(lost(session(), -1200.0, 1800.0, channel=1), WINDOW_S)
    assert "control channel is missing" in reason
    assert "leave `control` empty" in reason


def test_a_single_channel_is_signal_only():
    control = judge.judge_control(fitted(session(kind="single")))
    assert (control.verdict, control.kappa) == ("signal_only", None)
    assert "signal alone" in control.reason
    assert cautions(session(kind="single")) == ()  # the verdict says it, once


def test_a_blank_is_used_with_caution():
    control = judge.judge_control(fitted(session(kind="blank")))
    assert (control.verdict, control.kappa) == ("caution", None)
    assert "drug-free session" in control.reason


@pytest.mark.parametrize(
    ("kappa", "kappa_sd", "verdict"),
    [
        (0.0, 0.05, "usable"),
        (0.1, 0.05, "usable"),
        (-0.1, 0.15, "usable"),
        (0.25, 0.05, "caution"),
        (-0.25, 0.05, "caution"),
        (0.0, 0.25, "caution"),
        (0.45, 0.05, "unusable"),
        (-0.45, 0.05, "unusable"),
        (0.60, 0.20, "unusable"),
    ],
)
def test_the_verdict_follows_the_leak_and_how_well_it_is_known(kappa, kappa_sd, verdict):
    control = judge.judge_control(fitted(session(), kappa=kappa, kappa_sd=kappa_sd))
    assert control.verdict == verdict
    # The mean of 400 draws is known to a twentieth of their spread.
    assert control.kappa.estimate == pytest.approx(kappa, abs=0.2 * kappa_sd)
    assert judge.signed(control.kappa.estimate) in control.reason


@pytest.mark.parametrize("kappa", [-0.5, 0.5])
def test_a_leak_beyond_what_the_prior_was_meant_for_gives_no_number(kappa):
    control = judge.judge_control(fitted(session(), kappa=kappa))
    reason = judge.refuse_after_fit(control, posterior_sd=0.001, prior_sd=0.05)
    assert "cannot be told apart" in reason
    assert "Leave `control` empty" in reason


@pytest.mark.parametrize(("posterior_sd", "refused"), [(0.01, False), (0.034, False), (0.036, True), (0.05, True)])
def test_a_recording_that_told_too_little_gives_no_number(posterior_sd, refused):
    reason = judge.refuse_after_fit(USABLE, posterior_sd, 0.05)
    assert (reason is not None) is refused
    if refused:
        assert "drift cannot be told from the response" in reason
        assert "longer baseline" in reason


def test_a_good_session_has_no_caution():
    assert cautions(session()) == ()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (session(baseline_s=200.0), "baseline is short (200 s)"),
        (session(breaks_s=(-400.0,)), "jumps 400 s before the intervention"),
        (session(breaks_s=(900.0,)), "what lies after the jump is left out"),
        (session(step_seen=0.12), "stands 12% apart"),
        (clipped(session(), 0.1), "ceiling for 10% of the window"),
    ],
)
def test_each_weakness_is_a_caution_of_its_own(data, said):
    (caution,) = cautions(data)
    assert said in caution


def test_a_window_that_was_cut_is_said():
    (caution,) = cautions(session(after_s=900.0), window_s=(0.0, 900.0))
    assert "ends 900 s after the intervention" in caution


@pytest.mark.parametrize(("drift", "own", "said"), [(0.02, 0.001, "2.0%"), (0.003, 0.006, "0.6%")])
def test_a_restless_signal_is_said(drift, own, said):
    (caution,) = cautions(session(), drift=drift, own=own)
    assert f"fluctuates slowly on its own (by {said})" in caution


@pytest.mark.parametrize(
    ("kappa", "kappa_sd", "said"), [(0.15, 0.03, True), (0.04, 0.01, False), (0.15, 0.15, False)]
)
def test_a_leak_that_may_be_blood_is_said_when_it_is_there_and_known(kappa, kappa_sd, said):
    found = cautions(session(), kappa=kappa, kappa_sd=kappa_sd)
    assert bool(found) is said
    if said:
        assert "leak of the sensor from blood" in found[0]


def test_a_cord_that_was_moved_within_the_handling_window_gives_no_number():
    reason = judge.refuse_before_fit(session(step_seen=0.4), WINDOW_S)
    assert reason is not None
    assert "patch cord was moved" in reason
    assert judge.refuse_before_fit(session(step_seen=0.2), WINDOW_S) is None
