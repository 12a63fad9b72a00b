"""The rule that turns intervals into a verdict, for one study or for many at once.

necessary       reference excludes 0, interaction excludes 0 in its direction, residual equivalent to 0
reduced         the same, but residual not equivalent to 0
not_necessary   residual excludes 0, interaction equivalent to 0
could_not_tell  everything else

Excludes: the 95 % interval. Equivalent: the 90 % interval lies inside ± the margin (two one-sided tests at 5 %).
Source: Schuirmann (1987), doi:10.1007/BF01068419.
"""

from __future__ import annotations

from typing import NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.recording import Samples
from adenoscope.core.verdict import Finding

FINDINGS: tuple[Finding, ...] = get_args(Finding)


class Bounds(NamedTuple):
    """Both ends of an interval, each of shape (study,)."""

    low: Samples
    high: Samples


class Evidence(NamedTuple):
    """What a verdict rests on, in one unit: 95 % and 90 % bounds, and the margin, each of shape (study,)."""

    reference: Bounds
    interaction: Bounds
    residual: Bounds
    interaction_90: Bounds
    residual_90: Bounds
    margin: Samples


def decide(evidence: Evidence) -> NDArray[np.intp]:
    """Return the index in ``FINDINGS`` of each study's verdict, shape (study,)."""
    up = (evidence.reference.low > 0) & (evidence.interaction.low > 0)
    down = (evidence.reference.high < 0) & (evidence.interaction.high < 0)
    smaller = up | down
    left = _excludes_zero(evidence.residual)
    unchanged = _inside(evidence.interaction_90, evidence.margin)
    gone = _inside(evidence.residual_90, evidence.margin)
    codes = [FINDINGS.index(name) for name in ("necessary", "reduced", "not_necessary")]
    otherwise = FINDINGS.index("could_not_tell")
    return np.select([smaller & gone, smaller, left & unchanged], codes, otherwise)


def _excludes_zero(bounds: Bounds) -> NDArray[np.bool_]:
    return (bounds.low > 0) | (bounds.high < 0)


def _inside(bounds: Bounds, margin: Samples) -> NDArray[np.bool_]:
    return (bounds.low > -margin) & (bounds.high < margin)
