"""The scales in which parameters are looked for and measurements compared: linear, natural log, decadic log."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Scale = Literal["lin", "log", "log10"]
LIN: Scale = "lin"
LOG: Scale = "log"
LOG10: Scale = "log10"
SCALES: tuple[Scale, ...] = (LIN, LOG, LOG10)


def to_scale(values: npt.ArrayLike, scale: Scale) -> Numbers:
    """Return values brought to a scale; NaN where there is no logarithm."""
    array = np.asarray(values, dtype=float)
    if scale == LIN:
        return array
    with np.errstate(all="ignore"):
        return np.log(array) if scale == LOG else np.log10(array)


def from_scale(values: npt.ArrayLike, scale: Scale) -> Numbers:
    """Return values on a scale as they are."""
    array = np.asarray(values, dtype=float)
    if scale == LIN:
        return array
    with np.errstate(all="ignore"):
        return np.exp(array) if scale == LOG else 10.0**array


def log_stretch(values: npt.ArrayLike, scale: Scale) -> Numbers:
    """Return log |d scale(x) / dx|: what a density on the scale gains when it becomes a density of x."""
    array = np.asarray(values, dtype=float)
    if scale == LIN:
        return np.zeros_like(array)
    with np.errstate(all="ignore"):
        return -np.log(np.abs(array)) - (np.log(np.log(10.0)) if scale == LOG10 else 0.0)
