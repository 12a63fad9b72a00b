"""Hypoxia: a schedule drawn by hand, its oximeter and adenosine in a virtual cohort, and where it may not go."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from adenoscope.web.exports import FigureKind, download
from adenoscope.web.pages import page
from adenoscope.web.science import hypoxia as science
from adenoscope.web.site import elsewhere, site_of, while_wanted

router = APIRouter()
JSON = "application/json"
LONGEST_S = 86_400.0


class ScheduleBody(BaseModel):
    """A schedule and whom it is for; see ``core.schedule.Schedule``. There is no override here."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    species: Literal["mouse", "human"]
    region: Annotated[str, Field(max_length=10)] = "mPFC"
    subjects: Annotated[int, Field(ge=64, le=512)] = 128
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1
    fio2: Annotated[float, Field(gt=0, le=1)]
    bout_s: Annotated[float, Field(gt=0, le=LONGEST_S)]
    rest_s: Annotated[float, Field(ge=0, le=LONGEST_S)]
    bouts: Annotated[int, Field(ge=1, le=100)]
    sessions: Annotated[int, Field(ge=1, le=100)] = 1
    sessions_per_week: Annotated[int, Field(ge=1, le=7)] = 5
    spo2_target: Annotated[float, Field(gt=0, lt=1)] | None = None

    def document(self) -> dict[str, Any]:
        """Return the entries of a design's TOML."""
        return self.model_dump(exclude_none=True)


@router.get("/hypoxia")
def show_hypoxia(request: Request) -> HTMLResponse:
    """Return the page; a schedule is in its address, and read by its script."""
    return page(request, "hypoxia.html")


@router.get("/api/hypoxia/choices")
async def choices(request: Request) -> Any:
    """Return what can be chosen."""
    return await elsewhere(site_of(request).science, science.choices)


@router.post("/api/hypoxia/preview")
async def preview(request: Request, body: ScheduleBody) -> Response:
    """Return a session's bands and numbers; or the limits that are not kept, and nothing of the session."""
    found = await while_wanted(request, site_of(request).science, science.preview_bytes, body.document())
    return Response(found, media_type=JSON)


@router.post("/api/hypoxia/{what}.toml")
async def export_toml(request: Request, what: Literal["design", "protocol"], body: ScheduleBody) -> Response:
    """Return what ``adenoscope hypoxia`` takes, or for one session of a fixed gas ``adenoscope simulate``."""
    function = science.design_toml if what == "design" else science.protocol_toml
    text = await elsewhere(site_of(request).science, function, body.document())
    return download(text, "toml", "hypoxia", what)  # the name in the command that the page offers


@router.post("/api/hypoxia/{what}.csv")
async def export_csv(request: Request, what: Literal["curves", "steps"], body: ScheduleBody) -> Response:
    """Return a session over time, or the table that a chamber or a mask is set from."""
    function = science.curves_csv if what == "curves" else science.steps_csv
    text = await elsewhere(site_of(request).science, function, body.document())
    return download(text, "csv", "hypoxia", what, *_named(body), synthetic=what == "curves")


@router.post("/api/hypoxia/figure.{kind}")
async def export_figure(request: Request, kind: FigureKind, body: ScheduleBody) -> Response:
    """Return a session over time as one figure."""
    content = await elsewhere(site_of(request).science, science.figure_bytes, kind, body.document())
    return download(content, kind, "hypoxia", *_named(body), synthetic=True)


def _named(body: ScheduleBody) -> list[str]:
    """Return the words that a file of a schedule is named by, as published ones are."""
    gas = f"{100 * body.fio2:g}" if body.spo2_target is None else f"spo2-{100 * body.spo2_target:g}"
    return [body.species, f"{body.bouts}x{body.bout_s:g}s", gas]
