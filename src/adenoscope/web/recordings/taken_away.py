"""What a reader takes away of a session: the window on the screen as a figure, and its data as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.core.response import FittedParts
from adenoscope.core.result import SessionResult
from adenoscope.core.study import Session
from adenoscope.report.recording_view import ChannelView, RecordingView
from adenoscope.studies.explain_parts import Explained
from adenoscope.web.exports import FigureKind, drawn
from adenoscope.web.recordings.pyramid import Envelope, Pyramid

ACROSS = 1500  # extents along a figure
MOST_SAMPLES = 250_000  # of a channel in a table; of more, extents
TITLES = {"signal": "signal", "control": "control", "blank": "blank session"}
NONE = np.zeros(0)
Span = tuple[float, float]


def view_of(
    session: Session,
    window_s: Span,
    pyramid: Pyramid,
    item: SessionResult | None,
    explained: Explained | None,
    *,
    hidden: frozenset[str],
    synthetic: bool,
) -> RecordingView:
    """Return what a window [s from the first sample] shows of a session.

    Its times count from the intervention as it was fitted, wherever that was moved since.
    """
    onset_s = (session if item is None else item.session).onsets_s[0]
    response = None if item is None else item.response
    out = () if explained is None else tuple((one.start_s, one.end_s) for one in explained.left_out)
    parts = None if response is None else response.parts
    return RecordingView(
        window_s=(window_s[0] - onset_s, window_s[1] - onset_s),
        channels=tuple(
            _channel_view(one, pyramid.about.first_s + onset_s, parts, explained)
            for one in _envelopes(pyramid, window_s, ACROSS)
        ),
        onsets_s=tuple(onset - onset_s for onset in session.onsets_s),
        left_out_s=out,
        curve=None if response is None else response.curve,
        estimands=None if response is None else response.estimands,
        synthetic=synthetic,
        hidden=hidden,
    )


def draw_view(view: RecordingView, kind: FigureKind) -> bytes:
    """Return the figure of a view as a file; called in the process of science, which draws."""
    from adenoscope.report.recording_figure import recording_figure

    return drawn(recording_figure(view), kind)


def raw_columns(session: Session, window_s: Span, pyramid: Pyramid) -> dict[str, Any]:
    """Return the channels in a window, one below the other: every sample, or extents where there are too many."""
    onset_s = session.onsets_s[0]
    found = _envelopes(pyramid, window_s, MOST_SAMPLES // 2)
    time_s = np.concatenate([one.time_s for one in found]) - pyramid.about.first_s
    return {
        "channel": [one.role for one in found for _ in range(one.time_s.size)],
        "time_s": time_s - onset_s,
        "since_first_sample_s": time_s,
        "low": np.concatenate([one.low for one in found]),
        "high": np.concatenate([one.high for one in found]),
    }


def fitted_columns(item: SessionResult, window_s: Span) -> dict[str, Samples]:
    """Return bins, model and response in a window, by time; channels are relative to their baselines."""
    onset_s, response = item.session.onsets_s[0], item.response
    columns: dict[str, Samples] = {}
    if response.parts is not None:
        columns |= {name: values for name, values in vars(response.parts).items() if isinstance(values, np.ndarray)}
    if response.curve is not None:
        columns = _beside(columns, vars(response.curve))
    if not columns:
        return {"time_s": NONE}
    time_s = columns["time_s"]
    inside = (time_s + onset_s >= window_s[0]) & (time_s + onset_s <= window_s[1])
    return {name: values[inside] for name, values in columns.items()}


def _beside(columns: Mapping[str, Samples], more: Mapping[str, Samples]) -> dict[str, Samples]:
    """Return the columns of two tables by their common time; what one of them lacks is NaN."""
    times = np.union1d(columns.get("time_s", NONE), more["time_s"])
    joined = {"time_s": times}
    for table in (columns, more):
        if table:
            at = np.searchsorted(times, table["time_s"])
            for name, values in table.items():
                if name != "time_s":
                    joined[name] = np.full(times.size, np.nan)
                    joined[name][at] = values
    return joined


def _envelopes(pyramid: Pyramid, window_s: Span, pixels: int) -> list[Envelope]:
    first_s = pyramid.about.first_s
    return [channel.window(first_s + window_s[0], first_s + window_s[1], pixels) for channel in pyramid.channels]


def _channel_view(
    seen: Envelope, origin_s: float, parts: FittedParts | None, explained: Explained | None
) -> ChannelView:
    is_signal = seen.role == "signal"
    level = None if explained is None else explained.signal_level if is_signal else explained.control_level
    arrays: tuple[Samples, ...] = (NONE, NONE, NONE, NONE)
    if parts is not None and level is not None:
        control = (parts.control, parts.control_fit, parts.control_background)
        there = (parts.signal, parts.signal_fit, parts.signal_background) if is_signal else control
        arrays = (parts.time_s, *(NONE if values is None else values * level for values in there))
    return ChannelView(
        TITLES[seen.role],
        "green" if is_signal else "purple",
        seen.time_s - origin_s,
        seen.low,
        seen.high,
        *arrays,
    )
