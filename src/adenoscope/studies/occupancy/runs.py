"""What is simulated for a question of occupancy: when one looks, who clears how fast, and what comes out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from adenoscope.core.occupancy import OccupancyDesign
from adenoscope.core.parameter import Parameter, load_values
from adenoscope.core.protocol import Protocol
from adenoscope.io.occupancy_toml import HOUR_S
from adenoscope.mechanism.cohort import Numbers, mechanism
from adenoscope.mechanism.interventions import changes, parameters
from adenoscope.mechanism.occupancy import draws
from adenoscope.studies.occupancy.readings import Clock
from adenoscope.studies.progress import Progress
from adenoscope.studies.simulated import CHUNK

FINE_H, FINE_STEP_H = 2.0, 1 / 12  # after a dose of an antagonist: an oral peak comes within the hour
RAISED_STEP_H, BOUT_STEP_H, BOUT_TAIL_H = 1 / 60, 1 / 360, 1 / 12  # after what raises adenosine


@dataclass(frozen=True)
class Run:
    """A protocol, and the clearances that stand instead of the subjects' own."""

    protocol: Protocol
    instead: Mapping[str, Numbers]


@dataclass(frozen=True)
class Course:
    """What a run shows [µM], each of shape (subject, time): adenosine, and compounds in plasma and free in brain."""

    adenosine: Numbers
    plasma: Mapping[str, Numbers]
    brain: Mapping[str, Numbers]

    def of(self, subjects: Any) -> Course:
        """Return the course of some subjects."""
        plasma = {name: values[subjects] for name, values in self.plasma.items()}
        return Course(self.adenosine[subjects], plasma, {name: x[subjects] for name, x in self.brain.items()})


def clock_of(design: OccupancyDesign) -> Clock:
    """Return the times looked at: regular ones, those of the tables, and closer ones after every dose and bout."""
    end, first = design.duration_h, design.first_s / HOUR_S
    report = tuple(after for after in design.report_h if first + after <= end) or (end - first,)
    times = [*np.arange(0.0, end, design.every_min / 60).tolist(), end, *(first + after for after in report)]
    for dose in design.give:
        times += (dose.at_s / HOUR_S + np.arange(0.0, FINE_H, FINE_STEP_H)).tolist()
    for dose in design.challenge:
        times += (dose.at_s / HOUR_S + np.arange(0.0, FINE_H, RAISED_STEP_H)).tolist()
    for breath in design.breathe:
        for start, stop in breath.bouts:
            times += np.arange(start / HOUR_S, stop / HOUR_S + BOUT_TAIL_H, BOUT_STEP_H).tolist()
    hours = np.unique(np.round(times, 9))
    raised = None if design.challenge_s is None else design.challenge_s / HOUR_S
    return Clock(hours[hours <= end], first, design.last_s / HOUR_S, raised, report)


def group_names(design: OccupancyDesign) -> tuple[str, ...]:
    """Return what the groups are called, those of a half-life last."""
    return (*design.groups, *(f"half-life {hours:g} h" for hours in design.half_lives_h))


def group_ratios(group: str, compounds: Sequence[str]) -> Mapping[str, Parameter]:
    """Return the ratios of clearance [1] that a group has a source for, by compound."""
    table = load_values("half_life_groups").get(group, {})
    return {one: table[f"{one}_clearance"] for one in compounds if f"{one}_clearance" in table}


def group_clearances(
    design: OccupancyDesign, compounds: Sequence[str], drawn: Mapping[str, Numbers]
) -> dict[str, dict[str, Numbers]]:
    """Return clearances [L/(kg s)] that stand instead of the subjects' own, by group and by the model's name."""
    found: dict[str, dict[str, Numbers]] = {}
    for group in design.groups:
        ratios = group_ratios(group, compounds)
        factors = draws({value.name: value for value in ratios.values()}, design.subjects, design.seed)
        found[group] = {f"{one}_clearance": drawn[f"{one}_clearance"] * factors[x.name] for one, x in ratios.items()}
    for hours in design.half_lives_h:
        rate = math.log(2) / (HOUR_S * hours)
        found[f"half-life {hours:g} h"] = {f"{one}_clearance": rate * drawn[f"{one}_volume"] for one in compounds}
    return found


def simulate_runs(
    clock: Clock,
    compounds: Sequence[str],
    drawn: Mapping[str, Numbers],
    runs: Sequence[Run],
    progress: Callable[[Progress], None],
) -> tuple[list[Course], tuple[Mapping[str, Any], ...]]:
    """Return what each run shows, and the subjects that could not be followed to the end of every run."""
    courses: list[Course] = []
    failed: dict[int, Mapping[str, Any]] = {}
    total = len(runs) * runs[0].protocol.subjects
    for number, run in enumerate(runs):
        begun = number * run.protocol.subjects

        def watch(done: int, _: int, begun: int = begun) -> None:
            progress(Progress("simulating", begun + done, total, "subjects"))

        watch(0, total)
        course, failures = _simulate(clock, compounds, drawn, run, watch)
        failed |= failures
        courses.append(course)
    progress(Progress("simulating", total, total, "subjects"))
    return courses, tuple(failed[subject] for subject in sorted(failed))


def _simulate(
    clock: Clock, compounds: Sequence[str], drawn: Mapping[str, Numbers], run: Run, watch: Callable[[int, int], None]
) -> tuple[Course, dict[int, Mapping[str, Any]]]:
    places = [f"{place}_{one}_um" for place in ("plasma", "brain") for one in compounds]
    found = mechanism(run.protocol.species).simulate(
        clock.hours * HOUR_S,
        parameters={**drawn, **parameters(run.protocol), **run.instead},
        events=changes(run.protocol),
        observables=["adenosine_um", *places],
        chunk=CHUNK,
        watch=watch,
    )
    failures: dict[int, Mapping[str, Any]] = {
        each.subject: {"subject": each.subject, "reason": each.reason, "reached_s": each.reached}
        for each in found.failures
    }
    adenosine, *levels = np.moveaxis(found.values, 2, 0)
    plasma, brain = levels[: len(compounds)], levels[len(compounds) :]
    named = (dict(zip(compounds, values, strict=True)) for values in (plasma, brain))
    return Course(adenosine, *named), failures
