"""What a window on a session shows, ready to be drawn: raw channels, what was fitted to them, and the response."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.recording import Samples
from adenoscope.core.response import Curve, Estimands


@dataclass(frozen=True, eq=False)
class ChannelView:
    """A channel in detector units: extents at ``time_s`` [s after the intervention], and the bins fitted to.

    ``fitted_s`` and the arrays beside it have shape (bin,); all of them are empty where nothing was fitted.
    """

    title: str
    colour: str
    time_s: Samples
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    fitted_s: Samples
    bins: Samples
    fit: Samples
    background: Samples


@dataclass(frozen=True, eq=False)
class RecordingView:
    """A window [s after the intervention] on a session; ``hidden`` names series that are not to be drawn."""

    window_s: tuple[float, float]
    channels: tuple[ChannelView, ...]
    onsets_s: tuple[float, ...]
    left_out_s: tuple[tuple[float, float], ...]
    curve: Curve | None
    estimands: Estimands | None
    synthetic: bool
    hidden: frozenset[str] = frozenset()
