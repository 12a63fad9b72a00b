"""BORIS event exports: aggregated (a row for each bout) and tabular (a row for each START, STOP or POINT).

Tabular exports of version 7 have lines about the observation above the header and a column ``Status``; those of
version 8 repeat the observation in every row and name the column ``Behavior type``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from adenoscope.core.behaviour_record import Bout, Events, Origin
from adenoscope.core.errors import InputError, Problem, input_error
from adenoscope.io.assays.grid import Grid, grid
from adenoscope.io.assays.sheets import Sheet

AGGREGATED = {"Behavior", "Start (s)", "Stop (s)"}
TABULAR = {"Behavior", "Time"}
STATUS = ("Status", "Behavior type")
LENGTHS = ("Total length", "Media duration (s)")
NOBODY = ("", "No focal subject")
OBSERVATION = "Observation id"
_PREAMBLE = 200
_CLOCK = re.compile(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)")


@dataclass(frozen=True)
class _Noted:
    """A row of a tabular export: what was noted, ``edge`` START, STOP or POINT, and when."""

    row: int
    time_s: float
    edge: str
    behaviour: str
    modifiers: tuple[str, ...]


def recognises(sheets: Sequence[Sheet]) -> bool:
    """Return whether there is a header with behaviours and their bouts, or their edges."""
    return _header(sheets[0]) is not None


def read(sheets: Sequence[Sheet]) -> tuple[Events, ...]:
    """Return the events of each observation and subject in the file.

    Raises:
        InputError: a state is started twice, stopped before it starts, or never stopped; all such rows are listed.
    """
    sheet = sheets[0]
    header = _header(sheet) or 0
    table, facts = grid(sheet, header), _preamble(sheet.rows[:header])
    groups: dict[tuple[str, str], list[int]] = {}
    for index, key in enumerate(zip(table.texts(OBSERVATION), table.texts("Subject"), strict=True)):
        groups.setdefault((key[0], "" if key[1] in NOBODY else key[1]), []).append(index)
    aggregated = set(table.columns) >= AGGREGATED
    lengths = _lengths(table)
    problems: list[Problem] = []
    found: list[Events] = []
    for (observation, subject), rows in groups.items():
        part = replace(table, rows=tuple(table.rows[row] for row in rows))
        bouts = _finished(part, problems) if aggregated else _paired(part, problems)
        origin = _origin(observation or facts.get(OBSERVATION, ""), subject, facts)
        found.append(Events(origin, tuple(bouts), lengths[rows[0]]))
    if problems:
        raise InputError(*problems)
    return tuple(found)


def _header(sheet: Sheet) -> int | None:
    for index, row in enumerate(sheet.rows[:_PREAMBLE]):
        names = set(row)
        if names >= AGGREGATED or (names >= TABULAR and any(name in names for name in STATUS)):
            return index
    return None


def _preamble(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    return {row[0]: row[1] for row in rows if len(row) > 1 and row[0] and row[1]}


def _origin(observation: str, subject: str, facts: Mapping[str, str]) -> Origin:
    known = {OBSERVATION: observation, "Subject": subject}
    told = dict(facts) | {name: value for name, value in known.items() if value}
    place = ", ".join(
        f"{name} {value}" for name, value in (("observation", observation), ("subject", subject)) if value
    )
    both = f"{observation}/{subject}" if observation and subject else ""
    return Origin(place, tuple(name for name in (subject, observation, both) if name), told)


def _lengths(table: Grid) -> list[float | None]:
    """Return the length of the film [s] in each row, None where it is not told or is that of several films."""
    column = next((name for name in LENGTHS if name in table.columns), "")
    texts = [_pointed(table, text) for text in table.texts(column)]
    return [float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else None for text in texts]


def _finished(table: Grid, problems: list[Problem]) -> Iterator[Bout]:
    starts, stops = table.numbers("Start (s)"), table.numbers("Stop (s)")
    names = table.texts("Behavior")
    for row, (name, start, stop) in enumerate(zip(names, starts.tolist(), stops.tolist(), strict=True)):
        if stop >= start:
            yield Bout(name, start, stop)
            continue
        allowed, remedy = "a bout with a start, and a stop after it", "mend the event in BORIS and export again"
        found = f'"{name}" from {start:g} to {stop:g} s'
        problems.append(Problem(table.sheet.where, found, allowed, remedy, table.row_number(row)))


def _paired(table: Grid, problems: list[Problem]) -> list[Bout]:
    """Return the bouts between each START and the next STOP of the same behaviour with the same modifiers."""
    bouts: list[Bout] = []
    open_since: dict[tuple[str, tuple[str, ...]], _Noted] = {}

    def complain(noted: _Noted, found: str) -> None:
        remedy = "fix the unpaired events in BORIS (Observations menu) and export again"
        problems.append(Problem(table.sheet.where, found, "a STOP after each START", remedy, noted.row))

    for noted in sorted(_noted(table), key=lambda item: item.time_s):
        key, name = (noted.behaviour, noted.modifiers), noted.behaviour
        started = open_since.get(key)
        if noted.edge == "POINT":
            bouts.append(Bout(name, noted.time_s, noted.time_s))
        elif noted.edge == "START":
            if started is not None:
                complain(noted, f'"{name}" starts again; it has not stopped since row {started.row}')
            open_since[key] = noted
        elif started is None:
            complain(noted, f'"{name}" stops and has not started')
        else:
            bouts.append(Bout(name, started.time_s, noted.time_s))
            del open_since[key]
    for noted in open_since.values():
        complain(noted, f'"{noted.behaviour}" starts and never stops')
    return sorted(bouts, key=lambda bout: bout.start_s)


def _noted(table: Grid) -> Iterator[_Noted]:
    times, names = table.texts("Time"), table.texts("Behavior")
    edges = table.texts(next(name for name in STATUS if name in table.columns))
    modifiers = [table.texts(name) for name in table.columns if name.startswith("Modif")]
    for row, (time, edge, name) in enumerate(zip(times, edges, names, strict=True)):
        kind = edge.upper()
        if kind not in {"START", "STOP", "POINT"} or not name:
            found = f'"{edge}" of "{name}"'
            raise _wrong(table, row, found, "START, STOP or POINT of a behaviour")
        yield _Noted(
            table.row_number(row),
            _seconds(table, row, time),
            kind,
            name,
            tuple(column[row] for column in modifiers),
        )


def _seconds(table: Grid, row: int, text: str) -> float:
    if (clock := _CLOCK.fullmatch(text)) is not None:
        return 3600 * int(clock[1]) + 60 * int(clock[2]) + float(clock[3])
    decimal = _pointed(table, text)
    if not re.fullmatch(r"-?\d+(\.\d+)?", decimal):
        raise _wrong(table, row, f'the time "{text}"', "seconds, or hh:mm:ss")
    return float(decimal)


def _pointed(table: Grid, text: str) -> str:
    """Return a number with a point; a comma between commas is no decimal mark."""
    return text if table.sheet.separator == "," else text.replace(",", ".")


def _wrong(table: Grid, row: int, found: str, allowed: str) -> InputError:
    remedy = "export the events again as CSV"
    return input_error(table.sheet.where, found=found, allowed=allowed, remedy=remedy, row=table.row_number(row))
