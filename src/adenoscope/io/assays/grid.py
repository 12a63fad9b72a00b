"""The table in a sheet: a header, and rows that have its width; its columns as text or numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from adenoscope.core.errors import InputError, input_error
from adenoscope.core.recording import Samples
from adenoscope.io.assays.sheets import Sheet

MISSING = ("", "-", "NA", "N/A", "#N/A", "NaN", "nan", "null")
_WITH_UNIT = re.compile(r"(.*\S)\s*[(\[]([^()\[\]]*)[)\]]")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class Grid:
    """Columns and rows; each row comes with its number as a spreadsheet shows it."""

    sheet: Sheet
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def texts(self, column: str) -> list[str]:
        """Return a column's cells; empty ones where there is no such column."""
        if column not in self.columns:
            return [""] * len(self.rows)
        index = self.columns.index(column)
        return [cells[index] for _, cells in self.rows]

    def numbers(self, column: str) -> Samples:
        """Return a column as float64, shape (row,); a missing cell is NaN.

        Raises:
            InputError: a cell is no number, or decimals have a comma where that cannot be told from a separator.
        """
        texts = self.texts(column)
        comma = any("," in text for text in texts)
        if comma and (self.sheet.separator == "," or any("." in text for text in texts)):
            raise self._mixed(column, texts)
        written = [text.replace(",", ".") for text in texts] if comma else texts
        return np.array([self._number(column, row, text) for row, text in enumerate(written)], dtype=np.float64)

    def row_number(self, row: int) -> int:
        return self.rows[row][0]

    def _number(self, column: str, row: int, text: str) -> float:
        if text in MISSING:
            return np.nan
        if _NUMBER.fullmatch(text):
            return float(text)
        raise input_error(
            self.sheet.where,
            row=self.row_number(row),
            column=column,
            found=f'found "{text}"',
            allowed="a number, or nothing or - where there is none",
            remedy="export it again, or correct the cell in a copy",
        )

    def _mixed(self, column: str, texts: Sequence[str]) -> InputError:
        row = next(index for index, text in enumerate(texts) if "," in text)
        found = f'found "{texts[row]}"' + ("" if self.sheet.separator == "," else " beside points")
        return input_error(
            self.sheet.where,
            row=self.row_number(row),
            column=column,
            found=found,
            allowed="decimals with a point; or with a comma throughout, in a table with semicolons or tabs",
            remedy="export it again with a point as the decimal mark, or with semicolons between columns",
        )


def grid(sheet: Sheet, header: int, *, skip: int = 1) -> Grid:
    """Return the table whose names stand in row ``header``, counted from 0, and whose data begin ``skip`` rows below.

    Raises:
        InputError: there is no row of data, or a row is wider or narrower than the header.
    """
    columns = _trimmed(sheet.rows[header])
    first = header + skip
    rows = [(number, row) for number, row in enumerate(sheet.rows[first:], start=first + 1) if any(row)]
    if not rows:
        remedy = "export it again; the copy was probably interrupted"
        raise input_error(sheet.where, found="a header and no rows", allowed="at least one row", remedy=remedy)
    return Grid(sheet, columns, tuple(_fitted(sheet, rows, len(columns))))


def _fitted(
    sheet: Sheet, rows: Sequence[tuple[int, tuple[str, ...]]], width: int
) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, row in rows:
        if len(row) < width or any(row[width:]):
            raise input_error(
                sheet.where,
                row=number,
                found=f"{len(_trimmed(row)) if len(row) >= width else len(row)} cells",
                allowed=f"{width} cells, as in the header",
                remedy="export it again: the file was cut short, or its decimal commas look like separators",
            )
        yield number, row[:width]


def name_and_unit(header: str) -> tuple[str, str]:
    """Return what a header such as ``Total distance travelled (m)`` names, and its unit, "" where it has none."""
    match = _WITH_UNIT.fullmatch(header)
    return (match[1], match[2].strip()) if match else (header, "")


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the cells without empty ones at the end, which a separator before the line's end makes."""
    last = max((index for index, cell in enumerate(cells) if cell), default=-1)
    return tuple(cells[: last + 1])
