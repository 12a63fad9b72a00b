"""A session that a browser asks about: its study, its place, and its recording made ready to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from adenoscope.core.result import SessionResult
from adenoscope.core.study import Session, Study
from adenoscope.io.sessions import RECORDINGS
from adenoscope.studies.edited import read_edited_study
from adenoscope.studies.explain_parts import Explained
from adenoscope.web.folder import StudyPlace, find_session, find_study
from adenoscope.web.jobs.tasks import refuse_tables_outside
from adenoscope.web.recordings import shelf
from adenoscope.web.recordings.fitted import explain
from adenoscope.web.recordings.pyramid import Pyramid, open_pyramid
from adenoscope.web.security.inside import refuse_outside
from adenoscope.web.site import Site, elsewhere, site_of

SHELF = "recordings"


@dataclass(frozen=True)
class Shown:
    """A session that is asked for, with its study and where that lies."""

    site: Site
    place: StudyPlace
    study: Study
    session: Session

    @property
    def key(self) -> str:
        return shelf.key_of(self.study, self.session)

    @property
    def shelf(self) -> Path:
        return self.site.hidden / SHELF


def shown(request: Request, study: str, session: str) -> Shown:
    """Return the session of an address, as the ledger of edits leaves it.

    Raises:
        HTTPException: 404, there is none; 403, a file of it lies outside the folder.
        InputError: the study is wrong, or its ledger.
    """
    site = site_of(request)
    place = find_study(site.folder, study)
    refuse_tables_outside(site, place)
    found = read_edited_study(place.folder, place.edits if place.edits.exists() else None)
    asked = find_session(site.folder, found, session)
    if asked.blank:  # it is opened with the session
        find_session(site.folder, found, asked.blank)
    refuse_outside(site.folder, site.hidden / SHELF)
    return Shown(site, place, found, asked)


async def pyramid_of(what: Shown) -> Pyramid:
    """Return the recording of a session, made ready to be looked at if it was not.

    Raises:
        InputError: the recording cannot be read.
        HTTPException: 404, there is none, as an excluded session may have.
    """
    try:
        key = await run_in_threadpool(lambda: what.key)
    except FileNotFoundError:
        file = f"{RECORDINGS}/{what.session.recording.as_posix()}"
        raise HTTPException(404, f"the recording of this session is not there: {file}") from None
    folder = what.shelf / key
    found = await run_in_threadpool(open_pyramid, folder)
    if found is None:
        await elsewhere(what.site.reading, shelf.build, what.study, what.session, what.shelf, key)
        found = await run_in_threadpool(open_pyramid, folder)
    if found is None:
        raise HTTPException(503, "the recording was removed from the cache while it was read; ask again")
    shelf.touch(folder)
    return found


async def explained_of(what: Shown, item: SessionResult | None) -> Explained | None:
    """Return how a session's fitted parts follow from its recording, which is ready; None without a fit."""
    if item is None or item.response.parts is None:
        return None
    return await elsewhere(what.site.reading, explain, what.shelf / what.key, item)
