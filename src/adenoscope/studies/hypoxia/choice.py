"""Which schedule of a front is recommended, and that it keeps its limits in subjects the search has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from adenoscope.core.errors import Refused
from adenoscope.core.hypoxia_design import HypoxiaDesign
from adenoscope.core.schedule import Breach, Schedule
from adenoscope.mechanism.envelope import PREDICTED, envelope
from adenoscope.studies.hypoxia.evaluated import Evaluated, evaluate, keeps_limits
from adenoscope.studies.hypoxia.judging import breaches
from adenoscope.studies.hypoxia.search import Candidate, Searched, knee
from adenoscope.studies.hypoxia.session import Cohort

RECOMMENDED = "recommended"
MOST_TRIED = 12  # candidates that fresh subjects are put through
KNEE = (
    "The knee of the front: the schedule farthest above the straight line between the front's gentlest and "
    "strongest, with engagement and burden each scaled from 0 to 1."
)
WITHIN = "The most engagement among schedules of the front with at most {:g} % min of burden."
ONLY = "The design leaves one schedule."


@dataclass(frozen=True)
class Choice:
    """The recommended schedule in fresh subjects, by which rule, and those before it that broke a limit there."""

    evaluated: Evaluated
    rule: str
    passed_over: tuple[Evaluated, ...]


def choose(searched: Searched, design: HypoxiaDesign, fresh: Cohort, file: str) -> Choice:
    """Return the first schedule in the order of the rule that keeps every limit in fresh subjects.

    Raises:
        Refused: none does; the message says which limit binds and how near the closest came.
    """
    order, rule = in_order(searched.front, design, file)
    passed_over: list[Evaluated] = []
    for candidate in order[:MOST_TRIED]:
        evaluated = evaluate(RECOMMENDED, candidate.schedule, design, fresh)
        if keeps_limits(evaluated, design):
            return Choice(evaluated, rule, tuple(passed_over))
        passed_over.append(evaluated)
    last = passed_over[-1]
    head = (
        f"{file}: {len(passed_over)} schedules kept the limits in the {design.subjects} subjects of the search, and "
        f"none of them in {fresh.n_drawn} others. The gentlest of them, {last.schedule.words}:"
    )
    remedy = "Ask for gentler ranges, for more subjects, or accept more risk."
    raise Refused("\n".join([head, *_failings(last, design), remedy]))


def in_order(front: Sequence[Candidate], design: HypoxiaDesign, file: str) -> tuple[list[Candidate], str]:
    """Return the front in the order in which a schedule is recommended, and the rule in words."""
    most = design.burden_percent_min
    if most is not None:
        within = [one for one in front if one.burden <= most]
        if not within:
            gentlest = front[0]
            raise Refused(
                f"{file}: no schedule within its limits has a burden of at most {most:g} % min; the gentlest, "
                f"{gentlest.schedule.words}, has {gentlest.burden:.0f}. Allow gentler schedules, or raise "
                "burden_percent_min."
            )
        return within[::-1], WITHIN.format(most)
    if len(front) == 1:
        return list(front), ONLY
    gentler = [one for one in front if one.burden <= knee(front).burden]
    return gentler[::-1], KNEE


def refuse_outside(design: HypoxiaDesign, file: str) -> None:
    """Raise unless some schedule of a design keeps the envelope by itself; nothing is simulated.

    Raises:
        Refused: none does; the message names each limit that the closest schedule breaks, and by how much.
    """
    grid = np.meshgrid(*(np.array(quantity.levels) for quantity in design.searched), indexing="ij")
    closest: tuple[Schedule, tuple[Breach, ...]] | None = None
    for point in zip(*(axis.ravel().tolist() for axis in grid), strict=True):
        schedule = design.schedule(point)
        found = breaches(schedule, design)
        if not found:
            return
        if closest is None or _distance(found) < _distance(closest[1]):
            closest = schedule, found
    if closest is None:
        return
    schedule, found = closest
    one = all(len(quantity.levels) == 1 for quantity in design.searched)
    which = "The schedule" if one else "Every schedule of these ranges leaves the envelope for people; the closest"
    head = f"{file} is refused; nothing was simulated. {which}, {schedule.words}, breaks:"
    raise Refused("\n".join([head, *(f"  {breach.words} Source: {breach.source}." for breach in found)]))


def refuse_unkept(searched: Searched, design: HypoxiaDesign, file: str) -> None:
    """Raise unless some schedule that was simulated keeps every limit.

    Raises:
        Refused: none does; the message says which limit binds, and what the closest schedule has.
    """
    if searched.front:
        return
    closest = min(searched.tried, key=lambda one: float(np.maximum(one.slacks, 0).sum()))
    tried = len(searched.tried)
    none = "the schedule does not keep every limit" if tried == 1 else f"none of {tried} schedules keeps every limit"
    head = f"{file}: {none}. {'It is' if tried == 1 else 'The closest is'} {closest.schedule.words}:"
    raise Refused("\n".join([head, *_slack_words(closest, design)]))


def _distance(found: Sequence[Breach]) -> float:
    """Return how far a schedule is outside, each limit's miss as a share of it; what is prohibited counts as 1."""
    return sum(breach.by / breach.allowed if breach.allowed else 1.0 for breach in found)


def _slack_words(candidate: Candidate, design: HypoxiaDesign) -> list[str]:
    risk, *predictions = candidate.slacks.tolist()
    words: list[str] = []
    if risk > 0:
        accepted, found = 100 * design.limits.risk, 100 * (risk + design.limits.risk)
        words.append(f"  risk: {found:.0f} % of subjects break a limit of the design; {accepted:g} % are accepted.")
    for name, miss in zip(PREDICTED, predictions, strict=False):
        if miss > 0:
            floor = 100 * envelope()[name].value
            words.append(f"  {name}: {envelope()[name].words}; {100 * miss:.1f} points of SpO2 below {floor:g} %.")
    return words


def _failings(evaluated: Evaluated, design: HypoxiaDesign) -> list[str]:
    share = evaluated.risk.probability
    risk = f"  risk: {100 * share.estimate:.1f} % ({100 * share.low:.1f} to {100 * share.high:.1f}) of subjects break"
    said = [f"{risk} a limit of the design; {100 * design.limits.risk:g} % are accepted."]
    return [*said, *(f"  {breach.words}" for breach in evaluated.breaches)]
