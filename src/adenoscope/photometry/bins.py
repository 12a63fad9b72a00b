"""Robust bins of log fluorescence: fine after every onset, coarse elsewhere, lost samples left out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from adenoscope.core.recording import Samples, Trace

FINE_S = 10.0
COARSE_S = 30.0
FINE_AFTER_ONSET_S = 600.0
NEAR_CEILING = 0.99  # of the detector's limit: where it stops being linear
LEAST_SHARE = 0.3  # of a bin's samples that must be good


class Bins(NamedTuple):
    """Log medians over bins; NaN where a bin has too few good samples. ``clipped`` counts lost ones [1]."""

    edges_s: Samples  # (bin + 1,) after the first onset
    log_f: Samples  # (bin,)
    clipped: Samples  # (bin,) share of samples at the detector's ceiling


def bin_edges(first_s: float, last_s: float, onsets_s: Samples) -> Samples:
    """Return bin edges [s after the first onset] from the first to the last sample, one at every onset."""
    coarse = float(np.clip(-first_s / 60.0, FINE_S, COARSE_S))
    edges = [*np.arange(-60.0, first_s, -coarse)[::-1], *np.arange(-50.0, 0.0, FINE_S)]
    ends = [*onsets_s[1:], last_s]
    for onset, end in zip(onsets_s, ends, strict=True):
        fine_end = min(onset + FINE_AFTER_ONSET_S, end)
        edges += [*np.arange(onset, fine_end, FINE_S), *np.arange(fine_end, end, COARSE_S)]
    inside = np.array([edge for edge in edges if first_s <= edge <= last_s])
    apart = np.r_[True, np.diff(inside) > 0.4 * FINE_S]
    return inside[apart]


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
    top = ceiling(trace)
    floor = 0.1 * float(np.nanmedian(values))
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
        expected = trace.rate_hz * (edges_s[i + 1] - edges_s[i]) if n < 0 else w.size
        if good.size >= LEAST_SHARE * expected:
            log_f[i] = np.log(np.median(good))
    return Bins(edges_s, log_f, clipped)
