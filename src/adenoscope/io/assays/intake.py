"""A tidy table of what was drunk: ``animal, sucrose_g, water_g``, or each bottle's weight at the start and the end.

Several rows of an animal are periods, told apart by a column ``day``; their intakes are added.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adenoscope.core.behaviour_record import Measure, Measures, Origin
from adenoscope.core.errors import InputError, Problem
from adenoscope.core.recording import Samples
from adenoscope.io.assays.grid import Grid, grid
from adenoscope.io.assays.sheets import Sheet

ANIMAL, DAY = "animal", "day"
SUCROSE, WATER = "sucrose", "water"
UNITS = ("g", "ml")


def recognises(sheets: Sequence[Sheet]) -> bool:
    """Return whether the first row names animals and both drinks, in grams or in millilitres."""
    header = set(sheets[0].rows[0]) if sheets[0].rows else set[str]()
    return ANIMAL in header and _layout(header) is not None


def read(sheets: Sequence[Sheet]) -> tuple[Measures, ...]:
    """Return the intake of sucrose and of water of each animal, in the table's unit.

    Raises:
        InputError: an intake is missing or negative, or an animal stands twice; all such rows are listed.
    """
    table = grid(sheets[0], 0)
    unit, weighed = _layout(set(table.columns)) or ("g", False)
    drunk = {drink: _drunk(table, drink, unit, weighed) for drink in (SUCROSE, WATER)}
    problems = [problem for drink, amounts in drunk.items() for problem in _impossible(table, drink, amounts)]
    rows: dict[str, list[int]] = {}
    for row, animal in enumerate(table.texts(ANIMAL)):
        rows.setdefault(animal, []).append(row)
    problems += _repeated(table, rows)
    if problems:
        raise InputError(*problems)
    return tuple(
        Measures(
            Origin(f"row {table.row_number(members[0])}", (animal,), {ANIMAL: animal}),
            {drink: Measure((float(amounts[members].sum()),), unit) for drink, amounts in drunk.items()},
        )
        for animal, members in rows.items()
    )


def _layout(header: set[str]) -> tuple[str, bool] | None:
    """Return the unit, and whether bottles were weighed at the start and the end."""
    for unit in UNITS:
        if {f"{SUCROSE}_{unit}", f"{WATER}_{unit}"} <= header:
            return unit, False
        if {f"{drink}_{moment}_{unit}" for drink in (SUCROSE, WATER) for moment in ("start", "end")} <= header:
            return unit, True
    return None


def _drunk(table: Grid, drink: str, unit: str, weighed: bool) -> Samples:
    if not weighed:
        return table.numbers(f"{drink}_{unit}")
    return table.numbers(f"{drink}_start_{unit}") - table.numbers(f"{drink}_end_{unit}")


def _impossible(table: Grid, drink: str, amounts: Samples) -> list[Problem]:
    problems: list[Problem] = []
    for row in np.flatnonzero(~(amounts >= 0)):
        found = f"no intake of {drink}" if np.isnan(amounts[row]) else f"an intake of {drink} of {amounts[row]:g}"
        remedy = "look it up in the notebook; take the row out if the bottle leaked or was not weighed"
        problems.append(Problem(table.sheet.where, found, "0 or more", remedy, table.row_number(int(row))))
    return problems


def _repeated(table: Grid, rows: dict[str, list[int]]) -> list[Problem]:
    days, problems = table.texts(DAY), list[Problem]()
    for animal, members in rows.items():
        told = [days[row] for row in members]
        if not animal or len(set(told)) < len(told):
            found = f'animal "{animal}" stands {len(told)} times' if animal else "no animal"
            allowed = "an animal once, or once for each day in a column day"
            problems.append(
                Problem(
                    table.sheet.where, found, allowed, "tell the rows apart", table.row_number(members[-1]), ANIMAL
                )
            )
    return problems
