"""Verdicts in words and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adenoscope.core.result import StudyResult
from adenoscope.core.verdict import Verdict
from adenoscope.report.numbers import Measure
from adenoscope.report.verdict_words import (
    effect_words,
    margin_words,
    question_words,
    under_words,
    verdict_paragraph,
    verdict_sentence,
    verdict_warnings,
    without_words,
)
from adenoscope.report.words import first_upper, measure_of, p_words
from adenoscope.statistics.verdicts.share import share_left
from adenoscope.web.group.rows.numbers import SHARE, numbers


@dataclass(frozen=True)
class VerdictShown:
    """One verdict: its words, and the numbers that it rests on by name."""

    number: int
    finding: str
    heading: str
    manipulation: str
    effect: str
    readout: str
    sentence: str
    paragraph: tuple[str, ...]
    warnings: tuple[str, ...]
    margin: str
    margin_given: bool
    without: str
    under: str
    numbers: dict[str, str]
    unit: str
    drawn: bool


def verdicts_shown(result: StudyResult) -> Iterator[VerdictShown]:
    """Yield the verdicts in the order in which they were asked."""
    for index, verdict in enumerate(result.verdicts, start=1):
        measure = measure_of(verdict.readout, verdict.unit)
        margin = verdict.margin
        yield VerdictShown(
            number=index,
            finding=verdict.finding,
            heading=first_upper(f"{verdict.manipulation} and {question_words(verdict)}"),
            manipulation=verdict.manipulation,
            effect=effect_words(verdict),
            readout=measure.name,
            sentence=verdict_sentence(verdict),
            paragraph=verdict_paragraph(verdict),
            warnings=verdict_warnings(verdict),
            margin="" if margin is None else margin_words(margin, measure),
            margin_given=margin is not None and margin.given,
            without=without_words(verdict),
            under=under_words(verdict),
            numbers=_numbers_of(verdict, measure),
            unit=measure.points or measure.unit,
            drawn=verdict.reference is not None and verdict.residual is not None,
        )


def share_of(verdict: Verdict) -> str:
    """Return what is left of an effect [%] with its interval; nothing where it cannot be said."""
    return numbers(share_left(verdict), SHARE)


def _numbers_of(verdict: Verdict, measure: Measure) -> dict[str, str]:
    effects = {"reference": verdict.reference, "residual": verdict.residual}
    return {
        **{name: numbers(one.difference if one else None, measure) for name, one in effects.items()},
        "interaction": numbers(verdict.interaction, measure),
        "residual_90": numbers(verdict.residual_90, measure),
        "interaction_90": numbers(verdict.interaction_90, measure),
        "p": "" if verdict.p_interaction is None else p_words(verdict.p_interaction),
    }
