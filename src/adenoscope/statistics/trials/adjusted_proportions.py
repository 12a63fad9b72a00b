"""Two proportions compared beside covariates: the score of counts, less what covariates explain.

    t(Δ) = (d - Δ) / (ρ s(Δ)),   ρ² = residual mean square with covariates / without

d is the difference of risks at the same covariates, from a line with one slope for both arms, and s(Δ) the spread of
the score of counts. So the variance under the test is that of equal risks, and no arm's own, which is too small where
few of a small arm have the event. The interval is all Δ that are not rejected.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from adenoscope.core.recording import Samples
from adenoscope.statistics.trials.ancova import least_squares
from adenoscope.statistics.trials.proportions import BISECTIONS, ROUNDING, score_spread

Counts = tuple[Samples, Samples, Samples, Samples]  # events and persons of the treated, then of the others
EDGE = 1 - 1e-9  # a difference of risks is less than 1


@dataclass(frozen=True, eq=False)
class AdjustedDifference:
    """A difference of risks with its interval and two-sided p, each of shape (replicate,); NaN without an answer."""

    estimate: Samples
    low: Samples
    high: Samples
    p_value: Samples


def adjusted_difference(
    event: Samples, treated: NDArray[np.bool_], inside: NDArray[np.bool_], covariates: Samples, ci_prob: float
) -> AdjustedDifference:
    """Return the risk of the treated less that of the others at the same covariates, as fractions.

    Args:
        event: (r, n), 1 or 0, of those inside.
        treated: (r, n), who is in the arm that is compared.
        inside: (r, n), who is in either arm and seen.
        covariates: (r, n, c), finite.
        ci_prob: what the interval holds.

    Valid: from 15 persons in an arm on; the two-sided 5 % test has a level of 2.8 to 5.4 % at risks of 10 to 50 %,
    arms being equal or two to one. Covariates explain alike in both arms.
    Source: Miettinen, Nurminen (1985), doi:10.1002/sim.4780040211, for the spread; that it is narrowed by what
    covariates explain is our own, measured in docs/how-to/trial-analyses.md.
    """
    y = np.where(inside, event, 0.0)
    plain = np.stack([np.ones_like(y), treated.astype(np.float64)], axis=2)
    whole = np.concatenate([plain, covariates], axis=2)
    persons = inside.sum(axis=1).astype(np.float64)
    _, _, before = least_squares(y, inside, plain)
    coefficients, _, after = least_squares(y, inside, whole)
    degrees = persons - whole.shape[2]
    able = (degrees > 0) & (before > 0) & (after > 0)
    left = np.where(able, degrees, np.nan)
    ratio = np.divide(after / left, before / (persons - 2), out=np.full_like(before, np.nan), where=able)
    counts = (*_counted(y, inside & treated), *_counted(y, inside & ~treated))
    estimate, narrowed = coefficients[:, 1], np.sqrt(ratio)
    spread = narrowed * score_spread(*counts, np.zeros_like(estimate))
    t = np.divide(estimate, spread, out=np.full_like(estimate, np.nan), where=spread > ROUNDING)
    bound = stdtrit(left, (1 + ci_prob) / 2)
    low, high = (_end(estimate, narrowed, counts, side * bound) for side in (1, -1))
    p_value = 2 * stdtr(left, -np.abs(t))
    known = np.isfinite(p_value)
    return AdjustedDifference(*(np.where(known, part, np.nan) for part in (estimate, low, high, p_value)))


def _counted(event: Samples, arm: NDArray[np.bool_]) -> tuple[Samples, Samples]:
    """Return events and persons of an arm, NaN where it has nobody."""
    persons = arm.sum(axis=1)
    return np.where(arm, event, 0.0).sum(axis=1), np.where(persons > 0, persons, np.nan)


def _end(estimate: Samples, narrowed: Samples, counts: Counts, bound: Samples) -> Samples:
    """Return where t(Δ) is ``bound``: the low end for one above 0, the high end for one below."""
    inner, outer = np.clip(estimate, -EDGE, EDGE), np.where(bound > 0, -EDGE, EDGE)
    for _ in range(BISECTIONS):
        middle = (inner + outer) / 2
        beyond = np.abs(estimate - middle) > np.abs(bound) * narrowed * score_spread(*counts, middle)
        inner, outer = np.where(beyond, inner, middle), np.where(beyond, middle, outer)
    return inner
