"""Which schedule of a front is recommended, and that it keeps its limits in subjects the search has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from adenoscope.core.errors import Refused
from adenoscope.core.hypoxia_design import HypoxiaDesign
from adenoscope.io.hypoxia_presets import presets
from adenoscope.studies.hypoxia.evaluated import Evaluated, evaluate, keeps_limits
from adenoscope.studies.hypoxia.judging import breaches, predicted
from adenoscope.studies.hypoxia.outcomes import outcome_of
from adenoscope.studies.hypoxia.refusal import risk_words
from adenoscope.studies.hypoxia.search import Candidate, Searched
from adenoscope.studies.hypoxia.session import Cohort

RECOMMENDED = "recommended"
MOST_TRIED = 12  # candidates that fresh subjects are put through
ONLY = "The design leaves one schedule."
ASKED = "The most engagement among schedules with at most {:g} % min of burden over all sessions, as the design asks."
AS_GIVEN = (
    "The most engagement among schedules with no more burden in a session than {}, the heaviest of those given in "
    "studies that ship (of people: that keep the envelope): {:.0f} % min."
)
GENTLEST = "The gentlest of the front: none has as little burden in a session as {}, {:.0f} % min."


@dataclass(frozen=True)
class Choice:
    """The recommended schedule in fresh subjects, by which rule, and those before it that broke a limit there."""

    evaluated: Evaluated
    rule: str
    passed_over: tuple[Evaluated, ...]


def choose(searched: Searched, design: HypoxiaDesign, searching: Cohort, fresh: Cohort, file: str) -> Choice:
    """Return the first schedule in the order of the rule that keeps every limit in fresh subjects.

    Raises:
        Refused: none does; the message says which limit binds and how near the closest came.
    """
    order, rule = _in_order(searched.front, design, searching, file)
    passed_over: list[Evaluated] = []
    for candidate in order[:MOST_TRIED]:
        evaluated = evaluate(RECOMMENDED, candidate.schedule, design, fresh)
        if keeps_limits(evaluated, design):
            return Choice(evaluated, rule, tuple(passed_over))
        passed_over.append(evaluated)
    last = passed_over[-1]
    kept = "the schedule" if len(passed_over) == 1 else f"{len(passed_over)} schedules"
    head = (
        f"{file}: {kept} kept the limits in the {design.subjects} subjects of the search, but not in {fresh.n_drawn} "
        f"others. The last that was tried there, {last.schedule.words}:"
    )
    remedy = "Ask for gentler ranges, for more subjects, or accept more risk."
    said = [*risk_words(last.risks, design), *(f"  {breach.words}" for breach in last.breaches)]
    raise Refused("\n".join([head, *said, remedy]))


def _in_order(
    front: Sequence[Candidate], design: HypoxiaDesign, searching: Cohort, file: str
) -> tuple[list[Candidate], str]:
    """Return schedules in the order in which they are recommended, and the rule in words."""
    strongest_first = list(front)[::-1]
    most = design.burden_percent_min
    if most is not None:
        within = [one for one in strongest_first if one.burden <= most]
        if within:
            return within, ASKED.format(most)
        gentlest = f"the gentlest, {front[0].schedule.words}, has {front[0].burden:.0f}"
        head = f"{file}: no schedule that keeps the limits has a burden of at most {most:g} % min; {gentlest}."
        raise Refused(f"{head} Allow gentler schedules, or raise burden_percent_min.")
    if len(front) == 1:
        return strongest_first, ONLY
    name, heaviest = _heaviest(design, searching)
    within = [one for one in strongest_first if one.burden / one.schedule.sessions <= heaviest]
    return (within, AS_GIVEN.format(name, heaviest)) if within else ([front[0]], GENTLEST.format(name, heaviest))


def _heaviest(design: HypoxiaDesign, cohort: Cohort) -> tuple[str, float]:
    """Return the preset with the most burden in a session, of those that keep the envelope, and that [% min]."""
    strict = replace(design, override=None, also_given=(), added_co2=False)
    borne: dict[str, float] = {}
    for name, preset in presets().items():
        if preset.species == design.species and not breaches(preset.schedule, strict):
            outcome = outcome_of(preset.schedule, cohort)
            if not predicted(outcome, strict):
                borne[name] = float(np.nanmedian(outcome.burden_percent_min))
    return max(borne.items(), key=lambda item: item[1])
