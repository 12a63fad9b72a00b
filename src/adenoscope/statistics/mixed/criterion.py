"""The restricted likelihood as a function of the relative Cholesky factor Λ, with its slopes.

    V = I + ZΛΛ'Z',  d(θ) = log|V| + log|X'V⁻¹X| + (n - p)(1 + log(2π r²/(n - p))),  r² = y'Py,
    P = V⁻¹ - V⁻¹XΦX'V⁻¹,  Φ = (X'V⁻¹X)⁻¹,  θ = Λ's lower triangle, row by row.

With S = ΛΛ':  ∂d = tr(P∂V) - (n - p) y'P∂VPy / r², and once more for the curvature. θ is not bounded: a
column's sign does not matter, so a variance of zero is an ordinary stationary point at which d is even.

Source: Bates, Mächler, Bolker, Walker (2015), doi:10.18637/jss.v067.i01, equations 39 to 42, for d; the
slopes are our own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.recording import Samples
from adenoscope.statistics.mixed.design import Blocks

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Point:
    """The model at one θ for each of t responses.

    ``criterion`` (t,) is d; ``factor`` (t, q, q) is Λ; ``covariance`` (t, p, p) is Φ; ``coefficients`` (t, p)
    and ``squares`` (t,) are β and r². ``*_solved`` (t, a, q, ·) are G⁻¹ times an animal's rows, G = I + RΛΛ'R'.
    """

    criterion: Samples
    factor: Samples
    covariance: Samples
    coefficients: Samples
    squares: Samples
    random_solved: Samples
    fixed_solved: Samples
    response_solved: Samples


@dataclass(frozen=True, eq=False)
class Slopes:
    """Derivatives by the k parameters in θ: of d, ``gradient`` (t, k) and ``hessian`` (t, k, k).

    ``squares`` (t, k) is -∂r², ``precision`` (t, k, p, p) is -∂Φ⁻¹.
    """

    gradient: Samples
    hessian: Samples
    squares: Samples
    precision: Samples


def triangle(theta: Samples, size: int) -> Samples:
    """Return the lower triangles (t, q, q) that ``theta`` (t, k) fills row by row."""
    rows, columns = np.tril_indices(size)
    factor = np.zeros((len(theta), size, size))
    factor[:, rows, columns] = theta
    return factor


def evaluate(blocks: Blocks, which: Indices, theta: Samples) -> Point:
    """Return the model of the responses ``which`` (t,) at ``theta`` (t, k), k = q (q + 1) / 2."""
    p, q = blocks.basis.shape[0], blocks.scale.size
    factor, response = triangle(theta, q), blocks.response[which]
    reach = blocks.random @ factor[:, None]
    inner = np.eye(q) + reach @ np.swapaxes(reach, -1, -2)
    shape = (len(which), *blocks.random.shape[:1], q)
    rows = [np.broadcast_to(part, (*shape, part.shape[-1])) for part in (blocks.random, blocks.fixed)]
    sides = np.concatenate([*rows, response[..., None]], axis=-1)
    solved = np.asarray(np.linalg.solve(inner, sides), dtype=np.float64)
    precision = blocks.fixed_rest + np.einsum("aqi,taqj->tij", blocks.fixed, solved[..., q : q + p])
    weighted = blocks.mixed_rest[which] + np.einsum("aqi,taq->ti", blocks.fixed, solved[..., -1])
    covariance = np.linalg.inv(precision)
    coefficients = np.einsum("tij,tj->ti", covariance, weighted)
    total = blocks.response_rest[which] + np.einsum("taq,taq->t", response, solved[..., -1])
    squares = total - np.einsum("ti,ti->t", weighted, coefficients)
    log_determinant = np.linalg.slogdet(inner)[1].sum(axis=1) + np.linalg.slogdet(precision)[1]
    log_determinant += 2 * np.sum(np.log(np.abs(np.diag(blocks.basis))))
    return Point(
        criterion=log_determinant + blocks.degrees * (1 + np.log(2 * np.pi * squares / blocks.degrees)),
        factor=factor,
        covariance=covariance,
        coefficients=coefficients,
        squares=squares,
        random_solved=solved[..., :q],
        fixed_solved=solved[..., q : q + p],
        response_solved=solved[..., -1],
    )


def slopes(blocks: Blocks, point: Point) -> Slopes:
    """Return the derivatives at ``point``."""
    rows, columns = np.tril_indices(blocks.scale.size)
    direction = directions(point.factor)
    random = np.einsum("aij,taik->tajk", blocks.random, point.random_solved)
    fixed = np.einsum("aij,taik->tajk", blocks.random, point.fixed_solved)
    seen = np.einsum("aij,tai->taj", blocks.random, point.response_solved)
    residual = seen - np.einsum("taqi,ti->taq", fixed, point.coefficients)
    spread = fixed @ point.covariance[:, None] @ np.swapaxes(fixed, -1, -2)
    outer = residual[..., :, None] * residual[..., None, :]
    weight = (blocks.degrees / point.squares)[:, None, None]

    by_covariance = np.sum(random - spread, axis=1) - weight * np.sum(outer, axis=1)
    left = (2 * spread - random + 2 * weight[:, None] * outer)[:, :, None] @ direction[:, None]
    right = random[:, :, None] @ direction[:, None]
    moved = direction[:, None] @ residual[:, :, None, :, None]
    precision = np.einsum("taqi,takqj->tkij", fixed, direction[:, None] @ fixed[:, :, None], optimize=True)
    shift = np.einsum("taqi,takq->tki", fixed, moved[..., 0])
    squares = np.einsum("taq,takq->tk", residual, moved[..., 0])
    turned = point.covariance[:, None] @ precision

    hessian = _contract(left, np.swapaxes(right, -1, -2))
    hessian -= _contract(turned[:, None], np.swapaxes(turned, -1, -2)[:, None])
    hessian -= 2 * weight * (shift @ point.covariance @ np.swapaxes(shift, -1, -2))
    hessian -= weight / point.squares[:, None, None] * squares[:, :, None] * squares[:, None, :]
    hessian += np.where(columns[:, None] == columns, 2 * by_covariance[:, rows[:, None], rows], 0)
    gradient = np.einsum("tij,tkij->tk", by_covariance, direction)
    return Slopes(gradient, hessian, squares, precision)


def directions(factor: Samples) -> Samples:
    """Return ∂S (t, k, q, q) by each parameter."""
    size = factor.shape[-1]
    rows, columns = np.tril_indices(size)
    half = np.eye(size)[rows][None, :, :, None] * np.swapaxes(factor, -1, -2)[:, columns][:, :, None, :]
    return half + np.swapaxes(half, -1, -2)


def _contract(left: Samples, right: Samples) -> Samples:
    """Return Σ left·right over all but the response and the parameter, from (t, a, k, i, j) each: (t, k, k)."""
    t, a, k, size = (*left.shape[:3], left.shape[3] * left.shape[4])
    flat = [np.moveaxis(part, 2, 1).reshape(t, k, a * size) for part in (left, right)]
    return flat[0] @ np.swapaxes(flat[1], -1, -2)
