"""What a job's process is told to do, looked up anew when it starts; nothing of it leads out of the folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from adenoscope.core.study import Study
from adenoscope.io.pieces import PARTS, PIECES, TRACES
from adenoscope.io.study import TABLES, recording_path
from adenoscope.studies.edited import read_edited_study
from adenoscope.web.folder import RESULTS_SUFFIX, StudyPlace, find_study
from adenoscope.web.jobs.catalogue import Job
from adenoscope.web.security.inside import refuse_outside
from adenoscope.web.site import Site

DEMO = "demo-study"


def task_for(site: Site, job: Job) -> dict[str, Any]:
    """Return what the process of a job is told, as JSON.

    Raises:
        InputError: the study is wrong.
        HTTPException: there is no such study, or it leads out of the folder.
    """
    if job.kind == "demo":
        return {"kind": "demo", "folder": str(site.folder / DEMO), "unseen": str(site.hidden / DEMO)}
    place = find_study(site.folder, job.study)
    read_inside(site, place)
    places = {"folder": place.folder, "out": results_of(place), "ledger": place.edits}
    return {"kind": "run", **{name: str(path) for name, path in places.items()}}


def results_of(place: StudyPlace) -> Path:
    """Return where a run writes: never into results that were found elsewhere, which may be a copy's."""
    return place.folder.with_name(f"{place.name}{RESULTS_SUFFIX}")


def read_inside(site: Site, place: StudyPlace) -> Study:
    """Return the study of a place as its ledger leaves it, none of its files being outside the folder.

    Raises:
        InputError: the study, or its ledger, is wrong.
        HTTPException: 403, a file or the place of the results lies outside.
    """
    refuse_tables_outside(site, place)
    out = results_of(place)
    refuse_outside(site.folder, out, *(out / part for part in (TRACES, PARTS, PIECES)))
    study = read_edited_study(place.folder, place.edits if place.edits.exists() else None)
    included = (session for session in study.sessions if not session.exclude)
    refuse_outside(site.folder, *(recording_path(study, session) for session in included))
    return study


def refuse_tables_outside(site: Site, place: StudyPlace) -> None:
    """Raise where a table of a study, or its ledger, is a link that leads out of the folder.

    Raises:
        HTTPException: 403, one does.
    """
    refuse_outside(site.folder, *(place.folder / table for table in TABLES), place.edits)
