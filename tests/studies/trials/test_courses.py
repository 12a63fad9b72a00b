"""Arms of hypoxia are held against the envelope that designs of hypoxia are held against, and are not let pass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from planned import TRIAL

from adenoscope.core.hypoxia_design import HypoxiaDesign, Limits, Objective, Range
from adenoscope.core.protocol import Breath
from adenoscope.core.trial import Trial
from adenoscope.io.hypoxia_presets import presets
from adenoscope.studies.hypoxia.judging import breaches, predicted
from adenoscope.studies.hypoxia.outcomes import outcome_of
from adenoscope.studies.hypoxia.session import draw_cohort
from adenoscope.studies.trials.courses import COHORT, course_refusals, people_refusals, session_refusals

TEN_MINUTES = Breath(0.0, 0.13, 600.0, 4, 300.0)
LOW_RESPONDER_FALLS = Breath(0.0, 0.10, 90.0, 15, 60.0)
FIXED = {n: p for n, p in presets().items() if p.species == "human" and p.schedule.spo2_target is None}


def trial(*breaths: Breath, days: tuple[float, ...] = (0.0, 1.0, 2.0)) -> Trial:
    active, control = TRIAL.arms
    return replace(TRIAL, arms=(replace(active, breathe=breaths, session_days=days), control))


@pytest.mark.parametrize("name", FIXED)
def test_an_arm_is_refused_for_what_a_design_of_the_same_bouts_is_refused(name: str) -> None:
    schedule = FIXED[name].schedule
    breath = Breath(0.0, schedule.fio2, schedule.bout_s, schedule.bouts, schedule.rest_s)
    one = replace(schedule, sessions=1, sessions_per_week=1)
    design = HypoxiaDesign(
        species="human", gas="fixed", objective=Objective(1.0, 1.0), limits=Limits(), seed=TRIAL.seed,
        **{key: Range(v, v, 1.0) for key in ("fio2", "bout_s", "rest_s", "bouts") for v in [getattr(one, key)]},
        sessions=Range(1.0, 1.0, 1.0),
    )  # fmt: skip
    asked = trial(breath, days=(0.0,))
    assert course_refusals(asked) == [f"drug: {breach.words}" for breach in breaches(one, design)]
    outcome = outcome_of(one, draw_cohort("human", COHORT, TRIAL.seed))
    assert session_refusals(asked) == [f"drug: {breach.words}" for breach in predicted(outcome, design)]


def test_bouts_that_a_low_responder_does_not_bear_are_refused_with_the_limit_named() -> None:
    (said,) = session_refusals(trial(LOW_RESPONDER_FALLS))
    assert said.startswith("drug: LOW_RESPONDER_CHECK: a low responder's nadir of SpO2 is predicted at 0.8 or above")


def test_bouts_that_were_given_to_people_and_arms_without_hypoxia_are_allowed() -> None:
    for allowed in (trial(TEN_MINUTES), TRIAL, trial(Breath(0.0, 0.5, 600.0))):
        assert course_refusals(allowed) == session_refusals(allowed) == []
        assert people_refusals(allowed, np.full((3, 2), 0.9), {"eligible": np.arange(3)}) == []


def test_bouts_of_two_kinds_are_refused_as_they_could_not_be_judged() -> None:
    (said,) = course_refusals(trial(TEN_MINUTES, Breath(4000.0, 0.10, 60.0, 3, 60.0)))
    assert "2 kinds" in said
    assert "LOW_RESPONDER_CHECK" in said


@pytest.mark.parametrize("days", [(0.0, 0.4), (0.9, 1.1)])
def test_two_sessions_within_a_day_are_refused_though_midnight_is_between(days: tuple[float, ...]) -> None:
    (said,) = course_refusals(trial(TEN_MINUTES, days=days))
    assert "SESSIONS_MAX_PER_DAY" in said


def test_sessions_at_weekends_count_with_those_of_the_weeks_beside() -> None:
    (said,) = course_refusals(trial(TEN_MINUTES, days=(2.0, 3.0, 4.0, 5.0, 6.0, 7.0)))
    assert "SESSIONS_MAX_PER_WEEK" in said


def test_the_trials_own_people_are_judged_by_who_may_be_asked_and_not_by_the_whole_pool() -> None:
    asked = trial(TEN_MINUTES)
    lowest = np.column_stack([[0.90, 0.91, 0.92, 0.78, 0.79], np.full(5, np.nan)])
    groups = {"eligible": np.array([0, 1, 2]), "eligible and enriched": np.array([3, 4])}
    (said,) = people_refusals(asked, lowest, groups)
    assert said.startswith("drug: SPO2_PLAN_FLOOR")
    assert said.endswith("in people who are eligible and enriched.")
    assert people_refusals(asked, lowest, {**groups, "eligible and enriched": np.array([], int)}) == []


def test_saturation_that_nobody_could_follow_keeps_no_limit() -> None:
    (said,) = people_refusals(trial(TEN_MINUTES), np.full((3, 2), np.nan), {"eligible": np.arange(3)})
    assert "SPO2_PLAN_FLOOR" in said
