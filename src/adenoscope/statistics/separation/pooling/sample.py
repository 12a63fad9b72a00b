"""Draws of the posterior of a panel: chains are tuned, then run until they agree.

Warm-up learns how the coordinates of each curve, and the levels of each assay, vary together; then moves keep what
was learnt, so that each chain has the posterior for its limit and chains are independent.
Source: Haario, Saksman & Tamminen (2001), doi:10.2307/3318737, whose adaptation ends here with the warm-up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from adenoscope.core.ranking import Convergence
from adenoscope.core.recording import Samples
from adenoscope.statistics.converged import effective_size, normal_scores, r_hat
from adenoscope.statistics.separation.panel_arrays import PanelArrays
from adenoscope.statistics.separation.pooling.emax_model import (
    E0,
    ED50,
    EMAX,
    TAU_SCALES,
    Priors,
    State,
    curve_cost,
    priors_of,
)
from adenoscope.statistics.separation.pooling.moves import Tuning
from adenoscope.statistics.separation.pooling.sweeps import Kept, sweep_chains

Rng = np.random.Generator
CHAINS = 16
WARM_UP = (80, 80, 160, 240, 340)  # sweeps, after each of which but the last steps are learnt anew
ROUND, MOST_ROUNDS, THIN = 1000, 10, 4
AGREED, ENOUGH = 1.03, 600.0
FIRST_CURVE, FIRST_LEVEL, FIRST_E0, FIRST_STRETCH = (0.4, 0.2, 0.2, 0.1), (0.1, 0.1, 0.05, 0.02), 0.1, 0.3
TINY = 1e-6


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws of ln ED50, ln h, ln Emax and E0 (draw, curve, 4), and how far they agree.

    ``usual_emax`` is the usual ceiling of each curve's assay (draw, curve). Emax and E0 are in spans of the assay.
    """

    curves: Samples
    usual_emax: Samples
    convergence: Convergence


def sample_posterior(data: PanelArrays, seed: int, progress: Callable[[int, int], None]) -> Posterior:
    """Return draws of all curves of a panel, more where chains are slow to agree.

    Valid: as ``emax_model``; ``convergence`` says whether the draws may be used.
    Source: the heads of ``emax_model`` and of this file.
    """
    chains = start_chains(data, seed)
    progress(0, 1)
    warm_up(chains)
    curves, mu = list[Samples](), list[Samples]()
    convergence = Convergence(CHAINS, 0, np.inf, 0.0, False)
    for done in range(MOST_ROUNDS):
        progress(1 + done, 2 + done)
        kept = run(chains, np.zeros(ROUND), THIN)
        curves.append(kept.curves)
        mu.append(kept.mu)
        convergence = _convergence(data, np.concatenate(curves)[..., ED50])
        if convergence.converged:
            break
    progress(1, 1)
    usual = np.concatenate(mu)[:, :, EMAX, data.places.assay]
    every = np.concatenate(curves)
    return Posterior(every.reshape(-1, *every.shape[2:]), np.exp(usual).reshape(-1, usual.shape[-1]), convergence)


@dataclass(frozen=True, eq=False)
class Chains:
    """What sweeps move on in place: the chains of a panel, how far they go, and where chance comes from."""

    data: PanelArrays
    priors: Priors
    state: State
    tuning: Tuning
    rng: Rng


def start_chains(data: PanelArrays, seed: int) -> Chains:
    """Return chains far apart, with moves that are not tuned yet.

    Valid, Source: as ``emax_model``.
    """
    rng, priors = np.random.default_rng(seed), priors_of(data)
    return Chains(data, priors, _start(data, priors, rng), _first_tuning(data), rng)


def warm_up(chains: Chains) -> None:
    """Tune the moves of chains while they find where the posterior is.

    Valid: always; nothing of it is kept.
    Source: the head of this file.
    """
    begun = 0
    for last, sweeps in enumerate(WARM_UP, start=1 - len(WARM_UP)):
        kept = run(chains, 2 / (10 + np.arange(begun, begun + sweeps)) ** 0.6, 1)
        begun += sweeps
        if last < 0:
            settled = slice(sweeps // 3, None)
            chains.tuning.curve_step[:] = _steps(kept.curves[settled])
            chains.tuning.level_step[:] = _steps(_levels(chains.data, kept)[settled])
            chains.tuning.curve_scale[:] = chains.tuning.level_scale[:] = 0.0


def run(chains: Chains, rates: Samples, thin: int) -> Kept:
    """Return every so many-th of ``len(rates)`` sweeps, which move the chains on; see ``sweep_chains``.

    Valid, Source: as ``sweep_chains``.
    """
    state, n = chains.state, len(rates) // thin
    kept = Kept(*(np.empty((n, *of.shape)) for of in (state.curves, state.mu, state.tau)))
    sweep_chains(
        chains.rng, chains.data.readings, chains.data.places, chains.priors, state, chains.tuning, rates, kept
    )
    return kept


def _convergence(data: PanelArrays, log_ed50: Samples) -> Convergence:
    n = len(data.compounds)
    told = np.concatenate([log_ed50, log_ed50[..., n:] - log_ed50[..., :n]], axis=-1)
    worst = max(r_hat(told[..., i]) for i in range(told.shape[-1]))
    least = min(effective_size(normal_scores(told[..., i])) for i in range(told.shape[-1]))
    draws, chains = told.shape[:2]
    return Convergence(chains, draws * chains, worst, least, worst < AGREED and least >= ENOUGH)


def _levels(data: PanelArrays, kept: Kept) -> Samples:
    """Return where each assay's curves stand on average, shape (sweep, chain, assay, 4)."""
    assay = data.places.assay
    return np.stack([kept.curves[:, :, assay == index].mean(axis=2) for index in range(len(data.assays))], axis=2)


def _steps(values: Samples) -> Samples:
    """Return Cholesky factors of the covariance of values (sweep, chain, thing, 4), shape (thing, 4, 4)."""
    flat = values.reshape(-1, *values.shape[2:])
    centred = flat - flat.mean(axis=0)
    covariance = np.einsum("nti,ntj->tij", centred, centred) / len(centred)
    return np.linalg.cholesky(covariance + TINY * np.eye(covariance.shape[-1]))


def _start(data: PanelArrays, priors: Priors, rng: Rng) -> State:
    """Return chains far apart: ED50 anywhere about a curve's own doses, the rest about their priors."""
    places, n_curves = data.places, len(data.places.assay)
    low, high = data.ends
    curves = np.tile(priors.middle[:, places.assay].T, (CHAINS, 1, 1))
    curves[..., ED50] = (low + high) / 2
    curves += rng.standard_normal(curves.shape) * TAU_SCALES[: E0 + 1]
    groups = rng.standard_normal((CHAINS, len(places.of_vehicle))) * TAU_SCALES[E0]
    curves[..., E0] = priors.middle[E0, places.assay] + groups[:, places.vehicle]
    mu = np.tile(priors.middle, (CHAINS, 1, 1))
    costs = [[curve_cost(data.readings, curve, at) for curve, at in enumerate(chain)] for chain in curves]
    return State(
        curves=curves,
        centre=mu[:, ED50, places.of_family],
        weight=np.ones((CHAINS, n_curves)),
        cost=np.array(costs),
        mu=mu,
        tau=np.tile(TAU_SCALES[:, None], (CHAINS, 1, len(data.assays))),
    )


def _first_tuning(data: PanelArrays) -> Tuning:
    n_curves, n_assays, n_vehicles = len(data.places.assay), len(data.assays), len(data.places.of_vehicle)
    return Tuning(
        curve_step=np.tile(np.diag(FIRST_CURVE), (n_curves, 1, 1)),
        curve_scale=np.zeros(n_curves),
        e0_scale=np.full(n_vehicles, np.log(FIRST_E0)),
        level_step=np.tile(np.diag(FIRST_LEVEL), (n_assays, 1, 1)),
        level_scale=np.zeros(n_assays),
        stretch_scale=np.full((len(TAU_SCALES), n_assays), np.log(FIRST_STRETCH)),
    )
