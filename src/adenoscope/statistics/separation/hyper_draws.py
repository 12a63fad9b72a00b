"""What curves are drawn from, drawn from its exact conditionals: centres of series, mu and tau.

A half-t prior of tau is an inverse gamma of an inverse gamma, which makes its conditional one too.
Source: Wand, Padoan, Ormerod & Frühwirth (2011), doi:10.1214/11-BA631, result 5.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.statistics.separation.emax_model import E0, ED50, EMAX, HEAVY, HILL, SERIES, TAU_SCALES, Priors, State
from adenoscope.statistics.separation.panel_arrays import PanelArrays

Rng = np.random.Generator


def draw_hyper(data: PanelArrays, priors: Priors, state: State, rng: Rng) -> State:
    """Return the state with weights, centres, mu and tau drawn anew.

    Valid: the curves' coordinates are what they were conditioned on.
    Source: the head of this file.
    """
    places = data.places
    mu, tau = state.mu.copy(), state.tau.copy()
    log_ed50 = state.curves[..., ED50]
    spread = tau[:, ED50][:, places.assay]
    away = (log_ed50 - state.centre[:, places.family]) / spread
    weight = rng.gamma((HEAVY + 1) / 2, 2 / (HEAVY + away**2))
    centre = _centres(data, state, weight / spread**2, rng)
    levels = {
        ED50: (centre, places.of_family, SERIES),
        EMAX: (state.curves[..., EMAX], places.assay, EMAX),
        HILL: (state.curves[..., HILL], places.assay, HILL),
        E0: (state.e0, places.of_vehicle, E0),
    }
    for k, (values, assay, spread_of) in levels.items():
        precision = 1 / tau[:, spread_of] ** 2
        belongs = np.eye(places.n_assays)[assay]
        n = belongs.sum(axis=0)
        mu[:, k] = _normal(precision * (values @ belongs), precision * n, priors, k, rng)
        squares = (values - mu[:, k][:, assay]) ** 2 @ belongs
        tau[:, spread_of] = _tau(tau[:, spread_of], TAU_SCALES[spread_of], squares, n, rng)
    squares = weight * (log_ed50 - centre[:, places.family]) ** 2 @ places.curves_of_assays
    n = places.curves_of_assays.sum(axis=0)
    tau[:, ED50] = _tau(tau[:, ED50], TAU_SCALES[ED50], squares, n, rng)
    return replace(state, centre=centre, weight=weight, mu=mu, tau=tau)


def _centres(data: PanelArrays, state: State, precision: Samples, rng: Rng) -> Samples:
    places = data.places
    belongs = places.curves_of_families
    above = 1 / state.tau[:, SERIES][:, places.of_family] ** 2
    total = precision @ belongs + above
    middle = (precision * state.curves[..., ED50]) @ belongs + above * state.mu[:, ED50][:, places.of_family]
    return middle / total + rng.standard_normal(total.shape) / np.sqrt(total)


def _normal(weighted: Samples, precision: Samples, priors: Priors, k: int, rng: Rng) -> Samples:
    of_prior = 1 / priors.spread[k] ** 2
    total = precision + of_prior
    return (weighted + of_prior * priors.middle[k]) / total + rng.standard_normal(total.shape) / np.sqrt(total)


def _tau(tau: Samples, scale: float, squares: Samples, n: Samples, rng: Rng) -> Samples:
    mixed = 1 / rng.gamma((HEAVY + 1) / 2, 1 / (HEAVY / tau**2 + 1 / scale**2))
    return 1 / np.sqrt(rng.gamma((HEAVY + n) / 2, 1 / (HEAVY / mixed + squares / 2)))
