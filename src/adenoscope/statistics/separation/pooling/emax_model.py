"""Emax curves of relatives in one model: what they cost the data, and what priors make of their coordinates.

mean = E0 + Emax · d^h / (ED50^h + d^h) + error,  error / se ~ t(df)       readings in spans of their assay
ln ED50 ~ t4(centre of the series, tau0),  that centre ~ N(mu0, tau4²)      mu and tau by assay
ln h ~ N(mu1, tau1²),  ln Emax ~ N(mu2, tau2²),  E0 ~ N(mu3, tau3²)

Priors, weak and without a unit, since doses enter by their ratios and readings by the span of the assay's means:
mu0 ~ N(middle of the assay's ln doses, (half of their range + ln 10)²); mu1 ~ N(ln 1.5, 0.4²), the usual h is 0.7 to
3.3; mu2 ~ N(0, 0.5²), the usual ceiling is the span to a factor of 2.7; mu3 ~ N(usual vehicle, 1). Half-t with 4
degrees of freedom for tau: scale 1 for ED50 in and between series (a factor of e), 0.3 for h, 0.4 for ceilings,
0.2 for baselines. Heavy tails for ED50 let one relative be far from the rest without being drawn to them.
Source: Gelman (2006), doi:10.1214/06-BA117A, for half-t priors of spreads; docs/how-to/ranking.md.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from adenoscope.core.machine_code import compiled
from adenoscope.core.recording import Samples
from adenoscope.statistics.doses.emax_curve import fraction
from adenoscope.statistics.separation.panel_arrays import PanelArrays, Places, Readings

ED50, HILL, EMAX, E0, SERIES = range(5)
HEAVY = 4.0  # degrees of freedom: of ln ED50 among relatives, and of the half-t priors
USUAL_HILL = 1.5
TAU_SCALES = np.array([1.0, 0.3, 0.4, 0.2, 1.0])


class State(NamedTuple):
    """One point of every chain, which compiled code moves on in place.

    ``curves`` (chain, curve, 4) holds ln ED50, ln h, ln Emax, and E0, which curves of one vehicle group share.
    ``centre`` has shape (chain, family), ``weight`` (the precision of each ED50 among its relatives, 1 is usual)
    and ``cost`` (log likelihood) (chain, curve), ``mu`` (chain, 4, assay), ``tau`` (chain, 5, assay).
    """

    curves: Samples
    centre: Samples
    weight: Samples
    cost: Samples
    mu: Samples
    tau: Samples


class Priors(NamedTuple):
    """Normal priors of mu, each of shape (4, assay)."""

    middle: Samples
    spread: Samples


def priors_of(data: PanelArrays) -> Priors:
    """Return the priors at the head of this file for a panel.

    Valid, Source: the head of this file.
    """
    shape, assay = (4, len(data.assays)), data.places.assay
    middle, spread = np.zeros(shape), np.ones(shape)
    lows, highs = data.ends
    for index in range(shape[1]):
        low, high = lows[assay == index].min(), highs[assay == index].max()
        middle[ED50, index], spread[ED50, index] = (low + high) / 2, (high - low) / 2 + np.log(10)
        middle[E0, index] = np.median(data.readings.mean[assay == index, 0])
    middle[HILL] = np.log(USUAL_HILL)
    spread[EMAX], spread[HILL] = 0.5, 0.4
    return Priors(middle, spread)


def rise(curves: Samples, dose: Samples) -> Samples:
    """Return the response [spans of the assay] of curves (..., 4) at ``dose`` [dose unit], shape (..., dose).

    Valid: doses >= 0.
    Source: Hill (1910), J. Physiol. 40, iv-vii.
    """
    return np.exp(curves[..., EMAX, None]) * fraction(dose, curves[..., :EMAX])


@compiled
def curve_cost(of: Readings, curve: int, at: Samples) -> float:
    """Return the log density of a curve's means [1], up to a constant; ``at`` holds its four coordinates.

    The t-distribution is what a normal mean with a standard deviation from so many animals comes to.

    Valid, Source: as ``moderated_spread``.
    """
    hill, ceiling = math.exp(at[HILL]), math.exp(at[EMAX])
    total = 0.0
    for row in range(of.mean.shape[1]):
        if of.counts[curve, row] > 0:
            # ``fraction``, where vehicle has minus infinity for the logarithm of its dose
            fitted = at[E0] + ceiling / (1 + math.exp(hill * (at[ED50] - of.log_dose[curve, row])))
            standard = (of.mean[curve, row] - fitted) / of.error[curve, row]
            df = of.df[curve, row]
            total += (df + 1) * math.log1p(standard * standard / df)
    return -0.5 * total


@compiled
def curve_prior(of: Places, state: State, chain: int, curve: int, at: Samples) -> float:
    """Return the log density of a curve's coordinates given what they are drawn from, up to a constant.

    Valid, Source: the head of this file.
    """
    assay = of.assay[curve]
    away = (at[ED50] - state.centre[chain, of.family[curve]]) / state.tau[chain, ED50, assay]
    total = state.weight[chain, curve] * away * away
    for k in range(HILL, E0 + of.alone[curve]):
        away = (at[k] - state.mu[chain, k, assay]) / state.tau[chain, k, assay]
        total += away * away
    return -0.5 * total


@compiled
def tau_prior(k: int, tau: float) -> float:
    """Return the log density of the k-th spread, up to a constant.

    Valid: tau > 0.
    Source: Gelman (2006), doi:10.1214/06-BA117A.
    """
    relative = tau / TAU_SCALES[k]
    return -0.5 * (HEAVY + 1) * math.log1p(relative * relative / HEAVY)
