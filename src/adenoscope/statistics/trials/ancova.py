"""Analysis of covariance of one visit: arms at the same covariates, with one variance or one for each arm."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from adenoscope.core.recording import Samples
from adenoscope.statistics.trials.contrast import TrialContrast, t_contrast
from adenoscope.statistics.trials.design import arm_design, as_arms, as_replicates
from adenoscope.statistics.trials.unstructured.moments import Flags, Indices

RANK_TOLERANCE = 1e-8
# A residual sum of squares below this share of the whole is rounding.
NO_RESIDUAL = 1e-24


def ancova_difference(
    y: ArrayLike,
    arm: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    variances: Literal["equal", "by_arm"] = "equal",
    ci_prob: float = 0.95,
) -> TrialContrast:
    """Return each arm's difference from the reference (r, arms - 1), in the response's unit.

    Args:
        y: response (r, n) at one visit; persons with NaN are left out.
        arm: (r, n), 0 for the reference, -1 for who is not in the analysis.
        covariates: (r, n, c), the baseline first; a change from baseline as the response gives the same difference.
        variances: "by_arm" fits each arm by itself, with slopes and a variance of its own, and compares them at the
            mean covariates of all; degrees of freedom are then Welch's.
        ci_prob: what the interval holds.

    Valid: missing at random given arm and covariates alone; persons independent; about normal, or enough persons.
    Source: Lin (2013), doi:10.1214/12-AOAS583, for slopes by arm; Welch (1947), doi:10.1093/biomet/34.1-2.28.
    """
    response = as_replicates(y, 2)
    arms = as_arms(arm, *response.shape)
    design, n_others = arm_design(arms, covariates)
    inside = np.isfinite(response) & (arms >= 0)
    filled = np.where(inside, response, 0.0)
    if variances == "equal":
        estimate, error, degrees = _together(filled, inside, design, n_others)
    else:
        estimate, error, degrees = _apart(filled, inside, design[..., 1 + n_others :], arms, n_others)
    return t_contrast(estimate, error, degrees, ci_prob)


def least_squares(y: Samples, inside: Flags, x: Samples) -> tuple[Samples, Samples, Samples]:
    """Return coefficients (r, k), (X'X)⁻¹ (r, k, k) and the residual sum of squares (r,); NaN where X lacks rank.

    Only the persons ``inside`` (r, n) count.
    """
    q, upper = np.linalg.qr(x * inside[..., None])
    diagonal = np.abs(np.diagonal(upper, axis1=1, axis2=2))
    able = diagonal.min(axis=1) > RANK_TOLERANCE * diagonal.max(axis=1)
    upper[~able] = np.eye(x.shape[2])
    back = np.where(able[:, None, None], np.linalg.inv(upper), np.nan)
    along = np.einsum("rni,rn->ri", q, y)
    rest = y - np.einsum("rni,ri->rn", q, along)
    coefficients = np.einsum("rij,rj->ri", back, along)
    squares = np.einsum("rn,rn->r", rest, rest)
    squares = np.where(squares > NO_RESIDUAL * np.einsum("rn,rn->r", y, y), squares, 0.0)
    return coefficients, back @ np.swapaxes(back, 1, 2), squares


def _together(y: Samples, inside: Flags, x: Samples, n_others: int) -> tuple[Samples, Samples, Samples]:
    coefficients, inverse, squares = least_squares(y, inside, x)
    degrees = inside.sum(axis=1) - x.shape[2]
    degrees = np.where(degrees > 0, degrees, np.nan)
    places = slice(1, 1 + n_others)
    leverage = np.diagonal(inverse, axis1=1, axis2=2)[:, places]
    error = np.sqrt(leverage * (squares / degrees)[:, None])
    return coefficients[:, places], error, np.broadcast_to(degrees[:, None], error.shape)


def _apart(
    y: Samples, inside: Flags, covariates: Samples, arm: Indices, n_others: int
) -> tuple[Samples, Samples, Samples]:
    persons = np.maximum(inside.sum(axis=1), 1)
    centre = np.einsum("rn,rnc->rc", inside, covariates) / persons[:, None]
    away = (covariates - centre[:, None]) * inside[..., None]
    scatter = np.swapaxes(away, 1, 2) @ away / persons[:, None, None]
    x = np.concatenate([np.ones((*y.shape, 1)), away], axis=2)
    means: list[Samples] = []
    variances: list[Samples] = []
    degrees: list[Samples] = []
    for number in range(n_others + 1):
        here = inside & (arm == number)
        coefficients, inverse, squares = least_squares(np.where(here, y, 0.0), here, x)
        left = here.sum(axis=1) - x.shape[2]
        left = np.where(left > 0, left, np.nan)
        means.append(coefficients)
        variances.append(inverse[:, 0, 0] * squares / left)
        degrees.append(left)
    slopes = np.stack(means, axis=1)
    apart = slopes[:, 1:] - slopes[:, :1]
    # Were the arms' slopes to differ, so would the difference at other covariates than the mean of these persons
    moved = np.einsum("rai,rij,raj->ra", apart[..., 1:], scatter, apart[..., 1:]) / persons[:, None]
    variance, left = np.stack(variances, axis=1), np.stack(degrees, axis=1)
    total = variance[:, 1:] + variance[:, :1]
    squares = variance[:, 1:] ** 2 / left[:, 1:] + variance[:, :1] ** 2 / left[:, :1]
    welch = np.divide(total**2, squares, out=np.full_like(total, np.nan), where=squares > 0)
    return apart[..., 0], np.sqrt(total + moved), welch
