"""A verdict as a figure: four groups of animals, the two effects, and their difference beside the margin.

Source: Ho et al. (2019), doi:10.1038/s41592-019-0470-3 (animals above, differences below); Schuirmann (1987),
doi:10.1007/BF01068419 (the 90 % interval inside ± the margin).
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from adenoscope.core.contrast import Contrast
from adenoscope.core.interval import Interval
from adenoscope.core.verdict import Verdict
from adenoscope.report.estimation_marks import (
    axis_lines,
    degrees_of,
    draw_animals,
    draw_difference,
    draw_pairs,
    padded,
    reach_of,
    scaled,
    short,
    values_of,
    write_below,
)
from adenoscope.report.ink import BLACK, BLUE, GREEN, GREY, PURPLE, VERMILLION, blank_figure, house_style
from adenoscope.report.numbers import GAP, Measure, bounds, estimate
from adenoscope.report.verdict_words import FINDING_WORDS, margin_words, under_words, without_words
from adenoscope.report.words import dose

WIDTH, HEIGHT = 5.6, 4.2
PLACES = ((0.0, 1.0), (2.3, 3.3))
EFFECTS, INTERACTION = (0.5, 2.8), 5.0
EDGES = (-0.6, 6.0)
BAND_FROM, LEGEND_FROM = 1.9, 4.1
OFFSET_90 = -0.16
LONGEST_LABEL, LONGEST_LINE = 13, 31
BAND = "#d5ece4"


def delta_delta_figure(verdict: Verdict, measure: Measure, *, synthetic: bool) -> Figure | None:
    """Return the figure; None where nobody was measured under the manipulation."""
    if verdict.reference is None or verdict.residual is None:
        return None
    effects = (verdict.reference, verdict.residual)
    with house_style():
        figure = blank_figure(WIDTH, HEIGHT, synthetic=synthetic)
        above, below = figure.add_axes((0.13, 0.575, 0.86, 0.355)), figure.add_axes((0.13, 0.12, 0.86, 0.31))
        for axes, limits in ((above, _reach(effects, measure)), (below, _reach_of_effects(verdict, measure))):
            axes.set_xlim(*EDGES)
            axes.set_ylim(*limits)
            axes.set_xticks([])
            axes.spines["bottom"].set_visible(False)
            axes.locator_params(axis="y", nbins=6)
            axes.yaxis.set_label_coords(-0.082, 0.5)
        above.set_ylabel(axis_lines(measure.axis))
        below.set_ylabel(axis_lines(measure.difference_axis))
        titles = (without_words(verdict), under_words(verdict))
        for contrast, places, title, colour in zip(effects, PLACES, titles, (BLUE, VERMILLION), strict=True):
            _animals(above, contrast, places, title, measure, colour)
        _differences(below, verdict, measure)
        _legend(above, verdict, measure)
    return figure


def _reach(effects: tuple[Contrast, Contrast], measure: Measure) -> tuple[float, float]:
    arms = [arm for contrast in effects for arm in (contrast.vehicle, contrast.treated)]
    return padded([float(value) for arm in arms for value in values_of(arm, measure)])


def _reach_of_effects(verdict: Verdict, measure: Measure) -> tuple[float, float]:
    contrasts = (verdict.reference, verdict.residual)
    drawn = (*(contrast.difference for contrast in contrasts if contrast is not None), verdict.interaction)
    reach = [edge for interval in drawn for edge in reach_of(interval, measure)]
    for ninety in (verdict.residual_90, verdict.interaction_90):
        reach += scaled(ninety, measure) if ninety is not None else ()
    margin = verdict.margin.size * measure.scale if verdict.margin is not None else 0.0
    return padded([-margin, margin, *reach], 0.04)


def _animals(
    axes: Axes, contrast: Contrast, places: tuple[float, float], title: str, measure: Measure, colour: str
) -> None:
    paired = contrast.design == "paired"
    if paired:
        draw_pairs(axes, places, contrast, measure)
    amount = dose(contrast.given.dose, contrast.given.dose_unit)
    named = (
        (places[0], contrast.vehicle, GREY, (short(contrast.versus, LONGEST_LABEL), "")),
        (places[1], contrast.treated, colour, (short(contrast.given.treatment, LONGEST_LABEL), amount)),
    )
    for place, arm, ink, lines in named:
        draw_animals(axes, place, values_of(arm, measure), ink, spread=not paired)
        write_below(axes, place, (*(lines if amount else lines[:1]), f"n = {len(arm)}"))
    axes.hlines(axes.get_ylim()[0], places[0] - 0.4, places[1] + 0.4, color=GREY, linewidth=1.2, clip_on=False)
    axes.annotate(
        short(title, 30), (sum(places) / 2, 1), (0, 5), xycoords=("data", "axes fraction"),
        textcoords="offset points", ha="center", weight="bold", color=colour,
    )  # fmt: skip


def _differences(axes: Axes, verdict: Verdict, measure: Measure) -> None:
    """Draw both effects and the interaction, what is held against the margin with its 90 % interval."""
    reference, residual = verdict.reference, verdict.residual
    if reference is None or residual is None:
        return
    _band(axes, verdict, measure)
    axes.hlines(0, *EDGES, color=GREY, linewidth=0.6)
    without, under = without_words(verdict), under_words(verdict)
    made = f"({short(reference.given.treatment, LONGEST_LABEL)} minus {short(reference.versus, LONGEST_LABEL)})"
    shown = (
        (EFFECTS[0], reference.difference, None, BLUE, (f"effect {without}", made)),
        (EFFECTS[1], residual.difference, verdict.residual_90, VERMILLION, (f"effect {under}", made)),
        (
            INTERACTION,
            verdict.interaction,
            verdict.interaction_90,
            PURPLE,
            ("interaction", f"({_bare(without)} minus {_bare(under)})"),
        ),
    )
    degrees = (degrees_of(reference), degrees_of(residual), degrees_of(reference) + degrees_of(residual))
    for (place, interval, ninety, colour, names), freedom in zip(shown, degrees, strict=True):
        numbers = "could not tell" if interval is None else _numbers(interval, measure)
        write_below(axes, place, (*(short(name, LONGEST_LINE) for name in names), numbers))
        if interval is not None:
            draw_difference(axes, place, interval, measure, freedom, colour)
        if ninety is not None:
            _, low, high = scaled(ninety, measure)
            axes.vlines(place + OFFSET_90, low, high, color=GREEN, linewidth=3.2, zorder=3)


def _bare(where: str) -> str:
    return where.removeprefix("in ").removeprefix("after ")


def _numbers(interval: Interval, measure: Measure) -> str:
    return f"{estimate(interval, measure)} ({bounds(interval, measure)})"


def _band(axes: Axes, verdict: Verdict, measure: Measure) -> None:
    """Shade what would be equivalent to zero: plain where the study gave the margin, hatched where the data did."""
    if verdict.margin is None:
        return
    size = verdict.margin.size * measure.scale
    band = Rectangle((BAND_FROM, -size), EDGES[1] - BAND_FROM, 2 * size, zorder=0)
    axes.add_patch(_as_margin(band, given=verdict.margin.given))


def _as_margin(patch: Patch, *, given: bool) -> Patch:
    if given:
        patch.set(facecolor=BAND, edgecolor="none")
    else:
        patch.set(facecolor="none", edgecolor=GREEN, hatch="////", linestyle=(0, (4, 2)), linewidth=0.8, alpha=0.55)
    return patch


def _legend(axes: Axes, verdict: Verdict, measure: Measure) -> None:
    """Write the finding and what the marks are into the free corner above the interaction."""
    left = (LEGEND_FROM - EDGES[0]) / (EDGES[1] - EDGES[0])
    axes.text(left, 1, FINDING_WORDS[verdict.finding], weight="bold", fontsize=9, va="top", transform=axes.transAxes)
    handles: list[Line2D | Patch] = [
        Line2D([], [], marker="o", linestyle="", color=GREY, markersize=3.8, label="one animal"),
        Line2D([], [], color=BLACK, linewidth=1.2, label="mean of a group"),
        Line2D([], [], color=BLACK, marker="o", markersize=4.5, linewidth=1.8, label="difference, 95 % interval"),
    ]
    if verdict.margin is not None:
        size = margin_words(verdict.margin, measure).split(GAP)[0]
        origin = (
            "given by the study" if verdict.margin.given else "half of the effect seen,\nso it depends on the data"
        )
        margin = _as_margin(Patch(label=f"margin {size},\n{origin}"), given=verdict.margin.given)
        ninety = Line2D([], [], color=GREEN, linewidth=3.2, label="90 % interval, to be held\nagainst the margin")
        handles += [ninety, margin]
    axes.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(left - 0.015, 0.9), fontsize=6.6, handlelength=1.6,
        labelspacing=0.55, borderaxespad=0,
    )  # fmt: skip
