"""Sweeps of all chains through all moves, as one compiled loop."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from adenoscope.core.machine_code import compiled
from adenoscope.core.recording import Samples
from adenoscope.statistics.separation.panel_arrays import Places, Readings
from adenoscope.statistics.separation.pooling.emax_model import Priors, State
from adenoscope.statistics.separation.pooling.hyper_draws import draw_hyper
from adenoscope.statistics.separation.pooling.moves import (
    Tuning,
    move_baselines,
    move_curves,
    redraw_curves,
    shift_assays,
    stretch_spreads,
)

Rng = np.random.Generator
ACCEPTED = 0.3
CURVE_MOVES, STRETCHES = 2, 2  # in a sweep; the five spreads take turns


class Kept(NamedTuple):
    """Sweeps that are kept, as in ``State`` with sweeps first."""

    curves: Samples
    mu: Samples
    tau: Samples


@compiled
def sweep_chains(
    rng: Rng, rows: Readings, of: Places, priors: Priors, state: State, tuning: Tuning, rates: Samples, kept: Kept
) -> None:
    """Move all chains on by ``len(rates)`` sweeps, in place, and write evenly spaced ones to ``kept``.

    ``rates`` says how fast each sweep lets the scales of moves follow how often they are taken: 0 once draws count.

    Valid: as the moves.
    Source: Andrieu & Thoms (2008), doi:10.1007/s11222-008-9110-y, algorithm 4, for scales that follow.
    """
    n_chains, every = len(state.cost), len(rates) // len(kept.mu)
    for sweep in range(len(rates)):
        curves, e0 = np.zeros(len(of.assay)), np.zeros(len(of.of_vehicle))
        levels, stretches = np.zeros(state.mu.shape[2]), np.zeros(tuning.stretch_scale.shape)
        turn = STRETCHES * sweep % len(stretches)
        for chain in range(n_chains):
            for _ in range(CURVE_MOVES):
                move_curves(rng, rows, of, state, tuning, chain, curves)
                shift_assays(rng, rows, of, priors, state, tuning, chain, levels)
            redraw_curves(rng, rows, of, state, chain)
            move_baselines(rng, rows, of, state, tuning, chain, e0)
            for i in range(STRETCHES):
                k = (turn + i) % len(stretches)
                stretch_spreads(rng, rows, of, k, state, tuning, chain, stretches[k])
            draw_hyper(rng, of, priors, state, chain)
        if rates[sweep] > 0:
            rate = rates[sweep]
            tuning.curve_scale[:] += rate * (curves / (n_chains * CURVE_MOVES) - ACCEPTED)
            tuning.e0_scale[:] += rate * (e0 / n_chains - ACCEPTED)
            tuning.level_scale[:] += rate * (levels / (n_chains * CURVE_MOVES) - ACCEPTED)
            for i in range(STRETCHES):
                k = (turn + i) % len(stretches)
                tuning.stretch_scale[k] += rate * (stretches[k] / n_chains - ACCEPTED)
        if (sweep + 1) % every == 0:
            kept.curves[sweep // every] = state.curves
            kept.mu[sweep // every] = state.mu
            kept.tau[sweep // every] = state.tau
