"""What a model says at every measurement, for many parameter vectors at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from adenoscope.inference.likelihood.cohort import Accuracy, Answer, Which, distinct, simulate_cohort, spread
from adenoscope.inference.likelihood.columns import fill
from adenoscope.inference.likelihood.rest import steady_states
from adenoscope.inference.likelihood.runs import Batch, Run, input_columns, make_batches, remembered
from adenoscope.inference.problem.fit_problem import FitProblem
from adenoscope.inference.problem.scales import Numbers

NOT_FINITE = "a parameter, or the state before, is not finite"


@dataclass(frozen=True)
class Failed:
    """A simulation that did not reach its end: for which parameter vector, under which condition, and why."""

    vector: int
    condition: str
    reason: str


@dataclass(frozen=True)
class Seen:
    """Quantities of the model at every measurement.

    ``values``: shape (vector, measurement, quantity); NaN where a simulation failed.
    """

    quantities: tuple[str, ...]
    values: Numbers
    failures: tuple[Failed, ...]

    def __getitem__(self, quantity: str) -> Numbers:
        return self.values[:, :, self.quantities.index(quantity)]


def see(problem: FitProblem, table: Numbers, quantities: Sequence[str], accuracy: Accuracy) -> Seen:
    """Return what the model's ``quantities`` are at every measurement.

    ``table``: all parameters' values as they are, shape (vector, parameter).
    """
    n_vectors = table.shape[0]
    values = np.full((n_vectors, len(problem.measurements), len(quantities)), np.nan)
    before = dict.fromkeys(m.preequilibration for m in problem.measurements if m.preequilibration is not None)
    rests = {condition: _preequilibrate(problem, condition, table, accuracy) for condition in before}
    failures = [failure for rest in rests.values() for failure in rest.failures]
    for batch in make_batches(problem):
        runs, n_runs = batch.runs, len(batch.runs)
        inputs = {name: fill(column, table).ravel() for name, column in batch.inputs.items()}
        if runs[0].preequilibration is not None:
            inputs |= _rested(problem, batch, rests)
        cohort, places = distinct(inputs, n_vectors * n_runs)
        answer = simulate_cohort(problem.model, cohort, batch.times, quantities, accuracy)
        failures += _failed(answer, places, [run.condition for run in runs])
        if batch.rests:
            rest = steady_states(problem.model, cohort, quantities, time_scale(problem), accuracy)
            failures += _failed(rest, places, [run.condition for run in runs])
            answer = Answer(np.concatenate([answer.values, rest.values], axis=1), answer.reasons)
        for number, run in enumerate(runs):
            own = spread(answer.values, places[number::n_runs])
            values[:, run.rows] = own[:, _time_places(problem, batch, run)]
    return Seen(tuple(quantities), values, tuple(failures))


def time_scale(problem: FitProblem) -> float:
    """Return the last finite time that is measured, or 1."""
    times = [m.time for m in problem.measurements if np.isfinite(m.time) and m.time > 0]
    return max(times, default=1.0)


@dataclass(frozen=True)
class _Rest:
    """Where a preequilibration came to rest, for every vector: ``values`` of shape (vector, state)."""

    values: Numbers
    failures: tuple[Failed, ...]


def _rested(problem: FitProblem, batch: Batch, rests: dict[str, _Rest]) -> dict[str, Numbers]:
    """Return the states at which each subject's preequilibration came to rest, by name."""
    names = remembered(problem)
    own = np.stack([rests[str(run.preequilibration)].values for run in batch.runs], axis=1)
    return {name: own[:, :, names.index(name)].reshape(-1) for name in batch.kept}


def _preequilibrate(problem: FitProblem, condition: str, table: Numbers, accuracy: Accuracy) -> _Rest:
    columns = input_columns(problem, [condition])
    cohort, places = distinct({name: fill(column, table)[:, 0] for name, column in columns.items()}, len(table))
    answer = steady_states(problem.model, cohort, remembered(problem), time_scale(problem), accuracy)
    return _Rest(spread(answer.values, places)[:, 0], tuple(_failed(answer, places, [condition])))


def _time_places(problem: FitProblem, batch: Batch, run: Run) -> list[int]:
    """Return where the measurements of a run look in time; steady states stand behind all times."""
    place = {time: number for number, time in enumerate(batch.times)} | {np.inf: len(batch.times)}
    return [place[problem.measurements[row].time] for row in run.rows]


def _failed(answer: Answer, places: Which, conditions: Sequence[str]) -> list[Failed]:
    """Return what failed, among subjects that stand vector by vector with a place for each condition."""
    reasons = {**answer.reasons, -1: NOT_FINITE}
    where = np.flatnonzero(np.isin(places, list(reasons)))
    n = len(conditions)
    return [Failed(int(s) // n, conditions[int(s) % n], reasons[int(places[s])]) for s in where]
