"""Hypoxia for the page: schedules previewed, the envelope that people are kept in, and files to take away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from adenoscope.web.exports import FigureKind, drawn, table
from adenoscope.web.science.compact import as_bytes, interval_json, short

if TYPE_CHECKING:
    from adenoscope.core.schedule import Breach, Preset
    from adenoscope.studies.hypoxia.evaluated import Evaluated
    from adenoscope.studies.preview_schedule import SchedulePreview

PAGE = "the page"
Document = Mapping[str, Any]  # a design of one schedule, as its TOML says it
HEAD = ("species", "region", "subjects", "seed")


def choices() -> dict[str, Any]:
    """Return what the page draws beside a schedule: the envelope, what is kept in conduct, published schedules."""
    from adenoscope.io.hypoxia_presets import presets
    from adenoscope.mechanism.envelope import conduct, conduct_words, envelope
    from adenoscope.mechanism.pieces import constants
    from adenoscope.studies.hypoxia.tables import RESEARCH

    return {
        "air": {species: constants("oxygen", species)["fio2"].value for species in ("mouse", "human")},
        "envelope": {name: asdict(limit) for name, limit in envelope().items()},
        "conduct": [conduct_words(name) for name in conduct()],
        "presets": [_preset(preset) for preset in presets().values()],
        "research": RESEARCH,
    }


def preview_bytes(document: Document) -> bytes:
    """Return what a schedule does, as JSON; limits that it breaks, and what is wrong with it, are in the answer."""
    from adenoscope.core.errors import InputError
    from adenoscope.studies.preview_schedule import preview_schedule, schedule_design_of

    try:
        preview = preview_schedule(schedule_design_of(_nested(document), PAGE))
    except InputError as error:
        return as_bytes({"problems": [asdict(one) | {"words": str(one)} for one in error.problems]})
    return as_bytes(_preview(preview))


def design_toml(document: Document) -> str:
    """Return a schedule as a design that ``adenoscope hypoxia`` takes.

    Raises:
        InputError: something is wrong with it.
        Refused: it does not keep the envelope.
    """
    from adenoscope.io.write_hypoxia import design_text

    preview = _kept(document)
    return design_text(preview.design, preview.schedule)


def protocol_toml(document: Document) -> str:
    """Return a session of a fixed gas as a protocol that ``adenoscope simulate`` takes.

    Raises:
        InputError: something is wrong with it.
        Refused: it does not keep the envelope, or its gas follows the oximeter.
    """
    from dataclasses import replace

    from adenoscope.core.errors import Refused
    from adenoscope.io.protocol import protocol_text
    from adenoscope.studies.hypoxia.answer import as_protocol

    preview = _kept(document)
    if preview.schedule.spo2_target is not None:
        raise Refused("A protocol has gas that is set: gas that follows the oximeter is for `adenoscope hypoxia`.")
    protocol = as_protocol(preview.schedule, preview.design)
    return protocol_text(replace(protocol, subjects=preview.design.subjects, seed=preview.design.seed))


def curves_csv(document: Document) -> str:
    """Return a session over time; occupancies and adenosine are rises from each subject's own rest.

    Raises:
        InputError: something is wrong with it.
        Refused: it does not keep the envelope.
    """
    from adenoscope.studies.hypoxia.curves import RISES

    curves = _kept(document).curves
    columns: dict[str, Any] = {} if curves is None else {"time_s": curves.time_s}
    for name, band in ({} if curves is None else curves.bands).items():
        shown = f"{name}_rise" if name in RISES else name
        columns |= {shown: band[0], f"{shown}_low": band[1], f"{shown}_high": band[2]}
    return table(columns)


def steps_csv(document: Document) -> str:
    """Return the table that a chamber or a mask is set from, a row for each step of each session.

    Raises:
        InputError: something is wrong with it.
        Refused: it does not keep the envelope.
    """
    from adenoscope.studies.hypoxia.tables import PROTOCOL, as_csv, protocol_rows

    preview = _kept(document)
    return as_csv(PROTOCOL, protocol_rows(preview.schedule, preview.design))


def figure_bytes(kind: FigureKind, document: Document) -> bytes:
    """Return a session over time as a figure.

    Raises:
        InputError: something is wrong with it.
        Refused: it does not keep the envelope.
    """
    from adenoscope.report.hypoxia_figures import session_figure

    preview = _kept(document)
    if preview.curves is None:
        raise ValueError("a schedule that keeps the envelope has no curves")
    return drawn(session_figure(preview.curves, preview.design.limits.spo2_floor), kind)


def _nested(document: Document) -> dict[str, Any]:
    head = {name: value for name, value in document.items() if name in HEAD}
    return head | {"schedule": {name: value for name, value in document.items() if name not in HEAD}}


def _kept(document: Document) -> SchedulePreview:
    from adenoscope.core.errors import Refused
    from adenoscope.studies.preview_schedule import preview_schedule, schedule_design_of

    preview = preview_schedule(schedule_design_of(_nested(document), PAGE))
    if preview.breaches:
        raise Refused(
            "\n".join(["The schedule leaves the envelope for people:", *(b.words for b in preview.breaches)])
        )
    if preview.cautions:  # as the command does
        raise Refused("\n".join(["Too many subjects would break a limit; nothing is exported:", *preview.cautions]))
    return preview


def _preview(preview: SchedulePreview) -> dict[str, Any]:
    said: dict[str, Any] = {
        "words": preview.schedule.words,
        "session_s": preview.schedule.session_s,
        "low_oxygen_s": preview.schedule.low_oxygen_s,
        "starts_s": list(preview.schedule.starts_s),
        "breaches": [_breach(breach) for breach in preview.breaches],
        "simulated": preview.simulated,
        "nadirs": None if preview.nadirs is None else asdict(preview.nadirs),
        "spo2_floor": preview.design.limits.spo2_floor,
        "cautions": list(preview.cautions),
        "outside_validity": list(preview.outside_validity),
        "unverified_share": preview.unverified_share,
        "subjects": {"asked": preview.design.subjects, "seed": preview.design.seed},
    }
    if preview.evaluated is None or preview.curves is None:
        return said
    said["subjects"]["finished"] = int(preview.evaluated.outcome.finished.sum())
    bands = {
        name: {side: short(band[row]) for row, side in enumerate(("median", "low", "high"))}
        for name, band in preview.curves.bands.items()
    }
    return said | {"time_s": short(preview.curves.time_s), "bands": bands, **_numbers(preview.evaluated)}


def _numbers(evaluated: Evaluated) -> dict[str, Any]:
    from adenoscope.studies.hypoxia.outcomes import UNITS

    return {
        "readings": {name: interval_json(one) for name, one in evaluated.readings.items()},
        "units": UNITS,
        "low_responder": evaluated.outcome.low_responder,
        "engagement": interval_json(evaluated.engagement),
        "burden": interval_json(evaluated.burden),
        "risk": evaluated.risk.probability.as_json(),
    }


def _breach(breach: Breach) -> dict[str, Any]:
    return asdict(breach) | {"by": breach.by}


def _preset(preset: Preset) -> dict[str, Any]:
    published = preset.published_spo2
    return {
        "name": preset.name,
        "species": preset.species,
        "schedule": asdict(preset.schedule),
        "words": preset.schedule.words,
        "source": preset.source,
        "verified": preset.verified,
        "published_spo2": None if published is None else asdict(published),
    }
