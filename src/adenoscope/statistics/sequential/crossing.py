"""Which bound a trial crosses, and at which look: the density of those that go on, integrated from look to look.

At share t of the information the statistic is Z ~ N(drift √t, 1), and increments of Z √t are independent: ``drift``
is what Z is expected to be at the end of a trial without interim looks. The density of trials that have not stopped
is carried over the nodes of a Gauss-Legendre rule between the bounds.
Source: Armitage, McPherson & Rowe (1969), doi:10.2307/2343787.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from adenoscope.statistics.sequential.spending import Numbers

FAR = 9.0  # standard deviations from the mean outside of which nothing is left (2e-19)
FEWEST_NODES, NODES_EACH = 64, 4.0  # and for each standard deviation of an increment


@dataclass(frozen=True)
class GoingOn:
    """Trials that have not stopped before a look: their share ``mass`` [1] at values ``z`` of the statistic.

    ``information`` [1] is that of the last look; at the start all are at 0.
    """

    information: float
    z: Numbers
    mass: Numbers


@dataclass(frozen=True)
class Crossing:
    """How often a trial stops at each look above [1] and below [1], shape (look,); the last look stops all others.

    ``expected_information`` [1]: mean share of the information at which it stops; times the largest sample size it is
    the expected one.
    """

    above: Numbers
    below: Numbers
    expected_information: float

    @property
    def power(self) -> float:
        """Return how often the upper bound is crossed [1]; without a drift this is the type I error."""
        return float(self.above.sum())


def crossing(information: Numbers, upper: Numbers, lower: Numbers, drift: float) -> Crossing:
    """Return how often each bound is crossed first, under ``drift``.

    Args:
        information: shares at the looks, increasing, shape (look,).
        upper: bounds of Z that stop a trial for efficacy, shape (look,).
        lower: bounds that stop it for futility, -inf where there is none, shape (look,).
        drift: mean of Z at an information of 1.
    Valid: increments normal and independent.
    Source: the head of this file; Jennison & Turnbull (2000), chapter 19.
    """
    above, below = np.zeros(len(information)), np.zeros(len(information))
    going = start()
    for look, (share, high, low) in enumerate(zip(information.tolist(), upper.tolist(), lower.tolist(), strict=True)):
        above[look] = tail(going, share, high, drift)
        below[look] = mass_below(going, share, low, drift)
        going = carried(going, share, low, high, drift)
    stopped = above + below
    ending = 1 - stopped[:-1].sum()
    expected = float(information[:-1] @ stopped[:-1] + information[-1] * ending)
    return Crossing(above, below, expected)


def start() -> GoingOn:
    """Return all trials before the first look."""
    return GoingOn(0.0, np.zeros(1), np.ones(1))


def tail(going: GoingOn, information: float, bound: float, drift: float) -> float:
    """Return how many of all trials [1] go on to the next look and are above ``bound`` there."""
    mean, sd = _next(going, information, drift)
    return float(going.mass @ ndtr((mean - bound) / sd))


def mass_below(going: GoingOn, information: float, bound: float, drift: float) -> float:
    """Return how many of all trials [1] go on to the next look and are below ``bound`` there."""
    mean, sd = _next(going, information, drift)
    return float(going.mass @ ndtr((bound - mean) / sd))


def carried(going: GoingOn, information: float, low: float, high: float, drift: float) -> GoingOn:
    """Return those that are between the bounds at the next look, and so go on."""
    mean, sd = _next(going, information, drift)
    middle = drift * np.sqrt(information)
    bottom, top = max(low, middle - FAR), min(high, middle + FAR)
    if not bottom < top:
        return GoingOn(information, np.zeros(1), np.zeros(1))
    n_nodes = max(FEWEST_NODES, int(np.ceil(NODES_EACH * (top - bottom) / sd)))
    nodes, weights = np.polynomial.legendre.leggauss(n_nodes)
    z = bottom + (top - bottom) * (nodes + 1) / 2
    density = np.exp(-(((z[:, None] - mean) / sd) ** 2) / 2) @ going.mass / (sd * np.sqrt(2 * np.pi))
    return GoingOn(information, z, density * weights * (top - bottom) / 2)


def _next(going: GoingOn, information: float, drift: float) -> tuple[Numbers, float]:
    """Return mean and sd of the statistic at the next look, given each value at the last."""
    increment = information - going.information
    mean = (going.z * np.sqrt(going.information) + drift * increment) / np.sqrt(information)
    return mean, float(np.sqrt(increment / information))
