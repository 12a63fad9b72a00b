"""Every dose-response of an assay as small panels, in the order of the ranking."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from adenoscope.core.assay_panel import AssayRow
from adenoscope.core.ranking import ArmFit
from adenoscope.report.ink import BLACK, BLUE, GREY, VERMILLION, blank_figure, house_style
from adenoscope.report.ranking_labels import LONGEST, short
from adenoscope.report.ranking_words import figures

WIDTH, ACROSS, PANEL_HEIGHT = 6.4, 4, 1.35


def responses_figure(
    fits: Sequence[tuple[str, ArmFit]],
    rows: Sequence[AssayRow],
    masses: Mapping[str, float],
    unit: str,
    *,
    synthetic: bool,
) -> Figure:
    """Return a small panel for each compound: means with their standard errors over the dose, and the curve.

    ``masses`` turns doses of the panel into ``unit``, by compound: a dose is multiplied by it.
    """
    down = math.ceil(len(fits) / ACROSS)
    height = PANEL_HEIGHT * down + 0.5
    with house_style():
        figure = blank_figure(WIDTH, height, synthetic=synthetic)
        grid = figure.subplots(down, ACROSS, squeeze=False, sharey=True)
        figure.subplots_adjust(0.09, 0.5 / height, 0.99, 1 - 0.25 / height, 0.12, 0.62)
        for place, axes in enumerate(grid.flat):
            if place >= len(fits):
                axes.axis("off")
                continue
            name, fit = fits[place]
            own = [row for row in rows if row.compound == name and row.assay == fit.assay]
            _response(axes, name, fit, own, masses[name])
        grid.flat[0].set_ylim(_reach(fits, rows))
        label = fits[0][1].assay + (f" ({fits[0][1].unit})" if fits[0][1].unit else "")
        figure.text(0.012, 0.5, label, rotation=90, va="center", ha="left", fontsize=7.5)
        figure.text(0.54, 0.06 / height, f"dose ({unit}), vehicle at the left", ha="center", fontsize=7.5)
    return figure


def _reach(fits: Sequence[tuple[str, ArmFit]], rows: Sequence[AssayRow]) -> tuple[float, float]:
    """Return the limits that hold every mean and curve of an assay; a band that nothing holds may leave them."""
    ends = [
        end for row in rows if row.assay == fits[0][1].assay for end in (row.mean - row.sd / 2, row.mean + row.sd / 2)
    ]
    for _, fit in fits:
        ends += fit.curve.estimate.tolist()
    low, high = min(ends), max(ends)
    return low - 0.08 * (high - low), high + 0.08 * (high - low)


def _response(axes: Axes, name: str, fit: ArmFit, rows: Sequence[AssayRow], factor: float) -> None:
    doses = sorted({row.dose * factor for row in rows if row.dose > 0})
    vehicle = doses[0] / 4
    for row in rows:
        at = row.dose * factor if row.dose else vehicle
        error = row.sd / math.sqrt(row.n)
        colour = GREY if row.dose == 0 else BLACK
        axes.plot([at] * 2, [row.mean - error, row.mean + error], color=colour, linewidth=0.9)
        axes.plot(at, row.mean, "o", color=colour, markersize=3)
    at, curve = fit.curve.dose * factor, fit.curve
    shown = at >= doses[0] / 1.5
    colour = BLUE if fit.arm == "effect" else VERMILLION
    axes.fill_between(at[shown], curve.low[shown], curve.high[shown], color=colour, alpha=0.18, linewidth=0)
    axes.plot(at[shown], curve.estimate[shown], color=colour, linewidth=1.2)
    axes.set_xscale("log")
    axes.set_xlim(vehicle / 1.6, doses[-1] * 1.6)
    axes.set_title(short(name, LONGEST - 2), loc="left", pad=10, fontsize=7.5, weight="bold")
    if fit.ed50 is not None:
        axes.axvline(fit.ed50.estimate * factor, color=colour, linewidth=0.7, linestyle=(0, (3, 2)))
    words = "could not tell" if fit.ed50 is None else f"ED50 {figures(fit.ed50.estimate * factor)}"
    axes.annotate(
        words, (0, 1), (0, 2), xycoords="axes fraction", textcoords="offset points", color=colour, fontsize=6.5
    )
    ticks = _spread_ticks(doses)
    axes.set_xticks([vehicle, *ticks], ["v", *(f"{dose:g}" for dose in np.round(ticks, 6))])
    axes.xaxis.set_minor_locator(LogLocator(10, subs=()))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.tick_params(labelsize=6)


def _spread_ticks(doses: Sequence[float]) -> list[float]:
    """Return the doses that can be named without touching one another, the smallest among them."""
    gap = math.log10(doses[-1] / doses[0]) / 4.2 if len(doses) > 1 else 1.0
    kept: list[float] = []
    for dose in doses:
        if not kept or math.log10(dose / kept[-1]) >= gap:
            kept.append(float(f"{dose:.3g}"))
    return kept
