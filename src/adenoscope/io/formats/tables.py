"""Columns of a CSV or Parquet table as float64 arrays; an empty cell is NaN."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from adenoscope.core.errors import input_error
from adenoscope.core.recording import Samples
from adenoscope.io.formats.opening import PARQUET_FAILURES, Opening, damaged_parquet

MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None")


def read_numbers(opening: Opening, names: Sequence[str]) -> Mapping[str, Samples]:
    """Return the named columns as float64, each shape (row,).

    Raises:
        InputError: a cell is not a number, a row is torn, or the file is damaged.
    """
    if opening.is_parquet:
        return _read_parquet(opening, names)
    try:
        table = _read_csv(opening, names, pa.float64())
    except pa.ArrowInvalid as error:
        raise _bad_cell(opening, names) from error
    return {name: _as_samples(table.column(i).chunks, len(table)) for i, name in enumerate(names)}


def read_text(opening: Opening, names: Sequence[str]) -> Mapping[str, list[str]]:
    """Return the named columns as text, an empty cell as ""."""
    if opening.is_parquet:
        table = pq.read_table(opening.path, columns=list(names))
        return {name: ["" if v is None else str(v) for v in table[name].to_pylist()] for name in names}
    try:
        return {name: _cells(opening, name) for name in names}
    except pa.ArrowInvalid as error:
        raise _bad_cell(opening, []) from error


def numeric_columns(opening: Opening) -> tuple[str, ...]:
    """Return the named columns whose first value is a number, or that show no value early on."""
    if opening.is_parquet:
        schema = pq.read_schema(opening.path)
        return tuple(field.name for field in schema if _holds_numbers(field.type))
    first = _first_values(opening)
    return tuple(name for name in opening.columns if name and _is_number(first.get(name, "")))


def _holds_numbers(kind: Any) -> bool:
    is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind)
    return is_number or pa.types.is_decimal(kind) or pa.types.is_boolean(kind)


def _first_values(opening: Opening) -> dict[str, str]:
    """Return the first value of each column among the rows in the head of a CSV file."""
    lines = opening.head.decode("utf-8", errors="replace").splitlines()[opening.first_row - 1 : -1]
    first: dict[str, str] = {}
    for cells in csv.reader(lines):
        for name, cell in zip(opening.columns, cells, strict=False):
            if cell.strip() not in MISSING:
                first.setdefault(name, cell)
    return first


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return cell.strip() in MISSING
    return True


def _read_csv(opening: Opening, names: Iterable[str], kind: Any) -> Any:
    # Columns are addressed by position, because a header may hold empty names.
    wanted = [str(opening.columns.index(name)) for name in names]
    return pacsv.read_csv(
        opening.path,
        read_options=pacsv.ReadOptions(
            column_names=[str(i) for i in range(len(opening.columns))], skip_rows=opening.first_row - 1
        ),
        convert_options=pacsv.ConvertOptions(
            include_columns=wanted,
            column_types=dict.fromkeys(wanted, kind),
            null_values=list(MISSING),
            strings_can_be_null=False,
        ),
    )


def _cells(opening: Opening, name: str) -> list[str]:
    """Return the cells of a column as text; instruments write remarks in encodings other than UTF-8."""
    raw: list[bytes] = _read_csv(opening, [name], pa.binary()).column(0).to_pylist()
    return [cell.decode("utf-8", errors="replace") for cell in raw]


def _as_samples(chunks: Iterable[Any], length: int) -> Samples:
    """Return Arrow chunks as one array, a null as NaN.

    The buffers are read directly: pyarrow's own conversions import pandas, which takes longer than
    reading two hours at 1 kHz.
    """
    values = np.empty(length)
    start = 0
    for chunk in filter(len, chunks):
        numbers = chunk.cast(pa.float64())
        part = slice(numbers.offset, numbers.offset + len(numbers))
        validity, data = numbers.buffers()
        filled = values[start : start + len(numbers)]
        filled[:] = np.frombuffer(data, dtype=np.float64)[part]
        if numbers.null_count:
            bits = np.unpackbits(np.frombuffer(validity, dtype=np.uint8), bitorder="little")
            filled[bits[part] == 0] = np.nan
        start += len(numbers)
    return values


def _read_parquet(opening: Opening, names: Sequence[str]) -> Mapping[str, Samples]:
    try:
        with pq.ParquetFile(opening.path) as file:
            return {name: _parquet_column(opening, file, name) for name in names}
    except PARQUET_FAILURES as error:
        raise damaged_parquet(opening.path) from error


def _parquet_column(opening: Opening, file: pq.ParquetFile, name: str) -> Samples:
    """Return one column, filled row group by row group so that nothing is held twice."""
    kind = file.schema_arrow.field(name).type
    if not _holds_numbers(kind):
        raise input_error(
            opening.path,
            column=name,
            found=f"the column holds {kind}, not numbers",
            allowed="a column of integers or floating-point numbers",
            remedy="convert the column to numbers and write the file again",
        )
    groups = (file.read_row_group(group, columns=[name]) for group in range(file.num_row_groups))
    chunks = (chunk for group in groups for chunk in group.column(0).chunks)
    return _as_samples(chunks, file.metadata.num_rows)


def _bad_cell(opening: Opening, names: Sequence[str]) -> Exception:
    """Return the error for the first torn row or, failing that, the first cell that is no number."""
    torn = _first_torn_row(opening)
    if torn is not None:
        return torn
    for name in names:
        for index, cell in enumerate(_cells(opening, name)):
            if not _is_number(cell):
                return input_error(
                    opening.path,
                    row=opening.first_row + index,
                    column=name,
                    found=f"{cell!r} is not a number",
                    allowed="numbers with a decimal point; an empty cell for a lost sample",
                    remedy="correct the cell, or empty it; a decimal comma must become a point",
                )
    return input_error(
        opening.path,
        found="the table cannot be read as CSV",
        allowed="UTF-8 text with comma-separated columns",
        remedy="open it in a text editor, look for stray quotes or characters, and export it again",
    )


def _first_torn_row(opening: Opening) -> Exception | None:
    with opening.path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for row, cells in enumerate(csv.reader(file), start=1):
            if row >= opening.first_row and cells and len(cells) != len(opening.columns):
                return input_error(
                    opening.path,
                    row=row,
                    found=f"{len(cells)} cells where the header names {len(opening.columns)} columns",
                    allowed="the same number of cells in every row",
                    remedy="if it is the last row, writing was interrupted: delete it; else export again",
                )
    return None
