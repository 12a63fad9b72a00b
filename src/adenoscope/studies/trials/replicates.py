"""Some replicates of a trial in every world, analysed: the task that a run is cut into.

Columns have a row for each replicate, and names FIELD:SCENARIO:ANALYSIS:STAGE:ARM, with analyses and active arms by
number. Stage 0 is the trial as a whole; 1, 2, ... are people between two looks, where there are looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.core.trial import Trial
from adenoscope.simulation.cluster.columns import Column
from adenoscope.studies.trials.allocation import Places
from adenoscope.studies.trials.assembly import Plan, assemble
from adenoscope.studies.trials.comparison import Compared, coded_arms, compare
from adenoscope.studies.trials.conduct import Conducted, conduct
from adenoscope.studies.trials.looks import growths, kept_arms, success_bounds
from adenoscope.studies.trials.scenario import CENTRAL, ENRICHED, NULL, PLANNED, SCENARIOS, Scenario

SIZE = 50  # replicates of a task
LOOKED_AT = (PLANNED, CENTRAL, NULL)  # worlds in which looks are taken
WHOLE = 0


def scenarios(trial: Trial) -> tuple[Scenario, ...]:
    """Return the worlds that a trial is simulated in."""
    return (*SCENARIOS, ENRICHED) if trial.enrich else SCENARIOS


def name_of(field: str, scenario: str, analysis: int, stage: int, arm: int) -> str:
    """Return the name of a column."""
    return f"{field}:{scenario}:{analysis}:{stage}:{arm}"


@dataclass(frozen=True, eq=False)
class ReplicateTask:
    """Replicates ``first`` to ``first + n - 1`` of a plan."""

    number: int
    first: int
    n: int
    plan: Plan
    enriched: bool

    @property
    def name(self) -> str:
        return f"replicates-{self.number:06}"

    def ingredients(self) -> Any:
        return [self.first, self.n, self.enriched, self.plan.key()]

    def columns(self, folder: Path) -> Sequence[Column]:
        """Return every comparison of every world, and of the trial as planned who came to which visit."""
        whole = assemble(self.plan, folder)
        numbers = range(self.first, self.first + self.n)
        columns: list[Column] = [("replicate", np.array(numbers, dtype=np.int64))]
        for scenario in scenarios(whole.trial):
            if scenario.enriched and not self.enriched:
                continue
            conducted = conduct(whole.trial, whole.roster, whole.world, scenario, numbers)
            columns += _compared(whole.trial, scenario, conducted)
            if scenario == PLANNED:
                columns += _attendance(whole.trial, conducted)
        return columns


def replicate_tasks(plan: Plan, *, enriched: bool) -> list[ReplicateTask]:
    """Return the tasks that make a plan's replicates; ``enriched``: enough people meet the rules of enrichment."""
    total = plan.trial.replicates
    return [
        ReplicateTask(number, first, min(SIZE, total - first), plan, enriched)
        for number, first in enumerate(range(0, total, SIZE))
    ]


def _compared(trial: Trial, scenario: Scenario, conducted: Conducted) -> Iterator[Column]:
    arm = coded_arms(trial, conducted.arm)
    planned = np.where(np.arange(arm.shape[1]) < trial.people, arm, -1)
    for number, analysis in enumerate(trial.analyses):
        found = compare(trial, analysis, conducted, planned)
        yield from _columns(found, scenario, number, WHOLE)
    if len(trial.looks.fractions) > 1 and scenario in LOOKED_AT:
        yield from _stages(trial, scenario, conducted, arm)


def _stages(trial: Trial, scenario: Scenario, conducted: Conducted, arm: Places) -> Iterator[Column]:
    """Yield the primary comparison of each stage's own people, in the arms and numbers that looks have left."""
    looks, bounds = trial.looks, success_bounds(trial)
    ends = np.round(trial.people * np.array([0.0, *looks.fractions])).astype(int)
    place = np.arange(arm.shape[1])
    kept, growth = np.ones((len(arm), len(trial.active)), dtype=np.bool_), np.ones(len(arm))
    for stage in range(1, len(ends)):
        end = ends[stage] if stage == 1 else np.round(trial.people * growth).astype(int)
        last = np.broadcast_to(end if stage in {1, len(ends) - 1} else ends[stage], len(arm))[:, None]
        going = np.concatenate([np.ones((len(arm), 1), dtype=np.bool_), kept], axis=1)
        own = (place >= ends[stage - 1]) & (place < last) & np.take_along_axis(going, arm, axis=1)
        found = compare(trial, trial.primary, conducted, np.where(own, arm, -1))
        yield from _columns(found, scenario, 0, stage)
        if stage == 1:
            kept = kept_arms(found.z, looks.keep)
            growth = growths(np.nanmax(np.nan_to_num(found.z), axis=1), looks, float(bounds[-1]), trial.power)
    yield (f"growth:{scenario.name}", growth)


def _columns(found: Compared, scenario: Scenario, analysis: int, stage: int) -> Iterator[Column]:
    for field in ("estimate", "error", "p_value", "z"):
        values: Samples = getattr(found, field)
        for arm in range(values.shape[1]):
            yield name_of(field, scenario.name, analysis, stage, arm), np.ascontiguousarray(values[:, arm])


def _attendance(trial: Trial, conducted: Conducted) -> Iterator[Column]:
    """Yield how many people of each arm were randomised, started, and came to each visit, and their MADRS there."""
    inside = np.arange(conducted.arm.shape[1]) < trial.people
    for place in range(len(trial.arms)):
        own = (conducted.arm == place) & inside
        yield f"randomised:{place}", own.sum(axis=1).astype(float)
        yield f"started:{place}", (own & (conducted.started > 0)).sum(axis=1).astype(float)
        yield f"baseline:{place}", _mean(conducted.baseline, own)
        for visit in range(len(trial.visit_days)):
            seen = own & (conducted.left > visit)
            yield f"seen:{place}:{visit}", seen.sum(axis=1).astype(float)
            yield f"madrs:{place}:{visit}", _mean(conducted.y[..., visit], seen)


def _mean(values: Samples, own: Samples) -> Samples:
    count = own.sum(axis=1)
    total = np.where(own, values, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
