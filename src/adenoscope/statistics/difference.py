"""The difference of two means with its t-interval, from animals that are paired or independent.

paired:    d̄ ± t(n - 1) · s_d / √n
unpaired:  x̄ - ȳ ± t(ν) · √(u + v),  u = s_x²/n_x,  v = s_y²/n_y,  ν = (u + v)² / (u²/(n_x-1) + v²/(n_y-1))
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import stdtrit

from adenoscope.core.interval import Interval
from adenoscope.core.recording import Samples


def paired_difference(treated: Samples, vehicle: Samples, ci_prob: float = 0.95) -> Interval | None:
    """Return the mean of ``treated - vehicle``, animal by animal, both shape (animal,), at least two.

    None where the differences do not vary at all, so that their spread cannot be judged.

    Valid: differences about normal between animals, or enough animals.
    Source: Student (1908), doi:10.1093/biomet/6.1.1.
    """
    differences = treated - vehicle
    error = float(np.std(differences, ddof=1)) / math.sqrt(differences.size)
    return _t_interval(float(np.mean(differences)), error, differences.size - 1, ci_prob)


def unpaired_difference(treated: Samples, vehicle: Samples, ci_prob: float = 0.95) -> Interval | None:
    """Return the difference of means of independent animals, shapes (animal,), at least two in each.

    The arms may differ in spread. None where neither arm varies at all.

    Valid: readouts about normal between animals, or enough animals.
    Source: Welch (1947), doi:10.1093/biomet/34.1-2.28.
    """
    u = float(np.var(treated, ddof=1)) / treated.size
    v = float(np.var(vehicle, ddof=1)) / vehicle.size
    estimate = float(np.mean(treated) - np.mean(vehicle))
    if u + v == 0:
        return None
    degrees = (u + v) ** 2 / (u**2 / (treated.size - 1) + v**2 / (vehicle.size - 1))
    return _t_interval(estimate, math.sqrt(u + v), degrees, ci_prob)


def _t_interval(estimate: float, error: float, degrees: float, ci_prob: float) -> Interval | None:
    if error == 0:
        return None
    half_width = float(stdtrit(degrees, (1 + ci_prob) / 2)) * error
    return Interval(estimate, estimate - half_width, estimate + half_width, ci_prob)
