"""Schedules of a design that are worth their burden: no other engages more for less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import compress
from math import prod

import numpy as np

from adenoscope.core.hypoxia_design import HypoxiaDesign
from adenoscope.core.schedule import Schedule
from adenoscope.mechanism.cohort import Numbers
from adenoscope.statistics.pareto.search import search_front
from adenoscope.studies.hypoxia.inside import outside_by
from adenoscope.studies.hypoxia.judging import ANY, Mask, broken, objectives, slacks
from adenoscope.studies.hypoxia.outcomes import Outcome, outcome_of
from adenoscope.studies.hypoxia.session import Cohort
from adenoscope.studies.progress import Progress, ignore

BUDGET = 200  # schedules that are simulated, as far as there are so many


@dataclass(frozen=True)
class Candidate:
    """A schedule that was simulated; ``engagement`` [occupancy min] and ``burden`` [% min] of the whole course.

    ``risk`` [1]: the share of the search's subjects that break a limit of the design.
    """

    schedule: Schedule
    engagement: float
    burden: float
    risk: float
    slacks: Numbers

    @property
    def keeps_limits(self) -> bool:
        return bool((self.slacks <= 0).all())


@dataclass(frozen=True)
class Searched:
    """What a search found: the front in order of burden, everything that was tried, and how many were possible.

    ``allowed``: of the ``possible`` schedules those that keep the envelope by themselves.
    """

    front: tuple[Candidate, ...]
    tried: tuple[Candidate, ...]
    possible: int
    allowed: int


@dataclass(frozen=True)
class Evaluation:
    """Schedules of a design simulated in a cohort; those that differ in sessions alone share a simulation."""

    design: HypoxiaDesign
    cohort: Cohort
    outcomes: dict[Schedule, Outcome] = field(default_factory=dict[Schedule, Outcome])

    def outcome(self, schedule: Schedule) -> Outcome:
        """Return what a session of a schedule does."""
        session = replace(schedule, sessions=1)
        if session not in self.outcomes:
            self.outcomes[session] = outcome_of(session, self.cohort, self.design.limits.spo2_floor)
        return self.outcomes[session]

    def __call__(self, points: Numbers) -> tuple[Numbers, Numbers]:
        """Return objectives, shape (point, 2), and slacks, shape (point, constraint); see ``judging``."""
        found = [self.design.schedule(tuple(point)) for point in points.tolist()]
        judged = [(self.outcome(schedule), self.design, schedule.sessions) for schedule in found]
        return np.array([objectives(*one) for one in judged]), np.array([slacks(*one) for one in judged])

    def keeps_envelope(self, points: Numbers) -> Mask:
        """Return which schedules keep the envelope by themselves, shape (point,)."""
        return np.asarray(outside_by(points, self.design) == 0, dtype=bool)

    def candidate(self, point: list[float], goals: list[float], slack: Numbers) -> Candidate:
        """Return what was simulated at a point."""
        schedule = self.design.schedule(tuple(point))
        risk = float(broken(self.outcome(schedule), self.design, schedule.sessions)[ANY].mean())
        return Candidate(schedule, -goals[0], goals[1], risk, slack)


def search_schedules(
    design: HypoxiaDesign,
    cohort: Cohort,
    *,
    budget: int = BUDGET,
    progress: Callable[[Progress], None] = ignore,
) -> Searched:
    """Return the schedules of a design that keep every limit and that no other beats in both objectives.

    Valid: as far as ``budget`` allows where there are more; limits hold in the cohort that is searched with.
    Source: ``statistics.pareto``.
    """
    evaluate = Evaluation(design, cohort)
    found = search_front(
        [np.array(quantity.levels) for quantity in design.searched],
        evaluate,
        budget=budget,
        seed=design.seed,
        allowed=evaluate.keeps_envelope,
        watch=lambda done, total: progress(Progress("searching", done, total, "schedules")),
    )
    tried = [
        evaluate.candidate(point, goal, slack)
        for point, goal, slack in zip(found.points.tolist(), found.objectives.tolist(), found.slacks, strict=True)
    ]
    front = sorted(compress(tried, found.on_front), key=lambda one: one.burden)
    possible = prod(len(quantity.levels) for quantity in design.searched)
    return Searched(tuple(front), tuple(tried), possible, found.n_allowed)
