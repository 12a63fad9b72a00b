"""Panels of occupancy: a row for each target, a column for each set of constants, doses marked under the axis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from adenoscope.core.protocol import Breath
from adenoscope.io.occupancy_toml import HOUR_S
from adenoscope.report.ink import BLACK, GREY, ORANGE, blank_figure, house_style
from adenoscope.studies.occupancy.answer import OccupancyAnswer, TargetAnswer
from adenoscope.studies.occupancy.shares import KINDS
from adenoscope.studies.occupancy.words import CONSTANTS, TARGETS

WIDTH, HEAD, GAP, BETWEEN = 6.9, 0.3, 0.58, 0.28  # inch
DAY_STEPS, HOUR_STEPS, SHORT_H = (1, 2, 3, 6, 10), (1, 2, 5, 10), 12.0  # long spans are read by parts of a day


@dataclass(frozen=True)
class Layout:
    """What panels share: height and width of one, where the first begins [inch], and the words on their axes."""

    y: str
    x: str = "time (h)"
    panel: float = 1.75
    column: float = 2.42
    left: float = 0.58

    def height(self, rows: int) -> float:
        """Return the height of a figure with so many rows [inch]."""
        return rows * (self.panel + GAP) + HEAD

    def place(self, figure: Figure, row: int, column: int, columns: int = 1) -> Axes:
        """Return a new panel, which is as wide as so many columns."""
        height = figure.get_figheight()
        width = columns * (self.column + BETWEEN) - BETWEEN
        left, bottom = (
            self.left + column * (self.column + BETWEEN),
            height - HEAD - row * (self.panel + GAP) - self.panel,
        )
        return figure.add_axes((left / WIDTH, bottom / height, width / WIDTH, self.panel / height))


def grid(
    answer: OccupancyAnswer, targets: Sequence[str], layout: Layout, draw: Callable[[Axes, TargetAnswer, int], None]
) -> Figure:
    """Return a figure with a panel for each target and set of constants; where nothing is told, it says why."""
    with house_style():
        figure = blank_figure(WIDTH, layout.height(len(targets)), synthetic=False)
        for row, target in enumerate(targets):
            for column, kind in enumerate(KINDS):
                axes, own = layout.place(figure, row, column), answer.groups[0].of(target, kind)
                axes.set_title(f"{TARGETS[target]}, {CONSTANTS[kind]}", loc="left", pad=4)
                if own.reason is not None:
                    untold(axes, own.reason)
                    continue
                draw(axes, own, column)
                mark_hours(axes, 6)
                axes.set_ylabel(layout.y if column == 0 else "")
                axes.set_xlabel(layout.x if row == len(targets) - 1 else "")
        legend(figure)
    return figure


def untold(axes: Axes, reason: str) -> None:
    """Write into an empty panel why nothing is told."""
    axes.set_axis_off()
    axes.text(0.5, 0.5, fill(reason, 34), ha="center", va="center", color=GREY, transform=axes.transAxes)


def mark_hours(axes: Axes, most: int) -> None:
    """Put at most so many ticks on an axis of hours."""
    start, end = axes.get_xlim()
    axes.xaxis.set_major_locator(MaxNLocator(most, steps=DAY_STEPS if end - start >= SHORT_H else HOUR_STEPS))


def mark_doses(axes: Axes, answer: OccupancyAnswer) -> None:
    """Mark doses of antagonists by triangles under the axis, and what raises adenosine by a line or a shade."""
    start, end = axes.get_xlim()
    shown = [dose.at_s / HOUR_S for dose in answer.design.give if start <= dose.at_s / HOUR_S <= end]
    along = axes.get_xaxis_transform()
    axes.plot(shown, [0.0] * len(shown), "^", color=BLACK, markersize=4, transform=along, clip_on=False, zorder=5)
    for done in (*answer.design.challenge, *answer.design.breathe):
        if isinstance(done, Breath):
            for begin, stop in done.bouts:
                axes.axvspan(begin / HOUR_S, stop / HOUR_S, color=ORANGE, alpha=0.25, linewidth=0, zorder=0)
        else:
            axes.axvline(done.at_s / HOUR_S, color=ORANGE, linewidth=1.0, linestyle=(0, (3, 2)), zorder=0)


def legend(figure: Figure) -> None:
    """Name the lines beside the panels, where there is more than one."""
    lines, words = next((found for axes in figure.axes if (found := axes.get_legend_handles_labels())[0]), ([], []))
    if len(lines) > 1:
        right = max(axes.get_position().x1 for axes in figure.axes) + 0.015
        top = max(axes.get_position().y1 for axes in figure.axes)
        figure.legend(lines, [fill(word, 15) for word in words], loc="upper left", bbox_to_anchor=(right, top),
                      handlelength=1.6, handletextpad=0.5, borderaxespad=0)  # fmt: skip
