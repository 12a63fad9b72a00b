"""From an export to records: find the format, and read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from adenoscope.core.behaviour_record import Record
from adenoscope.core.errors import input_error
from adenoscope.io.assays import anymaze, boris, deeplabcut, ethovision_statistics, ethovision_track, intake
from adenoscope.io.assays.sheets import Sheet, read_sheets


class Format(NamedTuple):
    """How to tell a format from a file's sheets, and how to read it."""

    recognises: Callable[[Sequence[Sheet]], bool]
    read: Callable[[Sequence[Sheet]], tuple[Record, ...]]


FORMATS: Mapping[str, Format] = {
    "boris": Format(boris.recognises, boris.read),
    "ethovision": Format(ethovision_track.recognises, ethovision_track.read),
    "deeplabcut": Format(deeplabcut.recognises, deeplabcut.read),
    "intake": Format(intake.recognises, intake.read),
    "anymaze": Format(anymaze.recognises, anymaze.read),
    "ethovision-statistics": Format(ethovision_statistics.recognises, ethovision_statistics.read),
}
KNOWN = "an export of BORIS, EthoVision, ANY-maze or DeepLabCut (CSV), or a table of sucrose and water intake"
_HDF5 = b"\x89HDF\r\n\x1a\n"


def read_export(path: Path, file: str, form: str = "") -> tuple[Record, ...]:
    """Return every record in an export, of the format ``form`` or else of the one that recognises it.

    Raises:
        InputError: it cannot be read, is of no known format, or contradicts itself.
    """
    _refuse_hdf5(path, file)
    tried = {form: FORMATS[form]} if form else FORMATS
    candidates = read_sheets(path, file)
    for known in tried.values():
        for sheets in candidates:
            if known.recognises(sheets):
                return known.read(sheets)
    raise _unknown(candidates, file, form)


def _refuse_hdf5(path: Path, file: str) -> None:
    try:
        with path.open("rb") as opened:
            if opened.read(len(_HDF5)) != _HDF5:
                return
    except OSError:
        return  # said where the file is read
    remedy = "export the tracks as CSV (in DeepLabCut: save_as_csv=True)"
    raise input_error(file, found="an HDF5 file", allowed=KNOWN, remedy=remedy)


def _unknown(candidates: Sequence[Sequence[Sheet]], file: str, form: str) -> Exception:
    """Return the error that shows how the file begins, in the reading that parts it into most cells."""
    first = max((sheets[0].rows[0] if sheets and sheets[0].rows else () for sheets in candidates), key=len)
    shown = ", ".join(cell for cell in first if cell)[:120] or "nothing"
    found = f'no layout of "{form}"' if form else "no known layout"
    marked = len(first) == 1 and "|" in first[0]
    remedy = "export it again as one of these; numbers of your own go into behaviour.csv by hand"
    if marked:
        remedy = "export it with commas, semicolons or tabs between columns"
    return input_error(file, found=f"{found}; it begins with: {shown}", allowed=KNOWN, remedy=remedy, row=1)
