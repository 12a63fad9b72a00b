"""The restricted likelihood of an unstructured covariance over visits, with both derivatives, from moments.

    d(Σ) = Σ_i log|Σ_i| + log|X'V⁻¹X| + y'Py + (N - p) log 2π
    ∂d = tr(G ∂Σ),  G = Σ_g n_g W_g - W_g (H_g + R_g) W_g

W_g is Σ⁻¹ of the visits seen in pattern g, with zeros elsewhere, R_g = Σ rr' and H_g = Σ (I ⊗ z')Φ(I ⊗ z), Φ being
the coefficients' covariance. Derivatives are taken at S = 0 in Σ(S) = L exp(S) L', Σ = LL', by coordinates of the
symmetric S in an orthonormal basis: there Σ stays positive definite, no scale matters, and without missing visits
d is convex.

Source: Jennrich, Schluchter (1986), doi:10.2307/2530695, for the model; the coordinates are our own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.statistics.trials.unstructured.moments import Moments


@dataclass(frozen=True, eq=False)
class Point:
    """The model at one Σ for each of r replicates.

    ``criterion`` (r,) is d; ``factor`` (r, T, T) is L; ``weights`` (r, g, T, T) are the W_g; ``covariance`` (r, p, p)
    is the coefficients' covariance and ``coefficients`` (r, p) what least squares still lacked.
    """

    criterion: Samples
    factor: Samples
    weights: Samples
    covariance: Samples
    coefficients: Samples


@dataclass(frozen=True, eq=False)
class Slopes:
    """Derivatives by the m = T (T + 1) / 2 coordinates of S.

    ``gradient`` (r, m) and ``hessian`` (r, m, m) of d; ``score`` (r, T, T) is L'GL; ``precision`` (r, m, p, p) is
    -∂(X'V⁻¹X) and ``shift`` (r, m, p) minus that times ∂ of the coefficients; ``reach`` (r, g, T, T) are the W_g L.
    """

    gradient: Samples
    hessian: Samples
    score: Samples
    precision: Samples
    shift: Samples
    reach: Samples


def symmetric_basis(size: int) -> Samples:
    """Return an orthonormal basis (size, size, m) of the symmetric matrices."""
    rows, columns = np.tril_indices(size)
    basis = np.zeros((size, size, rows.size))
    share = np.where(rows == columns, 1.0, np.sqrt(0.5))
    basis[rows, columns, np.arange(rows.size)] = basis[columns, rows, np.arange(rows.size)] = share
    return basis


def evaluate(moments: Moments, sigma: Samples) -> Point:
    """Return the model at ``sigma`` (r, T, T), positive definite."""
    r, k, size = len(sigma), moments.cross.shape[-1], sigma.shape[-1]
    weights = np.zeros((*moments.count.shape, size, size))
    log_determinant = np.zeros(r)
    for number, seen in enumerate(moments.observed):
        inside = sigma[:, seen][:, :, seen]
        weights[:, number, np.flatnonzero(seen)[:, None], np.flatnonzero(seen)] = np.linalg.inv(inside)
        log_determinant += moments.count[:, number] * np.linalg.slogdet(inside)[1]
    whole = over_patterns(weights, moments.cross).reshape(r, size, size, k, k)
    whole = np.swapaxes(whole, 2, 3).reshape(r, size * k, size * k)
    turned = np.swapaxes(moments.restriction, 1, 2)
    precision = turned @ whole @ moments.restriction
    side = (turned @ np.einsum("rgst,rgkt->rsk", weights, moments.mixed, optimize=True).reshape(r, -1, 1))[..., 0]
    covariance = np.asarray(np.linalg.inv(precision), dtype=np.float64)
    coefficients = np.einsum("rij,rj->ri", covariance, side)
    squares = np.einsum("rgst,rgst->r", weights, moments.squares) - np.sum(side * coefficients, axis=1)
    log_determinant += np.linalg.slogdet(precision)[1]
    log_determinant += 2 * np.sum(np.log(np.abs(np.diagonal(moments.basis, axis1=1, axis2=2))), axis=1)
    constant = (moments.n_observations - precision.shape[1]) * np.log(2 * np.pi)
    criterion = log_determinant + squares + constant
    factor = np.asarray(np.linalg.cholesky(sigma), dtype=np.float64)
    return Point(criterion, factor, weights, covariance, coefficients)


def slopes(moments: Moments, point: Point) -> Slopes:
    """Return the derivatives at ``point``."""
    r, size, k = len(point.criterion), point.factor.shape[-1], moments.cross.shape[-1]
    basis = symmetric_basis(size)
    flat = basis.reshape(size * size, -1)
    m = flat.shape[1]
    fixed = (moments.restriction @ point.coefficients[..., None]).reshape(r, 1, size, k)
    away = np.swapaxes(moments.mixed, 2, 3) - fixed @ moments.cross
    part = fixed @ moments.mixed
    squares = moments.squares - part - away @ np.swapaxes(fixed, 2, 3)
    reach = point.weights @ point.factor[:, None]
    full = moments.restriction @ point.covariance @ np.swapaxes(moments.restriction, 1, 2)
    spread = np.einsum("rsatb,rgab->rgst", full.reshape(r, size, k, size, k), moments.cross, optimize=True)
    back = np.swapaxes(reach, 2, 3)
    seen = back @ (squares + spread) @ reach
    inner = np.swapaxes(point.factor, 1, 2)[:, None] @ reach
    score = np.sum(moments.count[..., None, None] * inner - seen, axis=1)

    # tr(E_k W E_l X) over the patterns
    paired = over_patterns(inner, 2 * seen - moments.count[..., None, None] * inner)
    paired = paired.reshape(r, size, size, size, size).transpose(0, 4, 1, 2, 3).reshape(r, size**2, size**2)
    hessian = flat.T @ paired @ flat
    moved = np.einsum("rgsa,abm,rgtb->rgmst", reach, basis, reach, optimize=True)
    precision = over_patterns(moved, moments.cross).reshape(r, m, size, size, k, k)
    precision = np.swapaxes(precision, 3, 4).reshape(r, m, size * k, size * k)
    turned = np.swapaxes(moments.restriction, 1, 2)[:, None]
    precision = turned @ precision @ moments.restriction[:, None]
    shift = np.einsum("rgmst,rgtk->rmsk", moved, away, optimize=True).reshape(r, m, -1) @ moments.restriction
    product = (point.covariance[:, None] @ precision).reshape(r, m, -1)
    mirrored = np.swapaxes(product.reshape(precision.shape), 2, 3).reshape(r, m, -1)
    hessian -= product @ np.swapaxes(mirrored, 1, 2)
    hessian -= 2 * shift @ point.covariance @ np.swapaxes(shift, 1, 2)
    hessian += np.einsum("abk,rbc,acl->rkl", basis, score, basis, optimize=True)
    return Slopes(score.reshape(r, -1) @ flat, hessian, score, precision, shift, reach)


def over_patterns(left: Samples, right: Samples) -> Samples:
    """Return Σ_g left ⊗ right as (r, size of left, size of right), from (r, g, ...) each."""
    r, g = left.shape[:2]
    return np.swapaxes(left.reshape(r, g, -1), 1, 2) @ right.reshape(r, g, -1)
