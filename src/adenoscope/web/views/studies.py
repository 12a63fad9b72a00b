"""The studies of the folder, and what is known of each."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from adenoscope.io.results import RESULTS
from adenoscope.web.folder import find_studies
from adenoscope.web.pages import page
from adenoscope.web.site import site_of

router = APIRouter()


@router.get("/")
def show_studies(request: Request) -> HTMLResponse:
    """Return the page of all studies."""
    places = find_studies(site_of(request).folder)
    rows = [{"name": place.name, "has_results": (place.results / RESULTS).exists()} for place in places]
    return page(request, "studies.html", studies=rows)
