"""A contrast as an estimation plot: animals as dots, and the difference with its interval on a second axis.

Source: Gardner & Altman (1986), Br Med J 292:746; Ho et al. (2019), Nat Methods 16:565.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adenoscope.core.contrast import Contrast
from adenoscope.core.recording import Samples
from adenoscope.report.ink import BLACK, BLUE, GREY, blank_figure, house_style
from adenoscope.report.numbers import Measure
from adenoscope.report.words import dose

WIDTH, HEIGHT = 2.4, 2.4
SPREAD = 0.16
LONGEST_LABEL = 16


def contrast_figure(contrast: Contrast, measure: Measure, limits: tuple[float, float], *, synthetic: bool) -> Figure:
    """Return the animals of both groups and their difference; ``limits`` in the measure's scale."""
    with house_style():
        figure = blank_figure(WIDTH, HEIGHT, synthetic=synthetic)
        axes = figure.add_axes((0.22, 0.19, 0.54, 0.78))
        vehicle, treated = (_values(group, measure) for group in (contrast.vehicle, contrast.treated))
        if contrast.design == "paired":
            _pairs(axes, contrast, measure)
        _dots(axes, 0, vehicle, GREY, spread=contrast.design != "paired")
        _dots(axes, 1, treated, BLUE, spread=contrast.design != "paired")
        axes.set_ylim(*limits)
        axes.set_ylabel(measure.axis, labelpad=2)
        axes.locator_params(axis="y", nbins=6)
        _groups_named(axes, contrast)
        if contrast.difference is not None and vehicle.size:
            _difference(axes, contrast, measure, float(vehicle.mean()))
    return figure


def shared_limits(contrasts: tuple[Contrast, ...], measure: Measure) -> tuple[float, float]:
    """Return y limits that hold every contrast of one readout, so that their figures compare."""
    reach: list[float] = []
    for contrast in contrasts:
        vehicle = _values(contrast.vehicle, measure)
        reach += [*vehicle, *_values(contrast.treated, measure)]
        if contrast.difference is not None and vehicle.size:
            edges = np.array([0.0, contrast.difference.low, contrast.difference.high]) * measure.scale
            reach += [*(edges + vehicle.mean())]
    low, high = (min(reach), max(reach)) if reach else (0.0, 1.0)
    pad = 0.07 * (high - low) or 1.0
    return low - pad, high + pad


def _values(group: tuple[tuple[str, float], ...], measure: Measure) -> Samples:
    return measure.scale * np.array([value for _, value in group], dtype=np.float64)


def _pairs(axes: Axes, contrast: Contrast, measure: Measure) -> None:
    before = dict(contrast.vehicle)
    for animal, value in contrast.treated:
        if animal in before:
            heights = [before[animal] * measure.scale, value * measure.scale]
            axes.plot([0, 1], heights, color=GREY, linewidth=0.6, alpha=0.7, zorder=1)


def _dots(axes: Axes, place: float, values: Samples, colour: str, *, spread: bool) -> None:
    if not values.size:
        return
    # Neighbours in height go left and right in turn, so that equal animals stay visible.
    rank = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    offset = SPREAD * ((rank % 3) - 1) if spread and values.size > 1 else np.zeros(values.size)
    axes.scatter(place + offset, values, s=13, color=colour, alpha=0.85, linewidth=0, zorder=2)
    axes.hlines(float(values.mean()), place - 0.3, place + 0.3, color=BLACK, linewidth=1.2, zorder=3)


def _groups_named(axes: Axes, contrast: Contrast) -> None:
    """Write name, dose and number of animals below each group, each line centred by itself."""
    axes.set_xlim(-0.5, 2.35)
    axes.set_xticks([])
    amount = dose(contrast.given.dose, contrast.given.dose_unit)
    below = (
        (0, (_short(contrast.versus), "", f"n = {len(contrast.vehicle)}")),
        (1, (_short(contrast.given.treatment), amount, f"n = {len(contrast.treated)}")),
    )
    for place, lines in below:
        for row, line in enumerate(lines if amount else (lines[0], lines[2])):
            axes.annotate(
                line, (place, 0), (0, -9 - 9 * row), xycoords=("data", "axes fraction"),
                textcoords="offset points", ha="center", va="center", fontsize=7,
            )  # fmt: skip


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…"


def _difference(axes: Axes, contrast: Contrast, measure: Measure, vehicle_mean: float) -> None:
    """Draw the difference at x = 2 on an axis whose zero stands at the vehicle's mean."""
    if contrast.difference is None:
        return
    estimate, low, high = (
        edge * measure.scale
        for edge in (contrast.difference.estimate, contrast.difference.low, contrast.difference.high)
    )
    right = axes.twinx()
    right.spines["right"].set_visible(True)
    bottom, top = axes.get_ylim()
    right.set_ylim(bottom - vehicle_mean, top - vehicle_mean)
    right.locator_params(axis="y", nbins=6)
    right.set_ylabel(measure.difference_axis, labelpad=2)
    right.hlines(0, 0.3, 2.35, color=GREY, linewidth=0.6)
    right.hlines(estimate, 1.3, 2.35, color=GREY, linewidth=0.6, linestyle=(0, (2, 2)))
    right.vlines(2, low, high, color=BLACK, linewidth=2)
    right.scatter([2], [estimate], s=26, color=BLACK, zorder=3)
