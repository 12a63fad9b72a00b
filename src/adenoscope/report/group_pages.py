"""What the report shows of groups: figures of every readout, and the numbers behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from adenoscope.core.contrast import Contrast
from adenoscope.core.result import StudyResult
from adenoscope.core.study import Study
from adenoscope.report.cumming import cumming_figures
from adenoscope.report.estimation_marks import Animals, values_of
from adenoscope.report.group_figures import contrast_figure, shared_limits
from adenoscope.report.numbers import GAP, Measure, bounds, count, decimals, estimate, number
from adenoscope.report.pages import marked
from adenoscope.report.svg import inline_svg
from adenoscope.report.words import (
    contrast_animals,
    contrast_group,
    contrast_note,
    contrast_numbers,
    contrast_sentence,
    contrast_title,
    first_upper,
    measure_of,
    p_words,
)


@dataclass(frozen=True)
class ContrastRow:
    """A contrast in numbers: both groups with mean, standard deviation and n, the difference, and a note."""

    title: str
    group: str
    vehicle: str
    treated: str
    difference: str
    p: str
    note: str


@dataclass(frozen=True)
class ReadoutPage:
    """All contrasts of one readout on one scale; ``caption`` is the numbers of a single one."""

    name: str
    unit: str
    points: str
    figures: tuple[Markup, ...]
    caption: str
    rows: tuple[ContrastRow, ...]


def readout_pages(result: StudyResult) -> Iterator[ReadoutPage]:
    """Yield the contrasts, gathered by readout in the order they came."""
    for index, readout in enumerate(dict.fromkeys(contrast.readout for contrast in result.contrasts), start=1):
        contrasts = tuple(contrast for contrast in result.contrasts if contrast.readout == readout)
        measure = measure_of(readout, contrasts[0].unit)
        figures = tuple(_figures(contrasts, measure, result.study, f"readout-{index}"))
        caption = first_upper(contrast_numbers(contrasts[0])) if len(contrasts) == 1 else ""
        rows = tuple(_row(contrast, measure) for contrast in contrasts)
        yield ReadoutPage(measure.name, measure.unit, measure.points or measure.unit, figures, caption, rows)


def _figures(contrasts: tuple[Contrast, ...], measure: Measure, study: Study, name: str) -> Iterator[Markup]:
    shown = tuple(contrast for contrast in contrasts if contrast.treated or contrast.vehicle)
    if len(contrasts) == 1 and shown:
        figure = contrast_figure(shown[0], measure, shared_limits(shown, measure), synthetic=study.synthetic)
        alt = f"Dots for {contrast_animals(shown[0])}. {contrast_sentence(shown[0], study)}"
        yield inline_svg(figure, name=name, alt=marked(alt, synthetic=study.synthetic))
    elif shown:
        alt = f"Animals of {count(len(shown), 'comparison')} as dots above their differences, which the table lists."
        for index, figure in enumerate(cumming_figures(shown, measure, synthetic=study.synthetic), start=1):
            spoken = marked(f"{first_upper(measure.name)}. {alt}", synthetic=study.synthetic)
            yield inline_svg(figure, name=f"{name}-{index}", alt=spoken)


def _row(contrast: Contrast, measure: Measure) -> ContrastRow:
    difference = contrast.difference
    told = f"{estimate(difference, measure)} ({bounds(difference, measure)})" if difference else "could not tell"
    return ContrastRow(
        title=contrast_title(contrast),
        group=contrast_group(contrast),
        vehicle=group_numbers(contrast.vehicle, measure),
        treated=group_numbers(contrast.treated, measure),
        difference=told,
        p=p_words(contrast.p_permutation) if contrast.p_permutation is not None else "",
        note=contrast_note(contrast, measure) if contrast.reason else "",
    )


def group_numbers(animals: Animals, measure: Measure) -> str:
    """Return "mean ± standard deviation (n)" of a group, without its unit."""
    values = values_of(animals, measure)
    if values.size < 2:
        return f"n{GAP}={GAP}{values.size}"
    sd = float(np.std(values, ddof=1))
    places = decimals(sd)
    return f"{number(float(values.mean()), places)}{GAP}±{GAP}{number(sd, places)} (n{GAP}={GAP}{values.size})"
