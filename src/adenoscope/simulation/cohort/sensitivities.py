"""Derivatives of observables by parameters, from neighbours that take exactly the same steps.

A batch holds a subject and three pairs of neighbours, each with one parameter a little higher and lower; all take
the steps that suit the subject itself. What they share, the choice of steps and the method's error with it, cancels
in the difference, so that what is left is the derivative of the numerical solution, to about nine digits (internal
numerical differentiation, Bock 1981).

Where an event's time depends on a parameter, neighbours must not share steps: then each has its own, at a tolerance
so tight that differences can be trusted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from adenoscope.core.errors import input_error
from adenoscope.simulation.cohort.changes import Change
from adenoscope.simulation.cohort.options import Options
from adenoscope.simulation.cohort.prepared import Prepared, Source, prepare
from adenoscope.simulation.cohort.simulate import QUEUES, Question, simulate
from adenoscope.simulation.cohort.trajectories import Trajectories
from adenoscope.simulation.solver.tables import Numbers
from adenoscope.simulation.system import TIME

LANES = 8
PAIRS = 3  # in a batch, beside the subject itself
SHARED_STEP = 1e-5  # relative; the error of a central difference is its square, the rounding 1e-16 over it
OWN_STEP, OWN_TOLERANCE = 1e-4, 1e-12  # relative, where neighbours take steps of their own


@dataclass(frozen=True)
class Sensitivities:
    """``values``: d observable / d parameter, shape (subject, time, observable, parameter)."""

    values: Numbers
    parameters: tuple[str, ...]
    trajectories: Trajectories


def differentiate(source: Source, question: Question, by: Sequence[str], options: Options) -> Sensitivities:
    """Return the derivatives of a question's observables by the parameters ``by``, at the values it gives them."""
    if not by:
        raise input_error(
            "by",
            found="no parameters",
            allowed="one or more names",
            remedy="name what to differentiate by",
        )
    centre = _centre(source, question, by)
    shared = steps_can_be_shared(prepare(source, QUEUES[0]), by)
    share = SHARED_STEP if shared else OWN_STEP
    steps = {name: share * np.where(values == 0, 1.0, np.abs(values)) for name, values in centre.items()}
    groups = [tuple(by[n : n + PAIRS]) for n in range(0, len(by), PAIRS)]
    asked = replace(question, parameters=_neighbours(question, centre, steps, groups), together=shared)
    asked = replace(asked, n_subjects=question.n_subjects * len(groups) * LANES)
    if question.events:
        asked = replace(asked, events=_repeated_events(question, len(groups)))
    chosen = replace(options, lanes=LANES, chunk=LANES) if shared else replace(options, rtol=OWN_TOLERANCE)
    answer = simulate(source, asked, chosen)
    shape = (question.n_subjects, len(groups), LANES, *answer.values.shape[1:])
    values = answer.values.reshape(shape)
    slopes = [_slope(values, steps, by, n) for n in range(len(by))]
    return Sensitivities(np.stack(slopes, axis=-1), tuple(by), _own_trajectories(answer, values, question))


def steps_can_be_shared(ready: Prepared, by: Sequence[str]) -> bool:
    """Return whether nothing that ``by`` changes moves an event or a jump in time."""
    program = ready.program
    moved = {*by, *program.states}
    # What follows from them at the start or at an event moves with them, and so on.
    for _ in range(len(program.derived) + len(program.events) + 1):
        moved |= {name for name in program.derived if moved & set(program.graph.symbols([program.initial[name]]))}
        values = iter(program.values)
        for event in program.events:
            for assignment in event.assignments:
                if moved & set(program.graph.symbols([next(values)])):
                    moved.add(assignment.target)
    if any(not mode.timed for mode in program.modes):
        return False
    when = [node for mode in program.modes for node in (mode.slope, mode.offset) if node is not None]
    deciding = [*when, *program.delays, *program.priorities, *program.triggers]
    return not (moved - {TIME}) & set(program.graph.symbols(deciding))


def _centre(source: Source, question: Question, by: Sequence[str]) -> dict[str, Numbers]:
    """Return the values, one for each subject, at which to differentiate."""
    inputs = prepare(source, QUEUES[0]).program.inputs
    values: dict[str, Numbers] = {}
    for name in by:
        given = question.parameters.get(name, inputs.get(name))
        if given is None:
            raise input_error(
                source.file,
                found=f"`{name}` has no value of its own to differentiate by",
                allowed="a parameter, a compartment or a species' initial value",
                remedy="give it a value in `parameters`, or differentiate by what it is made of",
            )
        values[name] = np.broadcast_to(np.asarray(given, dtype=float), (question.n_subjects,))
    return values


def _neighbours(
    question: Question,
    centre: Mapping[str, Numbers],
    steps: Mapping[str, Numbers],
    groups: Sequence[Sequence[str]],
) -> dict[str, Numbers]:
    """Return every parameter for all neighbours: for each subject and group, itself and the group's pairs."""
    table: dict[str, Numbers] = {}
    for name, value in {**question.parameters, **centre}.items():
        base = np.broadcast_to(value, (question.n_subjects,))
        full = np.broadcast_to(base[:, None, None], (question.n_subjects, len(groups), LANES)).copy()
        for number, group in enumerate(groups):
            if name in group:
                pair = 1 + 2 * group.index(name)
                full[:, number, pair] += steps[name]
                full[:, number, pair + 1] -= steps[name]
        table[name] = full.ravel()
    return table


def _slope(values: Numbers, steps: Mapping[str, Numbers], by: Sequence[str], n: int) -> Numbers:
    pair = 1 + 2 * (n % PAIRS)
    difference = values[:, n // PAIRS, pair] - values[:, n // PAIRS, pair + 1]
    return difference / (2 * steps[by[n]])[:, None, None]


def _repeated_events(question: Question, n_groups: int) -> tuple[Change, ...]:
    def repeat(value: npt.ArrayLike) -> npt.ArrayLike:
        array = np.asarray(value, dtype=float)
        return np.repeat(array, n_groups * LANES) if array.ndim == 1 else array

    return tuple(replace(event, time=repeat(event.time), value=repeat(event.value)) for event in question.events)


def _own_trajectories(answer: Trajectories, values: Numbers, question: Question) -> Trajectories:
    """Return the trajectories of the subjects themselves; a subject failed where any of its neighbours did."""
    parts = ("status", "reached", "steps", "rejected")
    per_subject = {name: getattr(answer, name).reshape(question.n_subjects, -1) for name in parts}
    worst = per_subject["status"].argmax(axis=1)
    rows = np.arange(question.n_subjects)
    return replace(
        answer,
        values=values[:, 0, 0],
        parameters=question.parameters,
        **{name: value[rows, worst] for name, value in per_subject.items()},
    )
