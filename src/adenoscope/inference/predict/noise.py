"""A recording's own fluctuation, so that the maximum of nothing is not zero.

A peak is the maximum of a noisy curve, so that saline has one (5.5 %). Noise is simulated, not subtracted: curves of
an autoregressive process, the same for every draw, of the size at which saline's mean peak is the one observed.
"""

from __future__ import annotations

import numpy as np

from adenoscope.inference.predict.runs import EVERY_S
from adenoscope.simulation.solver.tables import Numbers

SALINE_PEAK = 0.055  # mean peak ΔF/F [1] after saline, Yue et al. (2025), n = 12
NOISE_TIME_S = 60.0  # correlation of a recording's own fluctuation; assumed
PEAK_WITHIN_S = 1800.0
N_NOISE = 64


def noise_curves() -> Numbers:
    """Return noise [1], shape (curve, time from 0 to PEAK_WITHIN_S), scaled to saline's mean peak."""
    n_times = int(PEAK_WITHIN_S / EVERY_S) + 1
    white = np.random.default_rng(20251105).standard_normal((N_NOISE, n_times))
    keeps = np.exp(-EVERY_S / NOISE_TIME_S)
    curves = np.empty_like(white)
    curves[:, 0] = white[:, 0]
    for n in range(1, n_times):
        curves[:, n] = keeps * curves[:, n - 1] + np.sqrt(1 - keeps**2) * white[:, n]
    return curves * (SALINE_PEAK / curves.max(axis=1).mean())


NOISE = noise_curves()


def noisy_peak(curves: Numbers) -> Numbers:
    """Return the mean maximum [1] of each curve, shape (draw, time), with noise added."""
    window = curves[:, : NOISE.shape[1]]
    return (window[:, None, :] + NOISE[None, :, : window.shape[1]]).max(axis=2).mean(axis=1)


def noisy_area(curves: Numbers) -> Numbers:
    """Return the mean of the positive part [1] of each curve with noise added."""
    window = curves[:, : NOISE.shape[1]]
    return np.maximum(window[:, None, :] + NOISE[None, :, : window.shape[1]], 0.0).mean(axis=(1, 2))
