"""The difference of an arm from the reference in each replicate of a trial, and what stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from adenoscope.core.recording import Samples


@dataclass(frozen=True, eq=False)
class TrialContrast:
    """Arm less reference, in the response's unit; every array (replicate, arm - 1) or (replicate, visit, arm - 1).

    ``degrees`` are those of Student's t, ``low`` and ``high`` hold ``ci_prob`` of it, ``p_value`` is two-sided. All
    are NaN where a replicate has no answer.
    """

    estimate: Samples
    standard_error: Samples
    degrees: Samples
    t: Samples
    low: Samples
    high: Samples
    p_value: Samples
    ci_prob: float

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Return where there is an answer."""
        return np.isfinite(self.p_value)


ARRAYS = tuple(field.name for field in fields(TrialContrast) if field.name != "ci_prob")


def t_contrast(estimate: Samples, standard_error: Samples, degrees: Samples, ci_prob: float) -> TrialContrast:
    """Return the contrast with its t-interval and two-sided p; without an answer where there is no spread.

    Valid: the estimate is about normal and its squared standard error about chi-squared / degrees.
    Source: Satterthwaite (1946), doi:10.2307/3002019.
    """
    standard_error = np.where(standard_error > 0, standard_error, np.nan)
    t = estimate / standard_error
    half_width = stdtrit(degrees, (1 + ci_prob) / 2) * standard_error
    p_value = 2 * stdtr(degrees, -np.abs(t))
    low, high = estimate - half_width, estimate + half_width
    return TrialContrast(estimate, standard_error, degrees, t, low, high, p_value, ci_prob)


def joined(parts: Sequence[TrialContrast]) -> TrialContrast:
    """Return the replicates of all ``parts``, in their order."""
    whole = {name: np.concatenate([getattr(part, name) for part in parts]) for name in ARRAYS}
    return replace(parts[0], **whole)


def placed(contrast: TrialContrast, places: NDArray[np.intp], n_replicates: int) -> TrialContrast:
    """Return ``contrast`` as the ``places`` of ``n_replicates``, the others without an answer."""
    whole = unanswered((n_replicates, *contrast.estimate.shape[1:]), contrast.ci_prob)
    for name in ARRAYS:
        getattr(whole, name)[places] = getattr(contrast, name)
    return whole


def unanswered(shape: tuple[int, ...], ci_prob: float) -> TrialContrast:
    """Return a contrast of ``shape`` without an answer anywhere."""
    estimate, error, degrees, t, low, high, p_value = (np.full(shape, np.nan) for _ in ARRAYS)
    return TrialContrast(estimate, error, degrees, t, low, high, p_value, ci_prob)
