"""A file of rows and cells, text or workbook, before it is known what they mean."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adenoscope.core.errors import input_error

ALLOWED = "a table as text (UTF-8, UTF-16 or Windows-1252), or an Excel workbook"
SEPARATORS = ("\t", ";", ",")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_HEAD = 1 << 16


@dataclass(frozen=True)
class Sheet:
    """Rows of stripped text cells; ``separator`` is "" in a workbook, where ``name`` is the sheet's."""

    file: str
    rows: tuple[tuple[str, ...], ...]
    separator: str = ""
    name: str = ""

    @property
    def where(self) -> str:
        return f"{self.file}, sheet {self.name}" if self.name else self.file


def read_sheets(path: Path, file: str) -> list[tuple[Sheet, ...]]:
    """Return the sheets of a file once for each separator that its text could have; ``file`` is its name in messages.

    Raises:
        InputError: it cannot be read, is empty, is binary, or is a workbook that is damaged.
    """
    raw = _bytes(path, file)
    if raw.startswith(_WORKBOOKS):
        return [_workbook(raw, file)]
    text = _text(raw, file)
    separators = [mark for mark in SEPARATORS if mark in text[:_HEAD]]
    return [(Sheet(file, _rows(text, mark, file), mark),) for mark in separators or SEPARATORS[-1:]]


def _bytes(path: Path, file: str) -> bytes:
    try:
        raw = path.read_bytes()
    except IsADirectoryError as error:
        remedy = 'name the files in it, for example "folder/*.csv"'
        raise input_error(file, found="a directory", allowed=ALLOWED, remedy=remedy) from error
    except OSError as error:
        found = (error.strerror or "it cannot be read").lower()
        raise input_error(file, found=found, allowed=ALLOWED, remedy="check the path and its permissions") from error
    if not raw.strip():
        remedy = "export it again; the copy was probably interrupted"
        raise input_error(file, found="an empty file", allowed=ALLOWED, remedy=remedy)
    return raw


def _text(raw: bytes, file: str) -> str:
    """Return the text; the programs write UTF-16 as "Unicode text" and Windows-1252 as "ANSI text"."""
    for encoding in ("utf-16",) if raw.startswith(_UTF16) else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    remedy = "export it again as text (CSV) or as an Excel workbook"
    raise input_error(file, found="binary data", allowed=ALLOWED, remedy=remedy)


def _rows(text: str, separator: str, file: str) -> tuple[tuple[str, ...], ...]:
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        remedy = "look for a quotation mark that is opened and never closed"
        raise input_error(file, found=f"not a table ({error})", allowed=ALLOWED, remedy=remedy) from error
    return _stripped(lines)


def _workbook(raw: bytes, file: str) -> tuple[Sheet, ...]:
    try:
        from python_calamine import CalamineWorkbook
    except ImportError as error:
        remedy = "install adenoscope[excel], or export the data as text"
        raise input_error(file, found="an Excel workbook", allowed=ALLOWED, remedy=remedy) from error
    sheets: list[Sheet] = []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(raw)) as book:
            for name in book.sheet_names:
                cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                sheets.append(Sheet(file, _stripped([_shown(cell) for cell in row] for row in cells), name=name))
    except Exception as error:  # a damaged workbook fails in the library with exceptions of many kinds
        found = "a workbook that is truncated or damaged"
        raise input_error(file, found=found, allowed=ALLOWED, remedy="export it again, or copy it again") from error
    filled = tuple(sheet for sheet in sheets if sheet.rows)
    if not filled:
        raise input_error(file, found="an empty workbook", allowed=ALLOWED, remedy="export it again")
    return filled


def _shown(cell: Any) -> str:
    """Return a cell as text; a workbook keeps the animal 3 as 3.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _stripped(lines: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cell.strip() for cell in line) for line in lines)
