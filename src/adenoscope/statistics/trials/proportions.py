"""Two proportions compared: the difference of risks by the score that also gives the test.

    z(Δ) = (p̂₁ - p̂₀ - Δ) / √({p̃₁(1 - p̃₁)/n₁ + p̃₀(1 - p̃₀)/n₀} N / (N - 1))

p̃ are the likeliest proportions that differ by Δ. The test is z(0), Pearson's with N - 1; the interval is all Δ
that are not rejected, so that both always agree.

Source: Miettinen, Nurminen (1985), doi:10.1002/sim.4780040211.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from adenoscope.core.recording import Samples

BISECTIONS = 50
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class ProportionContrast:
    """Risk of an arm, of the reference, and their difference with its interval; every array (replicate, arm - 1).

    All are fractions; ``p_value`` is two-sided. NaN where an arm has nobody.
    """

    risk: Samples
    reference_risk: Samples
    estimate: Samples
    low: Samples
    high: Samples
    p_value: Samples
    ci_prob: float


def risk_difference(
    events: ArrayLike, persons: ArrayLike, reference_events: ArrayLike, reference_persons: ArrayLike, ci_prob: float
) -> ProportionContrast:
    """Return the difference of risks from counts of one shape.

    Valid: independent persons. The two-sided 5 % test has a level of 4.2 to 5.7 % with 50 to 150 persons in each arm
    and risks of 5 to 50 %, with 15 one of 3.9 to 4.4 % at risks of 15 to 50 %; below two events in an arm it all but
    never rejects.
    Source: Miettinen, Nurminen (1985), doi:10.1002/sim.4780040211.
    """
    given = np.broadcast_arrays(events, persons, reference_events, reference_persons)
    tables, place = np.unique(np.stack([part.ravel() for part in given]), axis=1, return_inverse=True)
    x1, n1, x0, n0 = tables.astype(np.float64)
    n1, n0 = np.where(n1 > 0, n1, np.nan), np.where(n0 > 0, n0, np.nan)
    p1, p0 = x1 / n1, x0 / n0
    z = score(x1, n1, x0, n0, np.zeros_like(n1))
    bound = ndtri((1 + ci_prob) / 2)
    low = _crossing(x1, n1, x0, n0, bound)
    high = -_crossing(x0, n0, x1, n1, bound)
    back = place.reshape(given[0].shape)
    p_value = 2 * ndtr(-np.abs(z))
    return ProportionContrast(p1[back], p0[back], (p1 - p0)[back], low[back], high[back], p_value[back], ci_prob)


def score(x1: Samples, n1: Samples, x0: Samples, n0: Samples, difference: Samples) -> Samples:
    """Return z(Δ), 0 where nothing could be more or less likely; all of one shape.

    Valid: n₁, n₀ >= 1, -1 < Δ < 1.
    Source: Miettinen, Nurminen (1985), doi:10.1002/sim.4780040211, appendix I.
    """
    away, spread = x1 / n1 - x0 / n0 - difference, score_spread(x1, n1, x0, n0, difference)
    # Without spread nobody or everybody has the event, and z is 0 / 0 or beyond any bound.
    without = np.where(np.abs(away) < ROUNDING, 0.0, np.where(away > 0, np.inf, -np.inf))
    return np.divide(away, spread, out=without, where=spread > ROUNDING)


def score_spread(x1: Samples, n1: Samples, x0: Samples, n0: Samples, difference: Samples) -> Samples:
    """Return what stands below z(Δ): the spread of the difference of risks, were it Δ; of one shape.

    Valid: as ``score``.
    Source: Miettinen, Nurminen (1985), doi:10.1002/sim.4780040211, appendix I.
    """
    n = n1 + n0
    cubic = n
    square = (n1 + 2 * n0) * difference - n - x1 - x0
    linear = (n0 * difference - n - 2 * x0) * difference + x1 + x0
    constant = x0 * difference * (1 - difference)
    centre = square / (3 * cubic)
    q = centre**3 - linear * square / (6 * cubic**2) + constant / (2 * cubic)
    radius = np.where(q < 0, -1.0, 1.0) * np.sqrt(np.maximum(centre**2 - linear / (3 * cubic), 0.0))
    ratio = np.divide(q, radius**3, out=np.ones_like(q), where=radius != 0)
    angle = (np.pi + np.arccos(np.clip(ratio, -1, 1))) / 3
    reference = np.clip(2 * radius * np.cos(angle) - centre, 0, 1)
    other = np.clip(reference + difference, 0, 1)
    return np.sqrt((other * (1 - other) / n1 + reference * (1 - reference) / n0) * n / (n - 1))


def _crossing(x1: Samples, n1: Samples, x0: Samples, n0: Samples, bound: float) -> Samples:
    """Return the least Δ with z(Δ) <= ``bound``."""
    low, high = np.full_like(n1, -1.0), x1 / n1 - x0 / n0
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        rejected = score(x1, n1, x0, n0, middle) > bound
        low, high = np.where(rejected, middle, low), np.where(rejected, high, middle)
    return high
