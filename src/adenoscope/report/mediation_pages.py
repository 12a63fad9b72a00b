"""What the report shows of mediations: the numbers in words, how they break, and on what they rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup
from matplotlib.figure import Figure

from adenoscope.core.interval import Interval
from adenoscope.core.mediation import Mediation
from adenoscope.core.result import StudyResult
from adenoscope.report.ink import GREY, PURPLE, blank_figure, house_style
from adenoscope.report.numbers import GAP, Measure, per_cent
from adenoscope.report.pages import marked
from adenoscope.report.svg import inline_svg
from adenoscope.report.words import amount_words, first_upper, full_stop, interval_words, measure_of, setting_words

WIDTH, HEIGHT = 4.6, 2.3
SHARE = Measure("share", "%", 100.0)


@dataclass(frozen=True)
class MediationPage:
    """One mediation: its heading, its words, its figure and its assumptions."""

    heading: str
    sentences: tuple[str, ...]
    assumptions: tuple[str, ...]
    method: str
    figure: Markup | None


def mediation_pages(result: StudyResult) -> Iterator[MediationPage]:
    """Yield each mediation as the page shows it."""
    units = {contrast.readout: contrast.unit for contrast in result.contrasts}
    for index, mediation in enumerate(result.mediations, start=1):
        mediator, outcome = (
            measure_of(name, units.get(name, "")) for name in (mediation.mediator, mediation.outcome)
        )
        group = setting_words(mediation.setting)
        figure = _figure(mediation, outcome, synthetic=result.study.synthetic)
        alt = marked("The indirect effect over the correlation of residuals.", synthetic=result.study.synthetic)
        yield MediationPage(
            heading=f"Does {mediator.name} carry the effect of {mediation.treatment} on {outcome.name} ({group})?",
            sentences=tuple(_sentences(mediation, mediator, outcome)),
            assumptions=mediation.assumptions,
            method=mediation.method,
            figure=None if figure is None else inline_svg(figure, name=f"mediation-{index}", alt=alt),
        )


def _sentences(mediation: Mediation, mediator: Measure, outcome: Measure) -> Iterator[str]:
    yield f"{mediation.n_treated} animals with {mediation.treatment} and {mediation.n_vehicle} without it have both."
    for name, interval, measure in (
        (f"The effect on {mediator.name}", mediation.to_mediator, mediator),
        (f"The whole effect on {outcome.name}", mediation.total, outcome),
        (f"What goes through {mediator.name}", mediation.indirect, outcome),
        ("What does not", mediation.direct, outcome),
    ):
        if interval is not None:
            yield f"{name} is {amount_words(interval, measure)} ({interval_words(interval, measure)})."
    if mediation.share is not None:
        yield f"That is {_share(mediation.share)} of the whole."
    for text in (mediation.meaning, mediation.reason):
        if text:
            yield full_stop(first_upper(_named(text, mediation, mediator, outcome)))


def _share(interval: Interval) -> str:
    bounds = interval_words(interval, SHARE)
    return f"{100 * interval.estimate:.0f}{GAP}% ({bounds})"


def _named(text: str, mediation: Mediation, mediator: Measure, outcome: Measure) -> str:
    return text.replace(mediation.mediator, mediator.name).replace(mediation.outcome, outcome.name)


def _figure(mediation: Mediation, outcome: Measure, *, synthetic: bool) -> Figure | None:
    """Return how the indirect effect changes with an unseen common cause; None where there is none to show."""
    curve = mediation.sensitivity
    if curve is None:
        return None
    with house_style():
        figure = blank_figure(WIDTH, HEIGHT, synthetic=synthetic)
        axes = figure.add_axes((0.16, 0.2, 0.8, 0.75))
        low, high = outcome.scale * curve.low, outcome.scale * curve.high
        axes.fill_between(curve.rho, low, high, color=PURPLE, alpha=0.2, linewidth=0)
        axes.plot(curve.rho, outcome.scale * curve.indirect, color=PURPLE)
        axes.axhline(0, color=GREY, linewidth=0.6)
        axes.axvline(0, color=GREY, linewidth=0.6, linestyle=(0, (2, 2)))
        axes.annotate("as assumed", (0, 1), (3, -3), xycoords=("data", "axes fraction"),
                      textcoords="offset points", va="top", color=GREY)  # fmt: skip
        axes.set_xlabel("correlation of residuals ρ, by a cause that was not measured")
        unit = outcome.points or outcome.unit
        axes.set_ylabel(f"indirect effect, {per_cent(0.95)} band\n({unit})" if unit else "indirect effect")
    return figure
