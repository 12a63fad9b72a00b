"""A study's groups: its verdicts, contrasts and sessions, whether they are still of its files, and what is saved."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from adenoscope.core.result import StudyResult
from adenoscope.io.results import REPORT, RESULTS
from adenoscope.web.exports import download
from adenoscope.web.findings.read import MOST_RESULTS, read_results
from adenoscope.web.folder import StudyPlace, find_study, run_command
from adenoscope.web.group.changes import changes_since
from adenoscope.web.group.dots import dose_plots, readout_plots, verdict_plots
from adenoscope.web.group.files import draw_plot, plot_of
from adenoscope.web.group.shown import shown
from adenoscope.web.pages import page
from adenoscope.web.security.inside import read_inside
from adenoscope.web.site import Site, elsewhere, site_of

router = APIRouter()
NONE_YET = "the study has no results yet; run it first"


@router.get("/studies/{study}")
def show_group(request: Request, study: str) -> HTMLResponse:
    """Return the page of a study."""
    site = site_of(request)
    place = find_study(site.folder, study)
    result = _results(site, place)
    data: dict[str, Any] = {"study": place.name, "command": run_command(place), "plots": []}
    if result is None:
        return page(request, "group.html", place=place, result=None, data=data)
    for plots in (verdict_plots, readout_plots, dose_plots):
        data["plots"] += plots(result, place.name)
    has_report = (place.results / REPORT).is_file()
    return page(
        request,
        "group.html",
        place=place,
        result=result,
        has_report=has_report,
        data=data,
        **shown(result, place.name),
    )


@router.get("/api/studies/{study}/changes")
def tell_changes(request: Request, study: str) -> dict[str, Any]:
    """Return what is different in the study's files and edits since its results."""
    site = site_of(request)
    place = find_study(site.folder, study)
    return changes_since(_finished(site, place), place, site).as_json()


@router.get("/api/studies/{study}/plots/{key}.{kind}")
async def save_plot(request: Request, study: str, key: str, kind: Literal["svg", "png", "csv"]) -> Response:
    """Return a plot of the page as a figure, or the data that it shows."""
    site = site_of(request)
    place = await run_in_threadpool(find_study, site.folder, study)
    result = await run_in_threadpool(_finished, site, place)
    plot, synthetic = plot_of(result, key), result.study.synthetic
    if kind == "csv":
        return download(plot.csv, kind, place.name, *plot.words, synthetic=synthetic)
    figure = None
    if plot.drawing is not None:
        figure = await elsewhere(site.science, draw_plot, plot.drawing, plot.what, kind, synthetic=synthetic)
    if figure is None:
        raise HTTPException(404, "there is nothing to draw")
    return download(figure, kind, place.name, *plot.words, synthetic=synthetic)


def _finished(site: Site, place: StudyPlace) -> StudyResult:
    result = _results(site, place)
    if result is None:
        raise HTTPException(404, NONE_YET)
    return result


def _results(site: Site, place: StudyPlace) -> StudyResult | None:
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
