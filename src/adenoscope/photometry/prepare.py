"""A session made ready to be fitted: binned, masked where it was handled, cut where the light path broke."""

from __future__ import annotations

import warnings
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.recording import Channels, Samples, Trace
from adenoscope.photometry.bins import FINE_AFTER_ONSET_S, Bins, bin_edges, bin_trace
from adenoscope.photometry.breaks import find_breaks, unbroken
from adenoscope.photometry.model import Design

SETTLE_S = 120.0  # how long an animal moves more than usual after it was handled
SETTLE_SD = 0.02
STEP_LOOK_S = 120.0  # on either side of the handling window, to see how far the coupling moved

Kind = Literal["control", "blank", "single"]


class Data(NamedTuple):
    """Binned channels relative to their baseline, and what the model must know of the bins."""

    Y: Samples  # (bin, 2) log fluorescence relative to the baseline
    design: Design
    clipped: Samples  # (bin, 2) share of samples at the detector's ceiling
    masked: NDArray[np.bool_]  # (bin,)
    edges_s: Samples  # (bin + 1,) after the first onset
    kind: Kind  # what the second channel is
    step_seen: float  # change of the control over the handling window
    breaks_s: tuple[float, ...]  # where the light path was broken


def prepare(channels: Channels, onsets_s: tuple[float, ...], handling_s: tuple[float, float]) -> Data:
    """Return the session in bins; ``onsets_s`` on the signal's clock, ``handling_s`` around each onset.

    A handling window of no length masks nothing.
    """
    signal = channels.signal
    origin = onsets_s[0]
    onsets = np.asarray(onsets_s, float) - origin
    edges = bin_edges(float(signal.time_s[0]) - origin, float(signal.time_s[-1]) - origin, onsets)
    time_s = 0.5 * (edges[1:] + edges[:-1])
    second, second_origin, kind = second_channel(channels, origin)
    binned = [bin_trace(signal, origin, edges)]
    if second is not None:
        binned.append(bin_trace(second, second_origin, edges))
    log_f, clipped = side_by_side(binned)
    masked, settle = handled(edges, onsets, handling_s)
    breaks = find_breaks(log_f, kind == "control", soon_after(time_s, onsets), masked)
    log_f[masked, 0] = np.nan
    if kind == "control":
        log_f[masked, 1] = np.nan
    start, end = unbroken(time_s, breaks)
    keep = np.flatnonzero((time_s >= start) & (time_s <= end))
    edges = edges[keep[0] : keep[-1] + 2]
    log_f, time_s, masked = log_f[keep], time_s[keep], masked[keep]
    before = time_s < min(handling_s[0], 0.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a channel without any baseline is refused later
        if before.any():
            log_f -= np.nanmedian(log_f[before], axis=0)
        step_seen = coupling_step(log_f[:, 1], time_s, handling_s) if kind == "control" else 0.0
    n = keep.size
    exposed = np.repeat((time_s + origin - float(signal.time_s[0]))[:, None], 2, 1)
    weights = np.repeat((10.0 / np.diff(edges))[:, None], 2, 1)
    design = Design(time_s, exposed, onsets, settle[keep], np.zeros((n, 2)), weights, np.ones(n))
    cut = tuple(float(time) for time in (start, end) if np.isfinite(time))
    return Data(log_f, design, clipped[keep], masked, edges, kind, step_seen, cut)


def second_channel(channels: Channels, origin_s: float) -> tuple[Trace | None, float, Kind]:
    """Return the channel beside the signal, the first onset on its clock, and what it is."""
    if channels.control is not None:
        return channels.control, origin_s, "control"
    if channels.blank is not None:
        since_start = origin_s - float(channels.signal.time_s[0])
        return channels.blank, float(channels.blank.time_s[0]) + since_start, "blank"
    return None, 0.0, "single"


def side_by_side(binned: list[Bins]) -> tuple[Samples, Samples]:
    """Return log fluorescence and clipped shares, both (bin, 2); NaN and 0 where there is no second channel."""
    n = binned[0].log_f.size
    Y = np.full((n, 2), np.nan)
    clipped = np.zeros((n, 2))
    for j, bins in enumerate(binned):
        Y[:, j] = bins.log_f
        clipped[:, j] = bins.clipped
    return Y, clipped


def soon_after(time_s: Samples, onsets: Samples) -> NDArray[np.bool_]:
    """Return which bins lie so soon after an onset that what jumps there may be the response."""
    near = np.zeros(time_s.size, bool)
    for onset in onsets:
        near |= (time_s >= onset - 30.0) & (time_s <= onset + FINE_AFTER_ONSET_S)
    return near


def handled(edges: Samples, onsets: Samples, handling_s: tuple[float, float]) -> tuple[NDArray[np.bool_], Samples]:
    """Return which bins touch a handling window, and the extra sd of motion while the animal settles."""
    time_s = 0.5 * (edges[1:] + edges[:-1])
    masked = np.zeros(time_s.size, bool)
    settle = np.zeros(time_s.size)
    start, end = handling_s
    if end <= start:
        return masked, settle
    for onset in onsets:
        masked |= (edges[1:] > onset + start) & (edges[:-1] < onset + end)
        after = (time_s >= onset + end) & (time_s < onset + end + SETTLE_S)
        settle[after] = SETTLE_SD * np.exp(-(time_s[after] - onset - end) / (SETTLE_S / 2))
    return masked, settle


def coupling_step(control: Samples, time_s: Samples, handling_s: tuple[float, float]) -> float:
    """Return by how much the control's log level differs after the handling window from before it."""
    start, end = handling_s
    before = control[(time_s > start - STEP_LOOK_S) & (time_s < start)]
    after = control[(time_s > end) & (time_s < end + STEP_LOOK_S)]
    step = float(np.nanmedian(after) - np.nanmedian(before)) if before.size and after.size else 0.0
    return abs(step) if np.isfinite(step) else 0.0
