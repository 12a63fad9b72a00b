"""Whether results are still of the files that they were computed from, and of the edits made since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from adenoscope.core.result import InputFile, StudyResult
from adenoscope.io.edits import read_edits
from adenoscope.web.folder import StudyPlace
from adenoscope.web.security.inside import is_inside, refuse_outside

TABLES = ("study.toml", "sessions.csv", "behaviour.csv", "compounds.csv")
BLOCK = 1 << 20


@dataclass(frozen=True)
class Changes:
    """Files that are not as they were, files that are gone, tables that are new, and edits that came since."""

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]
    edits: tuple[dict[str, Any], ...]
    edits_withdrawn: bool

    def as_json(self) -> dict[str, Any]:
        """Return the form that the page's script reads, with whether anything at all is different."""
        found = asdict(self)
        return {**found, "stale": any(found.values())}


def changes_since(result: StudyResult, place: StudyPlace, folder: Path) -> Changes:
    """Return what is different in a study of the served ``folder`` since ``result`` was computed from it.

    Raises:
        HTTPException: 403, the ledger of edits lies outside the folder.
        InputError: the ledger is none.
    """
    files = [file for file in result.inputs if file.path != place.edits.name]
    known = {file.path for file in files}
    gone = tuple(_missing(files, place))
    now, then = _edits(place, folder), result.study.edits
    return Changes(
        changed=tuple(file.path for file in files if file.path not in gone and not _is_same(file, place, folder)),
        missing=gone,
        added=tuple(name for name in TABLES if name not in known and (place.folder / name).is_file()),
        edits=tuple(asdict(edit) for edit in now if edit not in then),
        edits_withdrawn=any(edit not in now for edit in then),
    )


def _edits(place: StudyPlace, folder: Path) -> tuple[Any, ...]:
    refuse_outside(folder, place.edits)
    return read_edits(place.edits) if place.edits.is_file() else ()


def _missing(files: list[InputFile], place: StudyPlace) -> Iterator[str]:
    for file in files:
        try:
            there = (place.folder / file.path).is_file()
        except (OSError, ValueError):  # a name that no file can have
            there = False
        if not there:
            yield file.path


def _is_same(file: InputFile, place: StudyPlace, folder: Path) -> bool:
    path = place.folder / file.path
    if not is_inside(path, folder):
        return False
    facts = path.stat()
    return facts.st_size == file.bytes and _digest(path, facts.st_mtime_ns, facts.st_size) == file.sha256


@lru_cache(maxsize=20_000)
def _digest(path: Path, _changed_ns: int, _size: int) -> str:
    """Return the SHA-256 of a file; read again only where its time or size is another."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
