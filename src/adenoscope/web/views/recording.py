"""One session: its raw channels over time, what was fitted to them, and the answer."""

from __future__ import annotations

import contextlib
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from adenoscope.report.words import handling
from adenoscope.web.folder import run_command
from adenoscope.web.pages import page
from adenoscope.web.recordings import shelf
from adenoscope.web.recordings.answer import answer_json, latest, session_states
from adenoscope.web.recordings.fitted import fitted_json, windows_json
from adenoscope.web.recordings.shown import Shown, explained_of, pyramid_of, shown

router = APIRouter()
LONGEST_S = 1e7  # of a recording: four months
Pixels = Annotated[int, Query(ge=50, le=8000)]
Moment = Annotated[float, Query(ge=-LONGEST_S, le=LONGEST_S)]


@router.get("/studies/{study}/sessions/{session}")
def show_session(request: Request, study: str, session: str) -> HTMLResponse:
    """Return the page of a session; reading its recording begins meanwhile."""
    what = shown(request, study, session)
    names = [one.session for one in what.study.sessions]
    at = names.index(session)
    with contextlib.suppress(OSError):  # said when the recording is asked for
        what.site.reading.submit(shelf.build, what.study, what.session, what.shelf, what.key)
    data = {
        "study": what.place.name,
        "session": session,
        "previous": names[at - 1] if at > 0 else None,
        "next": names[at + 1] if at + 1 < len(names) else None,
        "synthetic": what.study.synthetic,
        "handling": handling(what.study.settings),
        "answer": _answer(what),
    }
    return page(request, "recording.html", data=data, study=what.study, place=what.place, session=what.session)


@router.get("/api/studies/{study}/sessions/{session}/answer")
def tell_answer(request: Request, study: str, session: str) -> JSONResponse:
    """Return the numbers and words of a session."""
    what = shown(request, study, session)
    return JSONResponse(_answer(what))


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
        said = fitted_json(item, await explained_of(what, item))
    first_s = pyramid.about.first_s
    lost = [
        {"channel": channel.facts.role, "start_s": start - first_s, "end_s": end - first_s, "why": "lost"}
        for channel in pyramid.channels
        for start, end in channel.facts.lost_s
    ]
    return JSONResponse({"fitted": said, "lost": lost})


def _answer(what: Shown) -> dict[str, Any]:
    said = answer_json(what.session, latest(what.site, what.place, what.session))
    states = session_states(what.site, what.place, what.study)
    sessions = [{"name": name, "state": state} for name, state in states.items()]
    return said | {"sessions": sessions, "command": run_command(what.place)}
