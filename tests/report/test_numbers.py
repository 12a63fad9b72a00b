"""Numbers: digits that the interval supports, units, true minus signs."""

from __future__ import annotations

import pytest
from made_results import an_answer, without_control

from adenoscope.core.interval import Interval
from adenoscope.report.estimand_table import NOT_CLAIMED, estimand_rows
from adenoscope.report.numbers import (
    MEASURES,
    bounds,
    count,
    decimals,
    duration,
    estimate,
    grouped,
    number,
    without_sign,
)


@pytest.mark.parametrize(
    ("spread", "places"),
    [(63.0, 0), (7.5, 0), (2.1, 1), (0.8, 1), (0.085, 2), (0.021, 3), (1e-9, 4), (0.0, 2)],
)
def test_decimals_follow_the_width_of_the_interval(spread: float, places: int) -> None:
    assert decimals(spread) == places


def test_zero_has_no_sign_and_minus_is_a_minus() -> None:
    assert number(-0.001, 1) == "0.0"
    assert number(-2.34, 1) == "−2.3"


def test_fractions_are_shown_as_per_cent_and_areas_in_minutes() -> None:
    assert estimate(Interval(0.15, 0.13, 0.17), MEASURES["mean_dff"]) == "15.0"
    assert bounds(Interval(180.0, 120.0, 240.0), MEASURES["auc_dff_s"]) == "200 to 400"


def test_short_times_are_in_seconds_and_long_ones_in_minutes() -> None:
    assert duration("onset", 118.0).unit == "s"
    assert duration("onset", 121.0).unit == "min"


def test_counts_and_large_numbers_read_well() -> None:
    assert (count(1, "animal"), count(3, "animal")) == ("1 animal", "3 animals")
    assert grouped(216000) == "216\u202f000"


def test_the_size_of_a_fall_keeps_its_bounds_in_order() -> None:
    assert without_sign(Interval(-3.0, -5.0, -1.0)) == Interval(3.0, 1.0, 5.0)


def test_the_table_has_a_unit_for_every_claim_and_says_what_is_not_claimed() -> None:
    answer = without_control(an_answer(), 4)
    assert answer.estimands is not None
    rows = {row.name: row for row in estimand_rows(answer.estimands)}
    assert all(row.unit or row.value == NOT_CLAIMED for row in rows.values())
    assert rows["Area under ΔF/F, 0 to 30\u00a0min"].value == NOT_CLAIMED
    assert rows["Minimum detectable mean"].value == "2.4"
