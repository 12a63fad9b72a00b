"""The opening of a file: what can be known about it before it is read."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from adenoscope.core.errors import input_error

HEAD_BYTES = 1 << 16
LONGEST_LINE = 1 << 20
PARQUET = b"PAR1"
HDF5 = b"\x89HDF\r\n\x1a\n"
# What the libraries raise on files whose bytes are damaged, beside their own errors.
PARQUET_FAILURES = (pa.ArrowException, OSError, UnicodeDecodeError)
HDF5_FAILURES = (OSError, RuntimeError, LookupError, ValueError, TypeError)
TEXT_SUFFIXES = (".csv", ".txt")


@dataclass(frozen=True)
class Opening:
    """The first bytes of a file and, for a table, its column names as written.

    ``preamble`` is a JSON line before the header, where there is one. ``first_row`` is the row, counted as
    a spreadsheet does, that holds the first sample; a Parquet file has no header, so there it is 1.
    """

    path: Path
    head: bytes
    columns: tuple[str, ...] = ()
    preamble: str = ""
    first_row: int = 1

    @property
    def is_parquet(self) -> bool:
        return self.head.startswith(PARQUET)

    @property
    def is_hdf5(self) -> bool:
        return self.head.startswith(HDF5)


def open_file(path: Path) -> Opening:
    """Return the opening of the file at ``path``.

    Raises:
        InputError: it cannot be read, is empty, or is a table whose header makes no sense.
    """
    head = _first_bytes(path)
    if head.startswith(PARQUET):
        return Opening(path, head, _parquet_columns(path))
    if path.suffix.lower() in TEXT_SUFFIXES:
        return _open_text(path, head)
    return Opening(path, head)


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise input_error(
            path,
            found="there is no such file",
            allowed="the path of a recording",
            remedy=_near(path),
        ) from error
    except OSError as error:
        raise input_error(
            path,
            found=f"the file cannot be read ({error.strerror or error})",
            allowed="a file you have permission to read",
            remedy="check the path and the permissions of the file",
        ) from error
    if not head:
        raise input_error(
            path,
            found="the file is empty (0 bytes)",
            allowed="a recording with at least two samples",
            remedy="copy the file again from the acquisition computer; the copy was probably interrupted",
        )
    return head


def _near(path: Path) -> str:
    names = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    close = get_close_matches(path.name, names, n=1)
    return f"did you mean {close[0]}?" if close else "check the spelling, and that the file was copied"


def _parquet_columns(path: Path) -> tuple[str, ...]:
    try:
        return tuple(pq.read_schema(path).names)
    except PARQUET_FAILURES as error:
        raise damaged_parquet(path) from error


def damaged_parquet(path: Path) -> Exception:
    """Return the error for a Parquet file that does not hold what its footer promises."""
    return input_error(
        path,
        found="the Parquet file is truncated or damaged: its footer or its pages cannot be read",
        allowed="a complete Parquet file (it begins and ends with the bytes PAR1)",
        remedy="copy the file again or export it again; a half-written file cannot be repaired",
    )


def damaged_hdf5(path: Path) -> Exception:
    """Return the error for an HDF5 file whose tree or data cannot be read."""
    return input_error(
        path,
        found="the file is not HDF5, or is truncated, damaged or was never closed",
        allowed="a complete HDF5 file",
        remedy="copy it again; a file left open by a crash has to be saved again by its software",
    )


def _open_text(path: Path, head: bytes) -> Opening:
    if b"\0" in head:
        raise input_error(
            path,
            found="the file holds zero bytes: it is binary, or text in UTF-16",
            allowed="CSV text in UTF-8",
            remedy="save it as 'CSV UTF-8', or give the file the suffix of its own format",
        )
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        header, preamble, first_row = file.readline(LONGEST_LINE), "", 2
        if header.lstrip().startswith("{"):
            header, preamble, first_row = file.readline(LONGEST_LINE), header, 3
    columns = tuple(name.strip() for name in next(csv.reader([header]), []))
    _check_delimiter(path, columns, first_row - 1)
    _check_duplicates(path, columns, first_row - 1)
    return Opening(path, head, columns, preamble, first_row)


def _check_delimiter(path: Path, columns: tuple[str, ...], row: int) -> None:
    for delimiter, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(columns) == 1 and delimiter in columns[0]:
            raise input_error(
                path,
                row=row,
                found=f"one column named {columns[0][:60]!r}; it looks separated by {word}",
                allowed="columns separated by commas, with a point in decimal numbers",
                remedy="export the table again with commas between columns (and no decimal commas)",
            )


def _check_duplicates(path: Path, columns: tuple[str, ...], row: int) -> None:
    named = [name for name in columns if name]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise input_error(
            path,
            row=row,
            found=f"{len(twice)} column name(s) appear more than once: {', '.join(twice)}",
            allowed="each column name once",
            remedy="rename the columns so that sessions.csv can name one of them",
        )
