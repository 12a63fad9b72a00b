"""The model's processes against their definitions, and what a response may not do before it began."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm

from adenoscope.photometry import model
from adenoscope.photometry.kernel import sample_states
from adenoscope.photometry.model import Design, Settings, clock, decay, drift, matern, system
from adenoscope.photometry.scales import default_prior

STEPS_S = st.floats(0.5, 900.0)
START_S, STOP_S = 20.0, 6000.0


def matern_step(step, rate, sd):
    F, Q = np.zeros((2, 2)), np.zeros((2, 2))
    matern(step, rate, sd, F, Q)
    return F, Q


def drift_step(step, sd):
    F, Q = np.zeros((2, 2)), np.zeros((2, 2))
    drift(step, sd, Settings(), F, Q)
    return F, Q


def after_both(first, second):
    """Return the transition and the shocks of one step after another."""
    (F1, Q1), (F2, Q2) = first, second
    return F2 @ F1, F2 @ Q1 @ F2.T + Q2


def every_10_s(first_s, last_s, onsets_s=(0.0,)):
    """Return a design of 10 s bins without handling."""
    time_s = np.arange(first_s + 5.0, last_s, 10.0)
    n = time_s.size
    exposed = np.repeat((time_s - first_s)[:, None], 2, 1)
    return Design(time_s, exposed, np.array(onsets_s), np.zeros(n), np.zeros((n, 2)), np.ones((n, 2)), np.ones(n))


@given(first=STEPS_S, second=STEPS_S, rate=st.floats(1e-3, 0.1), sd=st.floats(1e-3, 1.0))
def test_two_matern_steps_are_one_of_their_length(first, second, rate, sd):
    F, Q = after_both(matern_step(first, rate, sd), matern_step(second, rate, sd))
    whole_F, whole_Q = matern_step(first + second, rate, sd)
    size = np.array([1.0, rate])  # of value and slope, which differ by orders of magnitude
    assert np.allclose(F * size / size[:, None], whole_F * size / size[:, None], atol=1e-9)
    assert np.allclose(Q / np.outer(size, size), whole_Q / np.outer(size, size), atol=1e-9 * sd**2)


@given(step=STEPS_S, rate=st.floats(1e-3, 0.1), sd=st.floats(1e-3, 1.0))
def test_a_matern_process_keeps_its_stationary_variance(step, rate, sd):
    F, Q = matern_step(step, rate, sd)
    stationary = np.diag([sd**2, (rate * sd) ** 2])
    size = np.array([sd, rate * sd])
    assert np.allclose((F @ stationary @ F.T + Q) / np.outer(size, size), np.eye(2), atol=1e-9)


def test_a_matern_step_solves_its_differential_equation():
    F, _ = matern_step(40.0, 0.02, 0.1)
    assert np.allclose(F, expm(40.0 * np.array([[0.0, 1.0], [-(0.02**2), -0.04]])), rtol=1e-10)


@given(first=STEPS_S, second=STEPS_S, sd=st.floats(1e-4, 0.1))
def test_two_steps_of_drift_are_one_of_their_length(first, second, sd):
    F, Q = after_both(drift_step(first, sd), drift_step(second, sd))
    whole_F, whole_Q = drift_step(first + second, sd)
    assert np.allclose(F, whole_F, rtol=1e-9)
    # The level's variance is a difference of terms a hundred times as large where a step is short.
    assert np.allclose(Q, whole_Q, rtol=1e-6, atol=1e-12 * sd**2)


@pytest.mark.parametrize("sd", [0.001, 0.02])
def test_drift_displaces_the_level_over_an_hour_by_the_sd_that_was_asked(sd):
    design = every_10_s(-4000.0, 1000.0)
    th = default_prior().mean.copy()
    th[model.SCALES.index("drift_signal")] = np.log(sd)
    F, Q, _, _, _, P0 = system(th, design, Settings())
    covariance = P0[6:8, 6:8].copy()
    for step in range(1, 361):
        covariance = F[step, 3] @ covariance @ F[step, 3].T + Q[step, 3]
    assert np.sqrt(covariance[0, 0]) == pytest.approx(sd, rel=1e-9)


def test_a_decaying_process_keeps_its_variance_and_forgets_in_its_time_constant():
    F, Q = np.zeros((2, 2)), np.zeros((2, 2))
    decay(15.0, 15.0, 0.3, F, Q, 1)
    assert F[1, 1] == pytest.approx(np.exp(-1))
    assert F[1, 1] ** 2 * 0.3**2 + Q[1, 1] == pytest.approx(0.3**2)
    assert F[0, 0] == Q[0, 0] == 0.0


@pytest.mark.parametrize("t", [-1e4, -1.0, 0.0])
def test_the_clock_stands_at_0_until_the_first_onset(t):
    assert clock(t, np.array([0.0, 600.0]), START_S, STOP_S) == 0.0


@given(earlier=st.floats(0.0, 1e4), later_by=st.floats(0.1, 1e4))
def test_the_clock_runs_forward(earlier, later_by):
    onsets = np.array([0.0, 600.0, 1200.0])
    assert clock(earlier + later_by, onsets, START_S, STOP_S) > clock(earlier, onsets, START_S, STOP_S)


@given(t=st.floats(-1e3, 1e4), gap=st.floats(1.0, 3e3))
def test_the_clock_adds_what_each_onset_gives(t, gap):
    together = clock(t, np.array([0.0, gap]), START_S, STOP_S)
    alone = [clock(age, np.zeros(1), START_S, STOP_S) for age in (t, t - gap)]
    assert together == pytest.approx(sum(alone), rel=1e-12)


def test_the_clock_comes_to_rest():
    end = np.log(STOP_S / START_S) * STOP_S / (STOP_S - START_S)
    assert clock(1e9, np.zeros(1), START_S, STOP_S) == pytest.approx(end, rel=1e-4)


@given(t=st.floats(0.5, 1e4))
def test_the_clock_has_the_rate_that_is_documented(t):
    step = 1e-3 * t
    ahead, behind = (clock(t + h, np.zeros(1), START_S, STOP_S) for h in (step, -step))
    rate = 1 / ((START_S + t) * (1 + t / STOP_S))
    assert (ahead - behind) / (2 * step) == pytest.approx(rate, rel=1e-5)


@pytest.mark.parametrize("onsets_s", [(0.0,), (0.0, 300.0)])
def test_a_response_is_exactly_0_before_the_first_onset_whatever_was_observed(onsets_s):
    design = every_10_s(-600.0, 900.0, onsets_s)
    Y = np.random.default_rng(1).normal(scale=0.02, size=(design.time_s.size, 2))
    loads = np.zeros((design.time_s.size, 1, model.STATES))
    loads[:, 0, [model.RESPONSE, model.RESIDUAL]] = 1.0
    paths, _, _ = sample_states(Y, *system(default_prior().mean, design, Settings()), loads, 8, 1)
    before = design.time_s < 0
    assert not paths[before].any()
    assert np.all(paths[~before] != 0.0)


def test_a_response_reaches_the_control_by_kappa():
    design = every_10_s(-300.0, 900.0)
    th = default_prior().mean.copy()
    th[model.KAPPA] = -0.12
    H = system(th, design, Settings())[2]
    respond = [model.RESPONSE, model.RESIDUAL]
    assert np.allclose(H[:, 1, respond], -0.12 * H[:, 0, respond], rtol=1e-12)


def test_the_state_starts_with_a_covariance_that_can_be():
    P0 = system(default_prior().mean, every_10_s(-300.0, 900.0), Settings())[5]
    assert np.array_equal(P0, P0.T)
    assert np.linalg.eigvalsh(P0).min() > -1e-15
