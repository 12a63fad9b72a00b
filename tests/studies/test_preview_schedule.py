"""A schedule previewed: people stay inside the envelope, and a refusal says what was found and what is allowed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from adenoscope.core.errors import InputError
from adenoscope.core.hypoxia_design import HypoxiaDesign
from adenoscope.studies.hypoxia.outcomes import outcome_of
from adenoscope.studies.preview_schedule import drawn_cohort, preview_schedule, schedule_design_of

MILD = {"fio2": 0.13, "bout_s": 300, "rest_s": 180, "bouts": 3}


def design(species: str, **changed: Any) -> HypoxiaDesign:
    return schedule_design_of({"species": species, "schedule": MILD | changed}, "the page")


def test_bands_cover_the_session_and_numbers_are_those_of_the_design_command() -> None:
    preview = preview_schedule(design("human"))
    assert preview.curves is not None
    assert preview.evaluated is not None
    assert {"spo2", "inspired_fio2", "pto2", "a1_occupancy", "a2a_occupancy", "adenosine_um"} == set(
        preview.curves.bands
    )
    assert all(band.shape == (3, preview.curves.time_s.size) for band in preview.curves.bands.values())
    again = outcome_of(preview.schedule, drawn_cohort("human", 64, 1, "mPFC"), 0.8)
    np.testing.assert_array_equal(preview.evaluated.outcome.spo2_nadir, again.spo2_nadir)
    assert any("No recording of adenosine in people" in words for words in preview.outside_validity)


OUTSIDE = {
    "FIO2_MIN": {"fio2": 0.08, "bout_s": 60},
    "BOUT_MAX_S_AT_FIO2_BELOW_0.11": {"fio2": 0.10},
    "BOUT_MAX_S_AT_FIO2_0.11_TO_0.13": {"fio2": 0.12, "bout_s": 305},
    "BOUT_MAX_S_AT_FIO2_GE_0.13": {"bout_s": 605},
    "REST_MIN_S": {"rest_s": 55},
    "BOUTS_MAX_PER_DAY": {"bouts": 16},
    "SESSIONS_MAX_TOTAL_BEFORE_REVIEW": {"sessions": 11},
    "SESSIONS_MAX_PER_WEEK": {"sessions": 6, "sessions_per_week": 6},
    "SPO2_PLAN_FLOOR": {"fio2": 0.10, "spo2_target": 0.75},
}


@pytest.mark.parametrize("limit", OUTSIDE)
def test_people_are_not_simulated_outside_the_envelope(limit: str) -> None:
    preview = preview_schedule(design("human", **OUTSIDE[limit]))
    assert not preview.simulated
    assert preview.curves is preview.evaluated is None
    breach = next(breach for breach in preview.breaches if breach.limit == limit)
    assert breach.found != breach.allowed
    assert breach.source


def test_what_is_predicted_outside_is_said_and_nothing_more_is_shown() -> None:
    preview = preview_schedule(design("human", fio2=0.09, bout_s=90))
    assert preview.simulated
    assert preview.curves is preview.evaluated is None
    assert {breach.limit for breach in preview.breaches} == {"SPO2_PLAN_FLOOR", "LOW_RESPONDER_CHECK"}
    assert preview.nadirs is not None
    assert preview.nadirs.low_responder < 0.8


def test_mice_have_no_envelope() -> None:
    preview = preview_schedule(design("mouse", fio2=0.09, bouts=16, rest_s=30))
    assert preview.breaches == ()
    assert preview.curves is not None
    assert preview.nadirs is None


@pytest.mark.parametrize(
    "more", [{"override": {"limits": ["FIO2_MIN"], "reason": "x", "by": "y"}}, {"also_given": ["caffeine"]}]
)
def test_nobody_overrides_the_envelope_here(more: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="one schedule"):
        schedule_design_of({"species": "human", "schedule": MILD, **more}, "the page")


def test_a_range_or_a_session_of_a_day_is_not_a_schedule_to_look_at() -> None:
    for schedule in (MILD | {"fio2": [0.1, 0.12]}, MILD | {"bouts": 100, "rest_s": 600}):
        with pytest.raises(InputError):
            schedule_design_of({"species": "mouse", "schedule": schedule}, "the page")
