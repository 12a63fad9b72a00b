"""Bounds of a group-sequential trial, of an error that is spent look by look.

The upper bound spends the one-sided type I error as if nobody stopped for futility, so a trial may go on below the
lower bound without harm to it ("non-binding"). The lower bound spends the type II error at the drift for which both
bounds meet at the last look: with that drift the trial has the power asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import root_scalar
from scipy.special import ndtr, ndtri

from adenoscope.statistics.sequential.crossing import Crossing, carried, crossing, mass_below, start, tail
from adenoscope.statistics.sequential.spending import Numbers, Spending, spent

WIDEST = 37.0  # a bound that no trial crosses
PRECISION = 1e-12


@dataclass(frozen=True)
class Bounds:
    """Where a trial may stop: ``upper`` and ``lower`` (-inf: never) values of Z at shares of ``information``.

    ``drift``: mean of Z at the end for which the trial has its power; None where no power was asked for.
    """

    information: Numbers
    upper: Numbers
    lower: Numbers
    drift: float | None = None

    @property
    def nominal_p(self) -> Numbers:
        """Return the one-sided p [1] that stops a trial for efficacy at each look."""
        return ndtr(-self.upper)

    def crossing(self, drift: float, *, binding: bool = True) -> Crossing:
        """Return how often each bound is crossed first; not binding: nobody stops for futility."""
        lower = self.lower if binding else np.full(len(self.lower), -np.inf)
        return crossing(self.information, self.upper, lower, drift)


def efficacy_bounds(
    information: Numbers, alpha: float = 0.025, spending: Spending = "obrien_fleming", gamma: float = -4.0
) -> Bounds:
    """Return bounds that stop a trial for efficacy alone.

    Args:
        information: shares of the planned information at the looks, increasing, shape (look,); need not be even.
        alpha: one-sided type I error, spent whole at 1.
        spending: how it is spent.
        gamma: of Hwang, Shih and DeCani.
    Valid: Z normal, increments independent. For a two-sided trial take half of its alpha and the same bounds below
        with a minus sign.
    Source: Lan & DeMets (1983), doi:10.1093/biomet/70.3.659.
    """
    upper, going = np.empty(len(information)), start()
    for look, (share, error) in enumerate(_spent_at(information, spending, alpha, gamma)):
        upper[look] = _bound(lambda z, now=going, t=share: tail(now, t, z, 0.0), error)
        going = carried(going, share, -np.inf, float(upper[look]), 0.0)
    return Bounds(information, upper, np.full(len(information), -np.inf))


def futility_bounds(
    efficacy: Bounds, beta: float = 0.2, spending: Spending = "obrien_fleming", gamma: float = -4.0
) -> Bounds:
    """Return ``efficacy`` with a lower bound that spends ``beta``, and the drift that gives a power of 1 - beta.

    Args:
        efficacy: bounds for efficacy whose last look is at all of the information.
        beta: type II error.
        spending: how it is spent.
        gamma: of Hwang, Shih and DeCani.
    Valid: as ``efficacy_bounds``; the type I error counts nobody as stopped for futility.
    Source: Pampallona, Tsiatis & Kim (2001), doi:10.1177/009286150103500408.
    """

    def gap(drift: float) -> float:
        return float(_lower(efficacy, drift, beta, spending, gamma)[-1] - efficacy.upper[-1])

    fixed = float(efficacy.upper[-1] - ndtri(beta))
    drift = _root(gap, 0.5 * fixed, 2 * fixed)
    lower = _lower(efficacy, drift, beta, spending, gamma)
    lower[-1] = efficacy.upper[-1]
    return Bounds(efficacy.information, efficacy.upper, lower, drift)


def drift_for_power(bounds: Bounds, power: float = 0.8) -> float:
    """Return the drift [1] at which a trial crosses its upper bound with ``power`` [1].

    The largest sample size of a trial is that of one without interim looks times (drift/(z_alpha + z_power))².

    Valid: as ``efficacy_bounds``; whoever meets the lower bound stops.
    Source: Jennison & Turnbull (2000), chapter 19.
    """
    return _root(lambda drift: bounds.crossing(drift).power - power, 0.0, WIDEST / 3)


def _lower(efficacy: Bounds, drift: float, beta: float, spending: Spending, gamma: float) -> Numbers:
    lower, going = np.empty(len(efficacy.information)), start()
    for look, (share, error) in enumerate(_spent_at(efficacy.information, spending, beta, gamma)):
        high = float(efficacy.upper[look])
        found = _bound(lambda z, now=going, t=share: mass_below(now, t, -z, drift), error)
        lower[look] = -found
        going = carried(going, share, float(lower[look]), high, drift)
    return lower


def _spent_at(information: Numbers, spending: Spending, error: float, gamma: float) -> list[tuple[float, float]]:
    """Return each look's information and the error that is spent there."""
    total = spent(spending, error, information, gamma)
    return list(zip(information.tolist(), np.diff(total, prepend=0.0).tolist(), strict=True))


def _bound(beyond: Callable[[float], float], error: float) -> float:
    """Return the z that a share ``error`` of trials is beyond; an end where no more, or no less, trials are."""
    if error <= beyond(WIDEST):
        return WIDEST
    if error >= beyond(-WIDEST):
        return -WIDEST
    return _root(lambda z: beyond(z) - error, -WIDEST, WIDEST)


def _root(excess: Callable[[float], float], low: float, high: float) -> float:
    return float(root_scalar(excess, bracket=(low, high), method="brentq", xtol=PRECISION).root)
