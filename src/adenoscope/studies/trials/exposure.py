"""Engagement relative to the median person on ketamine, 0.5 mg/kg i.v. over 40 minutes.

    adenosine = min(a1 / median a1, a2a / median a2a) / (the median of that),   block = block / median block

over reference people: both receptors are needed, so the lesser counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from adenoscope.core.people import Numbers
from adenoscope.studies.trials.engagement import Engagement, engage
from adenoscope.studies.trials.people import draw_people
from adenoscope.studies.trials.published import SESSIONS

N_REFERENCE, SEED = 2000, 0
STANDARD = "ketamine"
LEVELS = (np.arange(12) + 0.5) / 12  # quantiles that stand for people in means


@dataclass(frozen=True)
class Reference:
    """Medians of ketamine's engagement [occupancy min]; ``lesser`` [1] of the lesser receptor's ratio."""

    a1: float
    a2a: float
    lesser: float
    block: float


@dataclass(frozen=True)
class Exposure:
    """Engagement relative to the reference [1], each of shape (person, arm); 0 where nothing rises."""

    adenosine: Numbers
    block: Numbers


@cache
def reference() -> Reference:
    """Return what the median person is, of reference people under the mechanism that ships."""
    return _reference(_engaged())


@cache
def reference_exposures() -> Mapping[str, tuple[Numbers, Numbers]]:
    """Return relative adenosine and block under each published session, at ``LEVELS`` of reference people."""
    engaged = _engaged()
    exposure = relative(engaged, reference())
    return {
        arm: (
            np.nanquantile(exposure.adenosine[:, column], LEVELS),
            np.nanquantile(exposure.block[:, column], LEVELS),
        )
        for column, arm in enumerate(engaged.arms)
    }


def relative(engagement: Engagement, to: Reference) -> Exposure:
    """Return engagement relative to a reference; falls of occupancy count as nothing.

    Valid: as the mechanism, in which both receptors are needed.
    Source: the equation at the top of this file.
    """
    lesser = np.minimum(engagement.a1 / to.a1, engagement.a2a / to.a2a) / to.lesser
    return Exposure(np.maximum(lesser, 0.0), np.maximum(engagement.block / to.block, 0.0))


@cache
def _engaged() -> Engagement:
    return engage(draw_people(N_REFERENCE, SEED), SESSIONS, SEED)


def _reference(engagement: Engagement) -> Reference:
    column = engagement.arms.index(STANDARD)
    a1, a2a, block = (values[:, column] for values in (engagement.a1, engagement.a2a, engagement.block))
    middle = float(np.nanmedian(a1)), float(np.nanmedian(a2a))
    lesser = np.minimum(a1 / middle[0], a2a / middle[1])
    return Reference(*middle, float(np.nanmedian(lesser)), float(np.nanmedian(block)))
