"""Metropolis moves of a chain: each curve, each shared baseline, and all curves of an assay together.

Curves move alone. Where doses leave a ceiling open, ED50, h and Emax of all curves slide along one ridge, so an assay
is also moved whole; and spreads are stretched together with what they spread (non-centred), for a spread near 0
holds its curves fast otherwise.
Source: Papaspiliopoulos, Roberts & Sköld (2007), doi:10.1214/088342307000000014; Yu & Meng (2011),
doi:10.1198/jcgs.2011.203main, for moving both ways.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from adenoscope.core.machine_code import compiled
from adenoscope.core.recording import Samples
from adenoscope.statistics.separation.panel_arrays import Places, Readings
from adenoscope.statistics.separation.pooling.emax_model import (
    E0,
    ED50,
    HILL,
    SERIES,
    Priors,
    State,
    curve_cost,
    curve_prior,
    tau_prior,
)

Rng = np.random.Generator
STRIDES = np.array([0.5, 1.0, 2.0])  # some small, some wide, for a posterior that is narrow here and long there


class Tuning(NamedTuple):
    """How far moves go: Cholesky factors, and logarithms of factors on them.

    ``curve_step`` (curve, 4, 4) and ``level_step`` (assay, 4, 4) are in the coordinates of a curve; ``curve_scale``
    has shape (curve,), ``e0_scale`` (vehicle,), ``level_scale`` (assay,), ``stretch_scale`` (5, assay).
    """

    curve_step: Samples
    curve_scale: Samples
    e0_scale: Samples
    level_step: Samples
    level_scale: Samples
    stretch_scale: Samples


@compiled
def move_curves(
    rng: Rng, rows: Readings, of: Places, state: State, tuning: Tuning, chain: int, gained: Samples
) -> None:
    """Move ED50, h and Emax of each curve together, and E0 where it is the curve's own."""
    at, step = np.empty(4), np.empty(4)
    for curve in range(len(of.assay)):
        now = state.curves[chain, curve]
        _draw_step(rng, tuning.curve_step[curve], math.exp(tuning.curve_scale[curve]), step)
        for k in range(4):
            at[k] = now[k] + step[k]
        if not of.alone[curve]:
            at[E0] = now[E0]
        cost = curve_cost(rows, curve, at)
        ratio = cost - state.cost[chain, curve] + curve_prior(of, state, chain, curve, at)
        ratio -= curve_prior(of, state, chain, curve, now)
        if _taken(rng, ratio, gained, curve):
            state.curves[chain, curve] = at
            state.cost[chain, curve] = cost


@compiled
def redraw_curves(rng: Rng, rows: Readings, of: Places, state: State, chain: int) -> None:
    """Move each curve to a draw of what its relatives make likely, so that it may leap where doses tell little."""
    at, ignored = np.empty(4), np.zeros(1)
    for curve in range(len(of.assay)):
        assay = of.assay[curve]
        at[:] = state.curves[chain, curve]
        spread = state.tau[chain, ED50, assay] / math.sqrt(state.weight[chain, curve])
        at[ED50] = state.centre[chain, of.family[curve]] + spread * rng.standard_normal()
        for k in range(HILL, E0):
            at[k] = state.mu[chain, k, assay] + state.tau[chain, k, assay] * rng.standard_normal()
        cost = curve_cost(rows, curve, at)
        if _taken(rng, cost - state.cost[chain, curve], ignored, 0):
            state.curves[chain, curve] = at
            state.cost[chain, curve] = cost


@compiled
def move_baselines(
    rng: Rng, rows: Readings, of: Places, state: State, tuning: Tuning, chain: int, gained: Samples
) -> None:
    """Move E0 of each vehicle group that curves share."""
    costs, at = np.empty(len(of.assay)), np.empty(4)
    for vehicle in range(len(of.of_vehicle)):
        assay, step = of.of_vehicle[vehicle], rng.standard_normal() * math.exp(tuning.e0_scale[vehicle])
        mu, tau, now, shared, ratio = state.mu[chain, E0, assay], state.tau[chain, E0, assay], 0.0, False, 0.0
        for curve in range(len(of.assay)):
            if of.vehicle[curve] == vehicle and not of.alone[curve]:
                shared = True
                at[:] = state.curves[chain, curve]
                now = at[E0]
                at[E0] += step
                costs[curve] = curve_cost(rows, curve, at)
                ratio += costs[curve] - state.cost[chain, curve]
        if shared:
            ratio += 0.5 * (((now - mu) / tau) ** 2 - ((now + step - mu) / tau) ** 2)
            if _taken(rng, ratio, gained, vehicle):
                for curve in range(len(of.assay)):
                    if of.vehicle[curve] == vehicle:
                        state.curves[chain, curve, E0] += step
                        state.cost[chain, curve] = costs[curve]


@compiled
def shift_assays(
    rng: Rng, rows: Readings, of: Places, priors: Priors, state: State, tuning: Tuning, chain: int, gained: Samples
) -> None:
    """Move all ED50, h, Emax and E0 of each assay by one step each."""
    there, costs, step = np.empty((len(of.assay), 4)), np.empty(len(of.assay)), np.empty(4)
    for assay in range(state.mu.shape[2]):
        _draw_step(rng, tuning.level_step[assay], math.exp(tuning.level_scale[assay]), step)
        ratio = 0.0
        for k in range(4):
            now, middle, spread = state.mu[chain, k, assay], priors.middle[k, assay], priors.spread[k, assay]
            ratio += 0.5 * (((now - middle) / spread) ** 2 - ((now + step[k] - middle) / spread) ** 2)
        for curve in range(len(of.assay)):
            if of.assay[curve] == assay:
                for k in range(4):
                    there[curve, k] = state.curves[chain, curve, k] + step[k]
        ratio += _gain(rows, of, state, chain, assay, there, costs)
        if _taken(rng, ratio, gained, assay):
            _go(of, state, chain, assay, there, costs)
            for k in range(4):
                state.mu[chain, k, assay] += step[k]
            for family in range(len(of.of_family)):
                if of.of_family[family] == assay:
                    state.centre[chain, family] += step[ED50]


@compiled
def stretch_spreads(
    rng: Rng, rows: Readings, of: Places, k: int, state: State, tuning: Tuning, chain: int, gained: Samples
) -> None:
    """Let the k-th spread of each assay grow or shrink with all that it spreads."""
    there, costs = np.empty((len(of.assay), 4)), np.empty(len(of.assay))
    for assay in range(state.mu.shape[2]):
        log_factor = rng.standard_normal() * math.exp(tuning.stretch_scale[k, assay])
        more, now = math.expm1(log_factor), state.tau[chain, k, assay]
        ratio = tau_prior(k, now * (1 + more)) - tau_prior(k, now) + log_factor
        for curve in range(len(of.assay)):
            if of.assay[curve] == assay:
                at, centre = state.curves[chain, curve], state.centre[chain, of.family[curve]]
                there[curve] = at
                if k == SERIES:
                    there[curve, ED50] += more * (centre - state.mu[chain, ED50, assay])
                elif k == ED50:
                    there[curve, ED50] += more * (at[ED50] - centre)
                else:
                    there[curve, k] += more * (at[k] - state.mu[chain, k, assay])
        ratio += _gain(rows, of, state, chain, assay, there, costs)
        if _taken(rng, ratio, gained, assay):
            _go(of, state, chain, assay, there, costs)
            state.tau[chain, k, assay] *= 1 + more
            for family in range(len(of.of_family)):
                if k == SERIES and of.of_family[family] == assay:
                    state.centre[chain, family] += more * (state.centre[chain, family] - state.mu[chain, ED50, assay])


@compiled
def _draw_step(rng: Rng, factor: Samples, scale: float, step: Samples) -> None:
    stride = scale * STRIDES[int(len(STRIDES) * rng.random())]
    step[:] = 0.0
    for j in range(4):
        z = stride * rng.standard_normal()
        for i in range(j, 4):
            step[i] += factor[i, j] * z


@compiled
def _gain(rows: Readings, of: Places, state: State, chain: int, assay: int, there: Samples, costs: Samples) -> float:
    """Return by how much the log likelihood of an assay is higher ``there``, with that of curves in ``costs``."""
    gain = 0.0
    for curve in range(len(of.assay)):
        if of.assay[curve] == assay:
            costs[curve] = curve_cost(rows, curve, there[curve])
            gain += costs[curve] - state.cost[chain, curve]
    return gain


@compiled
def _go(of: Places, state: State, chain: int, assay: int, there: Samples, costs: Samples) -> None:
    for curve in range(len(of.assay)):
        if of.assay[curve] == assay:
            state.curves[chain, curve] = there[curve]
            state.cost[chain, curve] = costs[curve]


@compiled
def _taken(rng: Rng, log_ratio: float, gained: Samples, place: int) -> bool:
    """Return whether a move is taken, and add its probability to ``gained``; one to nowhere (NaN) is not."""
    if log_ratio > -math.inf:
        gained[place] += math.exp(min(log_ratio, 0.0))
    return -rng.standard_exponential() < log_ratio
