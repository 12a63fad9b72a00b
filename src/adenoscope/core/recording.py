"""A recording: traces of fluorescence over time, as the file gives them, on the recording's own clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Trace:
    """One light path: fluorescence [detector units] of one site under one excitation wavelength.

    ``time_s`` [s] is the clock of the file, never rebased, strictly increasing, shape (n,).
    ``values`` has the same shape; a lost sample is NaN. ``saturation`` is the value at which the
    detector clips, where the format says so.
    """

    name: str
    time_s: Samples
    values: Samples
    site: str | None = None
    wavelength_nm: float | None = None
    saturation: float | None = None

    @property
    def rate_hz(self) -> float:
        """Median sampling rate [Hz]."""
        return float(1.0 / np.median(np.diff(self.time_s)))


@dataclass(frozen=True, eq=False)
class Recording:
    """All traces of one file, with the rising edges of its digital inputs [s, same clock]."""

    source: Path
    format: str
    traces: tuple[Trace, ...]
    digital: Mapping[str, Samples] = field(default_factory=lambda: {})
    notes: tuple[str, ...] = ()

    @property
    def start_s(self) -> float:
        """Clock at the first sample of any trace [s]."""
        return min(float(trace.time_s[0]) for trace in self.traces)

    @property
    def end_s(self) -> float:
        """Clock at the last sample of any trace [s]."""
        return max(float(trace.time_s[-1]) for trace in self.traces)


@dataclass(frozen=True, eq=False)
class Channels:
    """What one session is estimated from: the signal, and what helps to read it."""

    signal: Trace
    control: Trace | None = None
    blank: Trace | None = None
