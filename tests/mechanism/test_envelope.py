"""The envelope for people: what is outside is named, with how far; what trials gave within it passes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adenoscope.core.schedule import Schedule
from adenoscope.mechanism.envelope import (
    besides_breaches,
    bout_limit,
    conduct,
    conduct_words,
    envelope,
    predicted_breaches,
    schedule_breaches,
    without,
)

SAFE = Schedule("fixed", 0.12, 300.0, 180.0, 3)
CLAMPED = Schedule("clamped", 0.09, 240.0, 240.0, 5, spo2_target=0.9)
UNSAFE = [
    (replace(SAFE, fio2=0.08, bout_s=60.0), "FIO2_MIN", 0.01),
    (Schedule("fixed", 0.09, 3600.0, 0.0, 1), "BOUT_MAX_S_AT_FIO2_BELOW_0.11", 3510.0),  # continuous 9 %
    (Schedule("fixed", 0.10, 1800.0, 0.0, 1), "BOUT_MAX_S_AT_FIO2_BELOW_0.11", 1710.0),  # continuous 10 %
    (replace(SAFE, fio2=0.09), "BOUT_MAX_S_AT_FIO2_BELOW_0.11", 210.0),  # 5-minute bouts at 9 %
    (replace(SAFE, bout_s=600.0), "BOUT_MAX_S_AT_FIO2_0.11_TO_0.13", 300.0),
    (replace(SAFE, fio2=0.13, bout_s=1200.0), "BOUT_MAX_S_AT_FIO2_GE_0.13", 600.0),
    (replace(SAFE, rest_s=30.0), "REST_MIN_S", 30.0),
    (replace(SAFE, bouts=20), "BOUTS_MAX_PER_DAY", 5.0),
    (replace(SAFE, sessions=2, sessions_per_day=2), "SESSIONS_MAX_PER_DAY", 1.0),
    (replace(SAFE, sessions=7, sessions_per_week=7), "SESSIONS_MAX_PER_WEEK", 2.0),
    (replace(SAFE, sessions=15), "SESSIONS_MAX_TOTAL_BEFORE_REVIEW", 5.0),
    (replace(CLAMPED, spo2_target=0.75), "SPO2_PLAN_FLOOR", 0.05),
    (replace(CLAMPED, fio2=0.07), "FIO2_MIN", 0.02),
    (replace(CLAMPED, bout_s=480.0), "BOUT_MAX_S_AT_FIO2_0.11_TO_0.13", 180.0),
]
KEPT = [
    *(SAFE, CLAMPED, replace(SAFE, fio2=0.11), replace(SAFE, fio2=0.13, bout_s=600.0, bouts=4, rest_s=300.0)),
    *(Schedule("fixed", 0.10, 60.0, 90.0, 15), Schedule("fixed", 0.12, 60.0, 60.0, 15, sessions=10)),
    Schedule("fixed", 0.16, 300.0, 0.0, 1),  # a single bout needs no rest
]


@pytest.mark.parametrize(("schedule", "limit", "by"), UNSAFE, ids=lambda value: getattr(value, "words", None))
def test_an_unsafe_schedule_breaks_one_limit_by_name_and_amount(schedule: Schedule, limit: str, by: float) -> None:
    (breach,) = schedule_breaches(schedule)
    assert breach.limit == limit
    assert breach.by == pytest.approx(by)
    assert limit in breach.words
    assert breach.source == envelope()[limit].source


@pytest.mark.parametrize("schedule", KEPT, ids=lambda schedule: schedule.words)
def test_what_trials_gave_within_the_envelope_passes(schedule: Schedule) -> None:
    assert schedule_breaches(schedule) == ()


def test_every_limit_of_a_schedule_is_listed_at_once() -> None:
    worst = Schedule("fixed", 0.05, 600.0, 10.0, 30, sessions=30, sessions_per_day=2, sessions_per_week=10)
    assert len(schedule_breaches(worst)) == 7


def test_predicted_nadirs_are_held_against_the_plans_floor_and_the_low_responders() -> None:
    assert predicted_breaches(0.85, 0.02, 0.81) == ()
    plan, low = predicted_breaches(0.82, 0.03, 0.76)
    assert (plan.limit, low.limit) == ("SPO2_PLAN_FLOOR", "LOW_RESPONDER_CHECK")
    assert (plan.by, low.by) == (pytest.approx(0.01), pytest.approx(0.04))


def test_an_override_lets_named_limits_pass_but_never_what_is_prohibited() -> None:
    found = (
        *schedule_breaches(replace(SAFE, rest_s=30.0, bouts=20)),
        *besides_breaches(channel_blocker=True, added_co2=True),
    )
    left = without(found, [breach.limit for breach in found])
    assert [breach.limit for breach in left] == ["DISSOCIATIVE_PLUS_HYPOXIA", "ADDED_CO2"]
    assert [breach.limit for breach in without(found[:2], ["REST_MIN_S"])] == ["BOUTS_MAX_PER_DAY"]


def test_gas_that_follows_the_oximeter_has_the_bouts_of_titrated_gas() -> None:
    assert bout_limit(0.09) == "BOUT_MAX_S_AT_FIO2_BELOW_0.11"
    assert bout_limit(0.09, titrated=True) == "BOUT_MAX_S_AT_FIO2_0.11_TO_0.13"
    assert bout_limit(0.13) == bout_limit(0.13, titrated=True) == "BOUT_MAX_S_AT_FIO2_GE_0.13"


def test_rules_of_conduct_are_printed_with_their_numbers_and_sources() -> None:
    assert conduct_words("SPO2_STOP_BOUT").startswith("75 %: air at once")
    assert conduct_words("EXCLUDE").startswith("nobody with pregnancy")
    assert all("Source: " in conduct_words(name) for name in conduct())


def test_limits_that_were_not_read_are_not_called_verified() -> None:
    assert not any(conduct()[name].verified for name in ("SPO2_STOP_BOUT", "SPO2_STOP_SESSION", "APNOEA_STOP_S"))
    assert not envelope()["SPO2_PLAN_FLOOR"].verified
