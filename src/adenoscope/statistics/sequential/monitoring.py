"""Trials held against their bounds, many at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adenoscope.statistics.sequential.bounds import Bounds
from adenoscope.statistics.sequential.spending import Numbers


@dataclass(frozen=True)
class Stopped:
    """Of each trial the look at which it stops, counted from 0, and whether for efficacy; each of shape (trial,)."""

    look: NDArray[np.intp]
    efficacy: NDArray[np.bool_]


def stopped(z: Numbers, bounds: Bounds, *, binding: bool = True) -> Stopped:
    """Return where trials stop; one that crosses nothing stops at its last look.

    Args:
        z: statistics at the looks, positive in favour, shape (trial, look). NaN crosses nothing.
        bounds: of as many looks.
        binding: whether the lower bound stops a trial.
    """
    above = z >= bounds.upper
    ends = above | (z < bounds.lower) if binding else above.copy()
    ends[:, -1] = True
    look = np.argmax(ends, axis=1)
    return Stopped(look, np.take_along_axis(above, look[:, None], axis=1)[:, 0])
