"""Courses of hypoxia held against the envelope for people, session by session and as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from adenoscope.core.protocol import Breath
from adenoscope.core.schedule import DAYS_OF_WEEK, Breach, Schedule
from adenoscope.core.trial import Arm, Trial
from adenoscope.mechanism.envelope import predicted_breaches, schedule_breaches
from adenoscope.mechanism.pieces import constants
from adenoscope.studies.trials.pool import Pool

NOT_JUDGED = 1.0  # SpO2 of a low responder, who is not simulated here


def course_refusals(trial: Trial) -> list[str]:
    """Return why a trial's courses of hypoxia are not given to people; [] where there is nothing against them."""
    return [
        _sentence(arm, breach)
        for arm in trial.arms
        for breath in _hypoxic(arm)
        for breach in schedule_breaches(_schedule(arm, breath))
    ]


def predicted_refusals(trial: Trial, pool: Pool) -> list[str]:
    """Return why the saturation predicted of a trial's people is too low to be planned; [] where it is not."""
    found: list[str] = []
    for place, arm in enumerate(trial.arms):
        nadir = pool.engagement.spo2_low[:, place]
        if any(_hypoxic(arm)) and np.isfinite(nadir).all():
            mean, sd = float(nadir.mean()), float(nadir.std())
            found += [_sentence(arm, breach) for breach in predicted_breaches(mean, sd, NOT_JUDGED)]
    return found


def _hypoxic(arm: Arm) -> Iterator[Breath]:
    room = constants("oxygen", "human")["fio2"].value
    yield from (breath for breath in arm.breathe if breath.fio2 < room)


def _schedule(arm: Arm, breath: Breath) -> Schedule:
    days = np.floor(np.array(arm.session_days))
    a_week = max(int(((days >= day) & (days < day + DAYS_OF_WEEK)).sum()) for day in days)
    return Schedule(
        gas="fixed",
        fio2=breath.fio2,
        bout_s=breath.duration_s,
        rest_s=breath.rest_s,
        bouts=breath.repeat,
        sessions=len(arm.session_days),
        sessions_per_day=max(Counter(days.tolist()).values()),
        sessions_per_week=a_week,
    )


def _sentence(arm: Arm, breach: Breach) -> str:
    return f"{arm.name}: {breach.words}"
