"""The share of an effect that is left under a manipulation, with an interval.

The residual effect over the reference effect is a ratio of two estimates. ρ is inside its interval where 0 is
inside that of residual - ρ · reference; with half widths h of the 95 % intervals those are the ρ between the roots of

    (r² - h_r²) ρ² - 2 (r s - h_rs) ρ + (s² - h_s²) = 0,      r reference, s residual

where h_rs = (h_r² + h_s² - h_i²) / 2 where the same animals gave both (i, the interaction), and 0 where not.
Source: Fieller (1954), doi:10.1111/j.2517-6161.1954.tb00159.x.
"""

from __future__ import annotations

import math

from adenoscope.core.interval import Interval
from adenoscope.core.verdict import Verdict


def share_left(verdict: Verdict) -> Interval | None:
    """Return the residual effect over the reference effect [1]; None where the latter could be zero.

    Valid: effects about normal; degrees of freedom alike, or large enough for their t quantiles to be.
    Source: the head of this file.
    """
    reference = verdict.reference.difference if verdict.reference else None
    residual = verdict.residual.difference if verdict.residual else None
    if reference is None or residual is None or not reference.excludes(0):
        return None
    shared = _shared(verdict, reference, residual)
    r, s = reference.estimate, residual.estimate
    a, b, c = r**2 - reference.half_width**2, r * s - shared, s**2 - residual.half_width**2
    if a <= 0:
        return None
    # The three half widths of a skewed interval need not agree; the estimate itself is always inside.
    root = math.sqrt(max(b**2 - a * c, 0.0))
    return Interval(s / r, min((b - root) / a, s / r), max((b + root) / a, s / r), reference.ci_prob)


def _shared(verdict: Verdict, reference: Interval, residual: Interval) -> float:
    """Return what the two effects share [unit²]: only animals that gave both make them covary."""
    if verdict.interaction is None or verdict.reference is None or verdict.residual is None:
        return 0.0
    if {name for name, _ in verdict.reference.treated} != {name for name, _ in verdict.residual.treated}:
        return 0.0
    return (reference.half_width**2 + residual.half_width**2 - verdict.interaction.half_width**2) / 2
