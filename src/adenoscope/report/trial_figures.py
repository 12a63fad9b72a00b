"""Figures of a simulated trial: chances over size, what moves the answer, MADRS over visits, where it comes from."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adenoscope.core.trial import Trial
from adenoscope.report.ink import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILLION, blank_figure, house_style
from adenoscope.report.numbers import MINUS, grouped
from adenoscope.studies.trials.answer import ArmAnswer
from adenoscope.studies.trials.expected import SizeCurve
from adenoscope.studies.trials.flow import Visit
from adenoscope.studies.trials.tornado import Swing

WIDTH = 6.2
ARM_COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE)
LABEL_APART = 0.14  # of the axis
MOST_BARS, VISIBLE = 12, 0.02  # points of difference below which a bar is no bar
TICKS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
SHORT = {"sd": "SD", "tau": "between trials (tau)"}


def size_figure(curve: SizeCurve, trial: Trial) -> Figure:
    """Return power and assurance over the number of people, and where the planned size is."""
    with house_style():
        figure = blank_figure(WIDTH, 2.9, synthetic=False)
        axes = figure.add_axes((0.09, 0.17, 0.56, 0.75))
        axes.fill_between(curve.people, curve.low, curve.high, color=BLUE, alpha=0.15, linewidth=0)
        axes.plot(curve.people, curve.assurance, color=BLUE, linewidth=1.5)
        axes.plot(curve.people, curve.power, color=BLACK, linewidth=1.0, linestyle=(0, (4, 2)))
        axes.axhline(trial.power, color=GREY, linewidth=0.6, linestyle=(0, (1, 2)))
        axes.axhline(curve.limit, color=BLUE, linewidth=0.6, linestyle=(0, (1, 2)))
        axes.axvline(trial.people, color=VERMILLION, linewidth=0.9)
        _size_axis(axes, curve)
        for level, colour, words in _labels(curve):
            axes.annotate(
                words, (1.03, level), xycoords="axes fraction", color=colour, va="center", annotation_clip=False,
            )  # fmt: skip
        beneath = abs(curve.limit - trial.power) < 0.08 and trial.power < curve.limit
        _written(axes, trial.power, f"wanted: {100 * trial.power:g} %", GREY, beneath=beneath)
        _written(axes, curve.limit, "assurance with endless people", BLUE, beneath=curve.limit > 0.93)
        axes.annotate(
            f"planned: {trial.people}", (trial.people, 1.0), (3, 2), xycoords=("data", "axes fraction"),
            textcoords="offset points", color=VERMILLION, va="bottom", ha="center",
        )  # fmt: skip
    return figure


def _size_axis(axes: Axes, curve: SizeCurve) -> None:
    axes.set_xscale("log")
    axes.set_xlim(float(curve.people[0]), float(curve.people[-1]))
    ticks = [n for n in TICKS if curve.people[0] <= n <= curve.people[-1]]
    axes.set_xticks(ticks, [grouped(n) for n in ticks])
    axes.minorticks_off()
    axes.set_ylim(0, 1)
    axes.set_xlabel("people randomised")
    axes.set_ylabel("chance of success")


def _written(axes: Axes, level: float, words: str, colour: str, *, beneath: bool) -> None:
    """Write what a level is at its left end, above or beneath it."""
    axes.annotate(
        words, (0.01, level), (0, -2 if beneath else 2), xycoords=("axes fraction", "data"),
        textcoords="offset points", color=colour, va="top" if beneath else "bottom",
    )  # fmt: skip


def _labels(curve: SizeCurve) -> list[tuple[float, str, str]]:
    """Return what is written beside the curves' ends, from the top, far enough apart to be read."""
    wanted = [
        (float(curve.assurance[-1]), BLUE, "assurance: over the link's draws\n(band: middle 80 % of draws)"),
        (float(curve.power[-1]), BLACK, "power: at the link's centre"),
    ]
    upper, lower = sorted(wanted, key=lambda item: -item[0])
    level = max(0.06, min(lower[0], upper[0] - LABEL_APART))
    return [(max(upper[0], level + LABEL_APART), *upper[1:]), (level, *lower[1:])]


def tornado_figure(swings: tuple[Swing, ...], centre: float) -> Figure:
    """Return the widest swings of the expected difference, each from one end of a parameter's range to the other."""
    shown = [swing for swing in swings if swing.width > VISIBLE][:MOST_BARS]
    height = 0.75 + 0.24 * len(shown)
    with house_style():
        figure = blank_figure(WIDTH, height, synthetic=False)
        axes = figure.add_axes((0.36, 0.42 / height, 0.61, 1 - 0.75 / height))
        for row, swing in enumerate(shown):
            place = len(shown) - 1 - row
            for end, colour in ((swing.at_low, ORANGE), (swing.at_high, BLUE)):
                axes.barh(place, end - centre, left=centre, height=0.62, color=colour, linewidth=0)
            axes.annotate(
                f"{parameter_words(swing.name)}:  {swing.low:.2g} … {swing.high:.2g}".replace("-", MINUS),
                (0, place), (-6, 0),
                xycoords=("axes fraction", "data"), textcoords="offset points", ha="right", va="center",
            )  # fmt: skip
        axes.axvline(centre, color=BLACK, linewidth=0.7)
        axes.axvline(0, color=GREY, linewidth=0.7, linestyle=(0, (2, 2)))
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_ylim(-0.6, len(shown) - 0.4)
        axes.set_xlabel("expected difference of MADRS (points; left is better for the arm)")
        axes.set_title("orange: parameter at its low end, blue: at its high end (5 and 95 %)", loc="left", color=GREY)
    return figure


def parameter_words(name: str) -> str:
    """Return a parameter's name as it is shown."""
    return SHORT.get(name, name.replace("_", " ").replace(" sd", " SD"))


def visits_figure(visits: tuple[Visit, ...], trial: Trial) -> Figure:
    """Return mean MADRS over the visits by arm, with the middle 90 % of replicates."""
    with house_style():
        figure = blank_figure(WIDTH, 2.9, synthetic=False)
        axes = figure.add_axes((0.09, 0.17, 0.62, 0.78))
        span = trial.visit_days[-1]
        for number, arm in enumerate(trial.arms):
            own = [visit for visit in visits if visit.arm == arm.name and visit.madrs is not None]
            colour = ARM_COLOURS[number % len(ARM_COLOURS)]
            days = np.array([visit.day for visit in own]) + (number - (len(trial.arms) - 1) / 2) * 0.012 * span
            middle, low, high = (
                np.array([getattr(visit.madrs, end) for visit in own]) for end in ("estimate", "low", "high")
            )
            axes.plot(days, middle, color=colour, marker="o", markersize=3.5, label=arm.name)
            axes.vlines(days, low, high, color=colour, linewidth=1.0, alpha=0.55)
        axes.set_xticks([0, *trial.visit_days])
        axes.set_xticklabels(["0", *(f"{day:g}" for day in trial.visit_days)])
        axes.set_xlim(-0.04 * span, 1.04 * span)
        axes.set_ylim(bottom=0)
        axes.set_xlabel("day")
        axes.set_ylabel("MADRS (points)")
        axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    return figure


def sources_figure(arms: tuple[ArmAnswer, ...]) -> Figure:
    """Return where the variance of the difference that a trial finds comes from, a bar for each arm."""
    shown = [arm for arm in arms if arm.mechanism is not None]
    height = 0.95 + 0.42 * len(shown)
    colours = {"link": ORANGE, "mechanism": BLUE, "between": GREEN, "chance": "#bdbdbd"}
    with house_style():
        figure = blank_figure(WIDTH, height, synthetic=False)
        axes = figure.add_axes((0.2, 0.42 / height, 0.77, 0.42 * len(shown) / height))
        for row, arm in enumerate(reversed(shown)):
            left = 0.0
            for part in arm.mechanism.components if arm.mechanism else ():
                label = part.words if row == 0 else None
                axes.barh(row, part.share, left=left, height=0.6, color=colours[part.name], label=label)
                if part.share > 0.06:
                    axes.text(left + part.share / 2, row, f"{100 * part.share:.0f} %", ha="center", va="center")
                left += part.share
        axes.set_yticks(range(len(shown)), [arm.arm for arm in reversed(shown)])
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])
        axes.set_xlabel("share of the variance of the difference that one trial finds")
        figure.legend(
            *axes.get_legend_handles_labels(), loc="upper left", bbox_to_anchor=(0.01, 1.0), ncols=2, handlelength=1
        )
    return figure
