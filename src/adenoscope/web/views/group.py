"""A study's groups: its verdicts, contrasts and sessions, and whether they are still of its files."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from adenoscope.core.result import StudyResult
from adenoscope.io.results import RESULTS
from adenoscope.web.folder import StudyPlace, find_study
from adenoscope.web.group.dots import dose_plots, readout_plots, verdict_plots
from adenoscope.web.group.read import read_results
from adenoscope.web.group.shown import (
    comparisons_shown,
    doses_shown,
    matrix_of,
    mediations_shown,
    readouts_shown,
    sessions_shown,
    share_of,
    state_of,
    verdicts_shown,
)
from adenoscope.web.pages import page
from adenoscope.web.security.inside import read_inside
from adenoscope.web.site import Site, site_of

router = APIRouter()
MOST_RESULTS = 32_000_000  # bytes: a thousand sessions take five


@router.get("/studies/{study}")
def show_group(request: Request, study: str) -> HTMLResponse:
    """Return the page of a study."""
    site = site_of(request)
    place = find_study(site.folder, study)
    result = results_of(site, place)
    if result is None:
        return page(request, "group.html", place=place, result=None, data={"study": place.name})
    sessions = tuple(sessions_shown(result, place.name))
    counts = {state: sum(one.state == state for one in sessions) for state in ("estimated", "refused", "excluded")}
    data = {
        "study": place.name,
        "plots": [*verdict_plots(result, place.name), *readout_plots(result, place.name), *dose_plots(result, place.name)],
    }
    return page(
        request,
        "group.html",
        place=place,
        result=result,
        counts=counts,
        verdicts=tuple(verdicts_shown(result)),
        matrix=matrix_of(result),
        share_of=share_of,
        readouts=tuple(readouts_shown(result)),
        doses=tuple(doses_shown(result)),
        comparisons=tuple(comparisons_shown(result.dose_comparisons)),
        mediations=tuple(mediations_shown(result)),
        sessions=sessions,
        data=data,
    )


def results_of(site: Site, place: StudyPlace) -> StudyResult | None:
    """Return what was found when a study was last run; None where it never was.

    Raises:
        HTTPException: 403, the results lie outside the folder.
        InputError: they are no results.
    """
    try:
        text = read_inside(place.results / RESULTS, site.folder, MOST_RESULTS)
    except FileNotFoundError:
        return None
    return read_results(text, place.folder)
