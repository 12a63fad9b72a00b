"""Shapes of a response over time, peak 1, as drugs, seizures and hypoxia make them.

The kinetics follow what was seen with an adenosine sensor in mice: after ketamine 20 % of the peak at 100 to
150 s, the peak at about 500 s, half of it lost 500 to 600 s later; after hypoxia half lost in about 50 s.
Each recording draws its own kinetics, and smooth responses their own family.
"""

from __future__ import annotations

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.photometry.synthetic.scenarios import ResponseKind

BOUT_S = 300.0
BOUT_EVERY_S = 600.0
N_BOUTS = 5
Rng = np.random.Generator


def response_shape(kind: ResponseKind, since_s: Samples, rng: Rng) -> Samples:
    """Return the response [fraction of its peak] at ``since_s`` [s after the first onset], 0 before it."""
    t = np.maximum(since_s, 0.0)
    if kind == "none":
        return np.zeros_like(t)
    if kind == "smooth":
        return _smooth(t, rng)
    if kind == "fast":
        return _fast(t, rng)
    if kind == "slow":
        return _gamma(t, rng.uniform(1800.0, 2700.0), rng.uniform(1.2, 2.0))
    if kind == "biphasic":
        return _biphasic(t, rng)
    return _plateau(t, rng) if kind == "plateau" else _repeated(t, rng)


def _gamma(t: Samples, peak_s: float, order: float) -> Samples:
    x = t / peak_s
    return (x * np.exp(1 - x)) ** order


def _log_normal(t: Samples, peak_s: float, width: float) -> Samples:
    return np.exp(-0.5 * (np.log(np.maximum(t, 1e-9) / peak_s) / width) ** 2)


def _bateman(t: Samples, delay_s: float, rise_s: float, decay_s: float) -> Samples:
    x = np.maximum(t - delay_s, 0.0)
    peak_s = np.log(decay_s / rise_s) * rise_s * decay_s / (decay_s - rise_s)
    top = np.exp(-peak_s / decay_s) - np.exp(-peak_s / rise_s)
    return (np.exp(-x / decay_s) - np.exp(-x / rise_s)) / top


def _smooth(t: Samples, rng: Rng) -> Samples:
    stretch = np.exp(rng.normal(0.0, 0.15))
    family = rng.integers(3)
    if family == 0:
        return _gamma(t, 500.0 * stretch, rng.uniform(1.6, 2.3))
    if family == 1:
        return _log_normal(t, 500.0 * stretch, rng.uniform(0.55, 0.7))
    return _bateman(t, rng.uniform(50.0, 100.0), 220.0 * stretch, rng.uniform(450.0, 650.0) * stretch)


def _fast(t: Samples, rng: Rng) -> Samples:
    rise_s, hold_s = rng.uniform(20.0, 60.0), rng.uniform(0.0, 40.0)
    half_s = 50.0 * np.exp(rng.normal(0.0, 0.15))
    rising = np.sin(0.5 * np.pi * np.clip(t / rise_s, 0.0, 1.0)) ** 2
    after = np.maximum(t - rise_s - hold_s, 0.0)
    return rising * (0.92 * 0.5 ** (after / half_s) + 0.08 * np.exp(-after / 400.0))


def _biphasic(t: Samples, rng: Rng) -> Samples:
    undershoot = rng.uniform(0.25, 0.45) * _gamma(t, rng.uniform(2000.0, 2700.0), 5.0)
    return _smooth(t, rng) - undershoot


def _plateau(t: Samples, rng: Rng) -> Samples:
    delay_s, rise_s = rng.uniform(40.0, 100.0), rng.uniform(200.0, 450.0)
    x = np.maximum(t - delay_s, 0.0)
    return (1 - np.exp(-x / rise_s)) ** 1.5 * (1 - rng.uniform(0.0, 0.15) * (1 - np.exp(-x / 3000.0)))


def _repeated(t: Samples, rng: Rng) -> Samples:
    rise_s, fall_s = rng.uniform(40.0, 90.0), rng.uniform(50.0, 80.0)
    fading = rng.uniform(0.88, 1.0)
    total = np.zeros_like(t)
    for bout in range(N_BOUTS):
        x = np.maximum(t - bout * BOUT_EVERY_S, 0.0)
        level = 1 - np.exp(-((np.minimum(x, BOUT_S) / rise_s) ** 1.3))
        size = fading**bout * np.exp(rng.normal(0.0, 0.08))
        total += size * level * np.exp(-np.maximum(x - BOUT_S, 0.0) / fall_s)
    return total
