"""A table of virtual people: covariates by column, one row for each. A table about real people is refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from adenoscope.core.errors import InputError, Problem
from adenoscope.core.recording import Samples
from adenoscope.io.nearest import did_you_mean
from adenoscope.io.personal_data import personal_columns
from adenoscope.io.table import Columns, read_rows

ALLOWED_BESIDE = ("subject",)


def read_virtual_people(path: Path, known: Sequence[str]) -> dict[str, Samples]:
    """Return covariates by name, each of shape (person,), from a CSV table that may hold any of ``known``.

    Raises:
        InputError: the table is wrong, or looks as if it were about real people; every problem is listed.
    """
    problems: list[Problem] = []
    if not path.exists():
        raise InputError(Problem(str(path), "no such file", "a CSV table of virtual people", "check covariates"))
    # A heading close to a covariate's is no slip until it is known not to be a person's.
    rows = read_rows(path, path.name, Columns((), (), 1.0), problems)
    headings = list(rows[0].cells) if rows else []
    table = {heading: [row.cells[heading] for row in rows] for heading in headings}
    refused = personal_columns(table, path.name)
    if refused:  # alone: what else is wrong with it is of no interest, and its cells are not repeated
        raise InputError(*refused)
    for heading in headings:
        if heading not in known and heading not in ALLOWED_BESIDE:
            remedy = did_you_mean(heading, known) or "delete it"
            problems.append(Problem(path.name, "an unknown covariate", ", ".join(known), remedy, column=heading))
    if not all(_runs(table[name]) for name in ALLOWED_BESIDE if name in table):
        remedy, allowed = (
            "number the rows anew, or delete the column",
            "0, 1, 2, ... or 1, 2, 3, ..., which tell nothing",
        )
        problems.append(Problem(path.name, "no running number", allowed, remedy, column="subject"))
    covariates: dict[str, Samples] = {}
    for heading in headings:
        if heading in known:
            values = [row.required_figure(heading) for row in rows]
            covariates[heading] = np.array([np.nan if value is None else value for value in values])
    if rows and not covariates:
        problems.append(Problem(path.name, "no covariate", ", ".join(known), "name the columns as these are"))
    if problems:
        raise InputError(*problems)
    return covariates


def _runs(cells: Sequence[str]) -> bool:
    """Return whether cells count rows, from 0 or from 1: any other number may be a person's."""
    return any([cell.strip() for cell in cells] == [str(first + n) for n in range(len(cells))] for first in (0, 1))
