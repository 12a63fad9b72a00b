"""How much of A1 and A2A adenosine holds with and without an antagonist over time, and how much the antagonist."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from adenoscope.core.errors import Refused
from adenoscope.core.interval import Interval
from adenoscope.core.occupancy import OccupancyDesign
from adenoscope.io.occupancy_toml import HOUR_S
from adenoscope.mechanism import cohort
from adenoscope.mechanism.cohort import draw_subjects
from adenoscope.mechanism.compounds import library
from adenoscope.mechanism.validity import outside_validity, refusals
from adenoscope.studies.occupancy.design import given_compounds, protocols, valid_design
from adenoscope.studies.occupancy.readings import Band, Clock, Readings, band, known, readings
from adenoscope.studies.occupancy.runs import Course, Run, clock_of, group_clearances, group_names, simulate_runs
from adenoscope.studies.occupancy.shares import Affinities, Courses, Held, Kind, draw_affinities, shares
from adenoscope.studies.occupancy.validity import own_sentences, used_parameters
from adenoscope.studies.progress import Progress, ignore
from adenoscope.studies.simulated import DRIFT


@dataclass(frozen=True)
class Level:
    """One compound in one group: total plasma [mg/L], free in brain [µM], and its half-life [h]."""

    compound: str
    plasma: Band
    brain: Band
    peak: Interval
    half_life_h: Interval


@dataclass(frozen=True)
class TargetAnswer:
    """One target under constants in vitro or in vivo, and what binds it; or the reason why it is not told."""

    target: str
    kind: Kind
    reason: str | None
    bound: tuple[str, ...] = ()
    by_antagonist: Band | None = None
    adenosine_without: Band | None = None
    adenosine_with: Band | None = None
    readings: Readings | None = None


@dataclass(frozen=True)
class GroupAnswer:
    """One group of subjects: levels of each compound, and who holds each target."""

    group: str
    levels: tuple[Level, ...]
    targets: tuple[TargetAnswer, ...]

    def of(self, target: str, kind: Kind) -> TargetAnswer:
        """Return the answer of one target under one set of constants."""
        return next(each for each in self.targets if (each.target, each.kind) == (target, kind))


@dataclass(frozen=True)
class OccupancyAnswer:
    """What came out, and what to know. ``failed``: subjects that could not be followed; they are in no number."""

    design: OccupancyDesign
    compounds: tuple[str, ...]
    clock: Clock
    groups: tuple[GroupAnswer, ...]
    failed: tuple[Mapping[str, Any], ...]
    redrawn: int
    outside_validity: tuple[str, ...]
    unverified_share: float


def occupancy_over_time(path: Path, *, progress: Callable[[Progress], None] = ignore) -> OccupancyAnswer:
    """Return who holds A1 and A2A over time in a cohort, in each group, under both sets of constants.

    Raises:
        InputError: the design is wrong; every problem is listed.
        Refused: what it asks for is not done, or no subject could be simulated.
    """
    design = valid_design(path)
    beside, alone = protocols(design)
    reasons = refusals(beside)
    if reasons:
        raise Refused("\n".join([f"{path.name} is refused; nothing was simulated.", *reasons]))
    progress(Progress("drawing", 0, design.subjects, "subjects"))
    drawn = draw_subjects(design.species, design.subjects, design.seed)
    compounds, clock, names = given_compounds(design), clock_of(design), group_names(design)
    cleared = group_clearances(design, compounds, drawn.constants)
    only = replace(beside, give=beside.give[: len(design.give)], breathe=())
    runs = [Run(alone, {}), *(Run(beside, cleared[name]) for name in names)]
    if design.challenge_s is not None:
        runs += [Run(only, cleared[name]) for name in names]
    courses, failed = simulate_runs(clock, compounds, drawn.constants, runs, progress)
    kept = np.setdiff1d(np.arange(design.subjects), [each["subject"] for each in failed])
    if kept.size == 0:
        raise Refused(f"No subject could be simulated; the first stopped: {failed[0]['reason']}.")
    affinities = draw_affinities(design, compounds, drawn.constants)
    without, *others = [course.of(kept) for course in courses]
    unraised = others[len(names) :] or [None] * len(names)
    groups = [
        _group(
            name,
            design,
            clock,
            Affinities({**affinities.values, **cleared[name]}).of(kept),
            Courses(without, course, other),
        )
        for name, course, other in zip(names, others[: len(names)], unraised, strict=True)
    ]
    return OccupancyAnswer(
        design=design,
        compounds=compounds,
        clock=clock,
        groups=tuple(groups),
        failed=failed,
        redrawn=drawn.redrawn,
        outside_validity=(*own_sentences(design, compounds), *_drift(without, clock), *outside_validity(beside)),
        unverified_share=cohort.unverified_share(used_parameters(design, beside, compounds).values()),
    )


def _drift(alone: Course, clock: Clock) -> list[str]:
    """Return the sentence that is due where adenosine moves before anything raises it."""
    place = clock.at(clock.hours[-1] if clock.challenge_h is None else clock.challenge_h)
    moved = float(np.median(np.abs(alone.adenosine[:, place] / alone.adenosine[:, 0] - 1)))
    if moved <= DRIFT:
        return []
    return [f"Rest is not at rest: left alone, adenosine moves by {100 * moved:.0f} %. Occupancies hold that drift."]


def _group(name: str, design: OccupancyDesign, clock: Clock, own: Affinities, courses: Courses) -> GroupAnswer:
    levels = tuple(_level(one, courses.beside, own) for one in courses.beside.plasma)
    found = shares(design.species, own, courses)
    return GroupAnswer(name, levels, tuple(_target(held, clock) for held in found))


def _level(compound: str, course: Course, own: Affinities) -> Level:
    plasma = course.plasma[compound] * library()[compound].molar_mass / 1e3
    half_life = math.log(2) * own.values[f"{compound}_volume"] / own.values[f"{compound}_clearance"] / HOUR_S
    return Level(compound, band(plasma), band(course.brain[compound]), known(plasma.max(axis=1)), known(half_life))


def _target(held: Held, clock: Clock) -> TargetAnswer:
    if held.shares is None:
        return TargetAnswer(held.target, held.kind, held.reason)
    without, beside = held.shares.adenosine_without, held.shares.adenosine_with
    return TargetAnswer(
        target=held.target,
        kind=held.kind,
        reason=None,
        bound=held.bound,
        by_antagonist=band(held.shares.by_antagonist),
        adenosine_without=None if without is None else band(without),
        adenosine_with=None if beside is None else band(beside),
        readings=readings(clock, held.shares),
    )
