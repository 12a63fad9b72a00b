"""The state-space model of a slow response in one or two channels of log fluorescence.

    signal   = level + bleaching + drift + own fluctuation + gain x motion + step + response + own step + noise
    control  = level + bleaching + drift + motion + step + kappa x response + noise

Bleaching is a sum of exponentials of fixed time constants with free weights, alike but not equal in both
channels. Drift is a random walk plus its integral, partly shared. The response starts at the first onset; its
clock runs fast just after every onset and slowly later, so that it may rise in a minute and fade over an hour.

Moving blocks (two components each): 0 motion fast, slow; 1 own slow fluctuation of the signal (value, slope);
2 shared drift; 3, 4 own drift of signal, control (level, velocity); 5 response (value, slope);
6 residual response in plain time (value, slope).
Constant components: levels, shared step, own step of the signal, bleaching weights.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from adenoscope.core.machine_code import compiled
from adenoscope.core.recording import Samples
from adenoscope.photometry.kernel import log_likelihood

TAUS_S = np.array([120.0, 400.0, 1300.0, 4500.0, 18000.0])
BLOCKS = 7
MOVING = 2 * BLOCKS
LEVEL, STEP, OWN_STEP, WEIGHTS = MOVING, MOVING + 2, MOVING + 3, MOVING + 4
STATES = WEIGHTS + 2 * TAUS_S.size
RESPONSE, RESIDUAL = 10, 12

# The scales that are estimated for each recording, and where they stand in a vector of them.
SCALES = (
    "noise_signal",
    "noise_control",
    "motion_fast",
    "motion_slow",
    "own_signal",
    "drift_signal",
    "drift_control",
    "response",
    "residual",
    "kappa",
    "gain",
    "bleaching",
    "bleaching_own",
    "response_length",
    "late",
)
N_SCALES = len(SCALES)
(MOTION_FAST, MOTION_SLOW, OWN, DRIFT, DRIFT_CONTROL) = range(2, 7)
(AMPLITUDE, RESIDUAL_AMPLITUDE, KAPPA, GAIN, BLEACHING, BLEACHING_OWN, LENGTH, LATE) = range(7, 15)


class Settings(NamedTuple):
    """What is fixed: time constants [s], standard deviations of log fluorescence [1], correlations [1]."""

    motion_fast_s: float = 15.0
    motion_slow_s: float = 200.0
    own_s: float = 800.0
    envelope_s: float = 3600.0
    velocity_s: float = 1500.0
    velocity_share: float = 0.5
    shared_drift: float = 0.4
    clock_s: float = 20.0
    clock_stop_s: float = 20000.0
    residual_s: float = 250.0
    step_sd: float = 0.04
    own_step_sd: float = 0.004
    bleaching_mean: float = 0.06
    bleaching_slope: float = 0.5
    gain_shared: float = 1.0


class Design(NamedTuple):
    """When the bins were taken and what may happen in them."""

    time_s: Samples  # (bin,) after the first onset
    exposed_s: Samples  # (bin, 2) since each channel's light went on
    onsets_s: Samples  # (onset,) after the first onset
    settle: Samples  # (bin,) extra sd of fast motion after handling
    jumps: Samples  # (bin, 2) variance that a step of an LED adds to its channel's drift
    weights: Samples  # (bin, 2) variance of the bin over that of a 10 s bin
    leak: Samples  # (bin,) change of log control over kappa times change of log signal


@compiled
def matern(step: float, rate: float, sd: float, F: Samples, Q: Samples) -> None:
    """Write the transition of a Matern-3/2 process over ``step`` to ``F`` and ``Q``."""
    e = np.exp(-rate * step)
    p0 = sd * sd
    p1 = rate * rate * p0
    F[0, 0] = e * (1 + rate * step)
    F[0, 1] = e * step
    F[1, 0] = -e * rate * rate * step
    F[1, 1] = e * (1 - rate * step)
    Q[0, 0] = max(p0 - (F[0, 0] ** 2 * p0 + F[0, 1] ** 2 * p1), 0.0)
    Q[1, 1] = max(p1 - (F[1, 0] ** 2 * p0 + F[1, 1] ** 2 * p1), 0.0)
    Q[0, 1] = -(F[0, 0] * F[1, 0] * p0 + F[0, 1] * F[1, 1] * p1)
    Q[1, 0] = Q[0, 1]


@compiled
def decay(step: float, tau: float, sd: float, F: Samples, Q: Samples, c: int) -> None:
    """Write an Ornstein-Uhlenbeck process to component ``c`` of a block."""
    e = np.exp(-step / tau)
    F[c, c] = e
    Q[c, c] = sd * sd * (1 - e * e)


@compiled
def drift(step: float, sd: float, o: Settings, F: Samples, Q: Samples) -> None:
    """Write a drift whose displacement over an hour has standard deviation ``sd``."""
    tau = o.velocity_s
    hour = 3600.0
    unit = 1.0 / (2 * tau * (hour - tau * (1 - np.exp(-hour / tau))))
    velocity = (o.velocity_share * sd) ** 2 * unit
    e = np.exp(-step / tau)
    F[0, 0] = 1.0
    F[0, 1] = tau * (1 - e)
    F[1, 1] = e
    Q[1, 1] = velocity * (1 - e * e)
    Q[0, 0] = velocity * tau * (2 * step - 4 * tau * (1 - e) + tau * (1 - e * e))
    Q[0, 0] += (1 - o.velocity_share**2) * sd * sd * step / hour
    Q[0, 1] = velocity * tau * (1 - e) ** 2
    Q[1, 0] = Q[0, 1]


@compiled
def clock(t: float, onsets_s: Samples, start_s: float, stop_s: float) -> float:
    """Return how far the response's own clock has run at ``t``, summed over all onsets.

    Its rate is 1 / ((start + age) (1 + age / stop)): logarithmic until ``stop_s``, then it comes to rest.
    """
    u = 0.0
    for onset in onsets_s:
        if t > onset:
            age = t - onset
            u += np.log1p(age / start_s) - np.log1p(age / stop_s)
    return u * stop_s / (stop_s - start_s)


@compiled
def envelope(t: float, onsets_s: Samples, late: float, envelope_s: float) -> float:
    """Return how large a response may still be at ``t``: 1 at first, ``late`` long after the last onset."""
    age = max(t - onsets_s[-1], 0.0) / envelope_s
    return late + (1.0 - late) * np.exp(-age * age)


@compiled
def system(th: Samples, design: Design, o: Settings) -> tuple[Samples, Samples, Samples, Samples, Samples, Samples]:
    """Return F, Q, H, R, a0, P0 of the model with scales ``th`` (logarithms, but for kappa and gain)."""
    t = design.time_s
    n = t.size
    s = np.exp(th)
    kappa = th[KAPPA]
    gain = th[GAIN]
    F = np.zeros((n, BLOCKS, 2, 2))
    Q = np.zeros((n, BLOCKS, 2, 2))
    H = np.zeros((n, 2, STATES))
    R = np.empty((n, 2))
    a0 = np.zeros(STATES)
    P0 = np.zeros((STATES, STATES))
    shared = o.shared_drift * np.sqrt(s[DRIFT] * s[DRIFT_CONTROL]) * o.gain_shared
    response_rate = np.sqrt(3.0) / s[LENGTH]
    residual_rate = np.sqrt(3.0) / o.residual_s
    K = TAUS_S.size
    before = 0.0
    for i in range(n):
        step = t[i] - t[i - 1] if i > 0 else 0.0
        decay(step, o.motion_fast_s, np.sqrt(s[MOTION_FAST] ** 2 + design.settle[i] ** 2), F[i, 0], Q[i, 0], 0)
        decay(step, o.motion_slow_s, s[MOTION_SLOW], F[i, 0], Q[i, 0], 1)
        matern(step, np.sqrt(3.0) / o.own_s, s[OWN], F[i, 1], Q[i, 1])
        drift(step, shared, o, F[i, 2], Q[i, 2])
        drift(step, s[DRIFT], o, F[i, 3], Q[i, 3])
        drift(step, s[DRIFT_CONTROL], o, F[i, 4], Q[i, 4])
        Q[i, 3, 0, 0] += design.jumps[i, 0]
        Q[i, 4, 0, 0] += design.jumps[i, 1]
        H[i, 0, 0] = gain
        H[i, 0, 1] = gain
        H[i, 0, 2] = 1.0
        H[i, 0, 4] = 1.0
        H[i, 0, 6] = 1.0
        H[i, 0, LEVEL] = 1.0
        H[i, 1, 0] = o.gain_shared
        H[i, 1, 1] = o.gain_shared
        H[i, 1, 4] = o.gain_shared
        H[i, 1, 8] = 1.0
        H[i, 1, LEVEL + 1] = 1.0
        for j in range(2):
            R[i, j] = s[j] ** 2 * design.weights[i, j]
            for k in range(K):
                H[i, j, WEIGHTS + j * K + k] = np.exp(-design.exposed_s[i, j] / TAUS_S[k])
        if t[i] <= 0:
            continue
        lasting = envelope(t[i], design.onsets_s, s[LATE], o.envelope_s)
        H[i, 0, RESPONSE] = lasting
        H[i, 0, RESIDUAL] = lasting
        H[i, 1, RESPONSE] = lasting * kappa * design.leak[i]
        H[i, 1, RESIDUAL] = lasting * kappa * design.leak[i]
        H[i, 0, STEP] = 1.0
        H[i, 1, STEP] = o.gain_shared
        H[i, 0, OWN_STEP] = 1.0
        now = clock(t[i], design.onsets_s, o.clock_s, o.clock_stop_s)
        matern(now - before, response_rate, s[AMPLITUDE], F[i, 5], Q[i, 5])
        matern(t[i] - max(t[i - 1], 0.0), residual_rate, s[RESIDUAL_AMPLITUDE], F[i, 6], Q[i, 6])
        if before == 0.0:
            # The response starts at zero, with a slope drawn from its prior.
            for b in range(5, 7):
                slope = (
                    (response_rate * s[AMPLITUDE]) ** 2 if b == 5 else (residual_rate * s[RESIDUAL_AMPLITUDE]) ** 2
                )
                Q[i, b, 0, 0] += F[i, b, 0, 1] ** 2 * slope
                Q[i, b, 1, 1] += F[i, b, 1, 1] ** 2 * slope
                Q[i, b, 0, 1] += F[i, b, 0, 1] * F[i, b, 1, 1] * slope
                Q[i, b, 1, 0] = Q[i, b, 0, 1]
        before = now
    for j in range(2):
        P0[j, j] = s[MOTION_FAST + j] ** 2
        P0[LEVEL + j, LEVEL + j] = 0.25
    P0[2, 2] = s[OWN] ** 2
    P0[3, 3] = 3.0 * (s[OWN] / o.own_s) ** 2
    tau = o.velocity_s
    unit = 1.0 / (2 * tau * (3600.0 - tau * (1 - np.exp(-3600.0 / tau))))
    for j, sd in enumerate((shared, s[DRIFT], s[DRIFT_CONTROL])):
        P0[5 + 2 * j, 5 + 2 * j] = (o.velocity_share * sd) ** 2 * unit
    P0[STEP, STEP] = o.step_sd**2
    P0[OWN_STEP, OWN_STEP] = o.own_step_sd**2
    for k in range(K):
        p = WEIGHTS + k
        q = p + K
        size = (TAUS_S[k] / 1000.0) ** o.bleaching_slope
        a0[p] = o.bleaching_mean * size
        a0[q] = o.bleaching_mean * size
        P0[p, q] = (s[BLEACHING] * size) ** 2
        P0[p, p] = P0[p, q] + (s[BLEACHING_OWN] * size) ** 2
        P0[q, q] = P0[p, p]
        P0[q, p] = P0[p, q]
    return F, Q, H, R, a0, P0


@compiled
def evaluate(th: Samples, Y: Samples, design: Design, o: Settings) -> float:
    """Return the log marginal likelihood of the bins ``Y``, shape (bin, 2), given the scales."""
    F, Q, H, R, a0, P0 = system(th, design, o)
    return log_likelihood(Y, F, Q, H, R, a0, P0)
