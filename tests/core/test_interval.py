"""An interval keeps its order, knows what it excludes and never leaves half finite."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.core.interval import Interval

finite = st.floats(-1e9, 1e9)


@given(values=st.tuples(finite, finite, finite), ci_prob=st.floats(0.01, 0.99))
def test_an_interval_survives_json(values: tuple[float, float, float], ci_prob: float) -> None:
    low, estimate, high = sorted(values)
    interval = Interval(estimate, low, high, ci_prob)
    assert Interval(**json.loads(json.dumps(interval.as_json()))) == interval


@given(bounds=st.tuples(finite, finite), value=finite)
def test_a_value_is_excluded_exactly_when_it_lies_outside_the_bounds(
    bounds: tuple[float, float], value: float
) -> None:
    low, high = sorted(bounds)
    interval = Interval(low, low, high)
    assert interval.excludes(value) == (value < low or value > high)
    assert not interval.excludes(low)
    assert not interval.excludes(high)
    assert interval.half_width >= 0


@pytest.mark.parametrize("bounds", [(1.0, 0.0), (math.nan, 1.0), (0.0, math.nan)])
def test_bounds_that_are_crossed_or_missing_are_refused(bounds: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="is above"):
        Interval(0.5, *bounds)


@pytest.mark.parametrize("ci_prob", [0.0, 1.0, 95.0])
def test_a_probability_outside_0_to_1_is_refused(ci_prob: float) -> None:
    with pytest.raises(ValueError, match="outside"):
        Interval(0.0, -1.0, 1.0, ci_prob)


def test_an_unbounded_interval_exists_but_does_not_leave_as_a_number() -> None:
    unbounded = Interval(0.0, -math.inf, math.inf)
    assert not unbounded.excludes(1e300)
    with pytest.raises(ValueError, match="null with a reason"):
        unbounded.as_json()
