"""Two parallel arms of one size and one look: power, size, and the difference that can be detected.

By Student's t, which is exact for normal outcomes of equal spread, or by the normal approximation in which published
sizes are often given: it asks for about one person less in each arm, and is too hopeful where arms are small.
"""

from __future__ import annotations

from math import ceil
from typing import Literal

import numpy as np
from scipy.optimize import root_scalar
from scipy.special import nctdtr, ndtr, ndtri, stdtrit

Law = Literal["t", "normal"]
MOST_PER_ARM = 10_000_000
FAR = 35.0  # beyond, the noncentral t underflows, and nothing is left to miss


def power_of(n_per_arm: float, effect: float, *, alpha: float = 0.05, law: Law = "t") -> float:
    """Return the probability [1] that a two-sided test finds a standardised ``effect`` [1], in either direction.

    Valid: outcomes normal, of one spread, ``n_per_arm`` of them observed in each arm; law "normal": spread known.
    Source: Student's t, noncentral; law "normal" is its limit.
    """
    shift = abs(effect) * np.sqrt(n_per_arm / 2)
    if law == "normal":
        bound = -ndtri(alpha / 2)
        return float(ndtr(shift - bound) + ndtr(-shift - bound))
    degrees = 2 * n_per_arm - 2
    bound = stdtrit(degrees, 1 - alpha / 2)
    if shift > FAR:
        return 1.0
    # Of -shift on both sides: of +shift, SciPy's function is NaN for some sizes.
    return float(nctdtr(degrees, -shift, -bound) + 1 - nctdtr(degrees, -shift, bound))


def size_per_arm(
    difference: float, sd: float, *, power: float = 0.8, alpha: float = 0.05, dropout: float = 0.0, law: Law = "t"
) -> int:
    """Return how many people each arm needs.

    Args:
        difference: between the arms' means, in the unit of ``sd``, not 0.
        sd: spread between people in one arm.
        power: probability [1] of finding it.
        alpha: of a two-sided test.
        dropout: share [1] of people without an outcome; so many more are asked for.
        law: see the head of this file.
    Valid: as ``power_of``.
    Source: as ``power_of``.
    """
    effect = abs(difference) / sd
    low, high = 1, 2
    while power_of(high, effect, alpha=alpha, law=law) < power and high < MOST_PER_ARM:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        enough = power_of(middle, effect, alpha=alpha, law=law) >= power
        low, high = (low, middle) if enough else (middle, high)
    return ceil(high / (1 - dropout))


def detectable_effect(n_per_arm: int, *, power: float = 0.8, alpha: float = 0.05, law: Law = "t") -> float:
    """Return the standardised difference [1] that is found with ``power`` [1].

    Valid: as ``power_of``.
    Source: as ``power_of``.
    """

    def excess(effect: float) -> float:
        return power_of(n_per_arm, effect, alpha=alpha, law=law) - power

    high = 1.0
    while excess(high) < 0:
        high *= 1.5
    return float(root_scalar(excess, bracket=(0.0, high), method="brentq").root)
