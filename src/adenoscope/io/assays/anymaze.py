"""ANY-maze results: a row for each test, or for each segment of a test; ``Total time immobile (s)`` and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from adenoscope.core.behaviour_record import Measure, Measures
from adenoscope.core.errors import input_error
from adenoscope.io.assays.grid import Grid, grid, name_and_unit
from adenoscope.io.assays.measured import measured
from adenoscope.io.assays.sheets import Sheet

TEST, SEGMENT = "Test", "Segment of test"
ANIMAL = re.compile(r"(Animal|Animal number|Animal ID|ID|Subject)")
UNIT_S = {"sec": 1.0, "min": 60.0, "hour": 3600.0}
_SEGMENT = re.compile(r"([\d.]+)\s*-\s*([\d.]+)\s*(sec|min|hour)\w*\.?", re.IGNORECASE)


def recognises(sheets: Sequence[Sheet]) -> bool:
    """Return whether the first row names tests and animals."""
    header = sheets[0].rows[0] if sheets[0].rows else ()
    return (TEST in header or SEGMENT in header) and any(ANIMAL.fullmatch(name) for name in header)


def read(sheets: Sequence[Sheet]) -> tuple[Measures, ...]:
    """Return the results of each test; of a test in segments, one value for each of them, in order."""
    table = grid(sheets[0], 0)
    units = {name: name_and_unit(name)[1] for name in table.columns}
    rows = measured(table, units, ANIMAL)
    if SEGMENT not in table.columns:
        return rows
    return tuple(_joined(table, rows))


def _joined(table: Grid, rows: Sequence[Measures]) -> Iterator[Measures]:
    """Yield one record for each test, made of the rows of its segments."""
    spans = [_span(table, row, text) for row, text in enumerate(table.texts(SEGMENT))]
    tests: dict[tuple[str, ...], list[int]] = {}
    kept = [name for name in table.columns if name in (TEST, "Stage", "Trial") or ANIMAL.fullmatch(name)]
    for row, record in enumerate(rows):
        tests.setdefault(tuple(record.origin.facts[name] for name in kept), []).append(row)
    for members in tests.values():
        order = sorted(members, key=lambda row: spans[row])
        first = rows[order[0]]
        facts = {name: first.origin.facts[name] for name in table.columns if _agree(rows, order, name)}
        measures = {
            name: Measure(tuple(rows[row].measures[name].values[0] for row in order), measure.unit)
            for name, measure in first.measures.items()
        }
        origin = replace(first.origin, place=f"{first.origin.place} and on", facts=facts)
        yield Measures(origin, measures, tuple(spans[row] for row in order))


def _agree(rows: Sequence[Measures], members: Sequence[int], name: str) -> bool:
    return len({rows[row].origin.facts[name] for row in members}) == 1


def _span(table: Grid, row: int, text: str) -> tuple[float, float]:
    match = _SEGMENT.fullmatch(text)
    if match is None:
        raise input_error(
            table.sheet.where,
            row=table.row_number(row),
            column=SEGMENT,
            found=f'found "{text}"',
            allowed='a span of time such as "0 - 300 secs."',
            remedy="export the results in segments of time, or for whole tests alone",
        )
    scale = UNIT_S[match[3].casefold()]
    return float(match[1]) * scale, float(match[2]) * scale
