"""Times above a threshold and bands, on curves whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.studies.occupancy.readings import (
    BEYOND,
    Clock,
    Shares,
    band,
    hours_above,
    hours_until_below,
    readings,
)

HOURS = np.arange(0.0, 24.01, 0.05)


def decay(*half_lives: float) -> np.ndarray:
    return np.array([0.8 * 2 ** (-HOURS / half_life) for half_life in half_lives])


def clock(**instead: object) -> Clock:
    given = {"hours": HOURS, "first_h": 0.0, "last_h": 0.0, "challenge_h": None, "report_h": (1.0, 4.0)} | instead
    return Clock(**given)  # type: ignore[arg-type]


@given(half_life=st.floats(0.5, 5.0), threshold=st.floats(0.1, 0.7))
def test_a_decay_falls_below_a_threshold_when_its_formula_says(half_life: float, threshold: float) -> None:
    expected = half_life * np.log2(0.8 / threshold)
    # Straight lines over 0.05 h of a curve with a half-life above 0.5 h: off by less than a thousandth of an hour.
    assert hours_until_below(HOURS, decay(half_life), threshold, 0.0) == pytest.approx(expected, abs=1e-3)
    assert hours_above(HOURS, decay(half_life), threshold) == pytest.approx(expected, abs=1e-3)


def test_a_curve_that_never_gets_there_is_zero_and_one_that_stays_is_beyond() -> None:
    low, high = np.full((1, HOURS.size), 0.01), np.full((1, HOURS.size), 0.9)
    assert hours_until_below(HOURS, low, 0.05, 0.0) == [0.0]
    assert hours_until_below(HOURS, high, 0.05, 0.0) == [BEYOND]
    assert hours_above(HOURS, low, 0.05) == [0.0]
    assert hours_above(HOURS, high, 0.05) == pytest.approx(24.0)


def test_times_count_from_the_last_dose_and_repeated_doses_add_up() -> None:
    twice = np.where(HOURS < 10, decay(1.0), 0.8 * 2 ** (-(HOURS - 10) / 1.0))
    assert hours_until_below(HOURS, twice, 0.4, 10.0) == pytest.approx(1.0, abs=1e-3)
    # The jump at 10 h is a line over one step of 0.05 h, half of it above.
    assert hours_above(HOURS, twice, 0.4) == pytest.approx(2.0, abs=0.03)


def test_a_bound_beyond_the_end_is_none_and_says_how_many_are_still_above() -> None:
    found = readings(clock(), Shares(decay(*([1.0] * 60), *([100.0] * 40)))).above[0]
    assert found.until_h.estimate == pytest.approx(4.0, abs=1e-3)
    assert found.until_h.high is None
    assert found.until_h.still_above == pytest.approx(0.4)


def test_the_rise_that_is_kept_counts_from_what_antagonists_leave_at_that_time() -> None:
    rest, n = 0.2, HOURS.size
    bump = 0.3 * np.exp(-4 * (HOURS - 8) ** 2)
    without = np.tile(np.where(HOURS < 6, rest, rest + bump), (8, 1))
    # The antagonist wears off, so adenosine's share grows by itself; of the rise itself half is left.
    unraised = np.tile(np.linspace(0.05, 0.2, n), (8, 1))
    beside = unraised + np.where(HOURS < 6, 0.0, bump / 2)
    found = readings(clock(challenge_h=6.0), Shares(np.zeros((8, n)), without, beside, unraised))
    assert found.raised is not None
    assert found.raised.rise_kept is not None
    assert found.raised.rise_kept.estimate == pytest.approx(0.5)
    assert found.time_to_peak_h is None
    still = readings(clock(challenge_h=6.0), Shares(np.zeros((8, n)), 0 * without + rest, beside, unraised))
    assert still.raised is not None
    assert still.raised.rise_kept is None


def test_a_band_is_in_order_and_readings_are_those_of_the_times_asked() -> None:
    curves = decay(1.0, 2.0, 4.0, 8.0)
    found = band(curves)
    assert (found.low <= found.estimate).all()
    assert (found.estimate <= found.high).all()
    at = readings(clock(), Shares(curves)).at
    assert [each.after_h for each in at] == [1.0, 4.0]
    assert at[1].by_antagonist.estimate == pytest.approx(np.median(0.8 * 2 ** (-4 / np.array([1, 2, 4, 8]))))
