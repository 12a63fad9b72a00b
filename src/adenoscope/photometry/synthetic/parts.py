"""The parts a simulated recording is made of: each a function of time and of its own random generator.

All return fractions or logarithms of a factor, shape (time,), on a regular grid of ``STEP_S``.
"""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

from adenoscope.core.recording import Samples
from adenoscope.photometry.synthetic.scenarios import BleachingKind, Range

STEP_S = 0.1
_REFERENCE_S = 7200.0
Rng = np.random.Generator


def ornstein_uhlenbeck(n: int, tau_s: float, sd: float, rng: Rng) -> Samples:
    """Return a stationary Ornstein-Uhlenbeck process with standard deviation ``sd``, shape (n,)."""
    keep = np.exp(-STEP_S / tau_s)
    kicks = rng.standard_normal(n) * np.sqrt(1 - keep**2)
    kicks[0] = rng.standard_normal()
    return sd * np.asarray(lfilter([1.0], [1.0, -keep], kicks))


def bleaching_constants(rng: Rng, loss: Range) -> Samples:
    """Return loss [1], fast share [1], fast and slow constants [s], exponent [1], pre-exposure [s]."""
    return np.array(
        [
            rng.uniform(*loss),
            rng.uniform(0.2, 0.5),
            np.exp(rng.uniform(np.log(300.0), np.log(1200.0))),
            np.exp(rng.uniform(np.log(4000.0), np.log(15000.0))),
            rng.uniform(0.45, 0.75),
            rng.uniform(1.0, 600.0),
        ]
    )


def bleaching(t: Samples, kind: BleachingKind, constants: Samples) -> Samples:
    """Return what is left of a fluorophore [1], 1 at the first sample.

    Pre-exposure starts the recording part of the way down. Brightening is a saturating gain on top of the
    bleaching, as some sensors show in their first hour.
    """
    loss, fast_share, fast_s, slow_s, exponent, before_s = constants
    worn = np.array([before_s, before_s + _REFERENCE_S])
    g = _wear(np.concatenate([t + before_s, worn]), kind, fast_share, fast_s, slow_s, exponent)
    left = 1 - loss * (g[:-2] - g[-2]) / (g[-1] - g[-2])
    if kind == "brightening":
        left *= 1 + 0.5 * fast_share * loss * (1 - np.exp(-t / (2.5 * fast_s)))
    return left


def _wear(
    t: Samples, kind: BleachingKind, fast_share: float, fast_s: float, slow_s: float, exponent: float
) -> Samples:
    if kind == "stretched":
        return 1 - np.exp(-((t / slow_s) ** exponent))
    if kind == "power":
        return 1 - (1 + t / fast_s) ** (-exponent / 2)
    two = fast_share * (1 - np.exp(-t / fast_s)) + (1 - fast_share) * (1 - np.exp(-t / slow_s))
    return two + 0.1 * (1 - np.exp(-t / (0.15 * fast_s))) if kind == "triple" else two


def wander(n: int, sd_per_hour: float, rng: Rng) -> Samples:
    """Return a slow log drift: half a random walk, half the integral of a velocity that lasts 15 min."""
    hour_s, tau_s = 3600.0, 900.0
    walk = np.cumsum(rng.standard_normal(n)) * np.sqrt(STEP_S / hour_s)
    spread = np.sqrt(2 * tau_s**2 * (hour_s / tau_s - 1 + np.exp(-hour_s / tau_s)))
    glide = np.cumsum(ornstein_uhlenbeck(n, tau_s, 1.0, rng)) * STEP_S / spread
    drift = sd_per_hour * np.sqrt(0.5) * (walk + glide)
    return drift - drift[0]


def steps(t: Samples, per_hour: float, size: Range, rng: Rng, *, lasting: float = 1.0) -> Samples:
    """Return the log of random steps; the share ``lasting`` of them stays, the rest reverts within 3 min."""
    total = np.zeros_like(t)
    for _ in range(rng.poisson(per_hour * t[-1] / 3600.0)):
        start_s, height = rng.uniform(0.0, t[-1]), rng.uniform(*size) * rng.choice([-1.0, 1.0])
        end_s = np.inf if rng.uniform() < lasting else start_s + rng.uniform(30.0, 180.0)
        total += height * ((t >= start_s) & (t < end_s))
    return total


def motion(t: Samples, rng: Rng) -> tuple[Samples, Samples]:
    """Return the log of shared motion: the fast part, and slow posture with occasional steps."""
    fast = ornstein_uhlenbeck(t.size, 2.0, 0.006, rng)
    posture = ornstein_uhlenbeck(t.size, 180.0, 0.007, rng)
    return fast, posture + steps(t, 2.0, (0.003, 0.01), rng, lasting=0.5)


def handling_transient(t: Samples, onset_s: float, rng: Rng) -> Samples:
    """Return the log of the disturbance while the animal is held: irregular, 20 to 60 s around the onset."""
    length_s = rng.uniform(20.0, 60.0)
    start_s = onset_s - rng.uniform(0.2, 0.5) * length_s
    phase = np.clip((t - start_s) / length_s, 0.0, 1.0)
    bend = rng.uniform(-0.10, 0.03) + ornstein_uhlenbeck(t.size, 3.0, 0.05, rng)
    return bend * np.sin(np.pi * phase) ** 2


def vasomotion(n: int, sd: float, rng: Rng) -> Samples:
    """Return the log dimming by blood volume that has nothing to do with the response."""
    spontaneous = ornstein_uhlenbeck(n, 4.0, 1.0, rng) - ornstein_uhlenbeck(n, 40.0, 0.5, rng)
    return sd * (0.6 * spontaneous + 0.6 * ornstein_uhlenbeck(n, 400.0, 1.0, rng))


def follow(x: Samples, tau_s: float) -> Samples:
    """Return ``x`` through a first-order lag of ``tau_s``."""
    keep = np.exp(-STEP_S / tau_s)
    return np.asarray(lfilter([1 - keep], [1.0, -keep], x))


def ultradian(t: Samples, sd: float, rng: Rng) -> Samples:
    """Return the sensor's own slow fluctuation [1]: three rhythms of 20 to 60 min that come and go."""
    total = np.zeros_like(t)
    for _ in range(3):
        period_s, phase = rng.uniform(1200.0, 3600.0), rng.uniform(0.0, 2 * np.pi)
        swell = 1 + 0.5 * np.sin(2 * np.pi * t / rng.uniform(5000.0, 12000.0) + rng.uniform(0.0, 2 * np.pi))
        total += swell * np.sin(2 * np.pi * t / period_s + phase)
    return sd * (total - total.mean()) / total.std()


def neural(n: int, sd: float, rng: Rng) -> Samples:
    """Return fast activity of the sensor [1]: a fluctuation, and sparse events that decay over seconds."""
    events = (rng.uniform(size=n) < STEP_S / 40.0) * rng.exponential(3.0, n)
    decay = np.exp(-STEP_S / 4.0)
    bursts = np.asarray(lfilter([1.0], [1.0, -decay], events))
    return sd * (0.7 * ornstein_uhlenbeck(n, 1.5, 1.0, rng) + 0.7 * (bursts - bursts.mean()))
