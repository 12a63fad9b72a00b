"""What was left out of a session's fit, and why; and the fluorescence that its fitted parts are relative to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.recording import Samples, Trace
from adenoscope.core.response import FittedParts
from adenoscope.photometry.bins import MOST_CLIPPED, Bins, bin_edges, bin_trace

Why = Literal["handling", "broken_path", "ceiling", "lost"]


@dataclass(frozen=True)
class LeftOut:
    """A stretch [s after the intervention] of a channel that the fit did not see; ``channel`` "" is all of them."""

    channel: str
    start_s: float
    end_s: float
    why: Why


@dataclass(frozen=True)
class Explained:
    """Baselines [detector units] of the signal and of what stands beside it, None where it cannot be told."""

    signal_level: float | None
    control_level: float | None
    left_out: tuple[LeftOut, ...]


def explain_parts(signal: Trace, second: Trace | None, onsets_s: tuple[float, ...], parts: FittedParts) -> Explained:
    """Return how fitted parts follow from the channels; ``onsets_s`` [s] are on the clock of both channels.

    The channels are put into the very bins that were fitted: where a bin has no value, its own samples say why.
    """
    origin_s = onsets_s[0]
    onsets = np.asarray(onsets_s) - origin_s
    edges = bin_edges(float(signal.time_s[0]) - origin_s, float(signal.time_s[-1]) - origin_s, onsets)
    middles = (edges[1:] + edges[:-1]) / 2
    first = int(np.argmin(np.abs(middles - parts.time_s[0])))
    kept = slice(first, first + parts.time_s.size)
    fitted = edges[first : first + parts.time_s.size + 1]
    left_out = list(_broken(edges, fitted))
    masked = _masked(parts)
    left_out.extend(LeftOut("", start, end, "handling") for start, end in parts.masked_s)
    levels: list[float | None] = []
    for name, trace, relative in (("signal", signal, parts.signal), ("control", second, parts.control)):
        if trace is None or relative is None:
            levels.append(None)
            continue
        bins = bin_trace(trace, origin_s, edges)
        levels.append(_level(bins.log_f[kept], relative))
        left_out += _lost(name, bins, kept, fitted, np.isnan(relative) & ~masked)
    left_out.sort(key=lambda one: one.start_s)
    return Explained(levels[0], levels[1], tuple(left_out))


def _level(log_f: Samples, relative: Samples) -> float | None:
    """Return what the relative values are relative to: the same in every bin."""
    seen = np.isfinite(log_f) & np.isfinite(relative)
    return float(np.median(np.exp(log_f[seen]) / relative[seen])) if seen.any() else None


def _masked(parts: FittedParts) -> NDArray[np.bool_]:
    masked = np.zeros(parts.time_s.size, bool)
    for start, end in parts.masked_s:
        masked |= (parts.time_s > start) & (parts.time_s < end)
    return masked


def _broken(edges: Samples, fitted: Samples) -> Iterator[LeftOut]:
    """Yield what lies beyond a jump of the light path, before and after what was fitted."""
    for start, end in ((edges[0], fitted[0]), (fitted[-1], edges[-1])):
        if end > start:
            yield LeftOut("", float(start), float(end), "broken_path")


def _lost(name: str, bins: Bins, kept: slice, fitted: Samples, absent: NDArray[np.bool_]) -> Iterator[LeftOut]:
    """Yield each run of bins without a value, with why they have none."""
    clipped = bins.clipped[kept] > MOST_CLIPPED
    kinds: list[Why | None] = [
        None if not gone else "ceiling" if high else "lost" for gone, high in zip(absent, clipped, strict=True)
    ]
    start = 0
    for why, run in groupby(kinds):
        end = start + len(list(run))
        if why is not None:
            yield LeftOut(name, float(fitted[start]), float(fitted[end]), why)
        start = end
