"""A CSV table as text cells with their rows; every fault of its form becomes a Problem."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from adenoscope.core.errors import Problem
from adenoscope.io.nearest import nearest

# Python's float() also takes "nan", "1_000" and other scripts' digits, which no spreadsheet means.
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class Columns:
    """What a table must and may have; a name at least so ``similar`` [1] to one of them is taken for a slip."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    similar: float = 0.75

    @property
    def known(self) -> tuple[str, ...]:
        return self.required + self.optional


@dataclass(frozen=True)
class Row:
    """One row: its number as a spreadsheet shows it, its cells, and where its problems are collected."""

    file: str
    number: int
    cells: Mapping[str, str]
    problems: list[Problem]

    def text(self, column: str, default: str = "") -> str:
        """Return the cell, ``default`` when it is empty or the table has no such column."""
        return self.cells.get(column, "") or default

    def required_text(self, column: str) -> str:
        if column in self.cells and not self.cells[column]:
            self.complain(column, "found an empty cell", "a value", "fill it in, or delete the row")
        return self.text(column)

    def figure(self, column: str) -> float | None:
        """Return the cell as a number; None, after a complaint unless the cell is empty."""
        text = self.text(column)
        return self.parse(column, text) if text else None

    def required_figure(self, column: str) -> float | None:
        self.required_text(column)
        return self.figure(column)

    def parse(self, column: str, text: str) -> float | None:
        if _NUMBER.fullmatch(text) and math.isfinite(float(text)):
            return float(text)
        remedy = "write the number alone, without a unit"
        if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
            remedy = "write the decimal with a point, not a comma"
        self.complain(column, f'found "{text}"', "a number such as 10 or 0.5", remedy)
        return None

    def complain(self, column: str, found: str, allowed: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, found, allowed, remedy, self.number, column))


def read_rows(path: Path, file: str, columns: Columns, problems: list[Problem]) -> list[Row]:
    """Return the rows of a CSV file, adding to ``problems``; [] when the table cannot be made out at all."""
    text = read_utf8(path, file, problems)
    if text is None:
        return []
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        remedy = "look for a quotation mark that is opened and never closed"
        problems.append(Problem(file, f"not a CSV table ({error})", "comma-separated values", remedy))
        return []
    header = [cell.strip() for cell in lines[0]] if lines else []
    faults = list(_header_faults(file, header, columns))
    problems.extend(faults)
    if any(fault.column is None for fault in faults):
        return []
    rows = [
        Row(file, number, dict(zip(header, (cell.strip() for cell in cells), strict=False)), problems)
        for number, cells in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in cells) and _has_width(file, number, cells, header, problems)
    ]
    if not any(any(cells) for cells in lines[1:]):
        problems.append(Problem(file, "a header and no rows", "at least one row", "fill it in or delete the file"))
    return rows


def read_utf8(path: Path, file: str, problems: list[Problem]) -> str | None:
    """Return the text of a file, or None after saying why it cannot be read as text."""
    allowed = "a text file in UTF-8"
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except IsADirectoryError:
        problems.append(Problem(file, "a directory", allowed, "move the directory and put the file in its place"))
    except PermissionError:
        problems.append(Problem(file, "no permission to read it", allowed, f"run: chmod u+r {path.name}"))
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        problems.append(Problem(file, reason, allowed, "check the disk and the file"))
    except UnicodeDecodeError as error:
        problems.append(_encoding_fault(file, path.read_bytes(), error))
    else:
        if text.strip() and "\0" not in text:
            return text
        found = "binary data" if text.strip() else "an empty file"
        problems.append(Problem(file, found, allowed, "save it again as plain text (CSV UTF-8 in a spreadsheet)"))
    return None


def _encoding_fault(file: str, raw: bytes, error: UnicodeDecodeError) -> Problem:
    remedy = 'save it again; in a spreadsheet choose "CSV UTF-8"'
    if raw.startswith(b"PK\x03\x04"):
        return Problem(file, "a spreadsheet or zip file under another name", "a text file in UTF-8", remedy)
    line = raw[: error.start].count(b"\n") + 1
    found = f"bytes that are not UTF-8, the first is 0x{raw[error.start]:02x}"
    return Problem(file, found, "a text file in UTF-8", remedy, row=line)


def _header_faults(file: str, header: Collection[str], columns: Columns) -> Iterator[Problem]:
    """Yield what is wrong with a header; a fault without a column means that no row can be read."""
    listed = ", ".join(columns.known)
    if len(header) == 1:
        for name, mark in (("semicolons", ";"), ("tabs", "\t"), ("bars", "|")):
            if mark in next(iter(header)):
                remedy = "save it again with commas"
                yield Problem(file, f"columns separated by {name}", "columns separated by commas", remedy, row=1)
                return
    repeated = sorted({name for name in header if name and list(header).count(name) > 1})
    for name in repeated:
        yield Problem(file, f'column "{name}" stands twice', "each column once", "rename or delete one", row=1)
    absent = [name for name in columns.known if name not in header]
    for name in header:
        meant = nearest(name, absent, similarity=columns.similar) if name and name not in columns.known else None
        if meant is not None:
            absent.remove(meant)
            yield Problem(file, f'column "{name}"', f"one of {listed}", f'rename it to "{meant}"', 1, name)
    for name in columns.required:
        if name in absent:
            yield Problem(file, f'no column "{name}"', f"all of {', '.join(columns.required)}", "add it", 1, name)


def _has_width(file: str, number: int, cells: list[str], header: list[str], problems: list[Problem]) -> bool:
    if len(cells) == len(header):
        return True
    remedy = "put a text that holds a comma in double quotes, and give every row the header's number of commas"
    found = f"{len(cells)} cells"
    problems.append(Problem(file, found, f"{len(header)} cells, as in the header", remedy, number))
    return False
