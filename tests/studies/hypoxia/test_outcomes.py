"""What a session does to subjects: nadirs as published, areas against finer sampling, days that do not interact."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypoxia_cohorts import cohort

from adenoscope.core.schedule import Schedule
from adenoscope.io.hypoxia_presets import presets
from adenoscope.studies.hypoxia import session
from adenoscope.studies.hypoxia.evaluated import days_interact
from adenoscope.studies.hypoxia.outcomes import NAMES, UNITS, Outcome, outcome_of, time_beyond
from adenoscope.studies.hypoxia.session import gas_changes, session_gap, session_times, some_of

PUBLISHED = [name for name, preset in presets().items() if preset.published_spo2]
SHORT = Schedule("fixed", 0.10, 60.0, 90.0, 3)


@pytest.mark.parametrize("name", PUBLISHED)
def test_e1_presets_give_nadirs_within_five_points_of_their_sources(name: str) -> None:
    preset = presets()[name]
    assert preset.published_spo2 is not None
    nadirs = outcome_of(preset.schedule, cohort("human", 31)).spo2_nadir
    assert nadirs.mean() == pytest.approx(preset.published_spo2.value, abs=0.05)


def test_mice_desaturate_and_adenosine_rises_many_times_as_much_as_in_people() -> None:
    mice = outcome_of(presets()["mouse_5x300s_9"].schedule, cohort("mouse"))
    people = outcome_of(presets()["human_15x60s_10"].schedule, cohort("human"))
    assert 0.4 < mice.spo2_nadir.mean() < 0.65
    assert np.median(mice.a1_peak_rise) > 0.3
    assert np.median(people.a1_peak_rise) < 0.02
    assert np.median(people.a1_raised_min) == 0


def test_a_session_ends_with_adenosine_at_rest() -> None:
    mice = outcome_of(presets()["mouse_5x300s_9"].schedule, cohort("mouse"))
    assert np.abs(mice.a1_left).max() < 1e-3


def test_the_low_responder_falls_lower_than_people_do_on_average() -> None:
    shown = outcome_of(presets()["human_3x300s_11"].schedule, cohort("human"))
    assert shown.low_responder is not None
    assert shown.low_responder["spo2_nadir"] < shown.spo2_nadir.mean() - 0.02
    assert outcome_of(SHORT, cohort("mouse")).low_responder is None


@pytest.mark.parametrize(
    ("species", "schedule"),
    [
        ("human", SHORT),
        ("human", Schedule("clamped", 0.09, 90.0, 90.0, 3, spo2_target=0.85)),
        ("mouse", SHORT),
        ("mouse", Schedule("fixed", 0.09, 300.0, 300.0, 2)),
    ],
)
def test_readings_are_those_of_curves_looked_at_every_half_second(species, schedule, monkeypatch) -> None:
    own = outcome_of(schedule, cohort(species), 0.8)
    monkeypatch.setattr(session, "EVERY_S", 0.5)
    fine = outcome_of(schedule, cohort(species), 0.8)
    for name in ("spo2_nadir", "spo2_lowest"):
        np.testing.assert_allclose(getattr(own, name), getattr(fine, name), atol=0.002)  # 0.2 points of SpO2
    np.testing.assert_allclose(own.pto2_lowest_mmhg, fine.pto2_lowest_mmhg, rtol=0.01)
    for name in ("burden_percent_min", "a1_engagement_min", "a2a_engagement_min"):
        np.testing.assert_allclose(getattr(own, name), getattr(fine, name), rtol=0.01)


@pytest.mark.parametrize("species", ["human", "mouse"])
def test_the_last_of_three_days_is_like_the_first(species) -> None:
    for schedule in (SHORT, Schedule("clamped", 0.09, 120.0, 60.0, 2, spo2_target=0.85)):
        assert days_interact(schedule, some_of(cohort(species), 4), 3) < 2e-3


def test_what_a_subject_does_depends_on_nobody_else() -> None:
    few, more = (outcome_of(SHORT, cohort("human", n)) for n in (7, 31))
    np.testing.assert_allclose(few.burden_percent_min, more.burden_percent_min[:7], rtol=1e-6)


def test_bouts_without_air_between_are_one() -> None:
    parts, whole = Schedule("fixed", 0.13, 60.0, 0.0, 3), Schedule("fixed", 0.13, 180.0, 0.0, 1)
    assert gas_changes(parts, "human") == gas_changes(whole, "human")
    assert outcome_of(parts, cohort("human")).spo2_lowest == pytest.approx(
        outcome_of(whole, cohort("human")).spo2_lowest, abs=1e-3
    )


def test_times_start_with_the_first_bout_and_hold_every_turn() -> None:
    times = session_times(SHORT, "human")
    assert (times[0], times[-1]) == (0.0, SHORT.session_s + session.RECOVERY_S)
    assert {start + SHORT.bout_s for start in SHORT.starts_s} <= set(times.tolist())
    assert (np.diff(times) > 0).all()


def test_two_sessions_a_day_lie_half_a_day_apart() -> None:
    assert session_gap(replace(SHORT, sessions_per_day=2)) == 43200.0


def test_time_beyond_a_level_is_read_from_straight_lines() -> None:
    times, curves = np.array([0.0, 10.0, 20.0]), np.array([[0.0, 1.0, 0.0], [0.0, 0.2, 0.0], [1.0, 1.0, 1.0]])
    np.testing.assert_allclose(time_beyond(times, curves, 0.5), [10.0, 0.0, 20.0])


def test_every_number_has_a_unit() -> None:
    assert set(NAMES) == set(UNITS)
    assert set(Outcome.__dataclass_fields__) == {*NAMES, "low_responder"}
