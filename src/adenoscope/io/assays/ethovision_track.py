"""EthoVision XT raw data: a block of header lines, column names, units, and a row for each sample.

The first line tells how many header lines there are. In a workbook every track has a sheet; as text every track has
a file, with the separator and the mark for a missing value that were chosen in the export window.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from adenoscope.core.behaviour_record import Origin, Track
from adenoscope.core.errors import input_error
from adenoscope.core.recording import Samples
from adenoscope.io.assays.grid import Grid, grid
from adenoscope.io.assays.sheets import Sheet

# Recording time runs from the start of tracking, trial time from the start of the trial.
CLOCKS = ("Recording time", "Trial time")
X, Y, MOVED = "X center", "Y center", "Distance moved"
_IMMOBILE = re.compile(r".*\(immobile\)", re.IGNORECASE)
_NAMES_ANIMAL = re.compile(r"\b(animal|mouse|rat|subject|arena)", re.IGNORECASE)
_HEADER = 200


def recognises(sheets: Sequence[Sheet]) -> bool:
    """Return whether a sheet tells its number of header lines and has a clock."""
    return any(_header(sheet) is not None for sheet in sheets)


def read(sheets: Sequence[Sheet]) -> tuple[Track, ...]:
    """Return the track in each sheet; what else a workbook holds, such as logs of the hardware, is passed over."""
    return tuple(_track(sheet, header) for sheet in sheets if (header := _header(sheet)) is not None)


def _header(sheet: Sheet) -> int | None:
    if not sheet.rows or "header lines" not in "".join(sheet.rows[0][:1]).casefold():
        return None
    for index, row in enumerate(sheet.rows[:_HEADER]):
        if X in row and any(name in row for name in CLOCKS):
            return index
    return None


def _track(sheet: Sheet, header: int) -> Track:
    table = grid(sheet, header, skip=2)
    units = dict(zip(table.columns, sheet.rows[header + 1], strict=False))
    clock = next(name for name in CLOCKS if name in table.columns)
    time = table.numbers(clock)
    inside = np.isfinite(time)  # rows from before the tracking have no recording time
    _check_clock(table, clock, time, inside)

    def numbers(column: str) -> Samples:
        return table.numbers(column)[inside]

    return Track(
        origin=_origin(sheet, sheet.rows[1:header]),
        time=time[inside],
        x=numbers(X),
        y=numbers(Y),
        unit=units.get(X, ""),
        moved=numbers(MOVED) if MOVED in table.columns and units.get(MOVED) == units.get(X) else None,
        immobile={name: numbers(name) for name in table.columns if _IMMOBILE.fullmatch(name)},
    )


def _origin(sheet: Sheet, lines: Sequence[Sequence[str]]) -> Origin:
    facts = {line[0].rstrip(":"): line[1] for line in lines if len(line) > 1 and line[0] and line[1]}
    named = [value for key, value in facts.items() if _NAMES_ANIMAL.search(key)]
    return Origin(sheet.name, tuple(dict.fromkeys(filter(None, (sheet.name, *named)))), facts)


def _check_clock(table: Grid, clock: str, time: Samples, inside: np.ndarray) -> None:
    rows = np.flatnonzero(inside)
    if rows.size < 2:
        remedy = "export the raw data of a trial that was tracked"
        raise input_error(
            table.sheet.where,
            found=f"{rows.size} samples",
            allowed="at least two samples",
            remedy=remedy,
            column=clock,
        )
    back = np.flatnonzero(np.diff(time[inside]) <= 0)
    if back.size:
        raise input_error(
            table.sheet.where,
            row=table.row_number(int(rows[back[0] + 1])),
            column=clock,
            found="time that stands still or goes backwards",
            allowed="times that increase from row to row",
            remedy="export each track by itself; two were probably joined",
        )
