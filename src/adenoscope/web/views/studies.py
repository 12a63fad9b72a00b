"""The studies of the folder: what each asks, whether its results are of its files, and its report."""

from __future__ import annotations

from itertools import chain
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from starlette.exceptions import HTTPException

from adenoscope.io.results import REPORT
from adenoscope.web.folder import find_study
from adenoscope.web.overview.rows import overview
from adenoscope.web.pages import page
from adenoscope.web.security.headers import REPORT_POLICY
from adenoscope.web.security.inside import blocks_inside
from adenoscope.web.site import site_of

router = APIRouter()


@router.get("/")
def show_studies(request: Request) -> HTMLResponse:
    """Return the page of all studies."""
    return page(request, "studies.html", data={"studies": overview(site_of(request))})


@router.get("/api/studies")
def list_studies(request: Request) -> dict[str, Any]:
    """Return what the page shows of every study."""
    return {"studies": overview(site_of(request))}


@router.get("/studies/{study}/report")
def show_report(request: Request, study: str) -> StreamingResponse:
    """Return the report of a study, which may neither run scripts nor ask for anything."""
    site = site_of(request)
    blocks = blocks_inside(find_study(site.folder, study).results / REPORT, site.folder)
    try:
        first = next(blocks, b"")  # what is wrong with the file is known before the answer begins
    except FileNotFoundError:
        raise HTTPException(404, "this study has no report yet") from None
    policy = {"content-security-policy": REPORT_POLICY}
    return StreamingResponse(chain((first,), blocks), media_type="text/html", headers=policy)
