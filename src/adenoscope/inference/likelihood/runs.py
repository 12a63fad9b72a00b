"""Which simulations a problem needs: one run for each pair of preequilibration and condition, with its own inputs."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from adenoscope.inference.likelihood.columns import Column, make_column
from adenoscope.inference.problem.fit_problem import FitProblem, SourceValue

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Run:
    """One simulation: its condition, where it starts from, and the measurements that look at it."""

    condition: str
    preequilibration: str | None
    rows: Rows
    times: tuple[float, ...]


@dataclass(frozen=True)
class Batch:
    """Runs that one call of the engine does together: the same inputs are set, and the same end is reached.

    ``inputs``: a column for each name that is set, with a place for each run; ``kept``: states that start from where
    the preequilibration came to rest. ``rests``: the last time is a steady state instead.
    """

    runs: tuple[Run, ...]
    inputs: dict[str, Column]
    kept: tuple[str, ...]
    times: tuple[float, ...]
    rests: bool


@lru_cache(64)
def make_batches(problem: FitProblem) -> tuple[Batch, ...]:
    """Return everything that is to be simulated."""
    groups: dict[object, list[Run]] = {}
    for run in _runs(problem):
        names = frozenset(inputs_of(problem, run.condition))
        groups.setdefault((names, run.preequilibration is None, run.times[-1]), []).append(run)
    return tuple(_batch(problem, runs) for runs in groups.values())


def inputs_of(problem: FitProblem, condition: str) -> dict[str, SourceValue]:
    """Return what the model is given under a condition, by name."""
    known = problem.model.system.quantities
    given: dict[str, SourceValue] = {p.name: p.name for p in problem.parameters if p.name in known}
    given |= {name: source for name, source in problem.conditions[condition].items() if name in known}
    return given


def input_columns(problem: FitProblem, conditions: Iterable[str]) -> dict[str, Column]:
    """Return the columns of what the model is given, with a place for each condition; all set the same names."""
    places = {parameter.name: number for number, parameter in enumerate(problem.parameters)}
    given = [inputs_of(problem, condition) for condition in conditions]
    return {name: make_column([each[name] for each in given], places) for name in given[0]}


def remembered(problem: FitProblem) -> tuple[str, ...]:
    """Return what a model takes along from its preequilibration: states, what events have changed, what came of both.

    A constant that was computed from initial states is not computed anew.
    """
    system = problem.model.system
    changing = {*system.rates, *(a.target for event in system.events for a in event.assignments)}
    derived = (n for n in system.constants if n in system.initial and _uses(problem, n, changing))
    return tuple(dict.fromkeys((*system.rates, *sorted(changing - set(system.rates)), *derived)))


def _uses(problem: FitProblem, name: str, changing: set[str]) -> bool:
    system = problem.model.system
    symbols = system.graph.symbols([system.initial[name]])
    return any(symbol.rpartition(":")[2] in changing for symbol in symbols)


def _runs(problem: FitProblem) -> list[Run]:
    rows: dict[tuple[str, str | None], list[int]] = {}
    for number, measurement in enumerate(problem.measurements):
        rows.setdefault((measurement.condition, measurement.preequilibration), []).append(number)
    return [
        Run(condition, before, np.array(own, dtype=np.intp), _times(problem.measurements[row].time for row in own))
        for (condition, before), own in rows.items()
    ]


def _times(times: Iterable[float]) -> tuple[float, ...]:
    return tuple(sorted(set(times)))


def _batch(problem: FitProblem, runs: list[Run]) -> Batch:
    inputs = input_columns(problem, [run.condition for run in runs])
    kept = () if runs[0].preequilibration is None else remembered(problem)
    times = _times((0.0, *(time for run in runs for time in run.times)))
    return Batch(
        runs=tuple(runs),
        inputs=inputs,
        kept=tuple(name for name in kept if name not in inputs),
        times=tuple(time for time in times if math.isfinite(time)),
        rests=math.isinf(times[-1]),
    )
