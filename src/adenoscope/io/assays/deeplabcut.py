"""DeepLabCut tracks as CSV: three header rows (scorer, bodyparts, coords), or four with individuals; in pixels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adenoscope.core.behaviour_record import Origin, Track
from adenoscope.core.errors import input_error
from adenoscope.io.assays.grid import grid
from adenoscope.io.assays.sheets import Sheet

LEVELS = ("scorer", "individuals", "bodyparts", "coords")
BODYPART = "bodypart"
COORDS = ("x", "y", "likelihood")
_Key = tuple[str, str, str]


def recognises(sheets: Sequence[Sheet]) -> bool:
    """Return whether the first column begins with the names of the header's rows."""
    firsts = [row[0] for row in sheets[0].rows[:4] if row]
    return firsts == list(LEVELS) or firsts[:3] == [LEVELS[0], *LEVELS[2:]]


def read(sheets: Sequence[Sheet]) -> tuple[Track, ...]:
    """Return the track of every body part of every individual; its clock counts frames."""
    sheet = sheets[0]
    header = next(index for index, row in enumerate(sheet.rows) if row and row[0] == "coords")
    levels = {row[0]: row for row in sheet.rows[: header + 1] if row}
    # The names in the last row of the header repeat, so columns go by individual, body part and coordinate.
    keys = [_key(levels, index) for index in range(len(sheet.rows[header]))]
    named = grid(_renamed(sheet, header, keys), header)
    frames = named.numbers(named.columns[0])
    if frames.size < 2 or not np.array_equal(np.diff(frames), np.ones(frames.size - 1)):
        found, remedy = "frames that do not count up one by one", "export the tracks again; rows were lost"
        raise input_error(sheet.where, found=found, allowed="a row for every frame", remedy=remedy, column="coords")

    def numbers(individual: str, part: str, coord: str) -> np.ndarray:
        return named.numbers("/".join((individual, part, coord)))

    tracks: list[Track] = []
    for individual, part in dict.fromkeys(key[:2] for key in keys[1:]):
        held = {key[2] for key in keys if key[:2] == (individual, part)}
        if not held >= {"x", "y"}:
            continue
        place = f"{individual} {part}".strip()
        facts = {BODYPART: part} | ({"individual": individual} if individual else {})
        likelihood = numbers(individual, part, "likelihood") if "likelihood" in held else None
        x, y = (numbers(individual, part, coord) for coord in ("x", "y"))
        origin = Origin(place, (individual,) if individual else (), facts)
        tracks.append(Track(origin, frames, x, y, "px", in_frames=True, likelihood=likelihood))
    return tuple(tracks)


def _key(levels: dict[str, tuple[str, ...]], column: int) -> _Key:
    individual, part, coord = (
        levels[name][column] if name in levels and column < len(levels[name]) else "" for name in LEVELS[1:]
    )
    return individual, part, coord


def _renamed(sheet: Sheet, header: int, keys: Sequence[_Key]) -> Sheet:
    names = tuple("/".join(key) for key in keys)
    return Sheet(sheet.file, (*sheet.rows[:header], names, *sheet.rows[header + 1 :]), sheet.separator, sheet.name)
