"""Engines in turn, round after round in one process: the median CPU time of a subject, and the largest error."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table

from engine_amici import AMICI, AMICI_SOLVER, make_amici
from engine_model import Array, Equations, relative_error
from engine_peers import (
    NUMBALSODA,
    ODEINT,
    OURS,
    OURS_ALONE,
    ROADRUNNER,
    SOLVE_IVP,
    TUNED,
    Engine,
    make_numbalsoda,
    make_odeint,
    make_ours,
    make_roadrunner,
    make_solve_ivp,
)

TOLERANCES = ((1e-4, 1e-7), (1e-6, 1e-9))
N_REFERENCE = 3
# Peers solve subjects one by one, so few tell the cost of many; SciPy is the slowest.
N_PEERS, N_SCIPY = 24, 3
Make = Callable[[Equations, float, float], Engine]


@dataclass(frozen=True)
class Once:
    """One round of an engine: CPU time of a subject, subjects without a result, error in the first round."""

    cpu_us: float
    n_failed: int
    error: float


@dataclass(frozen=True)
class Row:
    """An engine at one tolerance; no rounds where it is not installed. Times in µs of CPU for one subject."""

    name: str
    n_subjects: int
    rounds_us: tuple[float, ...]
    error: float
    n_failed: int

    @property
    def cpu_us(self) -> float | None:
        return statistics.median(self.rounds_us) if self.rounds_us else None


def makers(n_subjects: int) -> dict[str, Make]:
    """Return what makes each engine at a tolerance, by the engine's name."""
    return {
        OURS: lambda e, rtol, atol: make_ours(e, rtol, atol, n_subjects, alone=False),
        OURS_ALONE: lambda e, rtol, atol: make_ours(e, rtol, atol, N_PEERS, alone=True),
        ROADRUNNER: lambda e, rtol, atol: make_roadrunner(e, rtol, atol, N_PEERS),
        NUMBALSODA: lambda e, rtol, atol: make_numbalsoda(e, rtol, atol, N_PEERS),
        SOLVE_IVP: lambda e, rtol, atol: make_solve_ivp(e, rtol, atol, N_SCIPY, tuned=False),
        TUNED: lambda e, rtol, atol: make_solve_ivp(e, rtol, atol, N_SCIPY, tuned=True),
        ODEINT: lambda e, rtol, atol: make_odeint(e, rtol, atol, N_SCIPY),
        AMICI_SOLVER: lambda e, rtol, atol: make_amici(e, rtol, atol, N_PEERS, solver_alone=True),
        AMICI: lambda e, rtol, atol: make_amici(e, rtol, atol, N_PEERS, solver_alone=False),
    }


def run_rounds(
    equations: Equations, made: dict[str, Make], cohort: Array, truth: Array, rounds: int
) -> dict[float, list[Row]]:
    """Return the rows of each rtol; every round visits every engine at both tolerances."""
    engines = {tolerance: _installed(equations, made, tolerance) for tolerance in TOLERANCES}
    runs: dict[tuple[float, str], list[Once]] = {(rtol, name): [] for rtol, _ in TOLERANCES for name in made}
    for engine in (engine for found in engines.values() for engine in found):
        engine.solve(cohort[: min(engine.n_subjects, 16)])  # compiles, and fills caches
    for round_ in range(rounds):
        for (rtol, _), found in engines.items():
            for engine in found:
                runs[rtol, engine.name].append(_once(engine, cohort, truth, round_))
        print(f"round {round_ + 1} of {rounds} done", flush=True)
    sizes = {engine.name: engine.n_subjects for found in engines.values() for engine in found}
    return {rtol: [_row(name, sizes.get(name, 0), runs[rtol, name]) for name in made] for rtol, _ in TOLERANCES}


def print_rows(console: Console, rtol: float, atol: float, rows: list[Row]) -> None:
    ours = next((row.cpu_us for row in rows if row.name == OURS), None)
    table = Table(title=f"rtol {rtol:g}, atol {atol:g}")
    for column in ("engine", "subjects a round", "µs CPU per subject", "times ours", "largest error", "failed"):
        table.add_column(column, justify="left" if column == "engine" else "right")
    for row in rows:
        if row.cpu_us is None:
            table.add_row(row.name, "not installed")
            continue
        ratio = f"{row.cpu_us / ours:.1f}" if ours else "–"
        failed = f"{row.n_failed} of {row.n_subjects * len(row.rounds_us):,}"
        table.add_row(row.name, f"{row.n_subjects:,}", f"{row.cpu_us:,.0f}", ratio, f"{row.error:.1e}", failed)
    console.print(table)


def _installed(equations: Equations, made: dict[str, Make], tolerance: tuple[float, float]) -> list[Engine]:
    engines: list[Engine] = []
    for name, make in made.items():
        try:
            engines.append(make(equations, *tolerance))
        except ModuleNotFoundError as missing:
            # Without our own engine there is nothing to measure; without a peer there is.
            if name in (OURS, OURS_ALONE):
                raise
            print(f"{name} is skipped: {missing}")
    return engines


def _once(engine: Engine, cohort: Array, truth: Array, round_: int) -> Once:
    """Solve the round's subjects; those of the reference are in the first round."""
    first = (round_ * engine.n_subjects) % (len(cohort) - engine.n_subjects + 1)
    rows = cohort[first : first + engine.n_subjects]
    started = engine.clock()
    values = engine.solve(rows)
    cpu_us = 1e6 * (engine.clock() - started) / len(rows)
    # States stay finite, so that a subject's sum tells whether it has a NaN without a copy of all.
    n_failed = int(np.isnan(values.sum(axis=(1, 2))).sum())
    return Once(cpu_us, n_failed, relative_error(values[: len(truth)], truth) if round_ == 0 else np.nan)


def _row(name: str, n_subjects: int, runs: list[Once]) -> Row:
    times = tuple(run.cpu_us for run in runs)
    return Row(name, n_subjects, times, runs[0].error if runs else np.nan, sum(run.n_failed for run in runs))
