"""MADRS of virtual people at the visits of a trial, by the link.

    y(i, t) = madrs(i) - [quick(i) + slow(i) (1 - exp(-t / placebo_time)) + (expectancy + rater_bias) belief(i)
              + slope m(i) (w g(x_A) + (1 - w) g(x_B)) + shift] + e(i, t),   cut at 0 and 60

with quick(i), slow(i) and e(i, t) normal between people and visits, and m(i) what failed trials and the variant of
ADORA2A change. Axes before the last are replicates of a trial: the link's values are numbers, or of shape
(replicate, 1); those of people of shape (person,) or (replicate, person).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from adenoscope.core.parameter import load_values
from adenoscope.core.people import MADRS_MOST, Numbers, People
from adenoscope.studies.trials.link import Draw, saturate


def person_effect(
    draw: Draw,
    people: People,
    adenosine: Numbers,
    block: Numbers,
    session_days: Sequence[float],
    visit_days: Sequence[float],
    *,
    attended: npt.ArrayLike | None = None,
) -> Numbers:
    """Return each person's improvement by the drug itself [points], shape (..., person, visit).

    Args:
        draw: The link's values by name.
        people: Whoever is treated.
        adenosine: Relative engagement of each person under their arm; times a potency, where the link has one for it.
        block: Relative block of NMDA receptors of each person under their arm.
        session_days: When sessions are.
        visit_days: When people are rated; a session on the day of a visit comes after it.
        attended: How many sessions, from the first on, each person came to; all, where it is not given.

    Valid: as ``link_draws``.
    Source: the equations at the top, and those of ``studies/trials/link.py``.
    """
    share = draw["adenosine_share"]
    effects = []
    for day in visit_days:
        left = _left(draw, session_days, day, attended)
        through_adenosine = saturate(np.maximum(adenosine, 0.0) * left, draw["saturation"])
        through_block = saturate(np.maximum(block, 0.0) * left, draw["saturation"])
        effects.append(draw["slope"] * (share * through_adenosine + (1 - share) * through_block))
    return np.stack(np.broadcast_arrays(*effects), axis=-1) * _moderated(draw, people)[..., None]


def outcomes(
    draw: Draw,
    people: People,
    effect: Numbers,
    belief: npt.ArrayLike,
    visit_days: Sequence[float],
    random: np.random.Generator,
    *,
    course: bool = False,
    shift: npt.ArrayLike = 0.0,
) -> Numbers:
    """Return MADRS [points] at each visit, shape (..., person, visit), of everybody, as if nobody dropped out.

    Args:
        draw: The link's values by name.
        people: Whoever is in the trial; their ``madrs`` is the baseline.
        effect: What ``person_effect`` returns; 0 in arms without a drug.
        belief: Who believes to be on the active treatment [0 or 1], shape (..., person).
        visit_days: When people are rated, after the baseline.
        random: Where the numbers come from.
        course: Whether weeks of other care go with it: a new oral antidepressant, a stay in hospital.
        shift: What the trial adds to improvement [points]: ``placebo_tau`` z in all arms, ``tau`` z in active ones.

    Valid: as ``link_draws``; visits differ from each other by independent errors.
    Source: the equation at the top.
    """
    days = np.asarray(visit_days, dtype=float)
    shape = np.broadcast_shapes(np.shape(effect)[:-1], np.shape(belief), people["madrs"].shape)
    quick = draw["placebo_quick"] + draw["placebo_sd"] * random.standard_normal(shape)
    slow = draw["placebo_slow"] + draw["placebo_slow_sd"] * random.standard_normal(shape)
    worth = (draw["expectancy"] + draw["rater_bias"]) * np.asarray(belief, dtype=float)
    steady = people["madrs"] - quick - worth - np.asarray(shift, dtype=float)
    y = steady[..., None] - effect
    if course:
        y = y - slow[..., None] * (1 - np.exp(-days / np.asarray(draw["placebo_time"])[..., None]))
    y = y + np.asarray(draw["residual_sd"])[..., None] * random.standard_normal((*shape, days.size))
    return np.clip(y, 0.0, MADRS_MOST)


def _left(draw: Draw, session_days: Sequence[float], day: float, attended: npt.ArrayLike | None) -> Numbers:
    """Return what is left at ``day`` of one unit from each session that a person came to."""
    total = np.zeros(())
    for number, start in enumerate(session_days):
        if start >= day:
            continue
        part = 0.5 ** ((day - start) / np.asarray(draw["half_life"]))
        total = total + (part if attended is None else part * (np.asarray(attended) > number))
    return np.asarray(total, dtype=float)


def _moderated(draw: Draw, people: People) -> Numbers:
    alleles = people["adora2a_t"] - 2 * load_values("people")["receptor"]["adora2a_t"].value
    typical = load_values("madrs_link")["unread"]["failed_trials"].value
    lost = np.asarray(draw["resistance"]) * (people["failed_trials"] - typical)
    return np.clip(1 - lost, 0.0, 2.0) * np.exp(np.asarray(draw["adora2a"]) * alleles)
