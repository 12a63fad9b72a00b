"""Differences, ratios and exponentials of quantities from their intervals alone, which need not be symmetric.

L = a - b - √((a - l_a)² + (u_b - b)²),    U = a - b + √((u_a - a)² + (b - l_b)²)
"""

from __future__ import annotations

import math

from scipy.optimize import root_scalar

from adenoscope.core.interval import Interval


def difference_of(first: Interval, second: Interval) -> Interval:
    """Return ``first - second``, with the interval that its parts imply.

    Valid: the two are independent, or rise and fall together (then it is wider than it need be).
    Source: Zou & Donner (2008), doi:10.1002/sim.3095.
    """
    estimate = first.estimate - second.estimate
    below = math.hypot(first.estimate - first.low, second.high - second.estimate)
    above = math.hypot(first.high - first.estimate, second.estimate - second.low)
    return Interval(estimate, estimate - below, estimate + above, first.ci_prob)


def ratio_of(first: Interval, second: Interval) -> Interval | None:
    """Return ``first / second``; None where the interval of ``second`` holds 0, for then any ratio may be.

    Valid: as ``difference_of``.
    Source: Zou & Donner (2008), doi:10.1002/sim.3095, for the difference a - ρ b, whose interval holds 0 for
    every ratio ρ in the interval.
    """
    if not second.excludes(0.0):
        return None
    if second.estimate < 0:
        first, second = _times(first, -1.0), _times(second, -1.0)

    def low(ratio: float) -> float:
        return difference_of(first, _times(second, ratio)).low

    def high(ratio: float) -> float:
        return difference_of(first, _times(second, ratio)).high

    # both fall as the ratio grows, and have changed sign at twice the largest ratio that the bounds allow
    far = 2 * max(abs(first.low), abs(first.high)) / second.low
    estimate = first.estimate / second.estimate
    bounds = [float(root_scalar(bound, bracket=(-far, far)).root) for bound in (low, high)]
    return Interval(estimate, bounds[0], bounds[1], first.ci_prob)


def exponential(logs: Interval) -> Interval:
    """Return the interval of a quantity from that of its natural logarithm.

    Valid: always; coverage is the logarithm's.
    Source: none; the exponential rises everywhere.
    """
    return Interval(math.exp(logs.estimate), math.exp(logs.low), math.exp(logs.high), logs.ci_prob)


def _times(of: Interval, factor: float) -> Interval:
    low, high = sorted((of.low * factor, of.high * factor))
    return Interval(of.estimate * factor, low, high, of.ci_prob)
