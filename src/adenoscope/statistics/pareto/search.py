"""The front of two objectives that are dear to evaluate, on a grid of settings, under limits.

It starts with points spread over the grid. Then, a few points at a time, objectives and limits are guessed everywhere
from what was evaluated, and the points are evaluated that are expected to add most to the hypervolume: what the guess
would add, times the probability that every limit is kept. One point of each round is chosen by what the guess would
add if it were too high by ``DOUBT`` standard errors, so that a wrong guess is found out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from adenoscope.statistics.pareto.front import Mask, Numbers, feasible, front, gains
from adenoscope.statistics.pareto.grid import Grid, Places, candidates, make_grid, scattered
from adenoscope.statistics.pareto.surrogate import guess

START_SHARE, MOST_AT_START = 0.2, 40  # of the budget, and in points
ROUND = 8  # points that are evaluated at once
POOL = 6000  # points of which a round chooses
DOUBT = 1.0
MARGIN = 0.05  # of the front's extent, by which the reference lies outside it
APART = 0.15  # of a dimension, by which points of a round differ while none that keeps the limits is known
NOTHING = 1e-9  # of the front's extent, squared: a gain that is none

Evaluate = Callable[[Numbers], tuple[Numbers, Numbers]]


@dataclass(frozen=True)
class Found:
    """What was evaluated: ``points`` (point, dimension), ``objectives`` (point, 2) and ``slacks`` (point, limit).

    ``on_front``, shape (point,): keeps all limits, and no other such point beats it. ``n_allowed``: points of the
    grid that might have been evaluated; where all were, the front is the grid's own.
    """

    points: Numbers
    objectives: Numbers
    slacks: Numbers
    on_front: Mask
    n_allowed: int


@dataclass(frozen=True)
class Known:
    """Cells that were evaluated, and what came out."""

    places: Places
    objectives: Numbers
    slacks: Numbers

    @property
    def kept(self) -> Mask:
        """Return which cells keep every limit."""
        return feasible(self.objectives, self.slacks)

    @property
    def finite(self) -> Mask:
        """Return which cells can be learnt from."""
        return np.logical_and(np.isfinite(self.objectives).all(axis=1), np.isfinite(self.slacks).all(axis=1))


def search_front(
    levels: Sequence[Numbers],
    evaluate: Evaluate,
    *,
    budget: int,
    seed: int,
    allowed: Callable[[Numbers], Mask] | None = None,
    watch: Callable[[int, int], None] | None = None,
) -> Found:
    """Return the points of a grid that were evaluated, ``budget`` at most, and which of them are on the front.

    The same seed gives the same points. No point is evaluated twice; where no more than ``budget`` are allowed, all
    are.

    Args:
        levels: settings of each dimension, in order, each of shape (level,).
        evaluate: of points (point, dimension) returns objectives to be small, shape (point, 2), and slacks, shape
            (point, limit), kept where <= 0. NaN where a point has no answer: it is never on the front.
        allowed: of points returns which may be evaluated; cheap, it is asked of the whole grid.
        budget: points to evaluate, at most.
        seed: of the first points, and of what is looked at where the grid is large.
        watch: is told how many points are done, and of how many.
    Valid: objectives and limits without noise, and smooth over several levels of the grid.
    Source: after Emmerich, Giannakoglou & Naujoks (2006), doi:10.1109/TEVC.2005.859463; the choice is
        docs/decisions/0012-fronts-by-kriging-on-the-grid.md.
    """
    grid = make_grid(levels, allowed)
    n_allowed = int(grid.allowed.sum())
    total = min(budget, n_allowed)
    rng = np.random.default_rng(seed)
    known = Known(np.zeros(0, dtype=np.intp), np.zeros((0, 2)), np.zeros((0, 0)))
    while len(known.places) < total:
        chosen = _chosen(grid, known, total, seed, rng)
        objectives, slacks = evaluate(grid.points(chosen))
        known = _joined(known, Known(chosen, objectives, slacks))
        if watch is not None:
            watch(len(known.places), total)
    on_front = front(known.objectives, known.kept)
    return Found(grid.points(known.places), known.objectives, known.slacks, on_front, n_allowed)


def _joined(known: Known, new: Known) -> Known:
    if not known.places.size:
        return new
    return Known(
        np.concatenate([known.places, new.places]),
        np.concatenate([known.objectives, new.objectives]),
        np.concatenate([known.slacks, new.slacks]),
    )


def _chosen(grid: Grid, known: Known, total: int, seed: int, rng: np.random.Generator) -> Places:
    """Return the cells to evaluate next: spread ones at the start, then a round's."""
    at_start = min(max(int(START_SHARE * total), 2 * len(grid.levels) + 2), MOST_AT_START, total)
    if not known.places.size:
        n_start = total if total == grid.allowed.sum() else at_start
        return scattered(grid, n_start, seed)
    kept = known.kept
    around = known.places[front(known.objectives, kept)] if kept.any() else known.places
    pool = candidates(grid, around, POOL, rng)
    pool = pool[~np.isin(pool, known.places)]
    if not pool.size:
        pool = np.setdiff1d(np.flatnonzero(grid.allowed), known.places)
    n = min(ROUND, total - len(known.places), pool.size)
    finite = known.finite
    if finite.sum() < 2:
        return rng.choice(pool, size=n, replace=False)
    values = np.column_stack([known.objectives, known.slacks])[finite]
    mean, error = guess(grid.coordinates(known.places[finite]), values, grid.coordinates(pool))
    if not kept.any():
        return pool[_towards_limits(mean[:, 2:], error[:, 2:], values[:, 2:], grid.coordinates(pool), n)]
    return pool[_largest_gains(mean, error, known.objectives[kept], n)]


def _largest_gains(mean: Numbers, error: Numbers, seen: Numbers, n: int) -> Places:
    """Return which ``n`` candidates add most to the front of ``seen``, one after the other."""
    kept = ndtr(-mean[:, 2:] / np.maximum(error[:, 2:], np.finfo(float).tiny)).prod(axis=1)
    aims, hopes = mean[:, :2], mean[:, :2] - DOUBT * error[:, :2]
    corners = np.concatenate([seen[front(seen)], aims[front(aims, kept >= 0.5)]])
    extent = np.ptp(corners, axis=0)
    reference = corners.max(axis=0) + MARGIN * np.where(extent > 0, extent, 1.0)
    nothing = NOTHING * float(np.prod(extent))
    free, chosen = np.ones(len(mean), dtype=bool), np.zeros(n, dtype=np.intp)
    for number in range(n):
        ways = (hopes, aims) if number == n - 1 else (aims, hopes)
        for way in ways:
            score = gains(way, seen, reference) * kept * free
            if score.max() > nothing:
                break
        else:
            score = error[:, :2].sum(axis=1) * free
        chosen[number] = np.argmax(score)
        free[chosen[number]] = False
        seen = np.concatenate([seen, aims[chosen[number], None]])
    return chosen


def _towards_limits(mean: Numbers, error: Numbers, values: Numbers, at: Numbers, n: int) -> Places:
    """Return which ``n`` candidates come nearest to keeping every limit, apart from each other."""
    spread = values.std(axis=0)
    broken = np.maximum(mean - error, 0.0) / np.where(spread > 0, spread, 1.0)
    score = -broken.sum(axis=1)
    chosen: list[int] = []
    for _ in range(n):
        best = int(np.argmax(score))
        chosen.append(best)
        score[np.abs(at - at[best]).max(axis=1) < APART] -= 1 + np.ptp(score[np.isfinite(score)])
        score[best] = -np.inf
    return np.array(chosen)
