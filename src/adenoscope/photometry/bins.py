"""Robust bins of log fluorescence: fine after every onset, coarse elsewhere, lost samples left out."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.recording import Samples, Trace

FINE_S = 10.0
COARSE_S = 30.0
FINE_AFTER_ONSET_S = 600.0
NEAR_CEILING = 0.99  # of the detector's limit: where it stops being linear
SLIVER = 0.4  # of the finest bin
MOST_CLIPPED = 0.02  # share of a bin's samples at the ceiling
BLOCKS = 400  # in a bin of the finest kind, at the most
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
    first_steps = np.diff(trace.time_s[:10_001])  # the exact median of millions takes longer than all bins together
    rate_hz = 1.0 / float(np.median(first_steps))
    k = np.searchsorted(trace.time_s - origin_s, edges_s)
    means, n_good, n_high, at = blocks(trace, k, max(1, int(rate_hz * FINE_S / BLOCKS)))
    expected = rate_hz * np.diff(edges_s)
    n = edges_s.size - 1
    log_f = np.full(n, np.nan)
    clipped = np.zeros(n)
    for i in range(n):
        inside = slice(at[i], at[i + 1])
        seen, good = int(k[i + 1] - k[i]), int(n_good[inside].sum())
        clipped[i] = n_high[inside].sum() / seen if seen else 0.0
        if clipped[i] <= MOST_CLIPPED and good > 0 and good >= LEAST_SHARE * expected[i]:
            log_f[i] = np.log(np.median(means[inside][n_good[inside] > 0]))
    return Bins(edges_s, log_f, clipped)


def blocks(
    trace: Trace, k: NDArray[np.intp], size: int
) -> tuple[Samples, NDArray[np.int64], NDArray[np.int64], NDArray[np.intp]]:
    """Return the means of blocks of ``size`` samples, how many were good and clipped, and where each bin's start.

    No block crosses the start ``k`` of a bin. Up to 40 Hz a block is one sample. Faster recordings are averaged
    first: a median of a few hundred means is as robust, and much quicker to find.
    """
    values = trace.values[k[0] : k[-1]]
    if values.size == 0:
        none = np.zeros(0, np.int64)
        return np.zeros(0), none, none, np.zeros(k.size, np.intp)
    starts = np.concatenate([np.arange(a, b, size) for a, b in pairwise(k - k[0])])
    top = ceiling(trace)
    floor = 0.1 * float(np.nanmedian(trace.values[:: max(1, trace.values.size // 100_000)]))
    high = values >= top
    good = (values > floor) & ~high  # NaN compares false
    n_good = np.add.reduceat(good, starts, dtype=np.int64)
    n_high = np.add.reduceat(high, starts, dtype=np.int64)
    total = np.add.reduceat(np.where(good, values, 0.0), starts)
    means = total / np.maximum(n_good, 1)
    return means, n_good, n_high, np.searchsorted(starts, k - k[0])


def window_shares(start_s: Samples, end_s: Samples, window_s: tuple[float, float]) -> Samples:
    """Return how much each bin counts in the mean over a window, shape (bin,), summing to 1."""
    overlap = np.clip(np.minimum(end_s, window_s[1]) - np.maximum(start_s, window_s[0]), 0.0, None)
    return overlap / overlap.sum()
