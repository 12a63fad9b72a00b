"""What curves are drawn from, drawn from its exact conditionals: centres of series, mu and tau.

A half-t prior of tau is an inverse gamma of an inverse gamma, which makes its conditional one too.
Source: Wand, Padoan, Ormerod & Frühwirth (2011), doi:10.1214/11-BA631, result 5.
"""

from __future__ import annotations

import math

import numpy as np

from adenoscope.core.machine_code import compiled
from adenoscope.core.recording import Samples
from adenoscope.statistics.separation.panel_arrays import Indices, Places
from adenoscope.statistics.separation.pooling.emax_model import (
    E0,
    ED50,
    EMAX,
    HEAVY,
    HILL,
    SERIES,
    TAU_SCALES,
    Priors,
    State,
)

Rng = np.random.Generator


@compiled
def draw_hyper(rng: Rng, of: Places, priors: Priors, state: State, chain: int) -> None:
    """Draw the weights, centres, mu and tau of a chain anew.

    Valid: the curves' coordinates are what they are conditioned on.
    Source: the head of this file.
    """
    curves, mu, tau = state.curves[chain], state.mu[chain], state.tau[chain]
    _draw_weights(rng, of, state, chain)
    _draw_centres(rng, of, state, chain)
    e0 = np.empty(len(of.of_vehicle))
    for curve in range(len(of.assay)):
        e0[of.vehicle[curve]] = curves[curve, E0]
    _draw_level(rng, priors, ED50, SERIES, state.centre[chain], of.of_family, mu, tau)
    _draw_level(rng, priors, HILL, HILL, curves[:, HILL], of.assay, mu, tau)
    _draw_level(rng, priors, EMAX, EMAX, curves[:, EMAX], of.assay, mu, tau)
    _draw_level(rng, priors, E0, E0, e0, of.of_vehicle, mu, tau)
    squares, n = np.zeros(tau.shape[1]), np.zeros(tau.shape[1])
    for curve in range(len(of.assay)):
        away = curves[curve, ED50] - state.centre[chain, of.family[curve]]
        squares[of.assay[curve]] += state.weight[chain, curve] * away * away
        n[of.assay[curve]] += 1
    for assay in range(tau.shape[1]):
        tau[ED50, assay] = _draw_tau(rng, ED50, tau[ED50, assay], squares[assay], n[assay])


@compiled
def _draw_weights(rng: Rng, of: Places, state: State, chain: int) -> None:
    for curve in range(len(of.assay)):
        centre, spread = state.centre[chain, of.family[curve]], state.tau[chain, ED50, of.assay[curve]]
        away = (state.curves[chain, curve, ED50] - centre) / spread
        state.weight[chain, curve] = rng.standard_gamma((HEAVY + 1) / 2) * 2 / (HEAVY + away * away)


@compiled
def _draw_centres(rng: Rng, of: Places, state: State, chain: int) -> None:
    n = len(of.of_family)
    total, middle = np.empty(n), np.empty(n)
    for family in range(n):
        total[family] = state.tau[chain, SERIES, of.of_family[family]] ** -2
        middle[family] = total[family] * state.mu[chain, ED50, of.of_family[family]]
    for curve in range(len(of.assay)):
        precision = state.weight[chain, curve] * state.tau[chain, ED50, of.assay[curve]] ** -2
        total[of.family[curve]] += precision
        middle[of.family[curve]] += precision * state.curves[chain, curve, ED50]
    for family in range(n):
        state.centre[chain, family] = middle[family] / total[family] + rng.standard_normal() / math.sqrt(
            total[family]
        )


@compiled
def _draw_level(
    rng: Rng, priors: Priors, k: int, spread: int, values: Samples, assays: Indices, mu: Samples, tau: Samples
) -> None:
    """Draw the k-th mu and the ``spread``-th tau of each assay, of which ``values`` are normal draws."""
    for assay in range(mu.shape[1]):
        total, n, squares = 0.0, 0.0, 0.0
        for i in range(len(values)):
            if assays[i] == assay:
                total += values[i]
                n += 1
        precision, of_prior = tau[spread, assay] ** -2, priors.spread[k, assay] ** -2
        known = n * precision + of_prior
        middle = (total * precision + priors.middle[k, assay] * of_prior) / known
        mu[k, assay] = middle + rng.standard_normal() / math.sqrt(known)
        for i in range(len(values)):
            if assays[i] == assay:
                squares += (values[i] - mu[k, assay]) ** 2
        tau[spread, assay] = _draw_tau(rng, spread, tau[spread, assay], squares, n)


@compiled
def _draw_tau(rng: Rng, k: int, tau: float, squares: float, n: float) -> float:
    mixed = (HEAVY / tau**2 + TAU_SCALES[k] ** -2) / rng.standard_gamma((HEAVY + 1) / 2)
    return math.sqrt((HEAVY / mixed + squares / 2) / rng.standard_gamma((HEAVY + n) / 2))
