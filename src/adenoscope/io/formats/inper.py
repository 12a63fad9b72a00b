"""Inper CSV: ``Time, ROI-1_sig_410, ROI-1_sig_470, ..., Input_DIO-1`` or ``TimeStamp, CH1-410, CH1-470``.

``Time`` is seconds or ``hours:minutes:seconds``; ``TimeStamp`` is milliseconds.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from adenoscope.core.errors import input_error
from adenoscope.core.recording import Recording, Samples, Trace
from adenoscope.io.formats.opening import Opening, open_file
from adenoscope.io.formats.plausibility import check_clock
from adenoscope.io.formats.tables import numeric_columns, read_numbers, read_text

CHANNEL = re.compile(r"(ROI-\d+|CH\d+)(?:_sig_|-)(\d{3})")
TICKS_PER_S = {"Time": 1.0, "TimeStamp": 1000.0}
INPUT = "Input_DIO"


def recognises(opening: Opening) -> bool:
    """Return whether there are channels named for region and wavelength, and a clock."""
    has_clock = any(name in opening.columns for name in TICKS_PER_S)
    return has_clock and any(CHANNEL.fullmatch(name) for name in opening.columns)


def read(path: Path) -> Recording:
    """Return a trace for each region and wavelength, and the rising edges of the digital inputs."""
    opening = open_file(path)
    channels = [match for match in map(CHANNEL.fullmatch, opening.columns) if match]
    inputs = [name for name in opening.columns if name.startswith(INPUT)]
    columns = read_numbers(opening, [*(match[0] for match in channels), *inputs])
    clock, time_s = _clock(opening)
    check_clock(time_s, file=path, column=clock, first_row=opening.first_row)
    traces = tuple(Trace(m[0], time_s, columns[m[0]], m[1], float(m[2])) for m in channels)
    return Recording(path, "Inper", traces, {name: _rising(time_s, columns[name]) for name in inputs})


def _clock(opening: Opening) -> tuple[str, Samples]:
    clock = next(name for name in TICKS_PER_S if name in opening.columns)
    if clock in numeric_columns(opening):
        return clock, read_numbers(opening, [clock])[clock] / TICKS_PER_S[clock]
    cells = read_text(opening, [clock])[clock]
    return clock, np.array([_seconds(opening, clock, index, cell) for index, cell in enumerate(cells)])


def _seconds(opening: Opening, clock: str, index: int, cell: str) -> float:
    """Return ``hours:minutes:seconds`` as seconds."""
    try:
        hours, minutes, seconds = (float(part) for part in cell.split(":"))
    except ValueError as error:
        raise input_error(
            opening.path,
            row=opening.first_row + index,
            column=clock,
            found=f"{cell!r} is not a time",
            allowed="seconds, or hours:minutes:seconds",
            remedy="correct the cell or export the recording again",
        ) from error
    return 3600 * hours + 60 * minutes + seconds


def _rising(time_s: Samples, values: Samples) -> Samples:
    high = values > 0.5
    return time_s[1:][high[1:] & ~high[:-1]]
