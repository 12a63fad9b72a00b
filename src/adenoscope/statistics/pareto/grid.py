"""The grid of settings that a device can be put to, and which of them may be tried."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree
from scipy.stats import qmc

from adenoscope.statistics.pareto.front import Mask, Numbers

Places = NDArray[np.intp]
CHUNK = 1 << 16  # points that are made at a time
FARTHEST = 2  # levels that a neighbour is away, at most


@dataclass(frozen=True)
class Grid:
    """Levels of each dimension, and which cells may be tried; a cell is known by its place in C order."""

    levels: tuple[Numbers, ...]
    allowed: Mask

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the number of levels of each dimension."""
        return tuple(len(own) for own in self.levels)

    def points(self, places: Places) -> Numbers:
        """Return settings in the levels' units, shape (place, dimension)."""
        return _points(self.levels, places)

    def coordinates(self, places: Places) -> Numbers:
        """Return middles of cells in the unit cube, each level as wide as another, shape (place, dimension)."""
        steps = np.column_stack(np.unravel_index(places, self.shape))
        return (steps + 0.5) / np.array(self.shape)


def make_grid(levels: Sequence[Numbers], allowed: Callable[[Numbers], Mask] | None) -> Grid:
    """Return the grid of ``levels``, with what ``allowed`` says of its points, shape (point, dimension)."""
    own = tuple(np.asarray(values, dtype=np.float64) for values in levels)
    n_cells = prod(len(values) for values in own)
    if allowed is None:
        return Grid(own, np.ones(n_cells, dtype=bool))
    parts = (np.arange(start, min(start + CHUNK, n_cells)) for start in range(0, n_cells, CHUNK))
    masks = [np.asarray(allowed(_points(own, part)), dtype=bool) for part in parts]
    return Grid(own, np.concatenate([np.zeros(0, dtype=bool), *masks]))


def scattered(grid: Grid, n: int, seed: int) -> Places:
    """Return up to ``n`` allowed cells spread evenly over the grid: those nearest to scrambled Sobol points."""
    free = np.flatnonzero(grid.allowed)
    if free.size <= n:
        return free
    exponent = max(6, int(np.ceil(np.log2(4 * n))))  # four times as many: several may be nearest to one cell
    sobol = qmc.Sobol(len(grid.levels), rng=np.random.default_rng(seed)).random_base2(exponent)
    nearest = np.asarray(KDTree(grid.coordinates(free)).query(sobol)[1])
    _, first = np.unique(nearest, return_index=True)
    return free[nearest[np.sort(first)[:n]]]


def candidates(grid: Grid, around: Places, n: int, rng: np.random.Generator) -> Places:
    """Return all allowed cells, or where there are more than ``n``: neighbours of ``around``, and random ones."""
    free = np.flatnonzero(grid.allowed)
    if free.size <= n:
        return free
    base = np.column_stack(np.unravel_index(rng.choice(around, size=n), grid.shape))
    moved = rng.integers(-FARTHEST, FARTHEST + 1, size=base.shape) * (rng.random(base.shape) < 0.5)
    steps = np.clip(base + moved, 0, np.array(grid.shape) - 1)
    near = np.asarray(np.ravel_multi_index(tuple(steps.T), grid.shape))
    return np.unique(np.concatenate([near[grid.allowed[near]], rng.choice(free, size=n // 2)]))


def _points(levels: tuple[Numbers, ...], places: Places) -> Numbers:
    steps = np.unravel_index(places, tuple(len(own) for own in levels))
    return np.column_stack([own[step] for own, step in zip(levels, steps, strict=True)])
