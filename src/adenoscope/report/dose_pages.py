"""What the report shows of dose-responses: a figure, a sentence, and what could not be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from adenoscope.core.dose_response import DoseComparison, DoseResponse
from adenoscope.report.dose_figures import dose_figure
from adenoscope.report.numbers import GAP, Measure
from adenoscope.report.pages import marked
from adenoscope.report.svg import inline_svg
from adenoscope.report.words import (
    amount_words,
    first_upper,
    full_stop,
    interval_words,
    joined,
    measure_of,
    p_words,
    setting_words,
)


@dataclass(frozen=True)
class DosePage:
    """One dose-response: its place in the page, its words and its figure."""

    anchor: str
    heading: str
    sentence: str
    facts: str
    figure: Markup


def dose_pages(responses: Sequence[DoseResponse], *, synthetic: bool) -> Iterator[DosePage]:
    """Yield each dose-response as the page shows it."""
    for index, response in enumerate(responses, start=1):
        measure = measure_of(response.readout, response.unit)
        group = setting_words(response.setting)
        heading = f"{response.treatment} and {measure.name}" + (f" ({group})" if group else "")
        sentence = dose_sentence(response, measure)
        figure = dose_figure(response, measure, synthetic=synthetic)
        alt = marked(f"Animals as dots over the dose. {sentence}", synthetic=synthetic)
        yield DosePage(
            anchor=f"dose-{index}",
            heading=first_upper(heading),
            sentence=sentence,
            facts=_facts(response),
            figure=inline_svg(figure, name=f"dose-{index}-figure", alt=alt),
        )


def dose_sentence(response: DoseResponse, measure: Measure) -> str:
    """Return ED50 and ceiling with their intervals, and what could not be told with the reason."""
    told: list[str] = []
    if response.ed50 is not None:
        unit = Measure("ED50", response.dose_unit)
        told.append(
            f"Half of the effect on {measure.name} is reached at {amount_words(response.ed50, unit)} of "
            f"{response.treatment} ({interval_words(response.ed50, unit)})."
        )
    if response.emax is not None:
        told.append(
            f"The ceiling lies {amount_words(response.emax, measure)} from vehicle "
            f"({interval_words(response.emax, measure)})."
        )
    if response.reason:
        told.append(full_stop(first_upper(response.reason.replace(response.readout, measure.name))))
    return " ".join(told) or "Could not tell where the effect is half of its ceiling."


def comparison_sentence(comparison: DoseComparison) -> str:
    """Return how the second of two curves differs from the first: along the doses, and in its ceiling."""
    measure, ratio = measure_of(comparison.readout, ""), Measure("ratio")
    group = "" if comparison.setting is None else f" ({setting_words(comparison.setting)})"
    told = [f"{first_upper(measure.name)}{group}, {comparison.second} against {comparison.first}."]
    if comparison.shift is not None:
        shift = f"{amount_words(comparison.shift, ratio)} times the dose ({interval_words(comparison.shift, ratio)})"
        told.append(f"It takes {shift}.")
    if comparison.ceiling_ratio is not None:
        share = Measure("ceiling", "%", 100.0)
        told.append(
            f"Its ceiling is {amount_words(comparison.ceiling_ratio, share)} of the other "
            f"({interval_words(comparison.ceiling_ratio, share)})."
        )
    if comparison.reason:
        told.append(full_stop(first_upper(comparison.reason)))
    return " ".join(told)


def _facts(response: DoseResponse) -> str:
    steepness = "" if response.hill is None else f"Steepness {amount_words(response.hill, Measure('h'))} "
    steepness += "" if response.hill is None else f"({interval_words(response.hill, Measure('h'))})"
    effect, misfit = response.p_any_effect, response.p_misfit
    return joined(
        " · ",
        steepness,
        "" if effect is None else f"the dose matters: {p_words(effect)}",
        "" if misfit is None else f"the means stray from the curve: {p_words(misfit)}",
        response.method,
    ).replace(" = ", f"{GAP}={GAP}")
