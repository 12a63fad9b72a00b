"""Courses of hypoxia held against the envelope for people, as designs of hypoxia are: no arm is let pass.

What is predicted is judged twice: in the cohort and the low responder that a design of hypoxia is judged by, before
anything else is simulated, and in the trial's own people, by the lowest saturation of a session.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from adenoscope.core.people import Numbers
from adenoscope.core.protocol import Breath
from adenoscope.core.schedule import DAYS_OF_WEEK, Breach, Schedule
from adenoscope.core.trial import Arm, Trial
from adenoscope.mechanism.envelope import PREDICTED, plan_breaches, predicted_breaches, schedule_breaches
from adenoscope.mechanism.pieces import constants
from adenoscope.studies.hypoxia.judging import nadir_mean_sd, predicted_nadirs
from adenoscope.studies.hypoxia.outcomes import outcome_of
from adenoscope.studies.hypoxia.session import draw_cohort

COHORT = 64  # subjects, as many as a design of hypoxia has unless it says otherwise


def course_refusals(trial: Trial) -> list[str]:
    """Return why a trial's courses of hypoxia are not given to people; [] where there is nothing against them."""
    found: list[str] = []
    for arm in trial.arms:
        breaths = _hypoxic(arm)
        if len(breaths) > 1:
            found.append(_several_kinds(arm, len(breaths)))
        for breath in breaths:
            found += [_sentence(arm, breach) for breach in schedule_breaches(_schedule(arm, breath))]
    return found


def session_refusals(trial: Trial) -> list[str]:
    """Return which limits of predicted saturation an arm breaks in the envelope's own cohort and low responder.

    Valid: as a design of hypoxia is; drugs given beside it are left out.
    Source: ``mechanism.envelope``.
    """
    schedules = {arm: _schedule(arm, breath) for arm in trial.arms for breath in _hypoxic(arm)}
    if not schedules:
        return []
    cohort = draw_cohort("human", COHORT, trial.seed)
    judged = {arm: predicted_nadirs(outcome_of(schedule, cohort)) for arm, schedule in schedules.items()}
    return [_sentence(arm, breach) for arm, nadirs in judged.items() for breach in predicted_breaches(*nadirs)]


def people_refusals(trial: Trial, lowest: Numbers, groups: Mapping[str, npt.NDArray[np.intp]]) -> list[str]:
    """Return why the saturation predicted of a trial's own people is too low to be planned; [] where it is not.

    Args:
        trial: Its arms of hypoxia are judged.
        lowest: Saturation [1], the lowest of a session, shape (person, arm).
        groups: Places of those who may be asked, by what they are called; a group of nobody is not judged.
    """
    found: list[str] = []
    for column, arm in enumerate(trial.arms):
        if not _hypoxic(arm):
            continue
        for name, people in groups.items():
            if people.size:
                breaches = plan_breaches(*nadir_mean_sd(lowest[people, column]))
                found += [f"{_sentence(arm, breach)} So it is in people who are {name}." for breach in breaches]
    return found


def gives_hypoxia(trial: Trial) -> bool:
    """Return whether an arm breathes less oxygen than air has."""
    return any(_hypoxic(arm) for arm in trial.arms)


def _hypoxic(arm: Arm) -> tuple[Breath, ...]:
    room = constants("oxygen", "human")["fio2"].value
    return tuple(breath for breath in arm.breathe if breath.fio2 < room)


def _schedule(arm: Arm, breath: Breath) -> Schedule:
    return Schedule(
        gas="fixed",
        fio2=breath.fio2,
        bout_s=breath.duration_s,
        rest_s=breath.rest_s,
        bouts=breath.repeat,
        sessions=len(arm.session_days),
        sessions_per_day=_most_within(1.0, np.array(arm.session_days)),
        sessions_per_week=_most_within(DAYS_OF_WEEK, np.floor(arm.session_days)),
    )


def _most_within(days: float, sessions: Numbers) -> int:
    """Return how many sessions there are within so many days, at most: midnight and weekends begin nothing anew."""
    return max(int(((sessions >= first) & (sessions < first + days)).sum()) for first in sessions)


def _several_kinds(arm: Arm, kinds: int) -> str:
    return (
        f"{arm.name}: bouts of hypoxia of {kinds} kinds in a session; {' and '.join(PREDICTED)} are held against "
        "bouts of one kind. Write one [[arm.breathe]] with repeat and rest_s."
    )


def _sentence(arm: Arm, breach: Breach) -> str:
    return f"{arm.name}: {breach.words}"
