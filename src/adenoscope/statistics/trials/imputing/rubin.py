"""Imputed data sets pooled into one answer.

V = W̄ + (1 + 1/M) B,   λ = (1 + 1/M) B / V
1/ν = 1/ν_M + 1/ν_obs,  ν_M = (M - 1) / λ²,  ν_obs = (ν + 1) / (ν + 3) ν (1 - λ)
"""

from __future__ import annotations

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.statistics.trials.contrast import TrialContrast, t_contrast


def pool(estimates: Samples, variances: Samples, complete_degrees: Samples, ci_prob: float) -> TrialContrast:
    """Return the pooled difference from (M, ...) estimates and their squared standard errors.

    ``complete_degrees`` (...) are those that the analysis would have without missing data.

    Valid: proper imputations, and an imputation model no richer than the analysis. Under imputation from a reference
    the variance is information-anchored, not that of repeated trials: it is too large for those.
    Source: Rubin (1987), doi:10.1002/9780470316696; Barnard, Rubin (1999), doi:10.1093/biomet/86.4.948.
    """
    m = len(estimates)
    within, between = variances.mean(axis=0), estimates.var(axis=0, ddof=1)
    total = within + (1 + 1 / m) * between
    share = (1 + 1 / m) * between / total
    observed = (complete_degrees + 1) / (complete_degrees + 3) * complete_degrees * (1 - share)
    degrees = 1 / (share**2 / (m - 1) + 1 / observed)
    return t_contrast(estimates.mean(axis=0), np.sqrt(total), degrees, ci_prob)
