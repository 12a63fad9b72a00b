"""Columns of numbers in a Parquet file that is whole, bit for bit what was written, or not there.

Beside the columns a file holds the key of what they were computed from, and the SHA-256 of key, names and numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from adenoscope.core.atomic import appearing

Values = npt.NDArray[np.float64 | np.int64]
Column = tuple[str, Values]
KEY, SHA256 = b"adenoscope.key", b"adenoscope.sha256"


def write_columns(path: Path, columns: Sequence[Column], key: str) -> None:
    """Write columns of one length; two of them may have the same name."""
    kept: list[Column] = [(name, np.ascontiguousarray(values)) for name, values in columns]
    fields = [pa.field(name, _arrow_type(values), nullable=False) for name, values in kept]
    schema = pa.schema(fields, metadata={KEY: key.encode(), SHA256: _digest(kept, key)})
    table = pa.Table.from_arrays([_arrow(values) for _, values in kept], schema=schema)
    with appearing(path) as partial:
        # A dictionary would take -0.0 for 0.0. Numbers of one size compress better with their bytes taken apart.
        apart = {name for name, values in kept if values.dtype == np.float64}
        settings: dict[str, Any] = {"use_byte_stream_split": sorted(apart), "compression": "lz4"}
        pq.write_table(table, partial, use_dictionary=False, **settings)


def read_columns(path: Path, key: str) -> list[Column] | None:
    """Return the columns that were written under ``key``; None where they are absent, damaged or of another key."""
    try:
        with pq.ParquetFile(path) as file:
            table = file.read(use_threads=False)
        metadata = table.schema.metadata
        columns = [(name, _numbers(column)) for name, column in zip(table.column_names, table.columns, strict=True)]
        good = metadata[KEY] == key.encode() and metadata[SHA256] == _digest(columns, key)
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return None  # whatever is wrong with it, the remedy is to compute it again
    return columns if good else None


def _digest(columns: Sequence[Column], key: str) -> bytes:
    digest = hashlib.sha256(key.encode())
    for name, values in columns:
        digest.update(f"\0{name}\0{values.dtype.str}\0{values.size}\0".encode())
        digest.update(values.data)
    return digest.hexdigest().encode()


def _arrow_type(values: Values) -> Any:
    return pa.int64() if values.dtype == np.int64 else pa.float64()


def _arrow(values: Values) -> Any:
    """Arrow's own ways from and to numpy import pandas, which takes a second of every worker's start."""
    return pa.Array.from_buffers(_arrow_type(values), len(values), [None, pa.py_buffer(values.data)])


def _numbers(column: Any) -> Values:
    return cast(Values, np.from_dlpack(column.combine_chunks()))
