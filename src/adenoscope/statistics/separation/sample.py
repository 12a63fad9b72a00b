"""Draws of the posterior of a panel: chains are tuned, then run until they agree.

Warm-up learns how the coordinates of each curve, and the levels of each assay, vary together; then moves keep what
was learnt, so that each chain has the posterior for its limit and chains are independent.
Source: Haario, Saksman & Tamminen (2001), doi:10.2307/3318737, whose adaptation ends here with the warm-up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from adenoscope.core.ranking import Convergence
from adenoscope.core.recording import Samples
from adenoscope.statistics.converged import effective_size, r_hat
from adenoscope.statistics.separation.emax_model import (
    E0,
    ED50,
    EMAX,
    HILL,
    TAU_SCALES,
    Priors,
    State,
    log_likelihood,
    priors_of,
)
from adenoscope.statistics.separation.hyper_draws import draw_hyper
from adenoscope.statistics.separation.moves import Tuning, move_baselines, move_curves, shift_assays, stretch_spreads
from adenoscope.statistics.separation.panel_arrays import PanelArrays

Rng = np.random.Generator
CHAINS = 16
WARM_UP = 800
RELEARN = (80, 160, 320, 560)  # sweeps of the warm-up after which steps are learnt anew
STRETCHES = 2  # of the five spreads, in a sweep
ROUND, MOST_ROUNDS, THIN = 900, 8, 3
AGREED, ENOUGH = 1.05, 400.0
FIRST_CURVE, FIRST_LEVEL, FIRST_E0, FIRST_STRETCH = (0.4, 0.2, 0.2, 0.1), (0.1, 0.05, 0.1, 0.02), 0.1, 0.3
TINY = 1e-6


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws, from chain to chain: ln ED50, ln Emax and ln h (draw, curve, 3), E0 (draw, curve).

    ``usual_emax`` is the usual ceiling of each curve's assay (draw, curve). Emax and E0 are in spans of the assay.
    """

    curves: Samples
    e0: Samples
    usual_emax: Samples
    convergence: Convergence


def sample_posterior(data: PanelArrays, seed: int, progress: Callable[[int, int], None]) -> Posterior:
    """Return draws of all curves of a panel, more where chains are slow to agree.

    Valid: as ``emax_model``; ``convergence`` says whether the draws may be used.
    Source: as the head of ``emax_model`` and of this file.
    """
    rng, priors = np.random.default_rng(seed), priors_of(data)
    state, tuning = _warm_up(data, priors, rng, lambda done: progress(done, WARM_UP + ROUND))
    kept, convergence = list[State](), Convergence(CHAINS, 0, np.inf, 0.0, False)
    for done in range(MOST_ROUNDS):
        for i in range(ROUND):
            state, tuning = _sweep(data, priors, state, tuning, rng)
            if i % THIN == 0:
                kept.append(state)
                progress(WARM_UP + done * ROUND + i, WARM_UP + (done + 1) * ROUND)
        convergence = _convergence(data, np.array([of.curves[..., ED50] for of in kept]))
        if convergence.converged:
            break
    return _posterior(data, kept, convergence)


def _posterior(data: PanelArrays, kept: list[State], convergence: Convergence) -> Posterior:
    places, n_curves = data.places, len(data.places.assay)
    curves = np.array([state.curves for state in kept]).reshape(-1, n_curves, 3)
    e0 = np.array([state.e0[:, places.vehicle] for state in kept]).reshape(-1, n_curves)
    usual = np.array([state.mu[:, EMAX, places.assay] for state in kept]).reshape(-1, n_curves)
    return Posterior(curves, e0, np.exp(usual), convergence)


def _convergence(data: PanelArrays, log_ed50: Samples) -> Convergence:
    n = len(data.compounds)
    told = np.concatenate([log_ed50, log_ed50[..., n:] - log_ed50[..., :n]], axis=-1)
    worst = max(r_hat(told[..., i]) for i in range(told.shape[-1]))
    least = min(effective_size(told[..., i]) for i in range(told.shape[-1]))
    draws, chains = told.shape[:2]
    return Convergence(chains, draws * chains, worst, least, worst < AGREED and least >= ENOUGH)


def _sweep(data: PanelArrays, priors: Priors, state: State, tuning: Tuning, rng: Rng) -> tuple[State, Tuning]:
    state, tuning = move_curves(data, state, tuning, rng)
    if not data.places.alone.all():
        state, tuning = move_baselines(data, state, tuning, rng)
    state, tuning = shift_assays(data, priors, state, tuning, rng)
    state, tuning = move_curves(data, state, tuning, rng)
    for k in rng.permutation(len(TAU_SCALES))[:STRETCHES]:
        state, tuning = stretch_spreads(data, k, state, tuning, rng)
    state, tuning = shift_assays(data, priors, state, tuning, rng)
    return draw_hyper(data, priors, state, rng), tuning


def _warm_up(data: PanelArrays, priors: Priors, rng: Rng, progress: Callable[[int], None]) -> tuple[State, Tuning]:
    state, tuning = _start(data, priors, rng), _first_tuning(data)
    curves, levels = list[Samples](), list[Samples]()
    for i in range(WARM_UP):
        state, tuning = _sweep(data, priors, state, replace(tuning, rate=2 / (10 + i) ** 0.6), rng)
        curves.append(np.concatenate([state.curves, state.e0[:, data.places.vehicle, None]], axis=-1))
        levels.append(_levels(data, state))
        if i + 1 in RELEARN:
            settled = slice(len(curves) // 3, None)
            tuning = replace(
                tuning,
                curve_step=_steps(np.array(curves[settled])),
                level_step=_steps(np.array(levels[settled])),
                curve_scale=np.zeros_like(tuning.curve_scale),
                level_scale=np.zeros_like(tuning.level_scale),
            )
            curves, levels = [], []
            progress(i)
    return state, replace(tuning, rate=0.0)


def _levels(data: PanelArrays, state: State) -> Samples:
    """Return where each assay's curves stand on average, shape (chain, assay, 4)."""
    places = data.places
    n = places.curves_of_assays.sum(axis=0)
    means = (state.curves[..., k] @ places.curves_of_assays / n for k in (ED50, EMAX, HILL))
    return np.stack([*means, state.mu[:, E0]], axis=-1)


def _steps(values: Samples) -> Samples:
    """Return Cholesky factors of the covariance of values (draw, chain, thing, coordinate), shape (thing, c, c)."""
    flat = values.reshape(-1, *values.shape[2:])
    centred = flat - flat.mean(axis=0)
    covariance = np.einsum("nti,ntj->tij", centred, centred) / len(centred)
    return np.linalg.cholesky(covariance + TINY * np.eye(covariance.shape[-1]))


def _start(data: PanelArrays, priors: Priors, rng: Rng) -> State:
    """Return chains far apart: ED50 anywhere about a curve's own doses, the rest about their priors."""
    places, n_curves = data.places, len(data.places.assay)
    low, high = data.ends
    middle = np.stack([(low + high) / 2, *priors.middle[[EMAX, HILL]][:, places.assay]], axis=-1)
    curves = middle + rng.standard_normal((CHAINS, n_curves, 3)) * TAU_SCALES[[ED50, EMAX, HILL]]
    e0 = priors.middle[E0][places.of_vehicle] + TAU_SCALES[E0] * rng.standard_normal((CHAINS, len(places.of_vehicle)))
    mu = np.tile(priors.middle, (CHAINS, 1, 1))
    return State(
        curves=curves,
        e0=e0,
        centre=mu[:, ED50][:, places.of_family],
        weight=np.ones((CHAINS, n_curves)),
        mu=mu,
        tau=np.tile(TAU_SCALES[:, None], (CHAINS, 1, places.n_assays)),
        log_likelihood=log_likelihood(data.readings, curves, e0[:, places.vehicle]),
    )


def _first_tuning(data: PanelArrays) -> Tuning:
    places = data.places
    return Tuning(
        curve_step=np.tile(np.diag(FIRST_CURVE), (len(places.assay), 1, 1)),
        curve_scale=np.zeros(len(places.assay)),
        e0_scale=np.full(len(places.of_vehicle), np.log(FIRST_E0)),
        level_step=np.tile(np.diag(FIRST_LEVEL), (places.n_assays, 1, 1)),
        level_scale=np.zeros(places.n_assays),
        stretch=np.full((len(TAU_SCALES), places.n_assays), np.log(FIRST_STRETCH)),
        rate=0.0,
    )
