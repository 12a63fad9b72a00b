"""Figures of a hypoxia design: the front, a session over time, who falls how low, and what decides it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from adenoscope.mechanism.cohort import Numbers
from adenoscope.report.estimation_marks import swarm
from adenoscope.report.ink import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    VERMILLION,
    blank_figure,
    house_style,
    letter,
)
from adenoscope.studies.hypoxia.answer import HypoxiaAnswer, Sensitivity
from adenoscope.studies.hypoxia.curves import SessionCurves
from adenoscope.studies.hypoxia.evaluated import Evaluated

WIDTH = 6.6
MINUTE_S, PERCENT = 60.0, 100.0
MOST_BARS = 8  # of each outcome; the table has all
OUTPUT_WORDS = {
    "engagement": "engagement",
    "spo2_nadir": "nadir of SpO2",
    "pto2_lowest_mmhg": "lowest tissue PO2",
    "burden_percent_min": "burden",
}


def front_figure(answer: HypoxiaAnswer) -> Figure:
    """Return engagement over burden: the front, the schedule recommended, and presets that were simulated."""
    with house_style():
        figure = blank_figure(WIDTH, 3.3, synthetic=False)
        axes = figure.add_axes((0.1, 0.15, 0.86, 0.78))
        burden = [one.burden for one in answer.front]
        engaged = [one.engagement for one in answer.front]
        axes.plot(
            burden, engaged, "o-", color=BLUE, markersize=3.5, linewidth=0.8, label="front, cohort of the search"
        )
        for number, preset in enumerate(one for one in answer.presets if one.evaluated is not None):
            found = preset.evaluated
            if found is not None and found.engagement is not None and found.burden is not None:
                x, y = found.burden.estimate, found.engagement.estimate
                label = "presets, named in the table" if number == 0 else None
                axes.plot(x, y, "s", color=GREEN, markersize=4.5, label=label)
                axes.annotate(f"{number + 1}", (x, y), (-3, 5), textcoords="offset points", color=GREEN, fontsize=6.5)
        axes.set_xlabel("burden of the course: area of the fall of SpO2 (% min)")
        axes.set_ylabel("engagement (occupancy min)")
        # Both grow with bouts and sessions: on logarithms, presets of other lengths stand beside the front.
        axes.set_xscale("log")
        axes.set_yscale("log")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter("{x:g}")
            axis.set_minor_locator(LogLocator(subs=(2, 5)))
            axis.set_minor_formatter("{x:g}")
        _cross(axes, answer.recommended, VERMILLION, "recommended, other subjects: median, 95 %")
        axes.legend(loc="upper left")
    return figure


def _cross(axes: Axes, one: Evaluated, colour: str, label: str) -> None:
    if one.engagement is None or one.burden is None:
        return
    x, y = one.burden, one.engagement
    axes.hlines(y.estimate, x.low, x.high, color=colour, linewidth=0.9)
    axes.vlines(x.estimate, y.low, y.high, color=colour, linewidth=0.9)
    axes.plot(x.estimate, y.estimate, "D", color=colour, markersize=5.5, label=label, zorder=5)


def session_figure(curves: SessionCurves, floor: float | None) -> Figure:
    """Return a session over time: gas and oximeter, oxygen of brain tissue, and the rise of both receptors."""
    with house_style():
        figure = blank_figure(WIDTH, 5.2, synthetic=False)
        minutes = curves.time_s / MINUTE_S
        places = ((0.7, 0.26), (0.39, 0.23), (0.09, 0.22))
        top, middle, low = (figure.add_axes((0.1, bottom, 0.86, height)) for bottom, height in places)
        _band(top, minutes, PERCENT * curves.bands["spo2"], BLUE, "SpO2")
        _band(top, minutes, PERCENT * curves.bands["inspired_fio2"], GREY, "inspired oxygen")
        if floor is not None:
            top.axhline(
                PERCENT * floor, color=VERMILLION, linewidth=0.8, linestyle=(0, (4, 2)), label="floor of SpO2"
            )
        _band(middle, minutes, curves.bands["pto2"], PURPLE, "")
        _band(low, minutes, PERCENT * curves.bands["a1_occupancy"], BLUE, "A1")
        _band(low, minutes, PERCENT * curves.bands["a2a_occupancy"], ORANGE, "A2A")
        top.set_ylim(0, 103)
        letter(top, "a", "gas and oximeter (%)")
        letter(middle, "b", "oxygen of brain tissue (mmHg)")
        letter(low, "c", "rise of occupancy by adenosine (percentage points)")
        top.legend(loc="lower right", ncols=3)
        low.legend(loc="upper right", ncols=2)
        low.set_xlabel("time from the first bout (min)")
        for axes in (top, middle, low):
            axes.set_xlim(minutes[0], minutes[-1])
            _shade(axes, curves)
    return figure


def _shade(axes: Axes, curves: SessionCurves) -> None:
    for start in curves.schedule.starts_s:
        axes.axvspan(
            start / MINUTE_S, (start + curves.schedule.bout_s) / MINUTE_S, color="#eef3f7", zorder=-2, linewidth=0
        )


def _band(axes: Axes, minutes: Numbers, band: Numbers, colour: str, label: str) -> None:
    axes.fill_between(minutes, band[1], band[2], color=colour, alpha=0.18, linewidth=0)
    axes.plot(minutes, band[0], color=colour, linewidth=1.1, label=label or None)


def nadir_figure(groups: Sequence[tuple[str, Numbers]], floor: float | None) -> Figure:
    """Return every virtual subject's nadir of SpO2 under a few schedules, side by side."""
    with house_style():
        figure = blank_figure(WIDTH * 0.8, 3.0, synthetic=False)
        axes = figure.add_axes((0.12, 0.2, 0.85, 0.74))
        span = max((float(np.ptp(values)) for _, values in groups if values.size), default=0.0)
        for place, (_, values) in enumerate(groups):
            axes.plot(place + swarm(values, span), values, ".", color=BLUE, markersize=2.6, alpha=0.6)
            low, middle, high = np.percentile(values, (2.5, 50.0, 97.5))
            axes.hlines([middle], place - 0.38, place + 0.38, color=BLACK, linewidth=1.4)
            axes.hlines([low, high], place - 0.38, place + 0.38, color=BLACK, linewidth=0.6)
        if floor is not None:
            axes.axhline(PERCENT * floor, color=VERMILLION, linewidth=0.8, linestyle=(0, (4, 2)))
            axes.annotate(
                "floor", (1, PERCENT * floor), (0, 2), xycoords=("axes fraction", "data"),
                textcoords="offset points", ha="right", color=VERMILLION, fontsize=6.5,
            )  # fmt: skip
        axes.set_xticks(range(len(groups)), [label for label, _ in groups])
        axes.set_xlim(-0.6, len(groups) - 0.4)
        axes.set_ylabel("nadir of SpO2, mean over bouts (%)")
    return figure


def sensitivity_figure(found: Sequence[Sensitivity]) -> Figure:
    """Return the constants that outcomes follow beyond chance, the strongest as bars of partial rank correlation."""
    outputs = list(dict.fromkeys(one.effect.output for one in found))
    rows = {output: [one for one in found if one.effect.output == output][:MOST_BARS] for output in outputs}
    n_rows = sum(len(own) for own in rows.values()) + 1.6 * len(outputs)
    height = 0.55 + 0.155 * n_rows
    with house_style():
        figure = blank_figure(WIDTH, height, synthetic=False)
        axes = figure.add_axes((0.36, 0.42 / height, 0.6, 1 - 0.5 / height))
        place, ticks, labels = 0.0, list[float](), list[str]()
        for output, own in rows.items():
            axes.annotate(
                OUTPUT_WORDS.get(output, output), (0, place), (-4, 0), xycoords=("axes fraction", "data"),
                textcoords="offset points", ha="right", va="center", weight="bold",
            )  # fmt: skip
            place -= 1
            for one in own:
                colour = BLUE if one.constant.verified else ORANGE
                axes.barh(place, one.effect.partial, height=0.7, color=colour)
                ticks.append(place)
                labels.append(one.constant.name.split(".")[-1].replace("_", " "))
                place -= 1
            place -= 0.6
        axes.set_yticks(ticks, labels)
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(place + 0.6, 0.8)
        axes.axvline(0, color=BLACK, linewidth=0.6)
        axes.set_xlim(-1, 1)
        axes.set_xlabel("partial rank correlation (orange: constant not verified in its source)")
    return figure
