"""Arrays of one length in a Parquet file, written whole or not at all.

Arrow's own way from and to numpy imports pandas, which costs more than a second of every run; the buffers
are handed over directly instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from adenoscope.core.atomic import appearing
from adenoscope.core.recording import Samples


def write_columns(path: Path, columns: Mapping[str, Samples]) -> None:
    """Write one column for each array."""
    table = pa.table({name: _arrow(values) for name, values in columns.items()})
    with appearing(path) as partial:
        pq.write_table(table, partial)


def read_columns(path: Path) -> dict[str, Samples]:
    """Return the arrays that `write_columns` wrote."""
    with pq.ParquetFile(path) as file:
        table = file.read()
    names: list[str] = table.column_names
    return {name: np.array(np.from_dlpack(table[name].combine_chunks()), dtype=np.float64) for name in names}


def _arrow(values: Samples) -> Any:
    contiguous = np.ascontiguousarray(values, dtype=np.float64)
    return pa.Array.from_buffers(pa.float64(), len(contiguous), [None, pa.py_buffer(contiguous)])
