"""Differences and ratios from intervals alone."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.core.interval import Interval
from adenoscope.statistics.doses.interval_algebra import difference_of, exponential, ratio_of


def test_symmetric_intervals_add_like_standard_errors() -> None:
    found = difference_of(Interval(5.0, 2.0, 8.0), Interval(1.0, -3.0, 5.0))
    assert (found.estimate, found.low, found.high) == (4.0, -1.0, 9.0)


@pytest.mark.parametrize("first", [Interval(5.0, 2.0, 9.0), Interval(-5.0, -6.0, -1.0), Interval(0.2, -1.0, 1.0)])
@pytest.mark.parametrize("second", [Interval(2.0, 1.0, 8.0), Interval(-3.0, -4.0, -1.0)])
def test_a_bound_of_a_ratio_is_where_the_difference_just_reaches_zero(first: Interval, second: Interval) -> None:
    found = ratio_of(first, second)
    assert found is not None
    assert found.low < found.estimate < found.high
    for ratio in (found.low, found.high):
        ends = sorted((ratio * second.low, ratio * second.high))
        left = difference_of(first, Interval(ratio * second.estimate, *ends))
        assert min(abs(left.low), abs(left.high)) < 1e-9  # a root found to rounding


def test_a_ratio_to_what_may_be_zero_is_not_given() -> None:
    assert ratio_of(Interval(5.0, 2.0, 8.0), Interval(1.0, -0.1, 2.0)) is None


def test_the_exponential_of_an_interval_keeps_its_order() -> None:
    found = exponential(Interval(0.0, -1.0, 2.0))
    np.testing.assert_allclose([found.estimate, found.low, found.high], np.exp([0.0, -1.0, 2.0]))
