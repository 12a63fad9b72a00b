"""What is said of a design that is refused: which limits, by how much, and what came closest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adenoscope.core.errors import Refused
from adenoscope.core.hypoxia_design import HypoxiaDesign
from adenoscope.studies.hypoxia.inside import grid_points, outside_by
from adenoscope.studies.hypoxia.judging import ANY, LimitRisk, breaches, limit_risks, predicted
from adenoscope.studies.hypoxia.outcomes import outcome_of
from adenoscope.studies.hypoxia.search import Searched
from adenoscope.studies.hypoxia.session import Cohort


def refuse_outside(design: HypoxiaDesign, file: str) -> None:
    """Raise unless some schedule of a design keeps the envelope by itself; nothing is simulated.

    Raises:
        Refused: none does; the message names each limit that the closest schedule breaks, and by how much.
    """
    closest, least = (), np.inf
    for points in grid_points(design):
        found = outside_by(points, design)
        if found.min() == 0:
            return
        if found.min() < least:
            closest, least = tuple(points[int(np.argmin(found))].tolist()), float(found.min())
    schedule = design.schedule(closest)
    one = all(len(quantity.levels) == 1 for quantity in design.searched)
    which = "The schedule" if one else "Every schedule of these ranges leaves the envelope for people; the closest"
    head = f"{file} is refused; nothing was simulated. {which}, {schedule.words}, breaks:"
    raise Refused(
        "\n".join([head, *(f"  {breach.words} Source: {breach.source}." for breach in breaches(schedule, design))])
    )


def refuse_unkept(searched: Searched, design: HypoxiaDesign, cohort: Cohort, file: str) -> None:
    """Raise unless some schedule that was simulated keeps every limit.

    Raises:
        Refused: none does; the message says which limit binds, and what the closest schedule has.
    """
    if searched.front:
        return
    closest = min(searched.tried, key=lambda one: (float(np.maximum(one.slacks, 0).sum()), one.burden)).schedule
    outcome, tried = outcome_of(closest, cohort, design.limits.spo2_floor), len(searched.tried)
    none = "the schedule does not keep every limit" if tried == 1 else f"none of {tried} schedules keeps every limit"
    head = f"{file}: {none}. {'It is' if tried == 1 else 'The closest is'} {closest.words}:"
    risks = risk_words(limit_risks(outcome, design, closest.sessions), design)
    raise Refused("\n".join([head, *risks, *(f"  {breach.words}" for breach in predicted(outcome, design))]))


def risk_words(risks: Sequence[LimitRisk], design: HypoxiaDesign) -> list[str]:
    """Return which limits more subjects break than are accepted; [] where all together are few enough."""
    accepted = design.limits.risk
    every = {risk.limit: risk for risk in risks}
    if every[ANY].probability.estimate <= accepted:
        return []
    shown = [risk for risk in risks if risk.n_broke and (risk.limit != ANY or len(risks) > 2)]
    return [
        f"  {risk.limit}: {risk.words}, in {100 * risk.probability.estimate:.1f} % of subjects "
        f"({100 * risk.probability.low:.1f} to {100 * risk.probability.high:.1f}); {100 * accepted:g} % are accepted "
        "for any limit."
        for risk in shown
    ]
