"""The chance of an answer over the number of animals: a panel for each readout that is planned."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adenoscope.report.ink import BLACK, BLUE, GREEN, GREY, ORANGE, blank_figure, house_style
from adenoscope.report.numbers import MINUS
from adenoscope.studies.plan_study import PlannedReadout

WIDTH, PANEL, FOOT, HEAD = 6.6, 2.5, 0.55, 0.35
COLOURS = (GREY, BLUE, ORANGE, GREEN)
GROUPS = {
    "unpaired": "animals in each of four groups",
    "paired": "animals in each genotype, each under treatment and vehicle",
    "crossed": "animals, each under all four arms",
}


def power_figure(planned: Sequence[PlannedReadout]) -> Figure:
    """Return the figure: chance of each answer over group size, and the size at which it is enough."""
    height = len(planned) * (PANEL + FOOT + HEAD)
    with house_style():
        figure = blank_figure(WIDTH, height, synthetic=False)
        for row, item in enumerate(planned):
            bottom = height - (row + 1) * (PANEL + FOOT + HEAD) + FOOT
            axes = figure.add_axes((0.09, bottom / height, 0.5, PANEL / height))
            _panel(axes, item)
    return figure


def _panel(axes: Axes, item: PlannedReadout) -> None:
    plan = item.plan
    for need, colour in zip(item.needs, COLOURS, strict=True):
        enough = "more than tried" if need.n is None else f"n = {need.n}"
        sizes = [size for size, _ in need.curve]
        axes.plot(sizes, [chance for _, chance in need.curve], color=colour, label=f"{need.question}\n{enough}")
        if need.n is not None:
            axes.plot([need.n], [plan.power], "o", color=colour, markersize=4)
    axes.axhline(plan.power, color=BLACK, linewidth=0.6, linestyle=(0, (2, 2)))
    axes.set_xscale("log")
    ticks = [n for n in (3, 5, 10, 20, 50, 100, 200, 400) if axes.get_xlim()[0] <= n <= axes.get_xlim()[1]]
    axes.set_xticks(ticks, [str(n) for n in ticks])
    axes.minorticks_off()
    axes.set_ylim(0, 1.02)
    axes.set_xlabel(GROUPS[plan.design])
    axes.set_ylabel("chance of the answer")
    unit = f" {plan.unit}" if plan.unit else ""
    margin = "half of the effect seen" if plan.margin is None else f"{plan.margin:g}{unit}"
    title = f"{plan.readout}: effect {plan.effect:g}{unit}, sd {plan.sd:g}{unit}, margin {margin}"
    axes.set_title(title.replace(" -", f" {MINUS}"), loc="left")
    axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), labelspacing=1.0)
