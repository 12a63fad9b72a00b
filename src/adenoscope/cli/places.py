"""Whether what is asked for can be written, said before any work is done."""

from __future__ import annotations

import os
from pathlib import Path

from adenoscope.core.errors import InputError, input_error

FOLDER, FILE = "a folder that can be written to", "a file's path, in a folder that can be written to"


def refuse_unwritable(place: Path, *, folder: bool) -> None:
    """Raise where ``place``, a file, or files in it, a ``folder``, could not be written."""
    nearest = next(parent for parent in (place.absolute(), *place.absolute().parents) if parent.exists())
    if folder and not nearest.is_dir():
        raise _unwritable(place, f"{nearest} is a file", folder)
    if not folder and place.is_dir():
        raise _unwritable(place, f"{place} is a folder", folder)
    if not folder and not nearest.is_dir() and nearest != place.absolute():
        raise _unwritable(place, f"{nearest} is a file", folder)
    effective = os.access in os.supports_effective_ids
    inside = nearest if nearest.is_dir() else nearest.parent
    if not os.access(inside, os.W_OK | os.X_OK, effective_ids=effective):
        raise _unwritable(place, "no permission to write there", folder)


def _unwritable(place: Path, found: str, folder: bool) -> InputError:
    remedy = "give another folder with --out" if folder else "give another path"
    return input_error(place, found=found, allowed=FOLDER if folder else FILE, remedy=remedy)
