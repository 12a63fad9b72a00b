"""What a model says at every measurement, for many parameter vectors at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from adenoscope.inference.likelihood.cohort import Accuracy, Answer, distinct, simulate_cohort, spread
from adenoscope.inference.likelihood.columns import fill
from adenoscope.inference.likelihood.rest import steady_states
from adenoscope.inference.likelihood.runs import Batch, Run, input_columns, make_batches
from adenoscope.inference.problem.fit_problem import FitProblem
from adenoscope.inference.problem.scales import Numbers


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
    failures: list[Failed] = []
    for batch in make_batches(problem):
        runs, n_runs = batch.runs, len(batch.runs)
        inputs = {name: fill(column, table).ravel() for name, column in batch.inputs.items()}
        if runs[0].preequilibration is not None:
            inputs |= _rested(problem, batch, table, accuracy, failures)
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


def _rested(
    problem: FitProblem, batch: Batch, table: Numbers, accuracy: Accuracy, failures: list[Failed]
) -> dict[str, Numbers]:
    """Return the states at which each subject's preequilibration came to rest, by name."""
    before = [str(run.preequilibration) for run in batch.runs]
    columns = _columns_by_condition(problem, before)
    n_subjects = table.shape[0] * len(before)
    rested = np.full((n_subjects, len(batch.kept)), np.nan)
    for condition, own in columns.items():
        numbers = [number for number, name in enumerate(before) if name == condition]
        inputs = {name: fill(column, table)[:, 0] for name, column in own.items()}
        cohort, places = distinct(inputs, table.shape[0])
        answer = steady_states(problem.model, cohort, batch.kept, time_scale(problem), accuracy)
        failures += _failed(answer, places, [condition])
        for number in numbers:
            rested[number :: len(before)] = spread(answer.values, places)[:, 0]
    return {name: rested[:, number] for number, name in enumerate(batch.kept)}


def _columns_by_condition(problem: FitProblem, conditions: Sequence[str]):
    return {condition: input_columns(problem, [condition]) for condition in dict.fromkeys(conditions)}


def _time_places(problem: FitProblem, batch: Batch, run: Run) -> list[int]:
    """Return where the measurements of a run look in time; steady states stand behind all times."""
    place = {time: number for number, time in enumerate(batch.times)} | {np.inf: len(batch.times)}
    return [place[problem.measurements[row].time] for row in run.rows]


def _failed(answer: Answer, places: np.ndarray, conditions: Sequence[str]) -> list[Failed]:
    if not answer.reasons:
        return []
    where = [(subject, answer.reasons[int(place)]) for subject, place in enumerate(places) if place in answer.reasons]
    n = len(conditions)
    return [Failed(subject // n, conditions[subject % n], reason) for subject, reason in where]
