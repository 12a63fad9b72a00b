"""Figures of a ranking: potency against side effect, and indices with their intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from adenoscope.core.ranking import CompoundIndex, Ranking
from adenoscope.report.ink import BLACK, BLUE, GREY, PALE, VERMILLION, blank_figure, house_style
from adenoscope.report.ranking_labels import LONGEST, place_labels, short
from adenoscope.report.ranking_words import chance, index_words

FRONT_WIDTH, FRONT_HEIGHT = 6.4, 4.6
ROW, FOREST_WIDTH = 0.25, 6.4
PAD = 0.12  # decades around what is drawn


def front(ranking: Ranking) -> tuple[str, ...]:
    """Return the compounds that no other beats in both: lower ED50 of the effect, higher ED50 of the side effect."""
    told = [(item, *_middles(item)) for item in ranking.compounds if item.index is not None]
    return tuple(
        item.compound
        for item, effect, side in sorted(told, key=lambda each: each[1])
        if not any(other <= effect and more >= side and (other, more) != (effect, side) for _, other, more in told)
    )


def front_figure(ranking: Ranking, *, synthetic: bool) -> Figure:
    """Return ED50 of the side effect over ED50 of the effect, with intervals, equal indices and the front."""
    told = [item for item in ranking.compounds if item.index is not None]
    best = front(ranking)
    with house_style():
        figure = blank_figure(FRONT_WIDTH, FRONT_HEIGHT, synthetic=synthetic)
        axes = figure.add_axes((0.1, 0.11, 0.8, 0.83))
        axes.set_xscale("log")
        axes.set_yscale("log")
        for item in told:
            _cross(axes, item, _colour(item, ranking, best))
        _limits(axes, told)
        _diagonals(axes)
        _front_line(axes, told, best)
        axes.set_xlabel(f"ED50 of the effect ({ranking.dose_unit}); to the left is more potent")
        axes.set_ylabel(f"ED50 of the side effect ({ranking.dose_unit})")
        _plain_ticks(axes)
        place_labels(axes, [(item.compound, *_middles(item)) for item in told])
    return figure


def forest_figure(ranking: Ranking, *, synthetic: bool) -> Figure:
    """Return each compound's index with its interval, and the chance that it is better than the reference."""
    items = ranking.compounds
    height = 1.0 + ROW * len(items)
    with house_style():
        figure = blank_figure(FOREST_WIDTH, height, synthetic=synthetic)
        axes = figure.add_axes((0.23, 0.6 / height, 0.47, 1 - 0.95 / height))
        axes.set_xscale("log")
        for place, item in enumerate(items):
            _forest_row(axes, place, item, item.compound == ranking.reference)
        _forest_limits(axes, items)
        for place, item in enumerate(items):
            _forest_words(axes, place, item, ranking.reference)
        axes.set_ylim(len(items) - 0.4, -0.6)
        axes.set_yticks(range(len(items)), [short(item.compound, LONGEST + 2) for item in items])
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("therapeutic index: ED50 of the side effect / ED50 of the effect")
        axes.axvline(1, color=PALE, linewidth=0.8, zorder=-1)
        _plain_ticks(axes, y=False)
    return figure


def _middles(item: CompoundIndex) -> tuple[float, float]:
    """Return both ED50s of a compound whose index is told."""
    ends = (item.effect.ed50, item.side_effect.ed50)
    return tuple(math.nan if end is None else end.estimate for end in ends)  # pyright: ignore[reportReturnType]


def _colour(item: CompoundIndex, ranking: Ranking, best: Sequence[str]) -> str:
    if item.compound == ranking.reference:
        return VERMILLION
    return BLUE if item.compound in best else GREY


def _cross(axes: Axes, item: CompoundIndex, colour: str) -> None:
    effect, side = item.effect.ed50, item.side_effect.ed50
    if effect is None or side is None:
        return
    axes.plot([effect.low, effect.high], [side.estimate] * 2, color=colour, linewidth=0.9, alpha=0.75)
    axes.plot([effect.estimate] * 2, [side.low, side.high], color=colour, linewidth=0.9, alpha=0.75)
    marker = "D" if colour == VERMILLION else "o"
    axes.plot(effect.estimate, side.estimate, marker, color=colour, markersize=5, zorder=4)


def _limits(axes: Axes, told: Sequence[CompoundIndex]) -> None:
    """Give both axes the same number of decades, so that equal indices run at 45° where the panel is square."""
    for set_limits, fits in (
        (axes.set_xlim, [item.effect for item in told]),
        (axes.set_ylim, [item.side_effect for item in told]),
    ):
        ends = [end for fit in fits if fit.ed50 is not None for end in (fit.ed50.low, fit.ed50.high)] or [1.0, 10.0]
        low, high = math.log10(min(ends)) - PAD, math.log10(max(ends)) + PAD
        set_limits(10**low, 10**high)


def _diagonals(axes: Axes) -> None:
    """Draw the lines on which the index is the same, each named where it leaves the panel."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    least, most = math.floor(math.log10(bottom / right)), math.ceil(math.log10(top / left))
    for power in range(least, most + 1):
        index = 10.0**power
        axes.plot([left, right], [index * left, index * right], color=PALE, linewidth=0.9, zorder=-2)
        end = min(right, top / index)
        if left < end and bottom < index * end and end / left > 1.3 and index * end / bottom > 1.3:
            at_top = end < right
            axes.annotate(
                f"index {index:g}", (end, index * end), (0, 3) if at_top else (3, 0), textcoords="offset points",
                ha="center" if at_top else "left", va="bottom" if at_top else "center", color=GREY, fontsize=6.5,
                annotation_clip=False,
            )  # fmt: skip
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)


def _front_line(axes: Axes, told: Sequence[CompoundIndex], best: Sequence[str]) -> None:
    places = {item.compound: _middles(item) for item in told}
    corners = [places[name] for name in best]
    if len(corners) > 1:
        x, y = zip(*corners, strict=True)
        axes.step(x, y, where="post", color=BLUE, linewidth=1.0, linestyle=(0, (4, 2)), zorder=1)


def _plain_ticks(axes: Axes, *, y: bool = True) -> None:
    for axis in (axes.xaxis, axes.yaxis) if y else (axes.xaxis,):
        low, high = sorted(axis.get_view_interval())
        narrow = math.log10(high / low) < 2.2
        axis.set_major_locator(LogLocator(10, subs=(1.0, 2.0, 5.0) if narrow else (1.0,)))
        axis.set_major_formatter(FuncFormatter(_plain))
        axis.set_minor_formatter(NullFormatter())


def _plain(value: float, _: int) -> str:
    return f"{value:g}"


def _forest_row(axes: Axes, place: int, item: CompoundIndex, is_reference: bool) -> None:
    if item.index is None:
        return
    colour = VERMILLION if is_reference else BLUE
    axes.hlines(place, item.index.low, item.index.high, color=colour, linewidth=1.6)
    axes.plot(item.index.estimate, place, "D" if is_reference else "o", color=colour, markersize=5)
    if is_reference:
        axes.axvline(item.index.estimate, color=VERMILLION, linewidth=0.7, linestyle=(0, (3, 2)), zorder=0)


def _forest_limits(axes: Axes, items: Sequence[CompoundIndex]) -> None:
    ends = [1.0]
    for item in items:
        ends += [] if item.index is None else [item.index.low, item.index.high]
        ends += [bound for bound in (item.index_above, item.index_below) if bound is not None]
    axes.set_xlim(10 ** (math.log10(min(ends)) - PAD), 10 ** (math.log10(max(ends)) + PAD))
    left, right = axes.get_xlim()
    for place, item in enumerate(items):
        for bound, end in ((item.index_above, right), (item.index_below, left)):
            if item.index is None and bound is not None:
                axes.annotate(
                    "", (end, place), (bound, place),
                    arrowprops={"arrowstyle": "->", "color": GREY, "linewidth": 1.0, "linestyle": (0, (3, 2))},
                )  # fmt: skip


def _forest_words(axes: Axes, place: int, item: CompoundIndex, reference: str) -> None:
    told = item.index is not None
    words = index_words(item)
    beside = "reference" if item.compound == reference else f"better: {chance(item.p_better)}" if told else ""
    for text, offset in ((words, 6), (beside, 92)):
        axes.annotate(
            text, (1, place), (offset, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
            va="center", color=BLACK if told else GREY, fontsize=6.8,
        )  # fmt: skip
