"""One session: its raw channels over time, what was fitted to them, and the answer."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from adenoscope.core.study import Session, Study
from adenoscope.web.folder import StudyPlace, find_session, find_study, open_study
from adenoscope.web.pages import page
from adenoscope.web.recordings import shelf
from adenoscope.web.recordings.answer import answer_json, latest, session_states
from adenoscope.web.recordings.fitted import explain, fitted_json, windows_json
from adenoscope.web.recordings.pyramid import Pyramid, open_pyramid
from adenoscope.web.site import Site, elsewhere, site_of

router = APIRouter()
SHELF = "recordings"
LONGEST_S = 1e7  # of a recording: four months
Pixels = Annotated[int, Query(ge=50, le=8000)]
Moment = Annotated[float, Query(ge=-LONGEST_S, le=LONGEST_S)]


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
    """Return the session of an address.

    Raises:
        HTTPException: 404, there is none; 403, its recording lies outside the folder.
        InputError: the study is wrong.
    """
    site = site_of(request)
    place = find_study(site.folder, study)
    found = open_study(place)
    return Shown(site, place, found, find_session(site.folder, found, session))


@router.get("/studies/{study}/sessions/{session}")
def show_session(request: Request, study: str, session: str) -> HTMLResponse:
    """Return the page of a session; reading its recording begins meanwhile."""
    what = shown(request, study, session)
    names = [one.session for one in what.study.sessions]
    at = names.index(session)
    with contextlib.suppress(OSError):  # said when the recording is asked for
        what.site.reading.submit(shelf.build, what.study, what.session, what.shelf, what.key)
    states = session_states(what.site, what.place, what.study)
    data = {
        "study": what.place.name,
        "session": session,
        "sessions": [{"name": name, "state": states[name]} for name in names],
        "previous": names[at - 1] if at > 0 else None,
        "next": names[at + 1] if at + 1 < len(names) else None,
        "synthetic": what.study.synthetic,
        "answer": answer_json(what.session, latest(what.site, what.place, what.session)),
    }
    return page(request, "recording.html", data=data, study=what.study, place=what.place, session=what.session)


@router.get("/api/studies/{study}/sessions/{session}/answer")
def tell_answer(request: Request, study: str, session: str) -> JSONResponse:
    """Return the numbers and words of a session."""
    what = shown(request, study, session)
    return JSONResponse(answer_json(what.session, latest(what.site, what.place, what.session)))


@router.get("/api/studies/{study}/sessions/{session}/window")
async def tell_window(
    request: Request,
    study: str,
    session: str,
    start_s: Moment | None = None,
    end_s: Moment | None = None,
    pixels: Pixels = 1200,
) -> JSONResponse:
    """Return the extents of every channel in a window [s from the first sample], by default all of it."""
    what = await run_in_threadpool(shown, request, study, session)
    pyramid = await pyramid_of(what)
    last_s = pyramid.about.last_s - pyramid.about.first_s
    start_s, end_s = 0.0 if start_s is None else start_s, last_s if end_s is None else end_s
    if not start_s < end_s:
        raise HTTPException(422, "the window ends before it starts")
    return JSONResponse(await run_in_threadpool(windows_json, pyramid, start_s, end_s, pixels))


@router.get("/api/studies/{study}/sessions/{session}/fit")
async def tell_fit(request: Request, study: str, session: str) -> JSONResponse:
    """Return what was fitted to a session, on the recording's own scale; null where nothing was yet."""
    what = await run_in_threadpool(shown, request, study, session)
    pyramid = await pyramid_of(what)
    item = await run_in_threadpool(latest, what.site, what.place, what.session)
    said: dict[str, Any] | None = None
    if item is not None:
        said = fitted_json(item, await elsewhere(what.site.reading, explain, what.shelf / what.key, item))
    first_s = pyramid.about.first_s
    lost = [
        {"channel": channel.facts.role, "start_s": start - first_s, "end_s": end - first_s, "why": "lost"}
        for channel in pyramid.channels
        for start, end in channel.facts.lost_s
    ]
    return JSONResponse({"fitted": said, "lost": lost})


async def pyramid_of(what: Shown) -> Pyramid:
    """Return the recording of a session, made ready to be looked at if it was not.

    Raises:
        InputError: the recording cannot be read.
    """
    key = await run_in_threadpool(lambda: what.key)
    folder = what.shelf / key
    found = await run_in_threadpool(open_pyramid, folder)
    if found is None:
        await elsewhere(what.site.reading, shelf.build, what.study, what.session, what.shelf, key)
        found = await run_in_threadpool(open_pyramid, folder)
    if found is None:
        raise HTTPException(503, "the recording was removed from the cache while it was read; ask again")
    shelf.touch(folder)
    return found
