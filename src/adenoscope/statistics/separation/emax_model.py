"""Emax curves of relatives in one model: what they cost the data, and what priors make of their coordinates.

mean = E0 + Emax · d^h / (ED50^h + d^h) + error,  error / se ~ t(df)       readings in spans of their assay
ln ED50 ~ t4(centre of the series, tau0),  that centre ~ N(mu0, tau4²)      mu and tau by assay
ln Emax ~ N(mu1, tau1²),  ln h ~ N(mu2, tau2²),  E0 ~ N(mu3, tau3²)

Priors, weak and without a unit, since doses enter by their ratios and readings by the span of the assay's means:
mu0 ~ N(middle of the assay's ln doses, (half of their range + ln 10)²), mu1 ~ N(0, 0.5²): the usual ceiling is the
span, to a factor of 2.7; mu2 ~ N(ln 1.5, 0.4²): the usual h is 0.7 to 3.3; mu3 ~ N(usual vehicle, 1). Half-t with 4
degrees of freedom for tau: scale 1 for ED50 in and between series (a factor of e), 0.4 for ceilings, 0.3 for h,
0.2 for baselines. Heavy tails for ED50 let one relative be far from the rest without being drawn to them.
Source: Gelman (2006), doi:10.1214/06-BA117A, for half-t priors of spreads; docs/how-to/ranking.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.statistics.separation.panel_arrays import PanelArrays, Readings

ED50, EMAX, HILL, E0, SERIES = range(5)
HEAVY = 4.0  # degrees of freedom: of ln ED50 among relatives, and of the half-t priors
USUAL_HILL = 1.5
TAU_SCALES = np.array([1.0, 0.4, 0.3, 0.2, 1.0])
MOST = 100.0  # e to this is as good as infinite here, and its square is still a number


@dataclass(frozen=True, eq=False)
class State:
    """One point of every chain.

    ``curves`` (chain, curve, 3) holds ln ED50, ln Emax and ln h; ``e0`` has shape (chain, vehicle), ``centre``
    (chain, family), ``weight`` (the precision of each ED50 among its relatives, 1 is usual) and ``log_likelihood``
    (chain, curve), ``mu`` (chain, 4, assay), ``tau`` (chain, 5, assay).
    """

    curves: Samples
    e0: Samples
    centre: Samples
    weight: Samples
    mu: Samples
    tau: Samples
    log_likelihood: Samples


@dataclass(frozen=True, eq=False)
class Priors:
    """Normal priors of mu, each of shape (4, assay)."""

    middle: Samples
    spread: Samples


def priors_of(data: PanelArrays) -> Priors:
    """Return the priors at the head of this file for a panel.

    Valid, Source: the head of this file.
    """
    shape, assay = (4, data.places.n_assays), data.places.assay
    middle, spread = np.zeros(shape), np.ones(shape)
    lows, highs = data.ends
    for index in range(shape[1]):
        low, high = lows[assay == index].min(), highs[assay == index].max()
        middle[ED50, index], spread[ED50, index] = (low + high) / 2, (high - low) / 2 + np.log(10)
        middle[E0, index] = np.median(data.readings.mean[assay == index, 0])
    middle[HILL] = np.log(USUAL_HILL)
    spread[EMAX], spread[HILL] = 0.5, 0.4
    return Priors(middle, spread)


def share(curves: Samples, log_dose: Samples) -> Samples:
    """Return the share of the ceiling reached [1] by curves (..., 3) at ``log_dose`` (..., dose).

    Valid: doses above 0.
    Source: Hill (1910), J. Physiol. 40, iv-vii.
    """
    logit = _exp(curves[..., HILL, None]) * (curves[..., ED50, None] - log_dose)
    return 1 / (1 + _exp(logit))


def log_likelihood(readings: Readings, curves: Samples, e0: Samples) -> Samples:
    """Return the log density of each curve's means [1], up to a constant, shape (chain, curve).

    ``e0`` is that of each curve. The t-distribution is what a normal mean with a standard deviation from so many
    animals comes to.

    Valid, Source: as ``moderated_spread``.
    """
    rise = _exp(curves[..., EMAX, None]) * share(curves, readings.log_dose) * readings.dosed
    standard = (readings.mean - e0[..., None] - rise) / readings.error
    cost = readings.counts * (readings.df + 1) * np.log1p(standard * standard / readings.df)
    return -0.5 * cost.sum(axis=-1)


def curve_prior(data: PanelArrays, state: State, curves: Samples) -> Samples:
    """Return the log density of curves given what they are drawn from, up to a constant, shape (chain, curve).

    Valid, Source: the head of this file.
    """
    assay = data.places.assay
    centres = np.stack([state.centre[:, data.places.family], *(state.mu[:, k, assay] for k in (EMAX, HILL))], axis=-1)
    spreads = np.stack([state.tau[:, k, assay] for k in (ED50, EMAX, HILL)], axis=-1)
    squares = ((curves - centres) / spreads) ** 2
    squares[..., ED50] *= state.weight
    return -0.5 * squares.sum(axis=-1)


def tau_prior(tau: Samples) -> Samples:
    """Return the log density of spreads (..., 5, assay), up to a constant, same shape.

    Valid: tau > 0.
    Source: Gelman (2006), doi:10.1214/06-BA117A.
    """
    return -0.5 * (HEAVY + 1) * np.log1p((tau / TAU_SCALES[:, None]) ** 2 / HEAVY)


def _exp(values: Samples) -> Samples:
    return np.exp(np.minimum(values, MOST))
