"""The mechanism: what it predicts of a protocol, and where observations refute it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from adenoscope.web.exports import FigureKind, download
from adenoscope.web.pages import page
from adenoscope.web.science import mechanism as science
from adenoscope.web.site import elsewhere, site_of, while_wanted

router = APIRouter()
LONGEST_S = 172_800.0  # two days
MOST_SUBJECTS, MOST_TIMES, MOST_DONE = 512, 3000, 8
JSON = "application/json"

Seconds = Annotated[float, Field(ge=0, le=LONGEST_S)]
Length = Annotated[float, Field(gt=0, le=LONGEST_S)]
Word = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[\w .,+-]+$")]
Amount = Annotated[float, Field(ge=0, le=1e5)]


class Strict(BaseModel):
    """What the page sends has these entries and no others; every number is finite."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class GiveBody(Strict):
    """See ``core.protocol.Dose``."""

    at_s: Seconds
    compound: Word
    dose: Amount
    unit: Annotated[str, Field(max_length=10)]
    route: Annotated[str, Field(max_length=10)]
    duration_s: Length | None = None


class BreatheBody(Strict):
    """See ``core.protocol.Breath``."""

    at_s: Seconds
    fio2: Annotated[float, Field(gt=0, le=1)]
    duration_s: Length
    repeat: Annotated[int, Field(ge=1, le=100)] = 1
    rest_s: Seconds = 0.0


class ShockBody(Strict):
    """See ``core.protocol.Shock``."""

    at_s: Seconds
    current_ma: Annotated[float, Field(gt=0, le=2000)]
    frequency_hz: Annotated[float, Field(gt=0, le=1000)]
    pulse_ms: Annotated[float, Field(gt=0, le=20)]
    duration_s: Annotated[float, Field(gt=0, le=60)]


class LightBody(Strict):
    """See ``core.protocol.Light``."""

    at_s: Seconds
    duration_s: Length
    strength: Annotated[float, Field(ge=0, le=1)] = 1.0


class ProtocolBody(Strict):
    """A protocol, as its TOML says it; see ``core.protocol.Protocol``."""

    species: Literal["mouse", "human"]
    region: Annotated[str, Field(max_length=10)] = "mPFC"
    genotype: Annotated[str, Field(max_length=20)] = "WT"
    condition: Annotated[str, Field(max_length=10)] = "naive"
    duration_s: Annotated[float, Field(ge=60, le=LONGEST_S)]
    every_s: Annotated[float, Field(ge=1, le=LONGEST_S)]
    subjects: Annotated[int, Field(ge=64, le=MOST_SUBJECTS)] = 128
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1
    give: Annotated[list[GiveBody], Field(max_length=MOST_DONE)] = []
    breathe: Annotated[list[BreatheBody], Field(max_length=MOST_DONE)] = []
    shock: Annotated[list[ShockBody], Field(max_length=MOST_DONE)] = []
    light: Annotated[list[LightBody], Field(max_length=MOST_DONE)] = []

    def document(self) -> dict[str, Any]:
        """Return the protocol as its TOML would be read, looked at no more often than a screen can show."""
        own = self.model_dump(exclude_none=True)
        return own | {"every_s": max(self.every_s, self.duration_s / MOST_TIMES)}


class PairBody(Strict):
    """Two protocols to be compared."""

    first: ProtocolBody
    second: ProtocolBody


class FigureBody(Strict):
    """A protocol to be drawn, with one that is pinned, and which observables."""

    protocol: ProtocolBody
    pinned: ProtocolBody | None = None
    observables: Annotated[list[Word], Field(min_length=1, max_length=40)]


@router.get("/mechanism")
def show_mechanism(request: Request) -> HTMLResponse:
    """Return the page; a protocol is in its address, and read by its script."""
    return page(request, "mechanism.html")


@router.get("/api/mechanism/choices")
async def choices(request: Request) -> Any:
    """Return what can be chosen."""
    return await elsewhere(site_of(request).science, science.choices)


@router.post("/api/mechanism/preview")
async def preview(request: Request, body: ProtocolBody) -> Response:
    """Return curves with bands, readings, and how far to trust them; or refusals, or problems."""
    found = await while_wanted(request, site_of(request).science, science.preview_bytes, body.document())
    return Response(found, media_type=JSON)


@router.post("/api/mechanism/compare")
async def compare(request: Request, body: PairBody) -> Response:
    """Return peak and area under two protocols and how they differ in the same subjects; or why not."""
    pair = body.first.document(), body.second.document()
    return Response(
        await while_wanted(request, site_of(request).science, science.compare_bytes, *pair), media_type=JSON
    )


@router.get("/api/mechanism/refutation")
async def refutation(request: Request) -> Response:
    """Return every observation beside its prediction."""
    return Response(await elsewhere(site_of(request).science, science.refutation_bytes), media_type=JSON)


@router.post("/api/mechanism/protocol.toml")
async def export_toml(request: Request, body: ProtocolBody) -> Response:
    """Return a protocol that ``adenoscope simulate`` takes."""
    text = await elsewhere(site_of(request).science, science.protocol_toml, body.document())
    return download(text, "toml", "protocol")  # the name in the command that the page offers


@router.post("/api/mechanism/curves.csv")
async def export_csv(request: Request, body: ProtocolBody) -> Response:
    """Return the curves of a protocol."""
    text = await elsewhere(site_of(request).science, science.curves_csv, body.document())
    return download(text, "csv", "curves", *_named(body), synthetic=True)


@router.post("/api/mechanism/figure.{kind}")
async def export_figure(request: Request, kind: FigureKind, body: FigureBody) -> Response:
    """Return the charts as one figure."""
    pinned = None if body.pinned is None else body.pinned.document()
    given = kind, body.protocol.document(), pinned, tuple(body.observables)
    content = await elsewhere(site_of(request).science, science.figure_bytes, *given)
    return download(content, kind, "mechanism", *_named(body.protocol), synthetic=True)


def _named(body: ProtocolBody) -> list[str]:
    """Return the words that a file of a protocol is named by."""
    given = [f"{dose.compound}-{dose.dose:g}" for dose in body.give]
    done = [kind for kind in ("breathe", "shock", "light") if getattr(body, kind)]
    return [body.species, *([body.genotype] if body.genotype != "WT" else []), *given, *done]
