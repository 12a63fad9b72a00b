"""The mechanism for the page: protocols previewed, compared and exported, and the panel that could refute it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from adenoscope.web.exports import FigureKind, drawn, table
from adenoscope.web.science.compact import as_bytes, interval_json, short

if TYPE_CHECKING:
    from adenoscope.core.errors import Problem
    from adenoscope.studies.preview_protocol import Difference, Preview

PAGE = "the page"
Document = Mapping[str, Any]  # a protocol, as its TOML says it


def choices() -> dict[str, Any]:
    """Return what can be chosen on the page: subjects, and compounds with their routes, units and targets."""
    from adenoscope.core.protocol import Condition, Genotype, Region, Species
    from adenoscope.mechanism.compounds import UNITS, library
    from adenoscope.mechanism.inhibitors import ENZYMES

    compounds = [
        {
            "name": name,
            "acts_on": dict(compound.acts_on),
            "routes": {species: list(ways) for species, ways in compound.routes.items()},
        }
        for name, compound in library().items()
    ]
    inhibitors = [
        {"name": name, "acts_on": {enzyme.removesuffix("_activity"): "inhibitor"}, "routes": {"mouse": ["ip"]}}
        for name, enzyme in ENZYMES.items()
    ]
    return {
        "species": get_args(Species),
        "regions": get_args(Region),
        "genotypes": get_args(Genotype),
        "conditions": get_args(Condition),
        "compounds": [*compounds, *inhibitors],
        "units": {route: list(units) for route, units in UNITS.items()},
    }


def preview_bytes(document: Document) -> bytes:
    """Return a protocol's preview as JSON; what is wrong with it, or refused, is part of the answer."""
    from adenoscope.core.errors import InputError
    from adenoscope.studies.preview_protocol import preview_protocol, protocol_of

    try:
        preview = preview_protocol(protocol_of(document, PAGE))
    except InputError as error:
        return as_bytes({"problems": [_problem(problem) for problem in error.problems]})
    return as_bytes(_preview(preview))


def compare_bytes(first: Document, second: Document) -> bytes:
    """Return how two protocols differ in the same subjects, as JSON, or why they are not compared."""
    from adenoscope.core.errors import InputError, Refused
    from adenoscope.studies.preview_protocol import compare_protocols, protocol_of

    try:
        rows = compare_protocols(protocol_of(first, PAGE), protocol_of(second, PAGE))
    except (InputError, Refused) as error:
        return as_bytes({"refused": str(error)})
    return as_bytes({"rows": [_difference(row) for row in rows]})


@cache
def refutation_bytes() -> bytes:
    """Return every observation beside its prediction, as ``adenoscope mechanism check`` does, as JSON."""
    from adenoscope.studies.check_mechanism import check_document, check_mechanism

    document = check_document(check_mechanism(None))
    told = [row for row in document["rows"] if row["verdict"] != "not predicted"]
    counts = {
        name: [sum(row["verdict"] == "inside" for row in own), len(own)]
        for name, own in (
            ("fitted", [row for row in told if row["used"]]),
            ("others", [row for row in told if not row["used"]]),
        )
    }
    return as_bytes({**document, "counts": counts})


def protocol_toml(document: Document) -> str:
    """Return a protocol as TOML.

    Raises:
        InputError: something is wrong with it.
    """
    from adenoscope.io.protocol import protocol_text
    from adenoscope.studies.preview_protocol import protocol_of

    return protocol_text(protocol_of(document, PAGE))


def curves_csv(document: Document) -> str:
    """Return a protocol's curves: a row for each time, the median and central 95 % of each observable.

    Raises:
        InputError: something is wrong with it.
        Refused: it is not simulated.
    """
    preview = _simulated(document)
    columns: dict[str, Any] = {"time_s": preview.time_s}
    for name, band in preview.bands.items():
        columns |= {name: band[0], f"{name}_low": band[1], f"{name}_high": band[2]}
    return table(columns)


def figure_bytes(kind: FigureKind, document: Document, pinned: Document | None, names: tuple[str, ...]) -> bytes:
    """Return the small multiples of a protocol, and of one that is pinned, as a file.

    Raises:
        InputError: something is wrong with it.
        Refused: it is not simulated.
    """
    from adenoscope.report.preview_figures import protocol_figure

    pair = [_simulated(one) for one in (document, pinned) if one is not None]
    return drawn(protocol_figure(pair[0], pair[1] if len(pair) > 1 else None, names), kind)


def _simulated(document: Document) -> Preview:
    from adenoscope.core.errors import Refused
    from adenoscope.studies.preview_protocol import preview_protocol, protocol_of

    preview = preview_protocol(protocol_of(document, PAGE))
    if preview.refusals:
        raise Refused("\n".join(preview.refusals))
    return preview


def _preview(preview: Preview) -> dict[str, Any]:
    asked = {"asked": preview.protocol.subjects, "finished": preview.finished, "seed": preview.protocol.seed}
    said = preview.simulation
    if said is None:
        return {"refusals": list(preview.refusals), "subjects": asked, "curves": []}
    return {
        "refusals": [],
        "subjects": asked | {"redrawn": said.redrawn},
        "first_s": preview.protocol.first_s,
        "time_s": short(preview.time_s),
        "curves": [
            {
                "name": seen.name,
                "unit": seen.unit,
                **{side: short(preview.bands[seen.name][row]) for row, side in enumerate(("median", "low", "high"))},
                "readings": {name: interval_json(one) for name, one in said.readings[seen.name].items()},
            }
            for seen in said.observables
        ],
        "outside_validity": list(said.outside_validity),
        "unverified_share": said.unverified_share,
    }


def _difference(row: Difference) -> dict[str, Any]:
    intervals = {name: interval_json(getattr(row, name)) for name in ("first", "second", "difference")}
    plain = {name: getattr(row, name) for name in ("observable", "unit", "reading", "share_above", "n_subjects")}
    return plain | intervals


def _problem(problem: Problem) -> dict[str, Any]:
    return asdict(problem) | {"words": str(problem)}
