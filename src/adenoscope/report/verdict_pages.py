"""What the report shows of verdicts: the matrix, a panel and a paragraph for each, and their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from adenoscope.core.interval import Interval
from adenoscope.core.result import StudyResult
from adenoscope.core.verdict import Verdict
from adenoscope.report.delta_delta import delta_delta_figure
from adenoscope.report.dissociation import Matrix, dissociation_matrix
from adenoscope.report.matrix_figure import matrix_figures
from adenoscope.report.numbers import Measure, bounds, per_cent
from adenoscope.report.pages import marked
from adenoscope.report.svg import inline_svg
from adenoscope.report.verdict_words import (
    FINDING_WORDS,
    SYMBOLS,
    interval_of,
    margin_words,
    question_words,
    verdict_paragraph,
    verdict_sentence,
    verdict_warnings,
)
from adenoscope.report.words import first_upper, measure_of, p_words
from adenoscope.statistics.effects.multiplicity import holm


@dataclass(frozen=True)
class VerdictPage:
    """One verdict: its place in the page, its words, its figure and its numbers."""

    anchor: str
    verdict: Verdict
    brief: str
    heading: str
    sentence: str
    paragraph: tuple[str, ...]
    warnings: tuple[str, ...]
    word: str
    symbol: str
    figure: Markup | None
    numbers: VerdictNumbers


@dataclass(frozen=True)
class VerdictNumbers:
    """What a verdict rests on, for a row of a table; ``p_holm`` is adjusted for all questions of the study."""

    reference: str
    residual: str
    interaction: str
    residual_90: str
    interaction_90: str
    margin: str
    p: str
    p_holm: str
    unit: str


@dataclass(frozen=True)
class NecessityPage:
    """All verdicts, and the matrix of them where there are several."""

    verdicts: tuple[VerdictPage, ...]
    matrix: Matrix | None
    figures: tuple[Markup, ...]


def necessity_page(result: StudyResult) -> NecessityPage | None:
    """Return the section on necessity, None where nothing was asked."""
    if not result.verdicts:
        return None
    synthetic = result.study.synthetic
    matrix = dissociation_matrix(result.verdicts) if len(result.verdicts) > 1 else None
    return NecessityPage(
        verdicts=tuple(_verdict_pages(result.verdicts, synthetic=synthetic)),
        matrix=matrix,
        figures=tuple(_matrix_drawings(matrix, synthetic=synthetic)) if matrix is not None else (),
    )


def _verdict_pages(verdicts: tuple[Verdict, ...], *, synthetic: bool) -> Iterator[VerdictPage]:
    asked = [index for index, verdict in enumerate(verdicts) if verdict.p_interaction is not None]
    adjusted = dict(zip(asked, holm([verdicts[index].p_interaction or 0.0 for index in asked]), strict=True))
    for index, verdict in enumerate(verdicts):
        anchor = f"verdict-{index + 1}"
        measure = measure_of(verdict.readout, verdict.unit)
        yield VerdictPage(
            anchor=anchor,
            verdict=verdict,
            brief=first_upper(f"{verdict.manipulation}, {measure.name}"),
            heading=first_upper(f"{verdict.manipulation} and {question_words(verdict)}"),
            sentence=verdict_sentence(verdict),
            paragraph=verdict_paragraph(verdict),
            warnings=verdict_warnings(verdict),
            word=FINDING_WORDS[verdict.finding],
            symbol=SYMBOLS[verdict.finding],
            figure=_panel(verdict, measure, anchor, synthetic=synthetic),
            numbers=_numbers(verdict, measure, adjusted.get(index)),
        )


def _panel(verdict: Verdict, measure: Measure, anchor: str, *, synthetic: bool) -> Markup | None:
    figure = delta_delta_figure(verdict, measure, synthetic=synthetic)
    if figure is None:
        return None
    alt = "Four groups of animals as dots, both effects and their interaction beside the margin."
    spoken = marked(f"{alt} {verdict_sentence(verdict)}", synthetic=synthetic)
    return inline_svg(figure, name=f"{anchor}-panel", alt=spoken)


def _matrix_drawings(matrix: Matrix, *, synthetic: bool) -> Iterator[Markup]:
    rows = ", ".join(row.manipulation for row in matrix.rows)
    alt = f"Verdicts on {', '.join(matrix.columns)} under {rows}, the same as in the table below."
    for index, figure in enumerate(matrix_figures(matrix, synthetic=synthetic), start=1):
        yield inline_svg(figure, name=f"matrix-{index}", alt=marked(alt, synthetic=synthetic))


def _numbers(verdict: Verdict, measure: Measure, p_holm: float | None) -> VerdictNumbers:
    effects = (contrast.difference if contrast else None for contrast in (verdict.reference, verdict.residual))
    reference, residual = (interval_of(effect, measure) for effect in effects)
    return VerdictNumbers(
        reference=reference,
        residual=residual,
        interaction=interval_of(verdict.interaction, measure),
        residual_90=_ninety(verdict.residual_90, measure),
        interaction_90=_ninety(verdict.interaction_90, measure),
        margin=margin_words(verdict.margin, measure) if verdict.margin is not None else "",
        p="" if verdict.p_interaction is None else p_words(verdict.p_interaction),
        p_holm="" if p_holm is None else p_words(p_holm),
        unit=measure.points or measure.unit,
    )


def _ninety(interval: Interval | None, measure: Measure) -> str:
    return "" if interval is None else f"{per_cent(interval.ci_prob)}: {bounds(interval, measure)}"
