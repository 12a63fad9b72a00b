"""Contrasts by readout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adenoscope.core.contrast import Contrast
from adenoscope.core.result import StudyResult
from adenoscope.report.numbers import Measure
from adenoscope.report.words import contrast_group, contrast_note, contrast_title, measure_of, p_words
from adenoscope.web.group.rows.numbers import numbers


@dataclass(frozen=True)
class ContrastShown:
    """One contrast as a row of a table; ``told`` is whether its interval excludes zero."""

    title: str
    group: str
    n: str
    difference: str
    told: bool
    p: str
    note: str


@dataclass(frozen=True)
class ReadoutShown:
    """All contrasts of one readout."""

    number: int
    name: str
    unit: str
    points: str
    rows: tuple[ContrastShown, ...]


def readouts_shown(result: StudyResult) -> Iterator[ReadoutShown]:
    """Yield the contrasts, gathered by readout in the order they came."""
    for index, (readout, contrasts) in enumerate(by_readout(result.contrasts).items(), start=1):
        measure = measure_of(readout, contrasts[0].unit)
        rows = tuple(_contrast(contrast, measure) for contrast in contrasts)
        yield ReadoutShown(index, measure.name, measure.unit, measure.points or measure.unit, rows)


def by_readout(contrasts: Sequence[Contrast]) -> dict[str, list[Contrast]]:
    """Return contrasts by what was read out."""
    found: dict[str, list[Contrast]] = {}
    for contrast in contrasts:
        found.setdefault(contrast.readout, []).append(contrast)
    return found


def _contrast(contrast: Contrast, measure: Measure) -> ContrastShown:
    difference = contrast.difference
    paired = contrast.design == "paired"
    treated, vehicle = len(contrast.treated), len(contrast.vehicle)
    return ContrastShown(
        title=contrast_title(contrast),
        group=contrast_group(contrast),
        n=f"{treated}" if paired else f"{treated} / {vehicle}",
        difference=numbers(difference, measure),
        told=difference is not None and difference.excludes(0),
        p="" if contrast.p_permutation is None else p_words(contrast.p_permutation),
        note=contrast_note(contrast, measure) if contrast.reason or difference is None else "",
    )
