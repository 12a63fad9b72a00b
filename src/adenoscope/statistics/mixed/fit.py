"""Linear mixed models y = Xβ + Z b_i + e with the animal as the grouping factor, one for each of many responses.

b_i ~ N(0, σ²ΛΛ'),  e ~ N(0, σ²),  by restricted maximum likelihood
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from adenoscope.core.recording import Samples
from adenoscope.statistics.mixed.criterion import Indices, Slopes, evaluate, slopes
from adenoscope.statistics.mixed.design import Blocks, reduce_design
from adenoscope.statistics.mixed.newton import minimise
from adenoscope.statistics.mixed.small_sample import inflation

# An eigenvalue of ΛΛ' below this, with columns of Z of unit size, is a variance of zero.
NO_VARIANCE = 1e-8
# A residual sum of squares below this share of the whole is rounding.
NO_RESIDUAL = 1e-24
# A curvature that is less than this share of the largest tells nothing about its parameter.
FLAT = 1e-9


@dataclass(frozen=True, eq=False)
class MixedFit:
    """Mixed models of t responses with p fixed effects and q random effects of each animal.

    ``fixed`` (t, p) are the coefficients, ``covariance`` (t, p, p) their covariance were the variances known,
    and ``adjusted`` (t, p, p) the same with the variances' own uncertainty. ``random_covariance`` (t, q, q) is
    that of an animal's effects and ``residual_sd`` (t,) what is left, all in the units of response and columns.
    ``criterion`` (t,) is minus twice the restricted log-likelihood. ``singular`` (t,): some combination of the
    random effects has no variance, which is an estimate at its boundary and not a failure. ``reasons`` says why
    a response has no answer (its numbers are then NaN), else None. ``parameter_covariance`` (t, k, k) and
    ``covariance_slopes`` (t, k, p, p) belong to the k variance parameters (θ and σ²) that degrees of freedom are
    derived from.
    """

    fixed: Samples
    covariance: Samples
    adjusted: Samples
    random_covariance: Samples
    residual_sd: Samples
    criterion: Samples
    singular: NDArray[np.bool_]
    n_observations: NDArray[np.intp]
    n_animals: NDArray[np.intp]
    parameter_covariance: Samples
    covariance_slopes: Samples
    reasons: tuple[str | None, ...]

    @property
    def n_parameters(self) -> int:
        """Return fixed effects + variances and covariances + 1."""
        return self.fixed.shape[1] + self.parameter_covariance.shape[1]

    @property
    def aic(self) -> Samples:
        """Return Akaike's criterion (t,) of the restricted likelihood; comparable at the same fixed effects."""
        return self.criterion + 2 * self.n_parameters

    @property
    def bic(self) -> Samples:
        """Return the Bayesian criterion (t,), with observations, not animals, as the sample size."""
        return self.criterion + self.n_parameters * np.log(self.n_observations)


def fit_mixed(responses: ArrayLike, fixed: ArrayLike, random: ArrayLike, animals: Sequence[object]) -> MixedFit:
    """Return the mixed model of each of ``responses`` (t, n), or (n,) for one, in the response's unit.

    Args:
        responses: NaN where an observation is missing.
        fixed: the columns of X, shape (n, p), with that of the intercept.
        random: the columns of Z, shape (n, q), with that of the intercept; their covariance is unstructured.
        animals: which animal each observation is of, length n.

    Raises:
        ValueError: lengths differ, or a covariate is not finite.

    Valid: independent animals; within an animal, observations independent given its random effects.
    Source: Bates, Mächler, Bolker, Walker (2015), doi:10.18637/jss.v067.i01.
    """
    y = np.atleast_2d(np.asarray(responses, dtype=np.float64))
    x, z = np.asarray(fixed, dtype=np.float64), np.asarray(random, dtype=np.float64)
    groups = np.unique(np.array([str(animal) for animal in animals]), return_inverse=True)[1]
    if not x.shape[0] == z.shape[0] == groups.size == y.shape[1]:
        raise ValueError(
            f"{y.shape[1]} observations, but {x.shape[0]} fixed, {z.shape[0]} random, {groups.size} animals"
        )
    if not (np.isfinite(x).all() and np.isfinite(z).all()):
        raise ValueError("A covariate is not finite; leave out the observations that lack it.")
    fit = _empty(len(y), x.shape[1], z.shape[1])
    reasons: list[str | None] = [None] * len(y)
    present = np.isfinite(y)
    patterns, pattern_of = np.unique(present, axis=0, return_inverse=True)
    for number, rows in enumerate(patterns):
        which = np.flatnonzero(pattern_of.ravel() == number)
        fit.n_observations[which] = rows.sum()
        fit.n_animals[which] = np.unique(groups[rows]).size
        blocks = reduce_design(y[which][:, rows], x[rows], z[rows], groups[rows])
        why_not = [blocks] * which.size if isinstance(blocks, str) else _fill(fit, blocks, which)
        for response, reason in zip(which, why_not, strict=True):
            reasons[response] = reason
    return replace(fit, reasons=tuple(reasons))


def _fill(fit: MixedFit, blocks: Blocks, which: Indices) -> list[str | None]:
    """Write the answers of the responses ``which``, all with the same rows, and return why some have none."""
    reasons: list[str | None] = [None] * which.size
    able = _has_residual(blocks)
    minimum = minimise(blocks, np.flatnonzero(able))
    for place in np.flatnonzero(~able):
        reasons[place] = "Nothing varies within animals, so the residual cannot be judged."
    for place in np.flatnonzero(able)[~minimum.converged]:
        reasons[place] = "The restricted likelihood has no minimum that could be found."
    known = np.flatnonzero(able)[minimum.converged]
    _write(fit, blocks, which[known], known, minimum.theta[minimum.converged])
    return reasons


def _write(fit: MixedFit, blocks: Blocks, to: Indices, known: Indices, theta: Samples) -> None:
    """Write the models of the blocks' responses ``known`` at ``theta`` into the places ``to``."""
    point = evaluate(blocks, known, theta)
    slope = slopes(blocks, point)
    variance = point.squares / blocks.degrees
    back = np.linalg.inv(blocks.basis)
    relative = point.factor @ np.swapaxes(point.factor, -1, -2)
    parameters = _parameter_covariance(slope, point.factor, variance, blocks.degrees)
    wider = inflation(blocks, point, slope, parameters[:, :-1, :-1])
    each = variance[:, None, None]
    fit.fixed[to] = (blocks.start[known] + point.coefficients) @ back.T
    fit.covariance[to] = each * (back @ point.covariance @ back.T)
    fit.adjusted[to] = each * (back @ (point.covariance + wider) @ back.T)
    fit.random_covariance[to] = each * relative / np.outer(blocks.scale, blocks.scale)
    fit.residual_sd[to] = np.sqrt(variance)
    fit.criterion[to] = point.criterion
    fit.singular[to] = np.linalg.eigvalsh(relative)[:, 0] < NO_VARIANCE
    fit.parameter_covariance[to] = parameters
    turned = (back @ point.covariance)[:, None]
    by_theta = each[:, None] * (turned @ slope.precision @ np.swapaxes(turned, -1, -2))
    fit.covariance_slopes[to] = np.concatenate([by_theta, turned @ back.T], axis=1)


def _parameter_covariance(slope: Slopes, factor: Samples, variance: Samples, degrees: int) -> Samples:
    """Return the covariance (t, k, k) of θ and σ²: twice the inverse curvature of the criterion before profiling."""
    cross = slope.squares / variance[:, None] ** 2
    last = degrees / variance**2
    size = cross.shape[1] + 1
    curvature = np.empty((len(variance), size, size))
    curvature[:, :-1, :-1] = slope.hessian + cross[:, :, None] * cross[:, None, :] / last[:, None, None]
    curvature[:, :-1, -1] = curvature[:, -1, :-1] = cross
    curvature[:, -1, -1] = last
    # Each parameter by its size, so that a flat direction is told from one that is small
    rows = np.tril_indices(factor.shape[-1])[0]
    unit = np.concatenate([1 + np.linalg.norm(factor, axis=2)[:, rows], variance[:, None]], axis=1)
    values, axes = np.linalg.eigh(curvature * unit[:, :, None] * unit[:, None, :])
    inverse = np.where(values > FLAT * values[:, -1:], 1 / np.where(values > 0, values, 1), 0)
    scaled = unit[:, :, None] * axes
    return 2 * (scaled * inverse[:, None, :]) @ np.swapaxes(scaled, -1, -2)


def _has_residual(blocks: Blocks) -> NDArray[np.bool_]:
    """Return for each response whether anything is left beside the fixed effects and any effects of animals."""
    explained = np.einsum(
        "ti,ij,tj->t", blocks.mixed_rest, np.linalg.pinv(blocks.fixed_rest, hermitian=True), blocks.mixed_rest
    )
    whole = np.sum(blocks.start**2, axis=1) + np.sum(blocks.response**2, axis=(1, 2)) + blocks.response_rest
    return blocks.response_rest - explained > NO_RESIDUAL * whole


def _empty(n: int, p: int, q: int) -> MixedFit:
    size = q * (q + 1) // 2 + 1
    return MixedFit(
        fixed=np.full((n, p), np.nan),
        covariance=np.full((n, p, p), np.nan),
        adjusted=np.full((n, p, p), np.nan),
        random_covariance=np.full((n, q, q), np.nan),
        residual_sd=np.full(n, np.nan),
        criterion=np.full(n, np.nan),
        singular=np.zeros(n, dtype=np.bool_),
        n_observations=np.zeros(n, dtype=np.intp),
        n_animals=np.zeros(n, dtype=np.intp),
        parameter_covariance=np.full((n, size, size), np.nan),
        covariance_slopes=np.full((n, size, p, p), np.nan),
        reasons=(None,) * n,
    )
