"""The search returns what keeps every limit, and never a schedule outside the envelope."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypoxia_cohorts import DESIGN, MOUSE, cohort, kept

from adenoscope.core.errors import Refused
from adenoscope.core.hypoxia_design import HypoxiaDesign, Limits, Objective, Range
from adenoscope.core.schedule import Override, Schedule
from adenoscope.studies.hypoxia.choice import AS_GIVEN, choose
from adenoscope.studies.hypoxia.evaluated import evaluate, twin
from adenoscope.studies.hypoxia.inside import grid_points, miss, outside_by
from adenoscope.studies.hypoxia.judging import ANY, breaches, broken, limit_risks, objectives, predicted, slacks
from adenoscope.studies.hypoxia.outcomes import outcome_of
from adenoscope.studies.hypoxia.refusal import refuse_outside, refuse_unkept
from adenoscope.studies.hypoxia.search import search_schedules
from adenoscope.studies.hypoxia.session import Cohort

SAFE, LOW = Schedule("fixed", 0.12, 300.0, 180.0, 3), Schedule("fixed", 0.09, 90.0, 60.0, 15)


def test_engagement_and_burden_multiply_with_sessions() -> None:
    outcome = outcome_of(SAFE, cohort("human"), 0.8)
    np.testing.assert_allclose(objectives(outcome, DESIGN, 5), 5 * objectives(outcome, DESIGN, 1))


def test_receptors_count_as_the_design_weighs_them() -> None:
    outcome = outcome_of(SAFE, cohort("human"), 0.8)
    a1, a2a = (replace(DESIGN, objective=Objective(*weights)) for weights in ((1, 0), (0, 1)))
    assert objectives(outcome, a1, 1)[0] == -np.median(outcome.a1_engagement_min)
    assert objectives(outcome, a2a, 1)[0] == -np.median(outcome.a2a_engagement_min)


def test_a_subject_breaks_each_limit_by_its_own_number() -> None:
    outcome = outcome_of(SAFE, cohort("human"), 0.87)
    asked = Limits(spo2_floor=0.87, below_floor_s=20.0, pto2_floor_mmhg=20.0, atp_fall=0.02, dose_percent_min=400.0)
    found = broken(outcome, replace(DESIGN, limits=asked), 3)
    np.testing.assert_array_equal(found["spo2_floor"], outcome.below_floor_s > 20.0)
    np.testing.assert_array_equal(found["pto2_floor_mmhg"], outcome.pto2_lowest_mmhg < 20.0)
    np.testing.assert_array_equal(found["atp_fall"], outcome.atp_fall > 0.02)
    np.testing.assert_array_equal(found["dose_percent_min"], 3 * outcome.burden_percent_min > 400.0)
    np.testing.assert_array_equal(found[ANY], np.any([m for name, m in found.items() if name != ANY], axis=0))


def test_who_cannot_be_followed_breaks_every_limit() -> None:
    outcome = outcome_of(SAFE, cohort("human"), 0.8)
    lost = {
        name: np.where(np.arange(7) == 2, np.nan, getattr(outcome, name))
        for name in ("burden_percent_min", "below_floor_s")
    }
    assert broken(replace(outcome, **lost), DESIGN, 1)[ANY][2]


def test_the_risk_has_the_exact_interval_of_its_draws() -> None:
    (floor, every) = limit_risks(outcome_of(SAFE, cohort("human"), 0.8), DESIGN, 1)
    assert (floor.n_broke, floor.n_subjects, every.limit) == (0, 7, ANY)
    assert floor.probability.high == pytest.approx(1 - 0.025 ** (1 / 7), rel=1e-6)  # none of seven


def test_slacks_are_kept_at_or_below_zero_and_animals_have_one() -> None:
    assert (slacks(outcome_of(SAFE, cohort("human"), 0.8), DESIGN, 1) <= 0).all()
    assert (slacks(outcome_of(LOW, cohort("human"), 0.8), DESIGN, 1)[1:] > 0).all()
    assert slacks(outcome_of(SAFE, cohort("mouse")), MOUSE, 1).shape == (1,)


@pytest.mark.parametrize("risk", [0.0, 0.1, 0.3, 0.5])
@pytest.mark.parametrize("floor", [0.84, 0.86, 0.88, 0.9])
def test_the_first_slack_says_whether_no_more_break_a_limit_than_are_accepted(floor: float, risk: float) -> None:
    outcome = outcome_of(SAFE, cohort("human", 31), floor)
    design = replace(DESIGN, limits=Limits(spo2_floor=floor, below_floor_s=10.0, risk=risk))
    assert (slacks(outcome, design, 1)[0] <= 0) == (broken(outcome, design, 1)[ANY].mean() <= risk)


def test_an_override_lets_a_prediction_pass_and_the_answer_keeps_it() -> None:
    allowed = replace(DESIGN, override=Override(("SPO2_PLAN_FLOOR", "LOW_RESPONDER_CHECK"), "board 7", "A. Name"))
    shown = evaluate("asked", LOW, allowed, cohort("human"))
    assert shown.breaches == ()
    assert {breach.limit for breach in shown.let_pass} == {"SPO2_PLAN_FLOOR", "LOW_RESPONDER_CHECK"}
    assert (slacks(shown.outcome, allowed, 1)[1:] < 0).all()


def test_the_front_rises_in_both_and_keeps_every_limit() -> None:
    found = search_schedules(DESIGN, cohort("human"))
    assert len(found.tried) == found.allowed == found.possible == 12
    burdens, engaged = ([getattr(one, name) for one in found.front] for name in ("burden", "engagement"))
    assert burdens == sorted(burdens)
    assert engaged == sorted(engaged)
    assert all(one.keeps_limits for one in found.front)


def test_the_recommended_schedule_has_no_more_burden_than_was_given_in_a_study() -> None:
    found = search_schedules(DESIGN, cohort("human"))
    choice = choose(found, DESIGN, cohort("human"), cohort("human", 31), "design.toml")
    assert choice.rule.startswith(AS_GIVEN.split("{", maxsplit=1)[0])
    assert choice.evaluated.schedule in [one.schedule for one in found.front]
    assert choice.evaluated.breaches == ()


def test_a_burden_that_is_asked_for_is_kept_or_refused() -> None:
    found, people = search_schedules(DESIGN, cohort("human")), cohort("human")
    most = found.front[len(found.front) // 2].burden
    asked = replace(DESIGN, burden_percent_min=most)
    choice = choose(found, asked, people, people, "design.toml")
    assert choice.evaluated.burden is not None
    assert choice.evaluated.burden.estimate == pytest.approx(most, rel=1e-9)
    with pytest.raises(Refused, match="raise burden_percent_min"):
        choose(found, replace(DESIGN, burden_percent_min=1.0), people, people, "design.toml")


def test_a_schedule_that_breaks_its_limits_in_fresh_subjects_is_passed_over() -> None:
    mild = search_schedules(DESIGN, cohort("human"))
    strict = replace(DESIGN, limits=Limits(spo2_floor=0.95, risk=0.0))
    with pytest.raises(Refused, match=r"but not in 31 others(.|\n)*spo2_floor"):
        choose(mild, strict, cohort("human"), cohort("human", 31), "design.toml")


def test_where_no_schedule_keeps_its_limits_the_closest_is_named() -> None:
    strict = replace(DESIGN, limits=Limits(spo2_floor=0.94, risk=0.0))
    found = search_schedules(strict, cohort("human"))
    assert found.front == ()
    with pytest.raises(Refused, match=r"none of 12 schedules(.|\n)*3 x 60 s of 14 % O2(.|\n)*spo2_floor"):
        refuse_unkept(found, strict, cohort("human"), "design.toml")


def test_a_gas_of_the_other_kind_has_the_same_bouts() -> None:
    fixed = evaluate("fixed", SAFE, DESIGN, cohort("human"))
    other = twin(fixed, DESIGN)
    assert (other.bout_s, other.rest_s, other.bouts, other.gas) == (300.0, 180.0, 3, "clamped")
    assert other.spo2_target == pytest.approx(np.median(fixed.outcome.spo2_nadir), abs=0.005)
    assert other.fio2 >= 0.09
    back = twin(evaluate("clamped", other, DESIGN, cohort("human")), DESIGN)
    assert (back.gas, back.spo2_target) == ("fixed", None)
    assert back.fio2 == pytest.approx(0.12, abs=0.011)


def random_design(random: np.random.Generator) -> HypoxiaDesign:
    """Return a design whose ranges reach far beyond the envelope, and whose wishes are anything."""

    def between(low: float, high: float, step: float) -> Range:
        first, last = np.sort(random.integers(round(low / step), round(high / step) + 1, 2)).tolist()
        return Range(first * step, last * step, step * max(1, (last - first) // 3))

    clamped = random.random() < 0.3
    return replace(
        DESIGN,
        gas="clamped" if clamped else "fixed",
        spo2_target=between(0.70, 0.95, 0.01) if clamped else None,
        fio2=between(0.06, 0.16, 0.005),
        bout_s=between(30.0, 900.0, 30.0),
        rest_s=between(0.0, 300.0, 30.0),
        bouts=between(1, 20, 1),
        sessions=between(1, 15, 1),
        objective=Objective(*random.uniform(0.01, 1.0, 2).tolist()),
        limits=Limits(spo2_floor=float(random.uniform(0.5, 0.9)), risk=float(random.uniform(0, 0.5))),
        sessions_per_week=int(random.integers(1, 8)),
    )


def assert_inside(schedule: Schedule) -> None:
    """Check a schedule against the envelope written out once more, apart from the code that searches."""
    assert schedule.fio2 >= 0.09
    assert schedule.bout_s <= (600 if schedule.fio2 >= 0.13 else 300)
    assert schedule.fio2 >= 0.11 or schedule.bout_s <= 90 or schedule.spo2_target is not None
    assert schedule.rest_s >= 60 or schedule.bouts == 1
    assert schedule.bouts <= 15
    assert schedule.sessions <= 10
    assert min(schedule.sessions, schedule.sessions_per_week) <= 5
    assert schedule.spo2_target is None or schedule.spo2_target >= 0.80


def searched_at_random(people: Cohort, budget: int) -> tuple[int, int]:
    """Search 200 random designs, check every schedule of every front, and count those and the designs refused."""
    random, found, refused = np.random.default_rng(6), 0, 0
    for _ in range(200):
        design = random_design(random)
        for one in search_schedules(design, people, budget=budget).front:
            found += 1
            assert_inside(one.schedule)
            outcome = outcome_of(one.schedule, people)
            assert outcome.spo2_nadir.mean() - outcome.spo2_nadir.std(ddof=1) >= 0.80
            assert outcome.low_responder is not None
            assert outcome.low_responder["spo2_nadir"] >= 0.80
            assert breaches(one.schedule, design) == predicted(outcome, design) == ()
        try:
            refuse_outside(design, "design.toml")
        except Refused:
            refused += 1
    return found, refused


def test_e1_two_hundred_random_designs_never_leave_the_envelope() -> None:
    found, refused = searched_at_random(cohort("human"), budget=3)
    assert found > 50
    assert refused > 20


@pytest.mark.slow
def test_e1_nor_do_they_in_the_whole_cohort_with_longer_searches() -> None:
    found, refused = searched_at_random(cohort("human", 64), budget=30)
    assert found > 400
    assert refused > 20


def test_parts_of_schedules_are_judged_as_whole_schedules_are() -> None:
    random = np.random.default_rng(8)
    for _ in range(30):
        design = random_design(random)
        points = np.concatenate(list(grid_points(design)))[:200]
        for point, by in zip(points.tolist(), outside_by(points, design).tolist(), strict=True):
            assert by == pytest.approx(miss(breaches(design.schedule(tuple(point)), design)), abs=1e-9)


def test_ranges_that_reach_into_the_envelope_are_not_refused() -> None:
    refuse_outside(replace(DESIGN, fio2=Range(0.05, 0.12, 0.01)), "design.toml")
    with pytest.raises(Refused, match=r"nothing was simulated(.|\n)*FIO2_MIN"):
        refuse_outside(replace(DESIGN, fio2=Range(0.05, 0.08, 0.01), bout_s=kept(60.0)), "design.toml")
