"""The refutation panel: every observation's band, and the model's prediction in it or beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adenoscope.inference.calibration.refute import Judgement
from adenoscope.report.ink import BLUE, GREY, PALE, VERMILLION, blank_figure, house_style

ROW_INCH, HEAD_INCH, WIDTH_INCH = 0.2, 0.75, 9.2
SMALL = 1e-6  # rounding of the solver
SHOWN = 3.0  # half bands from the observed mean; what lies beyond is drawn at the edge


def refutation_figure(judgements: Sequence[Judgement]) -> Figure:
    """Return the panel: one row for each prediction, in units of half the observation's band."""
    rows = [j for j in judgements if j.verdict != "not predicted"]
    with house_style():
        figure = blank_figure(WIDTH_INCH, HEAD_INCH + ROW_INCH * len(rows), synthetic=False)
        axes = figure.add_axes((0.37, 0.45 / figure.get_figheight(), 0.35, 1 - 0.75 / figure.get_figheight()))
        axes.axvspan(-1, 1, color=PALE, lw=0)
        axes.axvline(0, color=GREY, lw=0.6)
        for place, row in enumerate(rows):
            _draw(axes, len(rows) - 1 - place, row)
        axes.set_xlim(-SHOWN - 0.15, SHOWN + 0.15)
        axes.set_ylim(-0.7, len(rows) - 0.3)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("prediction less observation, in half bands (grey: the band)")
        figure.text(0.02, 1 - 0.2 / figure.get_figheight(), "observation", weight="bold", va="center")
        figure.text(
            0.735, 1 - 0.2 / figure.get_figheight(), "predicted (95 %)   [observed band]", weight="bold", va="center"
        )
    return figure


def _draw(axes: Axes, height: int, row: Judgement) -> None:
    colour = BLUE if row.verdict == "inside" else VERMILLION
    low, middle, high = (np.clip(_scaled(row, value), -SHOWN, SHOWN) for value in (row.low, row.median, row.high))
    axes.plot([low, high], [height, height], color=colour, lw=1.4)
    axes.plot([middle], [height], "o" if row.used else "D", color=colour, ms=3.6, mfc=colour if row.used else "white")
    words = f"{_name(row)}{'' if row.used else '  (not fitted)'}"
    style: dict[str, Any] = {
        "va": "center",
        "fontsize": 6.8,
        "color": "black" if row.verdict == "inside" else VERMILLION,
    }
    axes.annotate(words, (-SHOWN - 0.3, height), ha="right", annotation_clip=False, **style)
    band = f"[{_short(row.observation.low)}, {_short(row.observation.high)}]"
    told = f"{_short(row.median)} ({_short(row.low)} to {_short(row.high)})   {band}"
    axes.annotate(told, (SHOWN + 0.3, height), ha="left", annotation_clip=False, **style)


def _scaled(row: Judgement, value: float) -> float:
    o = row.observation
    half = o.high - o.mean if (value > o.mean and np.isfinite(o.high)) or not np.isfinite(o.low) else o.mean - o.low
    return (value - o.mean) / half if half else 0.0


def _name(row: Judgement) -> str:
    o = row.observation
    dose = "" if o.intervention == "saline" else f" {o.dose:g}"
    who = " ".join(
        part for part in (o.genotype if o.genotype != "WT" else "", o.region if o.region == "NAc" else "") if part
    )
    before = f"{o.pretreatment.split()[0]} + " if o.pretreatment else ""
    return f"{o.readout.replace('_', ' ')}, {before}{o.intervention}{dose}{' ' + who if who else ''}"


def _short(value: float) -> str:
    if np.isinf(value):
        return "∞" if value > 0 else "-∞"
    if abs(value) < SMALL:
        return "0"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
