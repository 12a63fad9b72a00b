"""Studies in the folder that is served, by name. A name from a browser is looked up, never joined to a path."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException

from adenoscope.core.errors import input_error
from adenoscope.core.study import Session, Study
from adenoscope.io.results import RESULTS
from adenoscope.io.study import read_study, recording_path
from adenoscope.io.study_toml import FILE as STUDY_TOML
from adenoscope.web.security.inside import is_inside

RESULTS_SUFFIX, EDITS_SUFFIX = "-results", "-edits.csv"


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
        InputError: it is no folder, or a single study.
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
    return place


def find_studies(folder: Path) -> tuple[StudyPlace, ...]:
    """Return the studies that lie in a folder, by name; links that lead out of it are not followed."""
    found = sorted(path for path in folder.iterdir() if not path.name.startswith(".") and is_inside(path, folder))
    return tuple(_place(path, folder) for path in found if (path / STUDY_TOML).is_file())


def find_study(folder: Path, name: str) -> StudyPlace:
    """Return a study by name.

    Raises:
        HTTPException: 404, there is none.
    """
    place = next((place for place in find_studies(folder) if place.name == name), None)
    if place is None:
        raise HTTPException(404, "no study of this name lies in the folder")
    return place


def find_session(folder: Path, study: Study, name: str) -> Session:
    """Return a session by name, its recording being inside ``folder``.

    Raises:
        HTTPException: 404, there is none; 403, its recording lies outside the folder.
    """
    session = next((session for session in study.sessions if session.session == name), None)
    if session is None:
        raise HTTPException(404, "no session of this name is in the study")
    if not is_inside(recording_path(study, session), folder):
        raise HTTPException(403, "the recording lies outside the folder that is served")
    return session


def open_study(place: StudyPlace) -> Study:
    """Return the study of a place, as its files say.

    Raises:
        InputError: it is wrong; every problem is listed.
    """
    return read_study(place.folder)


def read_json(path: Path) -> Mapping[str, Any] | None:
    """Return a document of ours; None where there is none, or half of one."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _place(folder: Path, root: Path) -> StudyPlace:
    results = folder.with_name(f"{folder.name}{RESULTS_SUFFIX}")
    if not results.exists():
        results = _answered(folder, root) or results
    return StudyPlace(folder.name, folder, results, folder.with_name(f"{folder.name}{EDITS_SUFFIX}"))


def _answered(study: Path, root: Path) -> Path | None:
    """Return a folder of results beside a study that were computed from its very study.toml."""
    digest = hashlib.sha256((study / STUDY_TOML).read_bytes()).hexdigest()
    for path in sorted(root.glob(f"*/{RESULTS}")):
        document = read_json(path) if is_inside(path, root) else None
        inputs = () if document is None else document.get("inputs", ())
        if any(one.get("path") == STUDY_TOML and one.get("sha256") == digest for one in inputs):
            return path.parent
    return None
