"""Dose-responses, and how they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adenoscope.core.dose_response import DoseComparison, DoseResponse
from adenoscope.core.result import StudyResult
from adenoscope.report.numbers import Measure
from adenoscope.report.words import first_upper, measure_of, p_words, setting_words
from adenoscope.web.group.rows.numbers import Row, numbers, sentence


@dataclass(frozen=True)
class DoseShown:
    """A dose-response: its heading, numbers and p values, and what could not be told."""

    number: int
    heading: str
    rows: tuple[Row, ...]
    p_any_effect: str
    p_misfit: str
    reason: str
    method: str


@dataclass(frozen=True)
class ComparisonShown:
    """How one dose-response differs from another."""

    readout: str
    group: str
    first: str
    second: str
    shift: str
    ceiling_ratio: str
    common_ceiling: str
    reason: str


def doses_shown(result: StudyResult) -> Iterator[DoseShown]:
    """Yield the dose-responses."""
    for index, response in enumerate(result.doses, start=1):
        measure = measure_of(response.readout, response.unit)
        group = setting_words(response.setting)
        yield DoseShown(
            number=index,
            heading=first_upper(f"{response.treatment}, {measure.name}" + (f" ({group})" if group else "")),
            rows=tuple(_dose_rows(response, measure)),
            p_any_effect="" if response.p_any_effect is None else p_words(response.p_any_effect),
            p_misfit="" if response.p_misfit is None else p_words(response.p_misfit),
            reason=sentence(response.reason, (response.readout, measure.name)),
            method=response.method,
        )


def comparisons_shown(comparisons: Sequence[DoseComparison]) -> Iterator[ComparisonShown]:
    """Yield how dose-responses differ."""
    for comparison in comparisons:
        yield ComparisonShown(
            readout=measure_of(comparison.readout, "").name,
            group="" if comparison.setting is None else setting_words(comparison.setting),
            first=comparison.first,
            second=comparison.second,
            shift=numbers(comparison.shift, Measure("")),
            ceiling_ratio=numbers(comparison.ceiling_ratio, Measure("")),
            common_ceiling=comparison.common_ceiling,
            reason=sentence(comparison.reason),
        )


def _dose_rows(response: DoseResponse, measure: Measure) -> Iterator[Row]:
    yield Row("ED50", numbers(response.ed50, Measure("")), response.dose_unit)
    yield Row("Emax", numbers(response.emax, measure), measure.points or measure.unit)
    yield Row("E0", numbers(response.e0, measure), measure.unit)
    yield Row("Hill", numbers(response.hill, Measure("")), "")
