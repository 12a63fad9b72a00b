"""What a trial's data come down to: for each pattern of missing visits, a few cross-products of persons.

    y_i = (I ⊗ z_i') C β + e_i,   e_i ~ N(0, Σ),  Σ unstructured over the T visits

z_i (k) are a person's covariates and C (T k, p) ties their coefficients at the visits together: C = I gives each
covariate a coefficient at each visit. A covariate that changes with the visits enters as one z for each of them,
with a C that lets each act at its own visit only. What a step costs does not depend on the number of persons.

z enters as orthonormal columns and y as its residual from least squares, so that no digits are lost.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.recording import Samples

Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]

RANK_TOLERANCE = 1e-8


@dataclass(frozen=True, eq=False)
class Moments:
    """Cross-products of r replicates, by g patterns of which visits were seen, ``observed`` (g, T).

    ``count`` (r, g) are persons; ``cross`` (r, g, k, k), ``mixed`` (r, g, k, T) and ``squares`` (r, g, T, T) are sums
    of zz', ze' and ee', e being the residual of y from ``start`` (r, p). ``restriction`` (r, T k, p) is C in
    orthonormal columns, and ``basis`` (r, p, p) turns coefficients back into those of the columns given. ``able``
    (r,): the coefficients can be told apart.
    """

    observed: Flags
    count: Samples
    cross: Samples
    mixed: Samples
    squares: Samples
    restriction: Samples
    basis: Samples
    start: Samples
    able: Flags

    @property
    def n_observations(self) -> Samples:
        """Return how many visits were seen in each replicate (r,)."""
        return self.count @ self.observed.sum(axis=1)

    def take(self, which: Indices) -> Moments:
        """Return the moments of some replicates."""
        parts = {field.name: getattr(self, field.name)[which] for field in fields(self) if field.name != "observed"}
        return replace(self, **parts)


def gather(y: Samples, z: Samples, restriction: Samples) -> Moments:
    """Return the moments of ``y`` (r, n, T), NaN where a visit is missing, with ``z`` (r, n, k) and C (T k, p)."""
    present = np.isfinite(y)
    anyone: Flags = np.any(present, axis=2)
    z, columns, basis, able = _orthonormal(np.where(anyone[..., None], z, 0.0), restriction, y.shape[2])
    start, able_too = _least_squares(np.where(present, y, 0.0), present, z, columns)
    able &= able_too
    coefficients = np.einsum("rcp,rp->rc", columns, start).reshape(len(y), y.shape[2], -1)
    residual = np.where(present, y - z @ np.swapaxes(coefficients, 1, 2), 0.0)
    codes = present @ (2 ** np.arange(y.shape[2]))
    patterns = np.unique(codes[anyone])
    rows = np.concatenate([z, residual], axis=2)
    sums = np.empty((len(y), patterns.size, rows.shape[2], rows.shape[2]))
    count = np.empty((len(y), patterns.size))
    for number, pattern in enumerate(patterns):
        inside = codes == pattern
        count[:, number] = inside.sum(axis=1)
        sums[:, number] = np.swapaxes(rows * inside[..., None], 1, 2) @ rows
    k = z.shape[2]
    return Moments(
        observed=(patterns[:, None] >> np.arange(y.shape[2])) % 2 == 1,
        count=count,
        cross=sums[..., :k, :k],
        mixed=sums[..., :k, k:],
        squares=sums[..., k:, k:],
        restriction=columns,
        basis=basis,
        start=start,
        able=able,
    )


def _orthonormal(z: Samples, restriction: Samples, n_visits: int) -> tuple[Samples, Samples, Samples, Flags]:
    """Return z and C in orthonormal columns, what turns coefficients back, and where z has full rank."""
    k, p = z.shape[2], restriction.shape[1]
    upper = np.asarray(np.linalg.qr(z, mode="r")) / np.sqrt(z.shape[1])
    diagonal = np.abs(np.diagonal(upper, axis1=1, axis2=2))
    able = diagonal.min(axis=1) > RANK_TOLERANCE * np.sqrt(np.mean(z**2, axis=(1, 2)))
    upper[~able] = np.eye(k)
    turned = upper[:, None] @ restriction.reshape(n_visits, k, p)
    columns, basis = np.linalg.qr(turned.reshape(len(z), n_visits * k, p))
    return z @ np.linalg.inv(upper), columns, basis, able


def _least_squares(y: Samples, present: Flags, z: Samples, columns: Samples) -> tuple[Samples, Flags]:
    """Return the coefficients (r, p) of ordinary least squares, and where they can be told."""
    r, n_visits, k = len(y), y.shape[2], z.shape[2]
    by_visit = columns.reshape(r, n_visits, k, -1)
    gram = np.zeros((r, columns.shape[2], columns.shape[2]))
    for visit in range(n_visits):
        cross = np.swapaxes(z * present[:, :, visit, None], 1, 2) @ z
        gram += np.swapaxes(by_visit[:, visit], 1, 2) @ cross @ by_visit[:, visit]
    side = np.einsum("rtkp,rtk->rp", by_visit, np.swapaxes(y, 1, 2) @ z)
    values, axes = np.linalg.eigh(gram)
    able = values[:, 0] > RANK_TOLERANCE * values[:, -1]
    values[~able] = 1.0
    return np.einsum("rij,rj,rkj,rk->ri", axes, 1 / values, axes, side, optimize=True), able
