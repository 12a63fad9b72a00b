"""The fitted parts of a session in the units of its recording, and what the fit did not see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from adenoscope.core.recording import Samples, Trace
from adenoscope.core.result import SessionResult
from adenoscope.studies.explain_parts import Explained, explain_parts
from adenoscope.web.recordings.pyramid import Channel, Pyramid, Values, open_pyramid

Json = dict[str, Any]
DIGITS = 7


def explain(folder: Path, item: SessionResult) -> Explained | None:
    """Return how a session's fitted parts follow from its recording; called in the process that reads."""
    pyramid, parts = open_pyramid(folder), item.response.parts
    if pyramid is None or parts is None:
        return None
    traces = {channel.facts.role: _trace(channel) for channel in pyramid.channels}
    onsets_s = tuple(pyramid.about.first_s + onset for onset in item.session.onsets_s)
    beside = "control" if "control" in traces else "blank"
    found = explain_parts(traces["signal"], traces.get(beside), onsets_s, parts)
    named = (replace(one, channel=beside) if one.channel == "control" else one for one in found.left_out)
    return replace(found, left_out=tuple(named))


def fitted_json(item: SessionResult, explained: Explained | None) -> Json:
    """Return the parts [detector units], the response [1] and what was left out, in seconds from the first sample."""
    onset_s = item.session.onsets_s[0]
    parts, curve, estimands = item.response.parts, item.response.curve, item.response.estimands
    said: Json = {"onsets_s": list(item.session.onsets_s), "parts": None, "curve": None, "mean": None, "left_out": []}
    if parts is not None and explained is not None:
        signal, control = explained.signal_level, explained.control_level
        levels = {"signal": signal or 1.0, "control": control or 1.0}
        said["parts"] = {"time_s": numbers(parts.time_s + onset_s, 4)} | {
            name: numbers(values * levels[name.partition("_")[0]])
            for name, values in arrays_of(parts).items()
            if name != "time_s"
        }
        said["levels"] = {"signal": signal, "control": control}
        said["left_out"] = [
            asdict(one) | {"start_s": one.start_s + onset_s, "end_s": one.end_s + onset_s}
            for one in explained.left_out
        ]
    if curve is not None:
        said["curve"] = {
            "time_s": numbers(curve.time_s + onset_s, 4),
            **{name: numbers(getattr(curve, name)) for name in ("dff", "dff_low", "dff_high")},
        }
    if estimands is not None:
        start, end = estimands.window_s
        said["mean"] = {"start_s": start + onset_s, "end_s": end + onset_s, "dff": estimands.mean_dff.estimate}
    return said


def arrays_of(record: Any) -> Mapping[str, Samples]:
    """Return the arrays of a record by name; what is absent is left out."""
    return {name: values for name, values in vars(record).items() if isinstance(values, np.ndarray)}


def numbers(values: Samples | Values, decimals: int | None = None) -> list[float | None]:
    """Return values as JSON takes them, to ``decimals`` or so many digits as any eye needs; a lost one is None."""
    wide = np.asarray(values, np.float64)
    finite = wide[np.isfinite(wide)]
    if decimals is None:
        largest = float(np.abs(finite).max(initial=0.0))
        decimals = DIGITS if largest == 0 else min(15, DIGITS - 1 - int(np.floor(np.log10(largest))))
    rounded: list[float | None] = np.round(wide, decimals).tolist()
    if finite.size == wide.size:
        return rounded
    return [value if present else None for value, present in zip(rounded, np.isfinite(wide), strict=True)]


def _trace(channel: Channel) -> Trace:
    values: Any = channel.values  # float32 serves as well, and is not copied
    return Trace(channel.facts.name, channel.clock_s, values, saturation=channel.facts.saturation)


def windows_json(pyramid: Pyramid, start_s: float, end_s: float, pixels: int) -> Json:
    """Return what a window [s from the first sample] shows of every channel, on a screen of so many pixels."""
    about = pyramid.about
    first_s, last_s = about.first_s, about.last_s
    shown = [channel.window(first_s + start_s, first_s + end_s, pixels) for channel in pyramid.channels]
    return {
        "start_s": start_s,
        "end_s": end_s,
        "last_s": last_s - first_s,
        "format": about.format,
        "notes": list(about.notes),
        "channels": [
            {
                "role": one.role,
                "name": one.name,
                "is_whole": one.is_whole,
                "n_samples": channel.facts.n_samples,
                "rate_hz": channel.facts.rate_hz,
                "time_s": numbers(one.time_s - first_s, 5),
                "low": numbers(one.low),
                **({} if one.is_whole else {"high": numbers(one.high)}),
            }
            for one, channel in zip(shown, pyramid.channels, strict=True)
        ],
    }
