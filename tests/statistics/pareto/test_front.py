"""Fronts and hypervolumes: as by brute force, whatever the order of the points."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.statistics.pareto.front import Numbers, feasible, front, gains, hypervolume

# Few distinct values, so that equal coordinates and equal points are common.
clouds = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=25).map(
    lambda rows: np.array(rows, dtype=float)
)


def beaten(point: Numbers, points: Numbers) -> bool:
    return bool(((points <= point).all(axis=1) & (points < point).any(axis=1)).any())


def counted_area(points: Numbers, side: int) -> int:
    """Return the cells of unit side below (side, side) that some point dominates."""
    cells = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    return int((points[None] <= cells[:, None]).all(axis=2).any(axis=1).sum())


@given(clouds)
def test_the_front_is_what_no_point_beats(points: Numbers) -> None:
    assert front(points).tolist() == [not beaten(point, points) for point in points]


@given(clouds, st.randoms(use_true_random=False))
def test_the_order_of_points_does_not_matter(points: Numbers, random: object) -> None:
    order = np.random.default_rng(random.randrange(2**31)).permutation(len(points))  # pyright: ignore
    assert front(points[order]).tolist() == front(points)[order].tolist()
    assert hypervolume(points[order], np.array([7.0, 7.0])) == hypervolume(points, np.array([7.0, 7.0]))


@given(clouds)
def test_the_front_of_a_front_is_itself(points: Numbers) -> None:
    assert front(points[front(points)]).all()


@given(clouds, st.integers(1, 8))
def test_the_hypervolume_is_the_area_that_is_dominated(points: Numbers, side: int) -> None:
    assert hypervolume(points, np.array([side, side], dtype=float)) == counted_area(points, side)


@given(clouds, clouds, st.integers(1, 8))
def test_a_gain_is_the_difference_of_two_hypervolumes(points: Numbers, more: Numbers, side: int) -> None:
    reference = np.array([side, side], dtype=float)
    before = hypervolume(points, reference)
    expected = [hypervolume(np.vstack([points, point]), reference) - before for point in more]
    assert gains(more, points, reference).tolist() == expected


def test_the_gain_over_nothing_is_the_rectangle() -> None:
    assert gains(np.array([[1.0, 2.0], [5.0, 0.0]]), np.zeros((0, 2)), np.array([4.0, 4.0])).tolist() == [6.0, 0.0]


def test_points_that_break_a_limit_neither_beat_nor_are_on_the_front() -> None:
    objectives = np.array([[0.0, 0.0], [1.0, 2.0], [2.0, 1.0], [3.0, 3.0]])
    kept = feasible(objectives, np.array([[0.1], [0.0], [-1.0], [-1.0]]))
    assert kept.tolist() == [False, True, True, True]
    assert front(objectives, kept).tolist() == [False, True, True, False]


@pytest.mark.parametrize("slacks", [np.zeros((2, 0)), np.array([[0.0], [0.0]])])
def test_a_point_without_an_answer_keeps_no_limit(slacks: Numbers) -> None:
    assert feasible(np.array([[np.nan, 0.0], [0.0, 0.0]]), slacks).tolist() == [False, True]
    assert feasible(np.zeros((1, 2)), np.array([[np.nan]])).tolist() == [False]


def test_without_points_there_is_no_front_and_no_hypervolume() -> None:
    nothing = np.zeros((0, 2))
    assert front(nothing).shape == (0,)
    assert hypervolume(nothing, np.ones(2)) == 0.0
