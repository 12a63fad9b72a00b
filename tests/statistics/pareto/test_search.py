"""The search for a front: close to the whole grid's, in few evaluations, inside every limit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from adenoscope.statistics.pareto.front import Mask, Numbers, feasible, front, hypervolume
from adenoscope.statistics.pareto.search import Evaluate, Found, search_front

NO_LIMIT = 0
SHARES = np.linspace(0, 1, 10)


def without_limits(objectives: Callable[[Numbers], Numbers]) -> Evaluate:
    return lambda points: (objectives(points), np.zeros((len(points), NO_LIMIT)))


def convex(points: Numbers) -> Numbers:
    """ZDT1 of Zitzler, Deb & Thiele (2000)."""
    return zdt(points, lambda f, g: 1 - np.sqrt(f / g))


def concave(points: Numbers) -> Numbers:
    """ZDT2."""
    return zdt(points, lambda f, g: 1 - (f / g) ** 2)


def in_pieces(points: Numbers) -> Numbers:
    """ZDT3, with half as many pieces: the grid is coarse."""
    return zdt(points, lambda f, g: 1 - np.sqrt(f / g) - f / g * np.sin(5 * np.pi * f))


def zdt(points: Numbers, shape: Callable[[Numbers, Numbers], Numbers]) -> Numbers:
    f, g = points[:, 0], 1 + 9 * points[:, 1:].mean(axis=1)
    return np.column_stack([f, g * shape(f, g)])


def bent(points: Numbers) -> tuple[Numbers, Numbers]:
    """A front inside the grid, not on its sides, cut by two limits of which one is curved."""
    x, y, z = points.T
    far = 2 * (y - 0.4 - 0.3 * x) ** 2 + (z - 0.6) ** 2
    angle = x * np.pi / 2
    slacks = np.column_stack([0.15 - np.abs(x - 0.5), z - 0.55 - 0.3 * (x - 0.3) ** 2])
    return np.column_stack([(1 + far) * np.cos(angle), (1 + far) * np.sin(angle)]), slacks


def whole(levels: list[Numbers]) -> Numbers:
    return np.stack(np.meshgrid(*levels, indexing="ij"), axis=-1).reshape(-1, len(levels))


def covered(found: Found, levels: list[Numbers], evaluate: Evaluate, allowed: Mask | None = None) -> float:
    """Return the share of the grid's hypervolume, below the worst of its front, that was found."""
    points = whole(levels)
    objectives, slacks = evaluate(points if allowed is None else points[allowed])
    best = objectives[front(objectives, feasible(objectives, slacks))]
    reference = best.max(axis=0)
    return hypervolume(found.objectives[found.on_front], reference) / hypervolume(best, reference)


@pytest.mark.parametrize("objectives", [convex, concave, in_pieces])
def test_a_known_front_is_covered_by_a_twentieth_of_the_grid(objectives: Callable[[Numbers], Numbers]) -> None:
    levels, evaluate = [np.linspace(0, 1, 20), SHARES, SHARES], without_limits(objectives)
    for seed in range(3):
        found = search_front(levels, evaluate, budget=100, seed=seed)
        assert len(found.points) == 100
        assert covered(found, levels, evaluate) > 0.97  # the promise made of schedules


def test_limits_that_cut_the_front_are_kept() -> None:
    levels = [np.linspace(0, 1, 20), SHARES, SHARES]
    for seed in range(3):
        found = search_front(levels, bent, budget=100, seed=seed)
        assert (found.slacks[found.on_front] <= 0).all()
        assert covered(found, levels, bent) > 0.97  # as above


def test_what_is_not_allowed_is_never_evaluated() -> None:
    levels = [np.linspace(0, 1, 20), SHARES, SHARES]

    def allowed(points: Numbers) -> Mask:
        return points[:, 1] + points[:, 2] <= 0.9

    def evaluate(points: Numbers) -> tuple[Numbers, Numbers]:
        assert allowed(points).all()
        return bent(points)

    found = search_front(levels, evaluate, budget=100, seed=1, allowed=allowed)
    inside = allowed(whole(levels))
    assert found.n_allowed == inside.sum()
    assert covered(found, levels, bent, inside) > 0.97  # as above


def test_steps_that_are_whole_numbers_and_of_unlike_size_are_a_grid_too() -> None:
    levels = [np.arange(1.0, 11.0), np.array([30.0, 60.0, 120.0, 300.0]), np.linspace(0.09, 0.18, 10), np.ones(1)]

    def evaluate(points: Numbers) -> tuple[Numbers, Numbers]:
        bouts, seconds, fio2, _ = points.T
        depth = (0.21 - fio2) * seconds / (seconds + 60)
        dose = bouts * seconds * depth
        return np.column_stack([-dose / (1 + 0.01 * dose), dose * depth]), depth[:, None] - 0.06

    found = search_front(levels, evaluate, budget=60, seed=1)
    assert covered(found, levels, evaluate) > 0.97  # as above
    assert {tuple(point) for point in found.points} <= {tuple(point) for point in whole(levels)}


def test_the_same_seed_gives_the_same_points_and_no_point_comes_twice() -> None:
    levels = [np.linspace(0, 1, 30)] * 4  # so many that a round looks at a part of them
    first, again, other = (search_front(levels, without_limits(convex), budget=40, seed=s) for s in (1, 1, 2))
    assert np.array_equal(first.points, again.points)
    assert not np.array_equal(first.points, other.points)
    assert len(np.unique(first.points, axis=0)) == 40


def test_where_no_point_keeps_the_limits_the_front_is_empty() -> None:
    levels = [SHARES, SHARES]
    found = search_front(levels, lambda x: (convex(x), np.ones((len(x), 1))), budget=30, seed=1)
    assert len(found.points) == 30
    assert not found.on_front.any()


def test_the_few_points_that_keep_a_limit_are_found() -> None:
    levels = [np.linspace(0, 1, 20)] * 3

    def evaluate(points: Numbers) -> tuple[Numbers, Numbers]:
        return convex(points), np.sum((points - 0.8) ** 2, axis=1, keepdims=True) - 0.01

    assert (evaluate(whole(levels))[1] <= 0).mean() < 0.005
    for seed in range(3):
        assert covered(search_front(levels, evaluate, budget=60, seed=seed), levels, evaluate) > 0.9  # few in all


def test_where_nothing_is_allowed_nothing_is_evaluated() -> None:
    def never(points: Numbers) -> tuple[Numbers, Numbers]:
        raise AssertionError(points)

    found = search_front([SHARES, SHARES], never, budget=30, seed=1, allowed=lambda x: np.zeros(len(x), dtype=bool))
    assert (len(found.points), found.n_allowed, found.on_front.any()) == (0, 0, False)


def test_a_grid_no_larger_than_the_budget_is_evaluated_whole() -> None:
    found = search_front([SHARES[:4], SHARES[:5]], without_limits(convex), budget=50, seed=1)
    assert len(np.unique(found.points, axis=0)) == found.n_allowed == 20


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_points_without_an_answer_are_passed_by(share: float) -> None:
    def evaluate(points: Numbers) -> tuple[Numbers, Numbers]:
        objectives = convex(points)
        objectives[points[:, 1] <= share] = np.nan
        return objectives, np.zeros((len(points), 1))

    found = search_front([SHARES, SHARES, SHARES], evaluate, budget=40, seed=1)
    assert np.isfinite(found.objectives[found.on_front]).all()
    assert found.on_front.any() == (share < 1)


def test_whoever_waits_is_told_how_far_it_is() -> None:
    told: list[tuple[int, int]] = []
    levels = [SHARES, SHARES]
    search_front(levels, without_limits(convex), budget=30, seed=1, watch=lambda *now: told.append(now))
    assert told[-1] == (30, 30)
    assert sorted(told) == told
