"""The ledger of a study over HTTP: what was changed by hand, and what each session now is."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from adenoscope.core.edit import Edit
from adenoscope.core.study import Session, Study
from adenoscope.io.edits import LONGEST, append_edit, check_edit, read_edits
from adenoscope.studies.edited import edited_study
from adenoscope.studies.load_session import load_session
from adenoscope.web.folder import StudyPlace, find_session, find_study, open_study
from adenoscope.web.jobs.runner import jobs_of
from adenoscope.web.jobs.tasks import refuse_tables_outside
from adenoscope.web.site import Site, elsewhere, site_of

router = APIRouter(prefix="/api/studies/{study}/edits")


class Change(BaseModel):
    """An edit as the page asks for it; when it was made is for the server to say."""

    session: Annotated[str, Field(min_length=1, max_length=255)]
    field: Literal["exclude", "intervention_s", "handling_s"]
    value: Annotated[str, Field(max_length=LONGEST)] = ""
    reason: Annotated[str, Field(max_length=LONGEST)]


@router.get("")
def show_edits(request: Request, study: str) -> dict[str, Any]:
    """Return the ledger of a study."""
    place = _place(site_of(request), study)
    return _ledger(place, open_study(place), _edits(place))


@router.post("", status_code=201)
async def add_edit(request: Request, study: str, change: Change) -> dict[str, Any]:
    """Add an edit to the ledger, unless it is wrong or leaves no study that could be run."""
    site = site_of(request)
    place = await asyncio.to_thread(_place, site, study)
    moment = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    asked = Edit(moment, change.session, change.field, change.value, change.reason)
    async with jobs_of(request).editing:
        found = await asyncio.to_thread(open_study, place)
        edits = _edits(place)
        edit = check_edit(asked, place.edits.name, len(edits) + 2)
        after = edited_study(found, (*edits, edit))
        session = find_session(site.folder, after, edit.session)
        if not session.exclude:  # its times must lie inside its recording
            await elsewhere(site.reading, _open, after, session)
        return _ledger(place, found, append_edit(place.edits, edit))


def _open(study: Study, session: Session) -> None:
    """Open a session's recording, and raise where what the study says of it is impossible."""
    load_session(study, session)


def _place(site: Site, name: str) -> StudyPlace:
    place = find_study(site.folder, name)
    refuse_tables_outside(site, place)
    return place


def _edits(place: StudyPlace) -> tuple[Edit, ...]:
    return read_edits(place.edits) if place.edits.exists() else ()


def _ledger(place: StudyPlace, study: Study, edits: tuple[Edit, ...]) -> dict[str, Any]:
    """Return every edit, and each session as it now is beside what the study's files say."""
    edited = edited_study(study, edits)
    return {
        "ledger": place.edits.name,
        "edits": [asdict(edit) for edit in edits],
        "sessions": [
            {"session": now.session, **_said(now), "files": _said(was), "edited": now != was}
            for was, now in zip(study.sessions, edited.sessions, strict=True)
        ],
    }


def _said(session: Session) -> dict[str, Any]:
    return {
        "exclude": session.exclude,
        "intervention_s": list(session.onsets_s),
        "handling_s": None if session.handling_s is None else list(session.handling_s),
    }
