"""Studies in the folder that is served, by name. A name from a browser is looked up, never joined to a path."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException

from adenoscope.core.errors import input_error
from adenoscope.core.provenance import sha256_of
from adenoscope.core.study import Session, Study
from adenoscope.io.results import RESULTS
from adenoscope.io.study import TABLES, read_study, recording_path
from adenoscope.io.study_toml import FILE as STUDY_TOML
from adenoscope.web.findings.document import Inputs
from adenoscope.web.findings.read import MOST_RESULTS, read_part
from adenoscope.web.security.inside import is_inside, refuse_outside

RESULTS_SUFFIX, EDITS_SUFFIX = "-results", "-edits.csv"
HIDDEN = ".adenoscope"  # in the folder: the catalogue of jobs, and what can be computed anew
MOST_JSON = 64_000_000  # bytes


@dataclass(frozen=True)
class StudyPlace:
    """A study's folder, where its results go, and the ledger of what was changed about it in the page.

    ``name`` is that of the folder, and unique.
    """

    name: str
    folder: Path
    results: Path
    edits: Path


def check_folder(folder: Path) -> Path:
    """Return the folder to serve, resolved.

    Raises:
        InputError: it is no folder, or a single study; or the server's own folder in it would lead out of it.
    """
    place = folder.resolve()
    if not place.is_dir():
        raise input_error(folder, found="no folder", allowed="a folder of studies", remedy="name one that exists")
    if (place / STUDY_TOML).exists():
        raise input_error(
            folder,
            found="a single study (it holds study.toml)",
            allowed="the folder that studies lie in; results are written beside them",
            remedy=f"adenoscope serve {place.parent}",
        )
    hidden = place / HIDDEN
    if link := next((path for path in (hidden, *hidden.rglob("*")) if path.is_symlink()), None):
        allowed = "plain files, written by adenoscope itself"
        raise input_error(link, found="a link", allowed=allowed, remedy=f"delete {hidden}: it holds no data of yours")
    return place


def find_studies(folder: Path) -> tuple[StudyPlace, ...]:
    """Return the studies that lie in a folder, by name; links that lead out of it are not followed."""
    return tuple(_place(path, folder) for path in sorted(folder.iterdir()) if _is_study(path, folder))


def find_study(folder: Path, name: str) -> StudyPlace:
    """Return a study by name.

    Raises:
        HTTPException: 404, there is none; 403, its results or its ledger of edits lie outside the folder.
    """
    found = next((path for path in folder.iterdir() if path.name == name and _is_study(path, folder)), None)
    if found is None:
        raise HTTPException(404, "no study of this name lies in the folder")
    place = _place(found, folder)
    refuse_outside(folder, place.results, place.edits)
    return place


def run_command(place: StudyPlace) -> str:
    """Return the command that does what the page's own run does, typed in the folder that is served."""
    words = ["adenoscope", "run", place.name]
    if place.edits.exists():
        words += ["--edits", place.edits.name]
    return shlex.join(words)


def find_session(folder: Path, study: Study, name: str) -> Session:
    """Return a session by name, its recording being inside ``folder``.

    Raises:
        HTTPException: 404, there is none; 403, its recording lies outside the folder.
    """
    session = next((session for session in study.sessions if session.session == name), None)
    if session is None:
        raise HTTPException(404, "no session of this name is in the study")
    blank = next((one for one in study.sessions if one.session == session.blank), session)
    refuse_outside(folder, recording_path(study, session), recording_path(study, blank))
    return session


def open_study(place: StudyPlace) -> Study:
    """Return the study of a place, as its files say.

    Raises:
        InputError: it is wrong; every problem is listed.
        HTTPException: 403, one of its tables lies outside the folder that is served.
    """
    refuse_outside(place.folder.parent, *(place.folder / table for table in TABLES))
    return read_study(place.folder)


def read_json(path: Path) -> Mapping[str, Any] | None:
    """Return a document of ours; None where there is none, or half of one, or no plain file."""
    try:
        found = json.loads(path.read_bytes()) if path.is_file() and path.stat().st_size <= MOST_JSON else None
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_study(path: Path, root: Path) -> bool:
    """Return whether a folder is a study whose name can be shown, and which lies where it seems to."""
    if path.name.startswith(".") or not path.name.isprintable() or not is_inside(path, root):
        return False
    toml = path / STUDY_TOML
    return toml.is_file() and is_inside(toml, root)


def _place(folder: Path, root: Path) -> StudyPlace:
    results = folder.with_name(f"{folder.name}{RESULTS_SUFFIX}")
    if not os.path.lexists(results):
        results = _answered(folder, root) or results
    return StudyPlace(folder.name, folder, results, folder.with_name(f"{folder.name}{EDITS_SUFFIX}"))


def _answered(study: Path, root: Path) -> Path | None:
    """Return a folder of results in ``root`` that were computed from this very study.toml."""
    digest = sha256_of(study / STUDY_TOML)
    for path in sorted(root.glob(f"*/{RESULTS}")):
        if is_inside(path, root) and path.is_file():
            facts = path.stat()
            if digest in _digests_of_studies(path, facts.st_mtime_ns, facts.st_size):
                return path.parent
    return None


@lru_cache(maxsize=1000)
def _digests_of_studies(results: Path, _changed_ns: int, _size: int) -> frozenset[str]:
    """Return the digests of study.toml that results say they come from; read again only where they changed."""
    document = read_part(results.read_bytes(), Inputs) if results.stat().st_size <= MOST_RESULTS else None
    return frozenset(one.sha256 for one in (document.inputs if document else ()) if one.path == STUDY_TOML)
