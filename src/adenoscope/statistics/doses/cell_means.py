"""Means of cells, such as doses, where an animal may have been in one cell or in several.

The means are m = Σ L y over animals, by generalised least squares with a random intercept for each animal and a
spread that may grow or shrink with the mean. Their covariance is Σ B e eᵀ Bᵀ, one term for each animal, so it
stands where that model is wrong. One cell for each animal gives Welch's test of any contrast; all cells for each
animal give the paired one, with degrees of freedom one less than animals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, polygamma

from adenoscope.core.recording import Samples

MOST_CORRELATED = 0.95
SINGULAR = 1e-9


@dataclass(frozen=True, eq=False)
class Pattern:
    """The animals that were in the same cells: ``cells`` shape (k,), ``values`` shape (animal, k)."""

    cells: tuple[int, ...]
    values: Samples

    @property
    def n_animals(self) -> int:
        return len(self.values)

    @property
    def places(self) -> list[int]:
        return list(self.cells)


@dataclass(frozen=True, eq=False)
class CellMeans:
    """Means, shape (cell,), with their weight and robust covariance, shape (cell, cell).

    ``expected`` is the mean of the estimated covariance and ``fourth``, shape (cell,) * 4, half its variance, if
    readings have the spreads and the correlation that were found.
    """

    means: Samples
    weight: Samples
    covariance: Samples
    expected: Samples
    fourth: Samples

    def errors(self, contrast: Samples) -> tuple[float, float]:
        """Return the standard error and the degrees of freedom of a contrast of means, shape (cell,)."""
        squares = np.outer(contrast, contrast)
        half_variance = float(np.tensordot(np.tensordot(squares, self.fourth), squares))
        expected = float(contrast @ self.expected @ contrast)
        degrees = expected**2 / half_variance if half_variance > 0 else 1.0
        return math.sqrt(max(float(contrast @ self.covariance @ contrast), 0.0)), max(degrees, 1.0)


@dataclass(frozen=True, eq=False)
class _Share:
    """What the animals of a pattern add: ``to_means`` is L, ``adjusted`` is B, ``found`` their covariance."""

    n_animals: int
    design: Samples
    to_means: Samples
    adjusted: Samples
    found: Samples


def group_patterns(animals: Sequence[str], cells: Sequence[int], values: Sequence[float]) -> tuple[Pattern, ...]:
    """Return the animals grouped by the cells they were in; an animal's readings in one cell are averaged.

    Valid: cells are numbered from 0, values are finite.
    Source: none; it only sorts.
    """
    readings: dict[str, dict[int, list[float]]] = {}
    for animal, cell, value in zip(animals, cells, values, strict=True):
        readings.setdefault(animal, {}).setdefault(cell, []).append(value)
    rows: dict[tuple[int, ...], list[list[float]]] = {}
    for _, found in sorted(readings.items()):
        pattern = tuple(sorted(found))
        # sorted, so that the order of readings cannot change the last bit
        rows.setdefault(pattern, []).append([sum(sorted(found[cell])) / len(found[cell]) for cell in pattern])
    return tuple(Pattern(pattern, np.array(found)) for pattern, found in sorted(rows.items()))


def cell_means(patterns: Sequence[Pattern], n_cells: int) -> CellMeans | None:
    """Return the means of ``n_cells`` cells and their robust covariance; None where animals do not differ at all.

    Valid: at least 2 animals in each cell (6 for intervals that hold what they say); animals are independent.
    Source: Pustejovsky & Tipton (2018), doi:10.1080/07350015.2016.1247004 (CR2, degrees of freedom).
    """
    raw, spread = _raw_moments(patterns, n_cells)
    if not np.all(spread > SINGULAR * np.abs(raw).max()):
        return None
    correlation = _correlation(patterns, raw, spread)
    working_spread = _smooth(spread, raw, _counts(patterns, n_cells) - 1)
    within = [_covariance(p, working_spread, correlation) for p in patterns]
    designs = [np.eye(n_cells)[p.places] for p in patterns]
    weight = np.zeros((n_cells, n_cells))
    for p, x, v in zip(patterns, designs, within, strict=True):
        weight += p.n_animals * x.T @ np.linalg.solve(v, x)
    of_working = np.linalg.inv(weight)
    means, covariance, shares = np.zeros(n_cells), np.zeros((n_cells, n_cells)), list[_Share]()
    for p, x, v in zip(patterns, designs, within, strict=True):
        to_means = of_working @ np.linalg.solve(v, x).T
        means += to_means @ p.values.sum(0)
        adjusted = to_means @ _adjustment(v, x @ of_working @ x.T)
        shares.append(_Share(p.n_animals, x, to_means, adjusted, _covariance(p, spread, correlation)))
    for p, share in zip(patterns, shares, strict=True):
        residuals = (p.values - means[p.places]) @ share.adjusted.T
        covariance += residuals.T @ residuals
    return CellMeans(means, weight, covariance, *_moments(shares, n_cells))


def _counts(patterns: Sequence[Pattern], n_cells: int) -> Samples:
    return sum((p.n_animals * np.eye(n_cells)[p.places].sum(0) for p in patterns), start=np.zeros(n_cells))


def _raw_moments(patterns: Sequence[Pattern], n_cells: int) -> tuple[Samples, Samples]:
    """Return each cell's plain mean and standard deviation."""
    counts, total, squares = _counts(patterns, n_cells), np.zeros(n_cells), np.zeros(n_cells)
    for p in patterns:
        total[p.places] += p.values.sum(0)
    means = total / counts
    for p in patterns:
        squares[p.places] += ((p.values - means[p.places]) ** 2).sum(0)
    return means, np.sqrt(squares / (counts - 1))


def _correlation(patterns: Sequence[Pattern], means: Samples, spread: Samples) -> float:
    """Return how alike the readings of an animal are, over all animals with several [1]."""
    products, pairs = 0.0, 0
    for p in patterns:
        standard = (p.values - means[p.places]) / spread[p.places]
        products += float((standard.sum(1) ** 2 - (standard**2).sum(1)).sum())
        pairs += p.n_animals * len(p.cells) * (len(p.cells) - 1)
    return min(max(products / pairs, 0.0), MOST_CORRELATED) if pairs else 0.0


def _smooth(spread: Samples, means: Samples, degrees: Samples) -> Samples:
    """Return spreads whose logarithm is linear in the mean; the slope is shrunk by what is not sure about it."""
    weights = 1 / polygamma(1, degrees / 2)
    logs = np.log(spread**2) - digamma(degrees / 2) + np.log(degrees / 2)
    centred = means - np.average(means, weights=weights)
    middle = float(np.average(logs, weights=weights))
    information = float(np.sum(weights * centred**2))
    if information == 0:
        return np.full_like(spread, np.exp(middle / 2))
    slope = float(np.sum(weights * centred * (logs - middle))) / information
    if slope != 0:
        slope *= max(0.0, 1 - 1 / (slope**2 * information))
    return np.exp((middle + slope * centred) / 2)


def _covariance(pattern: Pattern, spread: Samples, correlation: float) -> Samples:
    size = len(pattern.cells)
    alike = np.full((size, size), correlation) + (1 - correlation) * np.eye(size)
    return np.outer(spread[pattern.places], spread[pattern.places]) * alike


def _adjustment(within: Samples, taken: Samples) -> Samples:
    """Return what makes an animal's residuals as wide as its readings where the working model holds."""
    upper = np.linalg.cholesky(within).T
    values, vectors = np.linalg.eigh(upper @ (within - taken) @ upper.T)
    kept = values > SINGULAR * values.max()
    inverse = np.where(kept, 1 / np.sqrt(np.where(kept, values, 1.0)), 0.0)
    return upper.T @ (vectors * inverse) @ vectors.T @ upper


def _moments(shares: Sequence[_Share], n_cells: int) -> tuple[Samples, Samples]:
    """Return the mean of the estimated covariance and half its variance, summed over pairs of animals."""
    expected, fourth = np.zeros((n_cells,) * 2), np.zeros((n_cells,) * 4)
    of_means = sum((s.n_animals * s.to_means @ s.found @ s.to_means.T for s in shares), start=np.zeros(()))
    for one in shares:
        own = one.adjusted @ one.found @ one.adjusted.T
        for other in shares:
            shared = one.design @ of_means @ other.design.T
            shared = shared - one.found @ (other.design @ one.to_means).T - one.design @ other.to_means @ other.found
            between = one.adjusted @ shared @ other.adjusted.T
            others = one.n_animals * (other.n_animals - (one is other))
            fourth += others * np.multiply.outer(between, between)
            if one is other:
                expected += one.n_animals * (own + between)
                fourth += one.n_animals * np.multiply.outer(own + between, own + between)
    return expected, fourth
