"""EthoVision XT statistics: a row for each track, under four header rows or under one that joins them.

The four rows are the variable, the point or zone, the statistic and the unit; joined they read
``Distance moved Center-point Total cm``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from adenoscope.core.behaviour_record import Measures
from adenoscope.io.assays.grid import grid
from adenoscope.io.assays.measured import measured
from adenoscope.io.assays.sheets import Sheet

UNITS = ("cm", "mm", "m", "s", "min", "%", "cm/s", "mm/s", "m/s")
STATISTIC = re.compile(
    r"(Total|Mean|Frequency|Cumulative Duration( within Nesting)?( \(%\))?|Latency to (First|Last)|Maximum|Minimum)",
    re.I,
)
INDEPENDENT = "Independent Variable"
_JOINED = re.compile(rf"(.*\s{STATISTIC.pattern})(?:\s+({'|'.join(map(re.escape, UNITS))}))?", re.I)
_ANIMAL = re.compile(r"(animal|mouse|rat|subject|arena|trial)\b.*", re.IGNORECASE)
_TOP = 12


def recognises(sheets: Sequence[Sheet]) -> bool:
    """Return whether a row of statistics lies between variables and units, or a header joins all three."""
    return _stacked(sheets[0]) is not None or _joined(sheets[0]) is not None


def read(sheets: Sequence[Sheet]) -> tuple[Measures, ...]:
    """Return the statistics of each row, named as in a joined header without the unit."""
    sheet = sheets[0]
    at = _stacked(sheet)
    if at is None:
        table = grid(sheet, _joined(sheet) or 0)
        names, units = _parted(table.columns)
    else:
        # The fullest of the four rows sets the width: a blank cell is a heading shared with the one before.
        table = grid(_widened(sheet, at), at + 1)
        names, units = _stack(sheet.rows[at - 2 : at + 2], len(table.columns))
    return measured(replace(table, columns=names), units, _ANIMAL)


def _stacked(sheet: Sheet) -> int | None:
    """Return the row of statistics, where units stand below it and variables two rows above."""
    for at, row in enumerate(sheet.rows[:_TOP]):
        if 2 <= at < len(sheet.rows) - 1 and any(STATISTIC.fullmatch(cell) for cell in row):
            return at if any(cell in UNITS for cell in sheet.rows[at + 1]) else None
    return None


def _joined(sheet: Sheet) -> int | None:
    for index, row in enumerate(sheet.rows[:_TOP]):
        if any(_JOINED.fullmatch(cell) for cell in row):
            return index
    return None


def _widened(sheet: Sheet, at: int) -> Sheet:
    """Return the sheet with the row of units filled up to the width of the table."""
    width = max(len(row) for row in sheet.rows[at - 2 : at + 2])
    marks = tuple(f"column {index + 1}" for index in range(width))
    return replace(sheet, rows=(*sheet.rows[: at + 1], marks, *sheet.rows[at + 2 :]))


def _parted(columns: Sequence[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    names: list[str] = []
    units: dict[str, str] = {}
    for column in columns:
        match = _JOINED.fullmatch(column)
        names.append(match[1] if match else column)
        units[names[-1]] = (match[match.re.groups] or "") if match else ""
    return tuple(names), units


def _stack(rows: Sequence[Sequence[str]], width: int) -> tuple[tuple[str, ...], dict[str, str]]:
    variable, point, statistic, unit = (tuple(row) + ("",) * (width - len(row)) for row in rows)
    names: list[str] = []
    units: dict[str, str] = {}
    heading = zone = ""
    for index in range(width):
        if variable[index]:
            heading, zone = variable[index], ""
        zone = point[index] or zone
        if statistic[index] and heading != INDEPENDENT:
            parts = (heading, zone, statistic[index])
        else:
            parts = (variable[index].replace(INDEPENDENT, ""), point[index], statistic[index])
        name = " ".join(filter(None, parts)) or f"column {index + 1}"
        names.append(name)
        units[name] = unit[index]
    return tuple(names), units
