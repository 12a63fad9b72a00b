"""The mixed model for repeated measures: an unstructured covariance over visits, by restricted maximum likelihood.

    y_i = (I ⊗ z_i') C β + e_i,   e_i ~ N(0, Σ)

Whatever visits a person was seen at enter; the others need not be filled in, if that they are missing depends on
no more than what was seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from adenoscope.core.recording import Samples
from adenoscope.statistics.mixed.satterthwaite import FixedContrast, fixed_contrast
from adenoscope.statistics.trials.contrast import TrialContrast, joined, t_contrast
from adenoscope.statistics.trials.design import arm_design, as_arms, as_replicates, visit_restriction
from adenoscope.statistics.trials.unstructured.likelihood import evaluate, slopes
from adenoscope.statistics.trials.unstructured.minimum import minimise
from adenoscope.statistics.trials.unstructured.moments import Indices, Moments, gather
from adenoscope.statistics.trials.unstructured.small_sample import inflation

# Replicates that go through the search together: more do not fit the processor's cache.
TOGETHER = 100
RANK = "Some of the coefficients cannot be told apart: an arm was not seen at a visit, or a covariate does not vary."
NO_MINIMUM = "The restricted likelihood has no minimum that could be found: too few persons for so many visits."


@dataclass(frozen=True, eq=False)
class MmrmFit:
    """The model of r replicates with p coefficients and T visits, in the response's unit.

    ``fixed`` (r, p) are the coefficients in the order of C's columns, ``covariance`` (r, p, p) their covariance were
    Σ known, ``adjusted`` (r, p, p) the same with Σ's own uncertainty, ``sigma`` (r, T, T) is Σ, and ``criterion``
    (r,) minus twice the restricted log-likelihood. ``reasons`` says why a replicate has no answer (its numbers are
    then NaN), else None. ``parameter_covariance`` (r, m, m) and ``covariance_slopes`` (r, m, p, p) belong to the m
    coordinates of Σ that degrees of freedom are derived from.
    """

    fixed: Samples
    covariance: Samples
    adjusted: Samples
    sigma: Samples
    criterion: Samples
    parameter_covariance: Samples
    covariance_slopes: Samples
    reasons: tuple[str | None, ...]


def fit_mmrm(y: ArrayLike, persons: ArrayLike, restriction: ArrayLike) -> MmrmFit:
    """Return the model of ``y`` (r, n, T), or (n, T) for one data set, NaN where a visit is missing.

    Args:
        y: the response [its unit].
        persons: covariates z (r, n, k) with that of the intercept.
        restriction: C (T k, p), row t k + j for covariate j at visit t; ``visit_restriction`` gives the usual ones.

    Valid: persons independent; missing at random given the visits seen and the covariates; responses about normal.
    Source: Mallinckrodt, Clark, David (2001), doi:10.1081/BIP-100104194; Kenward, Roger (1997),
    doi:10.2307/2533558, for the adjusted covariance.
    """
    response, z, c = as_replicates(y, 3), as_replicates(persons, 3), np.asarray(restriction, dtype=np.float64)
    if not np.isfinite(z).all():
        raise ValueError("A covariate is not finite; leave out the persons who lack it.")
    fit = _empty(len(response), c.shape[1], response.shape[2])
    reasons: list[str | None] = [RANK] * len(response)
    for first in range(0, len(response), TOGETHER):
        part = slice(first, first + TOGETHER)
        moments = gather(response[part], np.broadcast_to(z, (len(response), *z.shape[1:]))[part], c)
        minimum = minimise(moments)
        for place in np.flatnonzero(moments.able):
            reasons[first + place] = None if minimum.converged[place] else NO_MINIMUM
        known = np.flatnonzero(minimum.converged)
        _write(fit, moments.take(known), minimum.sigma[known], first + known)
    return replace(fit, reasons=tuple(reasons))


def mmrm_difference(
    y: ArrayLike,
    arm: ArrayLike,
    by_visit: ArrayLike | None = None,
    constant: ArrayLike | None = None,
    *,
    adjusted: bool = True,
    ci_prob: float = 0.95,
) -> TrialContrast:
    """Return each arm's difference from the reference at each visit (r, T, arms - 1), in the response's unit.

    Args:
        y: response (r, n, T), NaN where a visit is missing.
        arm: (r, n), 0 for the reference, -1 for who is not in the analysis.
        by_visit: covariates (r, n, c) with a coefficient at each visit, as the baseline.
        constant: covariates (r, n, d) with one coefficient for all visits.
        adjusted: whether the standard error counts that Σ was estimated, after Kenward and Roger; it matters below
            about 30 persons in an arm.
        ci_prob: what the intervals hold.

    Valid: as ``fit_mmrm``; degrees of freedom are Satterthwaite's.
    Source: Mallinckrodt, Clark, David (2001), doi:10.1081/BIP-100104194; Kuznetsova, Brockhoff, Christensen (2017),
    doi:10.18637/jss.v082.i13, for the degrees of freedom.
    """
    response = as_replicates(y, 3)
    arms = as_arms(arm, *response.shape[:2])
    crossed, n_others = arm_design(arms, by_visit)
    k, n_visits = crossed.shape[2], response.shape[2]
    steady = np.zeros((1, arms.shape[1], 0)) if constant is None else as_replicates(constant, 3)
    steady = np.where(arms[..., None] >= 0, steady, 0.0)
    z = np.concatenate([crossed, steady], axis=2)
    restriction = visit_restriction(n_visits, k, steady.shape[2])
    response = np.where(arms[..., None] >= 0, response, np.nan)
    parts: list[TrialContrast] = []
    for first in range(0, len(response), TOGETHER):
        fit = fit_mmrm(response[first : first + TOGETHER], z[first : first + TOGETHER], restriction)
        parts.append(_at_visits(fit, n_visits, k, n_others, adjusted=adjusted, ci_prob=ci_prob))
    return joined(parts)


def _at_visits(
    fit: MmrmFit, n_visits: int, k: int, n_others: int, *, adjusted: bool, ci_prob: float
) -> TrialContrast:
    found: list[FixedContrast] = []
    for visit in range(n_visits):
        for other in range(n_others):
            weights = np.zeros(fit.fixed.shape[1])
            weights[visit * k + 1 + other] = 1.0
            found.append(fixed_contrast(fit, weights, ci_prob, adjusted=adjusted))
    shape = (len(fit.fixed), n_visits, n_others)
    estimate, error, degrees = (
        np.stack([getattr(contrast, name) for contrast in found], axis=1).reshape(shape)
        for name in ("estimate", "standard_error", "degrees")
    )
    return t_contrast(estimate, error, degrees, ci_prob)


def _write(fit: MmrmFit, moments: Moments, sigma: Samples, to: Indices) -> None:
    """Write the models of ``moments`` at their minimum ``sigma`` into the places ``to``."""
    if not to.size:
        return
    point = evaluate(moments, sigma)
    slope = slopes(moments, point)
    parameters = 2 * np.asarray(np.linalg.inv(slope.hessian), dtype=np.float64)
    wider = inflation(moments, point, slope, parameters)
    back = np.linalg.inv(moments.basis)
    ahead = np.swapaxes(back, 1, 2)
    fit.fixed[to] = np.einsum("rij,rj->ri", back, moments.start + point.coefficients)
    fit.covariance[to] = back @ point.covariance @ ahead
    fit.adjusted[to] = back @ (point.covariance + wider) @ ahead
    fit.sigma[to] = sigma
    fit.criterion[to] = point.criterion
    fit.parameter_covariance[to] = parameters
    turned = (back @ point.covariance)[:, None]
    fit.covariance_slopes[to] = turned @ slope.precision @ np.swapaxes(turned, 2, 3)


def _empty(r: int, p: int, n_visits: int) -> MmrmFit:
    m = n_visits * (n_visits + 1) // 2
    return MmrmFit(
        fixed=np.full((r, p), np.nan),
        covariance=np.full((r, p, p), np.nan),
        adjusted=np.full((r, p, p), np.nan),
        sigma=np.full((r, n_visits, n_visits), np.nan),
        criterion=np.full(r, np.nan),
        parameter_covariance=np.full((r, m, m), np.nan),
        covariance_slopes=np.full((r, m, p, p), np.nan),
        reasons=(None,) * r,
    )
