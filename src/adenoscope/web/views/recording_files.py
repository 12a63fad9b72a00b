"""What a reader takes away of a session: the window on the screen as a figure, and its data as tables."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from adenoscope.web.exports import FigureKind, download, table
from adenoscope.web.recordings.answer import latest
from adenoscope.web.recordings.pyramid import Pyramid
from adenoscope.web.recordings.shown import Shown, explained_of, pyramid_of, shown
from adenoscope.web.recordings.taken_away import Span, draw_view, fitted_columns, raw_columns, view_of
from adenoscope.web.site import elsewhere
from adenoscope.web.views.recording import Moment

router = APIRouter(prefix="/api/studies/{study}/sessions/{session}")
Hidden = Annotated[str, Query(max_length=200, pattern="^[a-z,]*$")]
SERIES = frozenset({"raw", "bins", "fit", "background", "band", "response", "mean", "masks", "interventions"})


@router.get("/figure.{kind}")
async def draw_figure(
    request: Request,
    study: str,
    session: str,
    kind: FigureKind,
    start_s: Moment | None = None,
    end_s: Moment | None = None,
    hidden: Hidden = "",
) -> Response:
    """Return a window [s from the first sample] as a figure, without the series that are ``hidden``."""
    what, pyramid, window_s = await _asked(request, study, session, start_s, end_s)
    item = await run_in_threadpool(latest, what.site, what.place, what.session)
    view = await run_in_threadpool(
        view_of,
        what.session,
        window_s,
        pyramid,
        item,
        await explained_of(what, item),
        hidden=SERIES & set(hidden.split(",")),
        synthetic=what.study.synthetic,
    )
    content = await elsewhere(what.site.science, draw_view, view, kind)
    return download(content, kind, what.place.name, session, synthetic=what.study.synthetic)


@router.get("/raw.csv")
async def give_raw(
    request: Request, study: str, session: str, start_s: Moment | None = None, end_s: Moment | None = None
) -> Response:
    """Return the channels in a window, every sample of them where they are not too many."""
    what, pyramid, window_s = await _asked(request, study, session, start_s, end_s)
    text = await run_in_threadpool(lambda: table(raw_columns(what.session, window_s, pyramid)))
    return download(text, "csv", what.place.name, session, "raw", synthetic=what.study.synthetic)


@router.get("/fitted.csv")
async def give_fitted(
    request: Request, study: str, session: str, start_s: Moment | None = None, end_s: Moment | None = None
) -> Response:
    """Return bins, model and response in a window; 404 where nothing was fitted."""
    what, _, window_s = await _asked(request, study, session, start_s, end_s)
    item = await run_in_threadpool(latest, what.site, what.place, what.session)
    if item is None or (item.response.parts is None and item.response.curve is None):
        raise HTTPException(404, "nothing was fitted to this session yet; run the study first")
    text = table(fitted_columns(item, window_s))
    return download(text, "csv", what.place.name, session, "fitted", synthetic=what.study.synthetic)


async def _asked(
    request: Request, study: str, session: str, start_s: float | None, end_s: float | None
) -> tuple[Shown, Pyramid, Span]:
    what = await run_in_threadpool(shown, request, study, session)
    pyramid = await pyramid_of(what)
    last_s = pyramid.about.last_s - pyramid.about.first_s
    window_s = (0.0 if start_s is None else max(0.0, start_s), last_s if end_s is None else min(last_s, end_s))
    if not window_s[0] < window_s[1]:
        raise HTTPException(422, "the window lies outside the recording")
    return what, pyramid, window_s
