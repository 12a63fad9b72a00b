"""Small cells are suppressed, and cannot be had by subtraction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.io.small_cells import LEAST, count_text, shown_cells, shown_counts

COUNTS = st.lists(st.integers(0, 40), min_size=1, max_size=8)


def test_cells_of_one_to_four_are_suppressed_and_nobody_is_shown() -> None:
    assert shown_counts([0, 1, 4, 5, 30]) == (0, None, None, 5, 30)


def test_a_lone_small_cell_takes_the_next_smallest_along_where_the_total_is_written() -> None:
    assert shown_cells({"a": 3, "b": 20, "c": 9, "d": 0}, with_total=True) == {"a": None, "b": 20, "c": None, "d": 0}


def test_the_least_may_be_set() -> None:
    assert shown_counts([9, 10], least=10) == (None, 10)


def test_a_suppressed_cell_has_no_number() -> None:
    assert count_text(None) == "suppressed"
    assert count_text(12) == "12"


@given(COUNTS)
def test_no_small_cell_can_be_computed_from_the_total(counts: list[int]) -> None:
    shown = shown_counts(counts, with_total=True)
    assert not any(count is not None and 0 < count < LEAST for count in shown)
    large = sum(count >= LEAST for count in counts)
    assert shown.count(None) != 1 or large == 0


@pytest.mark.parametrize("counts", [[1, 1, 20, 9], [4, 4, 4, 20, 9]])
def test_cells_that_their_sum_would_tell_take_the_next_smallest_along(counts: list[int]) -> None:
    assert shown_counts(counts, with_total=True) == (*[None] * (len(counts) - 2), 20, None)


def test_cells_that_their_sum_leaves_open_stay_alone() -> None:
    assert shown_counts([1, 3, 20, 9], with_total=True) == (None, None, 20, 9)
