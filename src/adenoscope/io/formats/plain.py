"""Plain CSV or Parquet: ``time_s, signal[, control][, anything]``."""

from __future__ import annotations

from pathlib import Path

from adenoscope.core.errors import input_error
from adenoscope.core.recording import Recording, Trace
from adenoscope.io.formats.opening import Opening, open_file
from adenoscope.io.formats.plausibility import check_clock
from adenoscope.io.formats.tables import numeric_columns, read_numbers

TIME = "time_s"
ROLES = ("signal", "control")


def recognises(opening: Opening) -> bool:
    """Return whether the table has a ``time_s`` column."""
    return TIME in opening.columns


def read(path: Path) -> Recording:
    """Return every numeric column beside ``time_s`` as a trace of that name."""
    opening = open_file(path)
    numeric = numeric_columns(opening)
    # A role is read as numbers even when its first cell is text: the error then names the cell.
    names = [name for name in opening.columns if name != TIME and (name in numeric or name in ROLES)]
    if not names:
        raise input_error(
            path,
            found=f"no column of numbers beside time_s; the columns are {', '.join(opening.columns)}",
            allowed="time_s, signal[, control][, anything]",
            remedy="add the fluorescence as a column named signal",
        )
    columns = read_numbers(opening, [TIME, *names])
    time_s = columns[TIME]
    check_clock(time_s, file=path, column=TIME, first_row=opening.first_row)
    ignored = [name for name in opening.columns if name and name not in (TIME, *names)]
    return Recording(
        source=path,
        format="Plain Parquet" if opening.is_parquet else "Plain CSV",
        traces=tuple(Trace(name, time_s, columns[name]) for name in names),
        notes=tuple(f"column {name} holds text and was not read" for name in ignored),
    )
