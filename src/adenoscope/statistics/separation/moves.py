"""Metropolis moves of all chains at once: each curve, each baseline, and all curves of an assay together.

Curves and baselines move alone. Where doses leave a ceiling open, ED50, Emax and h of all curves slide along one
ridge, so an assay is also moved whole; and spreads are stretched together with what they spread (non-centred), for
a spread near 0 holds its curves fast otherwise.
Source: Papaspiliopoulos, Roberts & Sköld (2007), doi:10.1214/088342307000000014; Yu & Meng (2011),
doi:10.1198/jcgs.2011.203main, for moving both ways.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.recording import Samples
from adenoscope.statistics.separation.emax_model import (
    E0,
    ED50,
    SERIES,
    Priors,
    State,
    curve_prior,
    log_likelihood,
    tau_prior,
)
from adenoscope.statistics.separation.panel_arrays import PanelArrays

Rng = np.random.Generator
STRIDES = np.array([0.5, 1.0, 2.0])  # some small, some wide, for a posterior that is narrow here and long there
ACCEPTED = 0.3


@dataclass(frozen=True, eq=False)
class Tuning:
    """How far moves go: Cholesky factors (curve, 4, 4) and (assay, 4, 4), and logarithms of factors on them.

    ``curve_scale`` (curve,), ``e0_scale`` (vehicle,), ``level_scale`` (assay,), ``stretch`` (5, assay). ``rate`` is
    how fast the factors follow the acceptance; 0 once draws are kept.
    """

    curve_step: Samples
    curve_scale: Samples
    e0_scale: Samples
    level_step: Samples
    level_scale: Samples
    stretch: Samples
    rate: float

    def follow(self, log_ratio: Samples, scale: Samples) -> Samples:
        """Return ``scale`` nearer to where the wished share of moves is accepted; ``log_ratio`` has chains first."""
        return scale + self.rate * (np.exp(np.minimum(log_ratio, 0)).mean(axis=0) - ACCEPTED)


def move_curves(data: PanelArrays, state: State, tuning: Tuning, rng: Rng) -> tuple[State, Tuning]:
    """Return the state after each curve's ED50, Emax and h were moved together, and its E0 where that is its own."""
    places = data.places
    shape = (*state.weight.shape, 4)
    stride = STRIDES[rng.integers(len(STRIDES), size=(*shape[:2], 1))] * np.exp(tuning.curve_scale)[:, None]
    step = np.einsum("cij,kcj->kci", tuning.curve_step, rng.standard_normal(shape)) * stride
    step[..., E0] *= places.alone
    curves, was = state.curves + step[..., :E0], state.e0[:, places.vehicle]
    e0 = was + step[..., E0]
    cost = log_likelihood(data.readings, curves, e0)
    ratio = cost - state.log_likelihood + curve_prior(data, state, curves) - curve_prior(data, state, state.curves)
    mu, tau = (of[:, E0][:, places.assay] for of in (state.mu, state.tau))
    ratio += 0.5 * (((was - mu) / tau) ** 2 - ((e0 - mu) / tau) ** 2)
    taken = _taken(ratio, rng)
    moved = replace(
        state,
        curves=np.where(taken[..., None], curves, state.curves),
        e0=state.e0 + np.where(taken, step[..., E0], 0.0) @ places.curves_of_vehicles,
        log_likelihood=np.where(taken, cost, state.log_likelihood),
    )
    return moved, replace(tuning, curve_scale=tuning.follow(ratio, tuning.curve_scale))


def move_baselines(data: PanelArrays, state: State, tuning: Tuning, rng: Rng) -> tuple[State, Tuning]:
    """Return the state after each vehicle group's E0 was moved."""
    places = data.places
    e0 = state.e0 + rng.standard_normal(state.e0.shape) * np.exp(tuning.e0_scale)
    cost = log_likelihood(data.readings, state.curves, e0[:, places.vehicle])
    mu, tau = (of[:, E0][:, places.of_vehicle] for of in (state.mu, state.tau))
    prior = -0.5 * (((e0 - mu) / tau) ** 2 - ((state.e0 - mu) / tau) ** 2)
    ratio = (cost - state.log_likelihood) @ places.curves_of_vehicles + prior
    taken = _taken(ratio, rng)
    moved = replace(
        state,
        e0=np.where(taken, e0, state.e0),
        log_likelihood=np.where(taken[:, places.vehicle], cost, state.log_likelihood),
    )
    return moved, replace(tuning, e0_scale=tuning.follow(ratio, tuning.e0_scale))


def shift_assays(data: PanelArrays, priors: Priors, state: State, tuning: Tuning, rng: Rng) -> tuple[State, Tuning]:
    """Return the state after all ED50, Emax, h and E0 of each assay were moved by one step each."""
    places, n = data.places, (len(state.e0), data.places.n_assays)
    stride = STRIDES[rng.integers(len(STRIDES), size=(*n, 1))] * np.exp(tuning.level_scale)[:, None]
    step = np.einsum("aij,kaj->kai", tuning.level_step, rng.standard_normal((*n, 4))) * stride
    there = replace(
        state,
        curves=state.curves + step[:, places.assay, :E0],
        e0=state.e0 + step[:, places.of_vehicle, E0],
        centre=state.centre + step[:, places.of_family, ED50],
        mu=state.mu + step.transpose(0, 2, 1),
    )
    prior = [-0.5 * ((of.mu - priors.middle) / priors.spread) ** 2 for of in (there, state)]
    moved, ratio = _move_assays(data, state, there, (prior[0] - prior[1]).sum(axis=1), rng)
    return moved, replace(tuning, level_scale=tuning.follow(ratio, tuning.level_scale))


def stretch_spreads(data: PanelArrays, k: int, state: State, tuning: Tuning, rng: Rng) -> tuple[State, Tuning]:
    """Return the state after the k-th spread of each assay grew or shrank with all that it spreads."""
    places = data.places
    log_factor = rng.standard_normal((len(state.e0), places.n_assays)) * np.exp(tuning.stretch[k])
    more = np.expm1(log_factor)
    tau = state.tau.copy()
    tau[:, k] *= np.exp(log_factor)
    there = replace(state, tau=tau)
    if k == E0:
        away = state.e0 - state.mu[:, E0][:, places.of_vehicle]
        there = replace(there, e0=state.e0 + more[:, places.of_vehicle] * away)
    elif k == SERIES:
        away = more[:, places.of_family] * (state.centre - state.mu[:, ED50][:, places.of_family])
        there = replace(there, centre=state.centre + away, curves=_with(state.curves, ED50, away[:, places.family]))
    else:
        around = state.centre[:, places.family] if k == ED50 else state.mu[:, k][:, places.assay]
        away = more[:, places.assay] * (state.curves[..., k] - around)
        there = replace(there, curves=_with(state.curves, k, away))
    prior = (tau_prior(tau) - tau_prior(state.tau))[:, k] + log_factor
    moved, ratio = _move_assays(data, state, there, prior, rng)
    stretch = tuning.stretch.copy()
    stretch[k] = tuning.follow(ratio, stretch[k])
    return moved, replace(tuning, stretch=stretch)


def _move_assays(data: PanelArrays, state: State, there: State, prior: Samples, rng: Rng) -> tuple[State, Samples]:
    """Return the state of each assay here or there, and the log ratio that decided, shape (chain, assay)."""
    places = data.places
    cost = log_likelihood(data.readings, there.curves, there.e0[:, places.vehicle])
    ratio = (cost - state.log_likelihood) @ places.curves_of_assays + prior
    taken = _taken(ratio, rng)
    curves, whole = taken[:, places.assay], taken[:, None, :]
    moved = State(
        curves=np.where(curves[..., None], there.curves, state.curves),
        e0=np.where(taken[:, places.of_vehicle], there.e0, state.e0),
        centre=np.where(taken[:, places.of_family], there.centre, state.centre),
        weight=state.weight,
        mu=np.where(whole, there.mu, state.mu),
        tau=np.where(whole, there.tau, state.tau),
        log_likelihood=np.where(curves, cost, state.log_likelihood),
    )
    return moved, ratio


def _with(curves: Samples, k: int, more: Samples) -> Samples:
    changed = curves.copy()
    changed[..., k] += more
    return changed


def _taken(log_ratio: Samples, rng: Rng) -> NDArray[np.bool_]:
    return -rng.standard_exponential(log_ratio.shape) < log_ratio
