"""The dissociation matrix: what each manipulation takes from an effect, readout by readout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adenoscope.core.reading import Given, Setting
from adenoscope.core.verdict import Verdict
from adenoscope.report.numbers import GAP
from adenoscope.report.verdict_words import (
    FINDING_WORDS,
    SYMBOLS,
    needed_words,
    row_words,
    same_setting,
    share_words,
)
from adenoscope.report.words import first_upper, joined, measure_of

Row = tuple[str, Given, Setting | None]
Column = tuple[str, str, float | None]


@dataclass(frozen=True)
class Cell:
    """One verdict in brief; ``number`` is its place in the study's list, counted from 1."""

    number: int
    verdict: Verdict
    word: str
    symbol: str
    share: str
    needed: str


@dataclass(frozen=True)
class MatrixRow:
    """A manipulation, the effect it was held against, and a cell for each readout; None where not asked."""

    manipulation: str
    effect: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Matrix:
    """Manipulations x readouts."""

    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]


def dissociation_matrix(verdicts: Sequence[Verdict]) -> Matrix:
    """Return the verdicts as a matrix, rows and columns in the order in which they were asked."""
    cells = [_cell(number, verdict) for number, verdict in enumerate(verdicts, start=1)]
    placed: dict[tuple[Row, Column], Cell] = {}
    for cell in (cell for cell in cells if cell.verdict.residual is not None):
        placed.setdefault((_row(cell.verdict), _column(cell.verdict)), cell)
    for cell in (cell for cell in cells if cell.verdict.residual is None):
        for place in _free_places(cell.verdict, placed):
            placed.setdefault(place, cell)
    by_number = sorted(placed, key=lambda place: placed[place].number)
    rows = tuple(dict.fromkeys(row for row, _ in by_number))
    columns = tuple(dict.fromkeys(column for _, column in by_number))
    return Matrix(
        tuple(_column_words(column, verdicts) for column in columns),
        tuple(_matrix_row(row, columns, placed) for row in rows),
    )


def _cell(number: int, verdict: Verdict) -> Cell:
    finding = verdict.finding
    return Cell(
        number, verdict, FINDING_WORDS[finding], SYMBOLS[finding], share_words(verdict), needed_words(verdict)
    )


def _row(verdict: Verdict) -> Row:
    return verdict.manipulation, verdict.effect, same_setting(verdict)


def _column(verdict: Verdict) -> Column:
    if verdict.residual is None:
        return verdict.readout, "", None
    return verdict.readout, verdict.residual.setting.region, verdict.residual.setting.time_h


def _free_places(verdict: Verdict, placed: dict[tuple[Row, Column], Cell]) -> list[tuple[Row, Column]]:
    """Return where a question belongs that no animal answers: beside what the same manipulation was asked."""
    rows = {
        row for row, _ in placed if row[0] == verdict.manipulation and row[1].treatment == verdict.effect.treatment
    }
    columns = {column for _, column in placed if column[0] == verdict.readout}
    return [(row, column) for row in rows or {_row(verdict)} for column in columns or {_column(verdict)}]


def _matrix_row(row: Row, columns: tuple[Column, ...], placed: dict[tuple[Row, Column], Cell]) -> MatrixRow:
    cells = tuple(placed.get((row, column)) for column in columns)
    named = next(cell.verdict for cell in cells if cell is not None and _row(cell.verdict)[2] == row[2])
    return MatrixRow(*row_words(named), cells)


def _column_words(column: Column, verdicts: Sequence[Verdict]) -> str:
    readout, region, time_h = column
    unit = next(verdict.unit for verdict in verdicts if verdict.readout == readout)
    late = "" if time_h is None else f"{time_h:g}{GAP}h"
    return joined(", ", first_upper(measure_of(readout, unit).name), region, late)
