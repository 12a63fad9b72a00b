"""Who holds A1 and A2A over time, as figures: by antagonists, by adenosine, and the levels behind it."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adenoscope.mechanism.occupancy import RECEPTORS, Numbers, in_vivo, named
from adenoscope.report.ink import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    blank_figure,
    house_style,
)
from adenoscope.report.occupancy_grid import WIDTH, Layout, grid, legend, mark_doses, mark_hours
from adenoscope.studies.occupancy.answer import OccupancyAnswer, TargetAnswer
from adenoscope.studies.occupancy.readings import Band, Span
from adenoscope.studies.occupancy.words import TARGETS

COLOURS = (BLACK, BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY, GREY)
DASHES = ("-", (0, (4, 1.5)), (0, (1.5, 1.2)))
BEFORE_H, AFTER_H = 0.5, 3.0  # shown around what raises adenosine
ROW = 0.17  # inch for each group of a figure of spans


def antagonist_figure(answer: OccupancyAnswer) -> Figure:
    """Return the share of each target that antagonists hold over time, a line for each group."""

    def draw(axes: Axes, own: TargetAnswer, _: int) -> None:
        for number, group in enumerate(answer.groups):
            found = group.of(own.target, own.kind).by_antagonist
            if found is not None:
                _line(axes, answer.clock.hours, found, number, group.group, 100.0)
        axes.set_xlim(0, answer.design.duration_h)
        axes.set_ylim(0, 100)
        mark_doses(axes, answer)

    return grid(answer, _bound(answer), Layout("held by antagonists (%)"), draw)


def adenosine_figure(answer: OccupancyAnswer) -> Figure:
    """Return the share of A1 and A2A that adenosine holds without and with antagonists, in the first group."""
    start, end = shown_span(answer)
    hours = answer.clock.hours
    here = (hours >= start) & (hours <= end)
    # One scale for all panels, so that they can be compared.
    shown = [
        x for own in answer.groups[0].targets for x in (own.adenosine_without, own.adenosine_with) if x is not None
    ]
    top = 105 * max((float(band.high[here].max()) for band in shown), default=1.0)

    def draw(axes: Axes, own: TargetAnswer, _: int) -> None:
        beside = f"with {named(answer.compounds)}"
        for found, colour, words in (
            (own.adenosine_without, GREY, "without"),
            (own.adenosine_with, BLUE, beside),
        ):
            if found is not None:
                low, high = 100 * found.low[here], 100 * found.high[here]
                axes.fill_between(hours[here], low, high, color=colour, alpha=0.15, linewidth=0)
                axes.plot(hours[here], 100 * found.estimate[here], color=colour, linewidth=1.4, label=words)
        axes.set_xlim(start, end)
        axes.set_ylim(0, top)
        mark_doses(axes, answer)

    return grid(answer, RECEPTORS, Layout("held by adenosine (%)"), draw)


def duration_figure(answer: OccupancyAnswer) -> Figure:
    """Return until when antagonists hold more than the lowest threshold, by group, target and constants."""
    names, longest = [group.group for group in answer.groups], answer.design.duration_h - answer.clock.last_h

    def draw(axes: Axes, own: TargetAnswer, column: int) -> None:
        for number, group in enumerate(answer.groups):
            found = group.of(own.target, own.kind).readings
            if found is not None:
                _span(axes, found.above[0].until_h, number, longest)
        axes.set_xlim(0, longest)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.set_yticks(range(len(names)), names if column == 0 else [""] * len(names))
        axes.tick_params(axis="y", length=0)

    layout = Layout("", "h after the last dose", panel=0.15 + ROW * len(names), left=1.25)
    return grid(answer, _bound(answer), layout, draw)


def level_figure(answer: OccupancyAnswer) -> Figure:
    """Return each compound's level in plasma over time, a line for each group, with the levels of half occupancy."""
    layout = Layout("total plasma (mg/L)")
    with house_style():
        figure = blank_figure(WIDTH, layout.height(len(answer.compounds)), synthetic=False)
        for row, compound in enumerate(answer.compounds):
            axes = layout.place(figure, row, 0, columns=2)
            for number, group in enumerate(answer.groups):
                _line(axes, answer.clock.hours, group.levels[row].plasma, number, group.group, 1.0)
            _halves(axes, compound, answer)
            axes.set_xlim(0, answer.design.duration_h)
            axes.set_ylim(bottom=0)
            mark_hours(axes, 9)
            mark_doses(axes, answer)
            axes.set_title(named([compound]), loc="left", pad=4)
            axes.set_ylabel(layout.y)
        figure.axes[-1].set_xlabel(layout.x)
        legend(figure)
    return figure


def shown_span(answer: OccupancyAnswer) -> tuple[float, float]:
    """Return from when to when adenosine is shown [h]: around what raises it, else throughout."""
    raised = answer.clock.challenge_h
    if raised is None:
        return 0.0, answer.design.duration_h
    return max(0.0, raised - BEFORE_H), min(answer.design.duration_h, raised + AFTER_H)


def _bound(answer: OccupancyAnswer) -> list[str]:
    """Return the targets that something given binds."""
    return list(dict.fromkeys(own.target for own in answer.groups[0].targets if own.bound))


def _line(axes: Axes, hours: Numbers, own: Band, number: int, words: str, scale: float) -> None:
    """Draw a group's median, and the band of the first."""
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number // len(COLOURS) % len(DASHES)]
    if number == 0:
        axes.fill_between(hours, scale * own.low, scale * own.high, color=colour, alpha=0.1, linewidth=0)
    axes.plot(hours, scale * own.estimate, color=colour, linestyle=dash, linewidth=1.3, label=words)


def _span(axes: Axes, own: Span, row: int, longest: float) -> None:
    """Draw a median with its bounds; an arrow where a bound is beyond the end."""
    colour = COLOURS[row % len(COLOURS)]
    low, high = (longest if bound is None else bound for bound in (own.low, own.high))
    axes.plot([low, high], [row, row], color=colour, linewidth=1.6)
    if own.high is None:
        axes.plot([longest], [row], ">", color=colour, markersize=5, clip_on=False)
    if own.estimate is not None:
        axes.plot([own.estimate], [row], "o", color=colour, markersize=4.5, clip_on=False)


def _halves(axes: Axes, compound: str, answer: OccupancyAnswer) -> None:
    """Mark the levels at which half of a receptor is held by PET."""
    for target in RECEPTORS:
        half = in_vivo(compound, target, answer.design.species)
        if half is not None:
            axes.axhline(half.value, color=GREY, linewidth=0.7, linestyle=(0, (2, 2)), zorder=0)
            axes.annotate(f"half of {TARGETS[target]} (PET)", (1, half.value), (-2, 2), color=GREY, ha="right",
                          xycoords=("axes fraction", "data"), textcoords="offset points", fontsize=6.5)  # fmt: skip
