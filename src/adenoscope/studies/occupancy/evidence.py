"""What an answer about occupancy rests on, in rows: constants side by side, groups, and evidence."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from adenoscope.core.occupancy import REFERENCE, OccupancyDesign
from adenoscope.core.parameter import Parameter
from adenoscope.mechanism.occupancy import NONE_FOUND, in_vitro, in_vivo, in_vivo_most
from adenoscope.mechanism.pieces import Species
from adenoscope.studies.occupancy.runs import group_ratios
from adenoscope.studies.occupancy.shares import shown_targets


@dataclass(frozen=True)
class ConstantRow:
    """One constant of one compound at one target; ``value`` is None where none was found."""

    compound: str
    target: str
    constants: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    source: str
    verified: bool


@dataclass(frozen=True)
class GroupRow:
    """A group's clearance of a compound over that of the reference; ``ratio`` is None where no source was found."""

    group: str
    compound: str
    ratio: float | None
    low: float | None
    high: float | None
    source: str
    verified: bool


@dataclass(frozen=True)
class Evidence:
    """Something that is known, what it says to whoever asks whether an antagonist interferes, and how we know."""

    claim: str
    says: str
    source: str
    status: str


def constant_rows(species: Species, compounds: Sequence[str]) -> tuple[ConstantRow, ...]:
    """Return each compound's constants at each target shown, in vitro and in vivo side by side."""
    return tuple(
        row for one in compounds for target in shown_targets(compounds) for row in _rows(one, target, species)
    )


def group_rows(design: OccupancyDesign, compounds: Sequence[str]) -> tuple[GroupRow, ...]:
    """Return each group's ratio of clearance for each compound."""
    return tuple(
        _group_row(group, one, group_ratios(group, compounds).get(one))
        for group in design.groups
        if group != REFERENCE
        for one in compounds
    )


@cache
def _all_evidence() -> tuple[tuple[Evidence, frozenset[str]], ...]:
    text = (files("adenoscope") / "values" / "evidence.csv").read_text(encoding="utf-8")
    return tuple(
        (Evidence(row["claim"], row["says"], row["source"], row["status"]), frozenset(row["compounds"].split(";")))
        for row in csv.DictReader(text.splitlines())
    )


def evidence(compounds: Sequence[str]) -> tuple[Evidence, ...]:
    """Return what is known of any of these compounds, in the order of ``values/evidence.csv``."""
    return tuple(row for row, of in _all_evidence() if of & set(compounds))


def _rows(compound: str, target: Any, species: Species) -> Iterator[ConstantRow]:
    binding = in_vitro(compound, target, species)
    if binding is None:
        return
    yield _row(compound, target, "in vitro: Ki, free", binding)
    half, most = in_vivo(compound, target, species), in_vivo_most(compound, target, species)
    if target in ("a1", "a2a"):
        yield _row(compound, target, "in vivo: half held, total plasma", half)
    if most is not None:
        yield _row(compound, target, "in vivo: largest share", most)


def _row(compound: str, target: str, kind: str, value: Parameter | None) -> ConstantRow:
    if value is None:
        return ConstantRow(compound, target, kind, None, None, None, "", NONE_FOUND, verified=False)
    return ConstantRow(
        compound, target, kind, value.value, value.low, value.high, value.unit, value.source, value.verified
    )


def _group_row(group: str, compound: str, ratio: Parameter | None) -> GroupRow:
    if ratio is None:
        words = f"{NONE_FOUND}: cleared as in the reference"
        return GroupRow(group, compound, None, None, None, words, verified=False)
    return GroupRow(group, compound, ratio.value, ratio.low, ratio.high, ratio.source, ratio.verified)
