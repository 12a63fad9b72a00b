"""Rows of finished measures: which cells are numbers, which are facts, and which name the animal."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from adenoscope.core.behaviour_record import Measure, Measures, Origin
from adenoscope.core.errors import InputError
from adenoscope.io.assays.grid import Grid


def measured(table: Grid, units: Mapping[str, str], animal: re.Pattern[str]) -> tuple[Measures, ...]:
    """Return a record for each row; a column that ``animal`` matches whole gives names, one of numbers a measure.

    Every cell is a fact of its row as well, so that rows can be chosen by any column.
    """
    numbers = {column: values for column in table.columns if (values := _numbers(table, column)) is not None}
    texts = {column: table.texts(column) for column in table.columns}
    records: list[Measures] = []
    for row in range(len(table.rows)):
        facts = {column: cells[row] for column, cells in texts.items()}
        names = tuple(dict.fromkeys(v for column, v in facts.items() if v and animal.fullmatch(column)))
        measures = {column: Measure((float(v[row]),), units.get(column, "")) for column, v in numbers.items()}
        records.append(Measures(Origin(f"row {table.row_number(row)}", names, facts), measures))
    return tuple(records)


def _numbers(table: Grid, column: str) -> np.ndarray | None:
    try:
        return table.numbers(column)
    except InputError:
        return None  # a column of words; to score it is refused where it is asked for
