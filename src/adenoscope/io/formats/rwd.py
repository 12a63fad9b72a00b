"""RWD ``Fluorescence.csv``: a line of JSON settings, then ``TimeStamp,Events,CH1-410,CH1-470,...``.

``TimeStamp`` is in milliseconds; some versions of the software export ``Time(s)`` instead.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from adenoscope.core.recording import Recording, Samples, Trace
from adenoscope.io.formats.opening import Opening, open_file
from adenoscope.io.formats.plausibility import check_clock
from adenoscope.io.formats.tables import read_numbers, read_text

CHANNEL = re.compile(r"(CH\d+)-(\d{3})")
TICKS_PER_S = {"TimeStamp": 1000.0, "Time(s)": 1.0}
EVENTS = "Events"


def recognises(opening: Opening) -> bool:
    """Return whether channels and clock are there, with the JSON line or the events that RWD writes."""
    is_rwd = bool(opening.preamble) or EVENTS in opening.columns
    has_clock = any(name in opening.columns for name in TICKS_PER_S)
    return is_rwd and has_clock and any(CHANNEL.fullmatch(name) for name in opening.columns)


def read(path: Path) -> Recording:
    """Return a trace for each channel and wavelength, and the times [s] of each kind of event."""
    opening = open_file(path)
    clock = next(name for name in TICKS_PER_S if name in opening.columns)
    channels = [match for match in map(CHANNEL.fullmatch, opening.columns) if match]
    columns = read_numbers(opening, [clock, *(match[0] for match in channels)])
    time_s = columns[clock] / TICKS_PER_S[clock]
    check_clock(time_s, file=path, column=clock, first_row=opening.first_row)
    traces = tuple(Trace(m[0], time_s, columns[m[0]], m[1], float(m[2])) for m in channels)
    return Recording(path, "RWD", traces, _events(opening, time_s))


def _events(opening: Opening, time_s: Samples) -> dict[str, Samples]:
    if EVENTS not in opening.columns:
        return {}
    times: dict[str, list[float]] = {}
    for moment, cell in zip(time_s, read_text(opening, [EVENTS])[EVENTS], strict=True):
        for label in filter(None, (part.strip() for part in cell.split(";"))):
            times.setdefault(label, []).append(float(moment))
    return {label: np.array(moments) for label, moments in times.items()}
