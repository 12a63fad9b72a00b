"""Robust bins of log fluorescence: fine after every onset, coarse elsewhere, lost samples left out."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from adenoscope.core.recording import Samples, Trace

FINE_S = 10.0
COARSE_S = 30.0
FINE_AFTER_ONSET_S = 600.0
NEAR_CEILING = 0.99  # of the detector's limit: where it stops being linear
SLIVER = 0.4  # of the finest bin
LEAST_SHARE = 0.3  # of a bin's samples that must be good


class Bins(NamedTuple):
    """Log medians over bins; NaN where a bin has too few good samples. ``clipped`` counts lost ones [1]."""

    edges_s: Samples  # (bin + 1,) after the first onset
    log_f: Samples  # (bin,)
    clipped: Samples  # (bin,) share of samples at the detector's ceiling


def bin_edges(first_s: float, last_s: float, onsets_s: Samples) -> Samples:
    """Return bin edges [s after the first onset] from the first to the last sample, one at every onset."""
    coarse = float(np.clip(-first_s / 60.0, FINE_S, COARSE_S))
    before = np.concatenate([np.arange(-60.0, first_s, -coarse)[::-1], np.arange(-50.0, 0.0, FINE_S)])
    edges = [within(before, first_s, 0.0)]
    for onset, end in pairwise([*onsets_s, last_s]):
        fine_end = onset + FINE_AFTER_ONSET_S
        after = np.concatenate([np.arange(onset, fine_end, FINE_S), np.arange(fine_end, end, COARSE_S)])
        edges.append(within(after, onset, end))
    return np.concatenate([*edges, [last_s]])


def within(edges: Samples, start_s: float, end_s: float) -> Samples:
    """Return ``start_s`` and the edges between it and ``end_s``, but for those that would make a sliver of a bin."""
    inner = edges[(edges > start_s + SLIVER * FINE_S) & (edges < end_s - SLIVER * FINE_S)]
    return np.concatenate([[start_s], inner])


def ceiling(trace: Trace) -> float:
    """Return the value at which the detector clips: the format's, or a maximum that is held again and again."""
    if trace.saturation is not None:
        return NEAR_CEILING * trace.saturation
    good = trace.values[np.isfinite(trace.values)]
    if good.size == 0:
        return np.inf
    top = float(good.max())
    held = np.count_nonzero(good >= top)
    return top if held > max(5, 2e-4 * good.size) else np.inf


def bin_trace(trace: Trace, origin_s: float, edges_s: Samples) -> Bins:
    """Return the bins of a trace; ``origin_s`` is the first onset on the trace's clock."""
    values = trace.values
    k = np.searchsorted(trace.time_s - origin_s, edges_s)
    expected = trace.rate_hz * np.diff(edges_s)
    top = ceiling(trace)
    # Of at most some 100,000 samples: the exact median of millions takes longer than all bins together.
    floor = 0.1 * float(np.nanmedian(values[:: max(1, values.size // 100_000)]))
    n = edges_s.size - 1
    log_f = np.full(n, np.nan)
    clipped = np.zeros(n)
    for i in range(n):
        w = values[k[i] : k[i + 1]]
        if w.size == 0:
            continue
        high = w >= top
        clipped[i] = np.count_nonzero(high) / w.size
        if clipped[i] > 0.02:
            continue
        good = w[(w > floor) & ~high]  # NaN compares false
        if good.size > 0 and good.size >= LEAST_SHARE * expected[i]:
            log_f[i] = np.log(np.median(good))
    return Bins(edges_s, log_f, clipped)


def window_shares(start_s: Samples, end_s: Samples, window_s: tuple[float, float]) -> Samples:
    """Return how much each bin counts in the mean over a window, shape (bin,), summing to 1."""
    overlap = np.clip(np.minimum(end_s, window_s[1]) - np.maximum(start_s, window_s[0]), 0.0, None)
    return overlap / overlap.sum()
