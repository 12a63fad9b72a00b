"""Runs times parameter vectors are subjects of the engine; those that would be the same are simulated once.

A parameter that only scales an observable changes no subject, so its derivative costs no simulation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from adenoscope.inference.problem.scales import Numbers
from adenoscope.simulation import Model

Which = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Accuracy:
    """Tolerances of the engine, and the steps a subject may take."""

    rtol: float = 1e-8
    atol: float = 1e-12
    max_steps: int = 20_000
    threads: int | None = None


USUAL = Accuracy()


@dataclass(frozen=True)
class Cohort:
    """What subjects start with, by name; each column of shape (subject,). All of them are finite."""

    inputs: Mapping[str, Numbers]
    n_subjects: int


@dataclass(frozen=True)
class Answer:
    """What subjects did: ``values`` of shape (subject, time, observable); NaN, and a reason, where one failed."""

    values: Numbers
    reasons: Mapping[int, str]


def distinct(inputs: Mapping[str, Numbers], n_subjects: int) -> tuple[Cohort, Which]:
    """Return the different ones among subjects, and for each subject its place among them, -1 where not finite."""
    table = np.empty((n_subjects, len(inputs)))
    for number, column in enumerate(inputs.values()):
        table[:, number] = column
    finite = np.isfinite(table).all(axis=1)
    places = np.full(n_subjects, -1, dtype=np.intp)
    if not inputs:
        return Cohort({}, 1), np.zeros(n_subjects, dtype=np.intp)
    unique, inverse = np.unique(table[finite], axis=0, return_inverse=True)
    places[finite] = inverse.reshape(-1)
    own = {name: np.ascontiguousarray(unique[:, number]) for number, name in enumerate(inputs)}
    return Cohort(own, unique.shape[0]), places


def simulate_cohort(
    model: Model, cohort: Cohort, times: Sequence[float], observables: Sequence[str], accuracy: Accuracy
) -> Answer:
    """Return the observables of a cohort at ``times``."""
    if cohort.n_subjects == 0 or not observables:
        return Answer(np.zeros((cohort.n_subjects, len(times), len(observables))), {})
    trajectories = model.simulate(
        times,
        parameters={name: _narrowed(column) for name, column in cohort.inputs.items()},
        observables=observables,
        n_subjects=cohort.n_subjects,
        rtol=accuracy.rtol,
        atol=accuracy.atol,
        max_steps=accuracy.max_steps,
        threads=accuracy.threads,
    )
    return Answer(trajectories.values, {failure.subject: failure.reason for failure in trajectories.failures})


def _narrowed(column: Numbers) -> Numbers:
    """Return one number where all subjects share it."""
    return column[0] if (column == column[0]).all() else column


def spread(values: Numbers, places: Which) -> Numbers:
    """Return the distinct subjects' values for all subjects; NaN where a subject could not start."""
    if values.shape[0] == 0:
        return np.full((places.size, *values.shape[1:]), np.nan)
    result = values[places]
    result[places < 0] = np.nan
    return result
