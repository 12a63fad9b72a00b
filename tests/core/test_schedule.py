"""Schedules: days, lengths and words; ranges in steps that a device has."""

from __future__ import annotations

from adenoscope.core.hypoxia_design import Range
from adenoscope.core.schedule import Schedule

BOUTS = Schedule("fixed", 0.12, 300.0, 180.0, 3, sessions=12)


def test_a_session_ends_with_its_last_bout() -> None:
    assert BOUTS.starts_s == (0.0, 480.0, 960.0)
    assert (BOUTS.session_s, BOUTS.low_oxygen_s) == (1260.0, 900.0)


def test_sessions_of_a_week_lie_on_its_first_days() -> None:
    assert [BOUTS.day_of(session) for session in (1, 5, 6, 10, 11)] == [1, 5, 8, 12, 15]


def test_two_sessions_a_day_share_a_day() -> None:
    twice = Schedule("fixed", 0.12, 60.0, 60.0, 3, sessions=5, sessions_per_day=2, sessions_per_week=4)
    assert [twice.day_of(session) for session in range(1, 6)] == [1, 1, 2, 2, 8]


def test_a_schedule_is_said_in_words() -> None:
    assert BOUTS.words == "3 x 300 s of 12 % O2 with 180 s of air between, 12 sessions"
    clamped = Schedule("clamped", 0.09, 240.0, 0.0, 1, spo2_target=0.9)
    assert clamped.words == "1 x 240 s clamped at SpO2 90 % (no less than 9 % O2), 1 session"


def test_a_range_has_its_steps_and_both_ends() -> None:
    assert Range(0.09, 0.105, 0.005).levels == (0.09, 0.095, 0.1, 0.105)
    assert Range(60.0, 100.0, 15.0).levels == (60.0, 75.0, 90.0, 100.0)
    assert Range(5.0, 5.0, 1.0).levels == (5.0,)
