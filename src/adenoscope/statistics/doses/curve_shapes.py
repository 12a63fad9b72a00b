"""Curves that are linear but for a few shape coordinates, and profile intervals of anything read off them.

The curve is μ = D(shape) α over cells whose means m have the weight W. All shapes of a grid are fitted at once. A
value of ψ is in its interval if some curve that has it lacks no more fit than the best one does plus

    t² (cᵀ V c) / (cᵀ W⁻¹ c),    c = W J (Jᵀ W J)⁻¹ ∂ψ

so that the cutoff follows the covariance V that animals show, and t its degrees of freedom, instead of the weight.
Where a flat lack of fit reaches the edge of the grid the interval is open, and said to be.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import least_squares
from scipy.special import fdtrc, stdtrit

from adenoscope.core.interval import Interval
from adenoscope.core.recording import Samples
from adenoscope.statistics.doses.cell_means import CellMeans

POINTS = {1: 240, 2: 64, 3: 24}  # grid points along each coordinate
ROUNDS = 6
PINV = 1e-11
PLAUSIBLE = 40.0  # lack of fit over the best one's that no interval reaches


@dataclass(frozen=True, eq=False)
class Family:
    """A family of curves over cells, its coordinates between ``low`` and ``high``, shape (r,).

    ``design`` turns coordinates (shape, r) into (shape, cell, q), ``slopes`` a coordinate (r,) into its
    derivatives (cell, q, r).
    """

    low: Samples
    high: Samples
    design: Callable[[Samples], Samples]
    slopes: Callable[[Samples], Samples]


@dataclass(frozen=True, eq=False)
class Fits:
    """Many shapes of a family, each with its best curve; the last one is the best of all.

    ``coordinates`` (shape, r), ``linear`` (shape, q) with its inverse information (shape, q, q), and how much
    worse than the best each fits, ``excess`` (shape,). ``misfit`` is the lack of fit of the best.
    """

    family: Family
    cells: CellMeans
    coordinates: Samples
    linear: Samples
    inverse: Samples
    excess: Samples
    misfit: float

    @cached_property
    def jacobian(self) -> Samples:
        """The best curve's derivatives by its linear coefficients, then by its coordinates, (cell, q + r)."""
        slopes = self.family.slopes(self.coordinates[-1])
        return np.hstack(
            [self.family.design(self.coordinates[-1:])[0], np.einsum("kqr,q->kr", slopes, self.linear[-1])]
        )

    @cached_property
    def contrasts(self) -> Samples:
        """W J (Jᵀ W J)⁻¹, which turns the derivatives of what is asked into a contrast of means, (cell, q + r)."""
        size = np.linalg.norm(self.jacobian, axis=0)
        size = np.where(size > 0, size, 1.0)
        scaled = self.jacobian / size
        weighted = self.cells.weight @ scaled
        return weighted @ np.linalg.pinv(scaled.T @ weighted, rcond=PINV, hermitian=True) / size


def fit_family(family: Family, cells: CellMeans) -> Fits:
    """Return the family's fits on a grid that closes in on the shapes that are plausible, with the best polished.

    Valid: at least as many cells as the family has coordinates and coefficients.
    Source: Golub & Pereyra (1973), doi:10.1137/0710036, for taking linear coefficients out of the search.
    """
    low, high = family.low, family.high
    fits = _fit(family, cells, _grid(low, high))
    for _ in range(ROUNDS):
        plausible = fits.coordinates[fits.excess <= PLAUSIBLE]
        step = (high - low) / (POINTS[len(low)] - 1)
        closer_low = np.maximum(plausible.min(0) - step, family.low)
        closer_high = np.minimum(plausible.max(0) + step, family.high)
        if np.all(closer_high - closer_low > 0.7 * (high - low)):
            break
        low, high = closer_low, closer_high
        fits = _fit(family, cells, _grid(low, high))
    best = fits.coordinates[np.argmin(fits.excess)]
    return _fit(family, cells, np.vstack([fits.coordinates, _polish(family, cells, best)]))


def coordinate_interval(fits: Fits, which: int, ci_prob: float) -> Interval:
    """Return the interval of a shape coordinate; a side that stays open is infinite.

    Valid: see ``cell_means``; the curve is of the family.
    Source: Kent (1982), doi:10.1093/biomet/69.1.19, for scaling a profile that is not the likelihood's.
    """
    gradient = np.zeros(fits.linear.shape[1] + len(fits.family.low))
    gradient[fits.linear.shape[1] + which] = 1.0
    allowed = _allowed(fits, gradient, ci_prob)
    values, place = np.unique(fits.coordinates[:, which], return_inverse=True)
    profile = np.full(len(values), np.inf)
    np.minimum.at(profile, place, fits.excess)
    inside = np.flatnonzero(profile <= allowed)
    low, high = _edge(values, profile, inside[0], -1, allowed), _edge(values, profile, inside[-1], 1, allowed)
    return Interval(float(fits.coordinates[-1, which]), low, high, ci_prob)


def linear_interval(fits: Fits, asks: Samples, asks_slopes: Samples, ci_prob: float) -> Interval:
    """Return the interval of a linear function of the coefficients, which may depend on the shape.

    Args:
        fits: see ``fit_family``.
        asks: the function for each shape, shape (shape, q).
        asks_slopes: its derivatives by the coordinates at the best shape, shape (q, r).
        ci_prob: how often the interval is to hold the truth.

    Valid: as ``coordinate_interval``; bounded only as far as the family's coordinates are.
    Source: as ``coordinate_interval``.
    """
    gradient = np.concatenate([asks[-1], fits.linear[-1] @ asks_slopes])
    left = _allowed(fits, gradient, ci_prob) - fits.excess
    inside = left >= 0
    centre = np.einsum("sq,sq->s", asks, fits.linear)[inside]
    reach = np.sqrt(left[inside] * np.einsum("sq,sqp,sp->s", asks, fits.inverse, asks)[inside])
    return Interval(float(centre[-1]), float(np.min(centre - reach)), float(np.max(centre + reach)), ci_prob)


def p_misfit(fits: Fits) -> float | None:
    """Return how often animals alone would put the means as far from the best curve [1]; None if it has no room.

    Valid: means about normal; the test is of Box's kind, with the covariance that was found.
    Source: Brunner, Dette & Munk (1997), doi:10.1080/01621459.1997.10473671.
    """
    cells = fits.cells
    if np.count_nonzero(np.linalg.norm(fits.jacobian, axis=0)) >= len(cells.means):
        return None
    form = cells.weight - fits.contrasts @ fits.jacobian.T @ cells.weight
    found, expected = form @ cells.covariance, form @ cells.expected
    degrees = float(np.trace(found)) ** 2 / float(np.trace(found @ found))
    spread = float(np.einsum("abcd,ac,bd->", cells.fourth, form, form, optimize=True))
    return float(fdtrc(degrees, float(np.trace(expected)) ** 2 / spread, fits.misfit / float(np.trace(found))))


def _grid(low: Samples, high: Samples) -> Samples:
    axes = [np.linspace(a, b, POINTS[len(low)]) for a, b in zip(low, high, strict=True)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(low))


def _fit(family: Family, cells: CellMeans, coordinates: Samples) -> Fits:
    design = family.design(coordinates)
    weighted = np.einsum("kl,slq->skq", cells.weight, design)
    inverse = np.linalg.inv(np.einsum("skq,skp->sqp", design, weighted))
    linear = np.einsum("sqp,skp,k->sq", inverse, weighted, cells.means, optimize=True)
    residual = cells.means - np.einsum("skq,sq->sk", design, linear)
    misfit = np.einsum("sk,kl,sl->s", residual, cells.weight, residual, optimize=True)
    best = float(misfit.min())
    return Fits(family, cells, coordinates, linear, inverse, misfit - best, best)


def _polish(family: Family, cells: CellMeans, start: Samples) -> Samples:
    root = np.linalg.cholesky(cells.weight).T

    def misfit(coordinates: Samples) -> Samples:
        design = root @ family.design(coordinates[None])[0]
        return root @ cells.means - design @ np.linalg.lstsq(design, root @ cells.means)[0]

    inside = np.clip(start, family.low + 1e-9, family.high - 1e-9)
    return least_squares(misfit, inside, bounds=(family.low, family.high), xtol=1e-10, ftol=1e-12).x


def _allowed(fits: Fits, gradient: Samples, ci_prob: float) -> float:
    """Return how much worse than the best a curve may fit and still be in the interval."""
    contrast = fits.contrasts @ gradient
    error, degrees = fits.cells.errors(contrast)
    expected = float(contrast @ np.linalg.solve(fits.cells.weight, contrast))
    return float((stdtrit(degrees, (1 + ci_prob) / 2) * error) ** 2) / expected


def _edge(values: Samples, profile: Samples, last: int, step: int, allowed: float) -> float:
    if not 0 <= last + step < len(values):
        return step * math.inf
    # about quadratic, so the root is about linear
    inner, outer = np.sqrt(profile[last]), np.sqrt(profile[last + step])
    return float(values[last] + (values[last + step] - values[last]) * (math.sqrt(allowed) - inner) / (outer - inner))
