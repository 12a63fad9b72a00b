"""Bounds of looks that spend the error of the first kind as information comes in.

    alpha(t) = 2 - 2 Phi(z_(alpha / 2) / sqrt(t))   O'Brien and Fleming
    alpha(t) = alpha ln(1 + (e - 1) t)              Pocock

Source: Lan, DeMets (1983), doi:10.1093/biomet/70.3.659; Armitage, McPherson, Rowe (1969), doi:10.2307/2343787, for
the recursion.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from adenoscope.core.recording import Samples
from adenoscope.core.trial import Spending

GRID, REACH = 1201, 8.0  # points of the score on each side of 0, and how far it reaches in standard deviations
HIGHEST = 9.0


def _obrien_fleming(alpha: float, fraction: float) -> float:
    return float(2 * ndtr(ndtri(alpha / 2) / np.sqrt(fraction)))


def _pocock(alpha: float, fraction: float) -> float:
    return float(alpha * np.log1p((np.e - 1) * fraction))


_SPENDING: dict[Spending, Callable[[float, float], float]] = {
    "obrien_fleming": _obrien_fleming,
    "pocock": _pocock,
}


@cache
def spending_bounds(fractions: tuple[float, ...], alpha: float, spending: Spending) -> Samples:
    """Return one-sided bounds of z at each look, shape (look,); ``alpha`` [1] is one-sided.

    Valid: increments of the score are normal and independent.
    Source: see the top of this file.
    """
    spent = 0.0
    score, density = np.zeros(1), np.ones(1)
    bounds: list[float] = []
    for number, fraction in enumerate(fractions):
        width = float(np.sqrt(fraction - (fractions[number - 1] if number else 0.0)))
        left = _SPENDING[spending](alpha, fraction) - spent
        bounds.append(_bound(score, density, fraction, width, left))
        spent += left
        reached = np.linspace(-REACH, bounds[-1], 2 * GRID) * np.sqrt(fraction)
        kernel = np.exp(-0.5 * ((reached[:, None] - score) / width) ** 2) / (width * np.sqrt(2 * np.pi))
        score, density = reached, _area(score, kernel * density)
    return np.array(bounds)


def _bound(score: Samples, density: Samples, fraction: float, width: float, left: float) -> float:
    """Return the z that the next look passes with probability ``left`` [1]."""

    def beyond(z: float) -> float:
        passed = ndtr((score - z * np.sqrt(fraction)) / width)
        return float(_area(score, density * passed)) - left

    found: Any = brentq(beyond, -HIGHEST, HIGHEST, xtol=1e-10)
    return float(found)


def _area(at: Samples, values: Samples) -> Samples:
    """Return the integral over the last axis; of a single point, its value."""
    return values[..., 0] if at.size == 1 else np.asarray(np.trapezoid(values, at, axis=-1))
