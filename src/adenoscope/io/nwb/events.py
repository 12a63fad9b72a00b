"""Digital events of an NWB file: event tables, ndx-events, TTL series and epochs, as rising edges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.io.nwb.names import INTERVENTIONS, unique_names

_TTL_NAME = re.compile(r"ttl|digital", re.IGNORECASE)


def read_digital(nwbfile: Any) -> dict[str, Samples]:
    """Return the times [s, the file's clock] of every digital event, by the name of its line."""
    found = [event for item in nwbfile.objects.values() for event in _events(item)]
    names = unique_names(name for name, _ in found)
    return {name: np.sort(times) for name, (_, times) in zip(names, found, strict=True)}


def series_clock(series: Any) -> Samples:
    """Return the clock of a TimeSeries [s] as stored: its timestamps, or its start and rate."""
    if series.rate is None:
        return np.asarray(series.timestamps[:], dtype=np.float64)
    return float(series.starting_time) + np.arange(len(series.data)) / float(series.rate)


def _events(item: Any) -> Iterator[tuple[str, Samples]]:
    """Yield the (name, times) that one object of the file holds, of whichever type it is."""
    columns = getattr(item, "colnames", None) or ()
    kind = type(item).__name__
    if "timestamp" in columns and item.name != INTERVENTIONS:
        yield item.name, _floats(item["timestamp"].data)
    elif "event_times" in columns and "label" in columns:
        for row in range(len(item)):
            yield str(item["label"][row]), _floats(item["event_times"][row])
    elif kind in ("LabeledEvents", "TTLs"):
        yield from _labelled(item)
    elif kind == "Events":
        yield item.name, _floats(item.timestamps)
    elif kind == "TimeSeries" and _TTL_NAME.search(item.name):
        yield from _rising_edges(item)
    elif kind == "TimeIntervals" and item.name == "epochs":
        yield item.name, _floats(item["start_time"].data)


def _labelled(item: Any) -> Iterator[tuple[str, Samples]]:
    """Yield the events of ndx-events' LabeledEvents, label by label."""
    times, codes = _floats(item.timestamps), np.asarray(item.data[:])
    for code in np.unique(codes):
        yield f"{item.name}.{item.labels[int(code)]}", times[codes == code]


def _rising_edges(item: Any) -> Iterator[tuple[str, Samples]]:
    """Yield where a sampled line goes from low to high; halfway between its extremes divides the two."""
    levels = np.asarray(item.data[:], dtype=np.float64)
    if levels.ndim != 1 or levels.size == 0:
        return
    is_high = levels > (np.nanmin(levels) + np.nanmax(levels)) / 2
    rises = np.flatnonzero(is_high & ~np.concatenate(([False], is_high[:-1])))
    yield item.name, series_clock(item)[rises]


def _floats(data: Any) -> Samples:
    return np.asarray(data[:], dtype=np.float64)
