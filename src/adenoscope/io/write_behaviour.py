"""Rows of behaviour.csv written as a table, beside those of other assays that stand in it already."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from adenoscope.core.atomic import write_text
from adenoscope.core.errors import InputError, Problem
from adenoscope.core.study import Behaviour
from adenoscope.io.behaviour import COLUMNS
from adenoscope.io.table import read_rows


def write_behaviour(path: Path, rows: Sequence[Behaviour], *, force: bool = False) -> None:
    """Write ``rows`` to ``path``, whole or not at all; a file that holds the same already is left as it is.

    With ``force``, the rows of these assays in an existing file are replaced; all others stay, with their columns.

    Raises:
        InputError: the file exists and says something else, or is no table that rows could be kept of.
    """
    written = [_cells(row) for row in rows]
    if not path.exists():
        write_text(path, _table(COLUMNS.known, written))
        return
    problems: list[Problem] = []
    standing = [row.cells for row in read_rows(path, path.name, COLUMNS, problems)]
    if problems:
        raise InputError(*problems)
    assays = {row.assay for row in rows}
    others = [cells for cells in standing if cells.get("assay") not in assays]
    columns = (*dict.fromkeys((*(name for cells in standing[:1] for name in cells), *COLUMNS.known)),)
    text = _table(columns, [*others, *written])
    if text == path.read_text(encoding="utf-8-sig"):
        return
    if not force:
        raise InputError(_already_there(path, len(standing), len(others)))
    write_text(path, text)


def _cells(row: Behaviour) -> dict[str, str]:
    return {name: _shown(value) for name, value in asdict(row).items()}


def _shown(value: Any) -> str:
    """Return a value as a cell: a number to nine digits, which no behaviour is measured to."""
    if isinstance(value, float):
        return f"{value:.9g}"
    return "" if value is None else str(value)


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    buffer = io.StringIO(newline="")
    table = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return buffer.getvalue()


def _already_there(path: Path, standing: int, kept: int) -> Problem:
    found = f"there is such a file already, with {standing} rows, and it says something else"
    remedy = (
        f"give another file with --out; or --force, which keeps the {kept} rows of other assays "
        f"and replaces the other {standing - kept}"
    )
    return Problem(path.name, found, "a new file, or one that says the same", remedy)
