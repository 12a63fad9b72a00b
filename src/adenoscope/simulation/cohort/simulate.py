"""From a question about a model to trajectories: which numbers go where, and who is run again with more room."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from adenoscope.simulation.cohort.changes import Change, given_table
from adenoscope.simulation.cohort.options import Options
from adenoscope.simulation.cohort.prepared import Prepared, Source, driver_plan, prepare
from adenoscope.simulation.cohort.threads import Cut, Watch, run_cohort
from adenoscope.simulation.cohort.trajectories import Trajectories
from adenoscope.simulation.kernel.machine import lane_count
from adenoscope.simulation.solver import tables as t
from adenoscope.simulation.solver.tables import Numbers, Task, Whole
from adenoscope.simulation.status import QUEUE_FULL

QUEUES = (32, 1024, 32_768)  # delayed events that may wait at once; a subject that needs more is run again
LOOKED_AT = 50  # steps at least over the whole time where jumps have to be looked for


@dataclass(frozen=True)
class Question:
    """Whom to simulate, what is done to them, and what to look at when.

    ``parameters``: by name, a number or one for each subject. ``together``: all lanes of a batch take the steps of
    its first subject (for derivatives by difference). ``out``: where the values go, else new memory.
    """

    times: Numbers
    parameters: Mapping[str, Numbers]
    events: tuple[Change, ...]
    n_subjects: int
    observables: tuple[str, ...]
    together: bool = False
    out: Numbers | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """Return the shape of the answer: subject, time, observable."""
        return self.n_subjects, self.times.size, len(self.observables)

    def of(self, subjects: list[int]) -> Question:
        """Return the question about some of the subjects."""
        if not subjects:
            return self
        pick = np.array(subjects)
        own = {name: value if value.ndim == 0 else value[pick] for name, value in self.parameters.items()}
        events = tuple(
            replace(event, time=_own(event.time, pick), value=_own(event.value, pick)) for event in self.events
        )
        return replace(self, parameters=own, events=events, n_subjects=len(subjects), out=None)


def _own(values: npt.ArrayLike, pick: Whole) -> Numbers:
    array = np.asarray(values, dtype=float)
    return array if array.size == 1 else array[pick]


def simulate(source: Source, question: Question, options: Options, watch: Watch | None = None) -> Trajectories:
    """Return the trajectories that answer ``question``."""
    answer = _run(source, question, options, QUEUES[0], watch)
    for queue in QUEUES[1:]:
        crowded = np.flatnonzero(answer.status == QUEUE_FULL).tolist()
        if not crowded:
            break
        again = _run(source, question.of(crowded), options, queue, None)
        for part in ("values", "status", "reached", "steps", "rejected"):
            getattr(answer, part)[crowded] = getattr(again, part)
    return answer


def _run(source: Source, question: Question, options: Options, queue: int, watch: Watch | None) -> Trajectories:
    ready = prepare(source, queue)
    lanes = options.lanes or _lanes(question.n_subjects)
    columns = tuple(name for name, value in question.parameters.items() if value.ndim == 1)
    plan, code = driver_plan(source, queue, lanes, question.observables, columns, question.together)
    task = _task(ready, question, options, columns)
    n_chunk = max(1, min(options.chunk, question.n_subjects))
    threads = min(options.threads or os.cpu_count() or 1, -(-question.n_subjects // n_chunk))
    run_cohort(plan, ready.layout.rows + len(question.observables), task, Cut(n_chunk, threads, lanes), watch)
    del code  # until here the driver needed it
    return Trajectories(
        values=task.values,
        times=question.times,
        observables=question.observables,
        status=task.report[:, t.REPORT_STATUS].astype(np.int64),
        reached=task.report[:, t.REPORT_REACHED].copy(),
        steps=task.report[:, t.REPORT_STEPS].astype(np.int64),
        rejected=task.report[:, t.REPORT_REJECTED].astype(np.int64),
        parameters=question.parameters,
    )


def _lanes(n_subjects: int) -> int:
    """Return the narrowest batch that holds all subjects, or the processor's widest."""
    return next((lanes for lanes in (1, 4) if n_subjects <= lanes < lane_count()), lane_count())


def _task(ready: Prepared, question: Question, options: Options, columns: tuple[str, ...]) -> Task:
    n = question.n_subjects
    inputs = dict(ready.program.inputs)
    inputs |= {name: float(value) for name, value in question.parameters.items() if value.ndim == 0}
    table = np.zeros((1, 0))
    if columns:
        table = np.empty((n, len(columns)))
        for number, name in enumerate(columns):
            table[:, number] = question.parameters[name]
    largest = options.largest_step or _largest_step(ready, question.times)
    return Task(
        given=given_table(question.events, ready.system, ready.target_rows, n),
        defaults=np.array(list(inputs.values()), dtype=float),
        table=table,
        settings=np.array([options.rtol, options.atol, largest, options.max_steps]),
        times=question.times,
        values=np.empty(question.shape) if question.out is None else question.out,
        report=np.zeros((n, 4)),
        done=np.zeros(1, np.int64),
    )


def _largest_step(ready: Prepared, times: Numbers) -> float:
    """Return a bound that keeps jumps from being stepped over: they are seen at ends and middles of steps."""
    span = float(times[-1] - times[0])
    if span == 0 or all(mode.timed for mode in ready.program.modes):
        return float("inf")
    return min(float(np.diff(times).max()), span / LOOKED_AT)
