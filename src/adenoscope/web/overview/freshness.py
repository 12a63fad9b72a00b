"""Whether results are of the files that a study now consists of: by the digests that results.json holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from starlette.exceptions import HTTPException

from adenoscope.core.provenance import fingerprint
from adenoscope.core.study import Study
from adenoscope.io.results import RESULTS
from adenoscope.io.study import TABLES, recording_path
from adenoscope.web.findings.document import InputEntry, Inputs
from adenoscope.web.findings.read import MOST_RESULTS, read_part
from adenoscope.web.folder import StudyPlace
from adenoscope.web.security.inside import read_inside

_DIGESTS: dict[tuple[Path, int, int], str] = {}
_MOST_DIGESTS = 10_000


def changed_inputs(place: StudyPlace, study: Study, root: Path) -> list[str] | None:
    """Return which of a study's files are new, gone or changed since its results; None where there are none.

    A recording that is as large as it was and older than the results is taken to be the same without being read.
    """
    path = place.results / RESULTS
    try:
        document = read_part(read_inside(path, root, MOST_RESULTS), Inputs)
        written_ns = path.stat().st_mtime_ns
    except (HTTPException, OSError):
        return None
    if document is None:
        return None
    used = {one.path: one for one in document.inputs}
    tables, recordings = dict(_tables(place)), dict(_recordings(study))
    differing = [name for name, file in tables.items() if not _is_same(file, used.get(name))]
    differing += [name for name, file in recordings.items() if not _is_same(file, used.get(name), written_ns)]
    return [*differing, *(name for name in used if name not in tables and name not in recordings)]


def _tables(place: StudyPlace) -> Iterator[tuple[str, Path]]:
    """Yield every table that a run would read, by the name that results.json gives it."""
    yield from ((name, place.folder / name) for name in TABLES if (place.folder / name).exists())
    if place.edits.exists():
        yield place.edits.name, place.edits


def _recordings(study: Study) -> Iterator[tuple[str, Path]]:
    for session in study.sessions:
        if not session.exclude:
            path = recording_path(study, session)
            yield path.relative_to(study.folder).as_posix(), path


def _is_same(file: Path, used: InputEntry | None, trusted_before_ns: int = 0) -> bool:
    """Return whether a file has the digest that was used; one of its size last changed earlier is trusted."""
    if used is None:
        return False
    try:
        members = [file] if file.is_file() else sorted(member for member in file.rglob("*") if member.is_file())
        stats = [member.stat() for member in members]
        size, moment = sum(stat.st_size for stat in stats), max((stat.st_mtime_ns for stat in stats), default=0)
        if size != used.bytes:
            return False
        return moment < trusted_before_ns or _digest(file, size, moment) == used.sha256
    except OSError:
        return False


def _digest(file: Path, size: int, moment: int) -> str:
    key = (file, size, moment)
    if key not in _DIGESTS:
        if len(_DIGESTS) >= _MOST_DIGESTS:
            _DIGESTS.clear()
        _DIGESTS[key] = fingerprint(file, file.parent).sha256
    return _DIGESTS[key]
