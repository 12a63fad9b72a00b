"""Differences at the last visit when lost persons are imputed: as their arm went on, or by way of the reference.

Two variances are offered. "jackknife" imputes the conditional mean and measures how the difference would vary over
repeated trials. "rubin" draws many imputations and pools them, which keeps the share of information that was lost;
from a reference arm this overstates how the difference varies, and its tests reject too seldom.

Source: Wolbers, Noci, Delmar, Gower-Page, Yiu, Bartlett (2022), doi:10.1002/pst.2234; Cro, Carpenter, Kenward
(2019), doi:10.1111/rssa.12423, on what Rubin's variance means here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from adenoscope.core.recording import Samples
from adenoscope.statistics.trials.contrast import TrialContrast, joined, placed, t_contrast, unanswered
from adenoscope.statistics.trials.design import arm_design, as_arms, as_replicates, visit_restriction
from adenoscope.statistics.trials.imputing.jackknife import Model, jackknife_variance
from adenoscope.statistics.trials.imputing.reference import Persons, Strategy, expect
from adenoscope.statistics.trials.imputing.rubin import pool
from adenoscope.statistics.trials.mmrm import TOGETHER
from adenoscope.statistics.trials.unstructured.likelihood import evaluate, slopes, symmetric_basis
from adenoscope.statistics.trials.unstructured.minimum import minimise
from adenoscope.statistics.trials.unstructured.moments import Indices, gather

Variance = Literal["jackknife", "rubin"]


def imputed_differences(
    y: ArrayLike,
    arm: ArrayLike,
    by_visit: ArrayLike | None = None,
    *,
    strategies: Sequence[Strategy],
    variance: Variance = "jackknife",
    n_imputations: int = 25,
    seed: int = 1,
    ci_prob: float = 0.95,
) -> dict[Strategy, TrialContrast]:
    """Return each arm's difference from the reference at the last visit (r, arms - 1), in its unit, by strategy.

    Args:
        y: response (r, n, T), NaN where missing; who is not seen at the last visit is imputed.
        arm: (r, n), 0 for the reference, -1 for who is not in the analysis.
        by_visit: covariates (r, n, c) of the imputation (at each visit) and of the analysis of the last visit.
        strategies: whose mean a person follows after the last visit seen.
        variance: that of repeated trials, or Rubin's, which needs draws.
        n_imputations: how many are drawn for Rubin's variance.
        seed: of those draws.
        ci_prob: what the intervals hold.

    Valid: as ``fit_mmrm``, and the strategy's assumption, which no data can support; 30 or more persons in an arm.
    Source: Wolbers, Noci, Delmar, Gower-Page, Yiu, Bartlett (2022), doi:10.1002/pst.2234; Carpenter, Roger, Kenward
    (2013), doi:10.1080/10543406.2013.834911.
    """
    response = as_replicates(y, 3)
    arms = as_arms(arm, *response.shape[:2])
    z, n_others = arm_design(arms, by_visit)
    seen = np.isfinite(response) & (arms >= 0)[..., None]
    whole = Persons(np.where(seen, response, 0.0), seen, z, arms)
    rng = np.random.default_rng(seed)
    parts: dict[Strategy, list[TrialContrast]] = {strategy: [] for strategy in strategies}
    for first in range(0, len(response), TOGETHER):
        persons = whole.take(np.arange(first, min(first + TOGETHER, len(response))))
        model, known = _fit(persons)
        part = persons.take(known)
        for strategy, mine in parts.items():
            if model is None:
                found = unanswered((0, n_others), ci_prob)
            elif variance == "jackknife":
                found = _by_jackknife(model, part, n_others, strategy, ci_prob)
            else:
                found = _by_rubin(model, part, n_others, strategy, ci_prob, n_imputations, rng)
            mine.append(placed(found, known, len(persons.y)))
    return {strategy: joined(found) for strategy, found in parts.items()}


def _fit(persons: Persons) -> tuple[Model | None, Indices]:
    """Return the model of those replicates that have one, and which they are; None where none has."""
    response = np.where(persons.seen, persons.y, np.nan)
    k, n_visits = persons.z.shape[2], response.shape[2]
    moments = gather(response, persons.z, visit_restriction(n_visits, k))
    minimum = minimise(moments)
    known = np.flatnonzero(minimum.converged)
    if not known.size:
        return None, known
    moments = moments.take(known)
    point = evaluate(moments, minimum.sigma[known])
    spread = np.asarray(np.linalg.inv(moments.basis), dtype=np.float64).reshape(known.size, n_visits, k, -1)
    coefficients = np.einsum("rtkp,rp->rtk", spread, moments.start + point.coefficients)
    return Model(moments, point, slopes(moments, point), coefficients, spread), known


def _analysis(persons: Persons) -> tuple[Samples, Samples, Samples]:
    """Return Q (r, n, k) and (X'X)⁻¹X' (r, k, n) of the analysis of covariance, and its degrees of freedom (r,)."""
    inside = persons.arm >= 0
    q, upper = np.linalg.qr(persons.z * inside[..., None])
    return q, np.linalg.inv(upper) @ np.swapaxes(q, 1, 2), inside.sum(axis=1) - persons.z.shape[2]


def _by_jackknife(model: Model, persons: Persons, n_others: int, strategy: Strategy, ci_prob: float) -> TrialContrast:
    expected = expect(persons, model.coefficients, model.sigma, strategy)
    q, weights, degrees = _analysis(persons)
    value = np.where(persons.arm >= 0, expected.value, 0.0)
    rest = value - np.einsum("rni,rmi,rm->rn", q, q, value, optimize=True)
    rest /= 1 - np.sum(q**2, axis=2)
    estimate, variance = np.empty((len(value), n_others)), np.empty((len(value), n_others))
    for other in range(n_others):
        row = weights[:, 1 + other]
        estimate[:, other] = np.sum(row * value, axis=1)
        variance[:, other] = jackknife_variance(
            model, persons, expected, row, -row * rest, from_reference=strategy == "copy_reference"
        )
    return t_contrast(estimate, np.sqrt(variance), np.broadcast_to(degrees[:, None], estimate.shape), ci_prob)


def _by_rubin(
    model: Model,
    persons: Persons,
    n_others: int,
    strategy: Strategy,
    ci_prob: float,
    n_imputations: int,
    rng: np.random.Generator,
) -> TrialContrast:
    q, weights, degrees = _analysis(persons)
    inverse = np.sum(weights**2, axis=2)[:, 1 : 1 + n_others]
    estimates, variances = np.empty((2, n_imputations, *inverse.shape))
    for number in range(n_imputations):
        coefficients, sigma = _draw(model, rng)
        expected = expect(persons, coefficients, sigma, strategy)
        left = np.maximum(sigma[:, -1:, -1] - np.einsum("rnt,rt->rn", expected.k, sigma[:, :, -1]), 0.0)
        noise = np.sqrt(left) * rng.normal(size=left.shape)
        value = np.where(persons.arm >= 0, expected.value + np.where(persons.seen[..., -1], 0.0, noise), 0.0)
        squares = np.sum(value**2, axis=1) - np.sum(np.einsum("rni,rn->ri", q, value) ** 2, axis=1)
        estimates[number] = np.einsum("ran,rn->ra", weights[:, 1 : 1 + n_others], value)
        variances[number] = inverse * (squares / degrees)[:, None]
    return pool(estimates, variances, np.broadcast_to(degrees[:, None], inverse.shape), ci_prob)


def _draw(model: Model, rng: np.random.Generator) -> tuple[Samples, Samples]:
    """Return B and Σ from their posterior: Σ about normal in its coordinates, and B given Σ, exactly normal."""
    factor = model.point.factor
    r, size = factor.shape[:2]
    half = np.linalg.cholesky(2 * np.linalg.inv(model.slope.hessian))
    step = half @ rng.normal(size=(*half.shape[:2], 1))
    move = (step[..., 0] @ symmetric_basis(size).reshape(size * size, -1).T).reshape(r, size, size)
    sigma = factor @ (np.eye(size) + move + move @ move / 2) @ np.swapaxes(factor, 1, 2)
    point = evaluate(model.moments, sigma)
    away = np.linalg.cholesky(point.covariance) @ rng.normal(size=(*point.coefficients.shape, 1))
    drawn = model.moments.start + point.coefficients + away[..., 0]
    return np.einsum("rtkp,rp->rtk", model.spread, drawn), sigma
