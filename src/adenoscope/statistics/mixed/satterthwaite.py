"""Tests and intervals of fixed effects with Satterthwaite's degrees of freedom.

one contrast l:   ν = 2 (l'Cl)² / (g'Ag),  g = ∂(l'Cl) by the variance parameters, A their covariance
a matrix L:       F = mean of t² over the principal axes of LCL',  ν from E = Σ ν_m / (ν_m - 2):  2E / (E - r)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtrc, stdtr, stdtrit

from adenoscope.core.recording import Samples
from adenoscope.statistics.mixed.fit import MixedFit

# Degrees of freedom this near each other are the same.
SAME_DEGREES = 1e-8


class Fitted(Protocol):
    """What degrees of freedom are derived from in each of t models with p coefficients and k variance parameters."""

    @property
    def fixed(self) -> Samples: ...
    @property
    def covariance(self) -> Samples: ...
    @property
    def adjusted(self) -> Samples: ...
    @property
    def parameter_covariance(self) -> Samples: ...
    @property
    def covariance_slopes(self) -> Samples: ...
    @property
    def reasons(self) -> tuple[str | None, ...]: ...


@dataclass(frozen=True, eq=False)
class FixedContrast:
    """A combination of fixed effects in each of t models, in the response's unit; every array (t,)."""

    estimate: Samples
    standard_error: Samples
    degrees: Samples
    low: Samples
    high: Samples
    p_value: Samples


@dataclass(frozen=True, eq=False)
class FTest:
    """Whether several combinations are all zero, in each of t models; every array (t,) but ``numerator``."""

    sum_of_squares: Samples
    numerator: int
    denominator: Samples
    f: Samples
    p_value: Samples


def fixed_contrast(fit: Fitted, weights: ArrayLike, ci_prob: float = 0.95, *, adjusted: bool = True) -> FixedContrast:
    """Return ``weights`` (p,) · β with its t-interval and two-sided p; NaN where a model has no answer.

    ``adjusted`` counts the uncertainty of the variances into the standard error; without it the numbers are
    those that lmerTest gives by default.

    Valid: as the mixed model; a between-animal contrast needs a few animals on each side.
    Source: Kuznetsova, Brockhoff, Christensen (2017), doi:10.18637/jss.v082.i13; Kenward, Roger (1997),
    doi:10.2307/2533558, for the adjusted standard error.
    """
    row = np.asarray(weights, dtype=np.float64)
    known = np.array([reason is None for reason in fit.reasons])
    estimate, degrees = fit.fixed @ row, np.full(known.size, np.nan)
    asked = np.broadcast_to(row, (int(known.sum()), 1, row.size))
    degrees[known] = _degrees(fit, known, asked)[:, 0]
    error = np.sqrt(np.einsum("i,tij,j->t", row, fit.adjusted if adjusted else fit.covariance, row))
    half_width = stdtrit(degrees, (1 + ci_prob) / 2) * error
    p_value = 2 * stdtr(degrees, -np.abs(estimate) / error)
    return FixedContrast(estimate, error, degrees, estimate - half_width, estimate + half_width, p_value)


def f_test(fit: MixedFit, weights: ArrayLike, *, adjusted: bool = True) -> FTest:
    """Return the F test that ``weights`` (r, p) · β is zero; ``term_weights`` gives them for a factor.

    ``adjusted`` as in ``fixed_contrast``.

    Valid: as the mixed model.
    Source: Kuznetsova, Brockhoff, Christensen (2017), doi:10.18637/jss.v082.i13, after Fai, Cornelius (1996),
    doi:10.1080/00949659608811740.
    """
    matrix = np.atleast_2d(np.asarray(weights, dtype=np.float64))
    count = int(np.linalg.matrix_rank(matrix))
    known = np.array([reason is None for reason in fit.reasons])
    f, denominator = np.full(known.size, np.nan), np.full(known.size, np.nan)
    covariance = (fit.adjusted if adjusted else fit.covariance)[known]
    values, axes = np.linalg.eigh(matrix @ covariance @ matrix.T)
    # A dependent row leaves an axis without variance, which asks nothing.
    values, directions = values[:, -count:], np.swapaxes(axes[:, :, -count:], -1, -2) @ matrix
    f[known] = np.mean(np.einsum("tri,ti->tr", directions, fit.fixed[known]) ** 2 / values, axis=1)
    denominator[known] = _pooled(_degrees(fit, known, directions))
    return FTest(f * count * fit.residual_sd**2, count, denominator, f, fdtrc(count, denominator, f))


def term_weights(fixed: ArrayLike, columns: Sequence[int]) -> Samples:
    """Return the rows (r, p) that ask ``f_test`` whether the coefficients of ``columns`` of X are all zero.

    F is the same for any rows that span them, but its degrees of freedom are not. These are the customary ones
    of type III: each column less what the later ones of the term share with it, given all other columns.

    Valid: X is coded so that zero coefficients mean no effect of the term, whatever the other terms.
    Source: Kuznetsova, Brockhoff, Christensen (2017), doi:10.18637/jss.v082.i13.
    """
    x = np.asarray(fixed, dtype=np.float64)
    order = [column for column in range(x.shape[1]) if column not in columns] + list(columns)
    upper = np.linalg.qr(x[:, order])[1][-len(columns) :]
    weights = np.zeros((len(columns), x.shape[1]))
    weights[:, order] = upper / np.diag(upper[:, -len(columns) :])[:, None]
    return weights


def _degrees(fit: Fitted, known: NDArray[np.bool_], weights: Samples) -> Samples:
    """Return ν (t, r) of each contrast ``weights`` (t, r, p) in the models ``known``."""
    variance = np.einsum("tri,tij,trj->tr", weights, fit.covariance[known], weights, optimize=True)
    slope = np.einsum("tri,tkij,trj->trk", weights, fit.covariance_slopes[known], weights, optimize=True)
    spread = np.einsum("trk,tkl,trl->tr", slope, fit.parameter_covariance[known], slope, optimize=True)
    return 2 * variance**2 / spread


def _pooled(degrees: Samples) -> Samples:
    """Return the denominator's degrees of freedom from those of the axes, shape (t, r)."""
    same = np.ptp(degrees, axis=1) < SAME_DEGREES
    # An axis with two or fewer has no finite mean of F; the whole test is then given two.
    excess = np.sum(2 / np.where(degrees > 2, degrees - 2, np.nan), axis=1)
    pooled = np.where(np.isnan(excess), 2.0, 2 * (degrees.shape[1] + excess) / excess)
    return np.where(same, np.mean(degrees, axis=1), pooled)
