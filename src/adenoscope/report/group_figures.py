"""A contrast as an estimation plot: animals as dots, and the difference with its interval on a second axis.

Source: Gardner & Altman (1986), doi:10.1136/bmj.292.6522.746.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adenoscope.core.contrast import Contrast
from adenoscope.report.estimation_marks import (
    degrees_of,
    draw_animals,
    draw_difference,
    draw_pairs,
    padded,
    reach_of,
    short,
    values_of,
    write_below,
)
from adenoscope.report.ink import BLUE, GREY, blank_figure, house_style
from adenoscope.report.numbers import Measure
from adenoscope.report.words import dose

WIDTH, HEIGHT = 2.6, 2.4
VEHICLE, TREATED, DIFFERENCE = 0.0, 1.4, 2.5
LEFT, RIGHT = -0.6, 3.05
LONG_NAME = 10


def contrast_figure(contrast: Contrast, measure: Measure, limits: tuple[float, float], *, synthetic: bool) -> Figure:
    """Return the animals of both groups and their difference; ``limits`` in the measure's scale."""
    with house_style():
        figure = blank_figure(WIDTH, HEIGHT, synthetic=synthetic)
        axes = figure.add_axes((0.2, 0.19, 0.59, 0.78))
        axes.set_ylim(*limits)
        paired = contrast.design == "paired"
        if paired:
            draw_pairs(axes, (VEHICLE, TREATED), contrast, measure)
        vehicle, treated = (values_of(group, measure) for group in (contrast.vehicle, contrast.treated))
        draw_animals(axes, VEHICLE, vehicle, GREY, spread=not paired)
        draw_animals(axes, TREATED, treated, BLUE, spread=not paired)
        axes.set_ylabel(measure.axis, labelpad=2)
        axes.locator_params(axis="y", nbins=6)
        axes.set_xlim(LEFT, RIGHT)
        axes.set_xticks([])
        _name_groups(axes, contrast)
        if contrast.difference is not None and vehicle.size:
            _difference(axes, contrast, measure, float(vehicle.mean()))
    return figure


def shared_limits(contrasts: tuple[Contrast, ...], measure: Measure) -> tuple[float, float]:
    """Return y limits that hold every contrast of one readout, so that their figures compare."""
    reach: list[float] = []
    for contrast in contrasts:
        vehicle = values_of(contrast.vehicle, measure)
        reach += [*vehicle, *values_of(contrast.treated, measure)]
        if contrast.difference is not None and vehicle.size:
            edges = np.array([0.0, *reach_of(contrast.difference, measure)])
            reach += [*(edges + vehicle.mean())]
    return padded(reach)


def _name_groups(axes: Axes, contrast: Contrast) -> None:
    """Write name, dose and number of animals below each group."""
    amount = dose(contrast.given.dose, contrast.given.dose_unit)
    between = (amount,) if amount else ()
    blank = ("",) if amount else ()
    names = (short(contrast.versus), short(contrast.given.treatment))
    size = 7.0 if max(map(len, names)) <= LONG_NAME else 6.0
    write_below(axes, VEHICLE, (names[0], *blank, f"n = {len(contrast.vehicle)}"), size=size)
    write_below(axes, TREATED, (names[1], *between, f"n = {len(contrast.treated)}"), size=size)


def _difference(axes: Axes, contrast: Contrast, measure: Measure, vehicle_mean: float) -> None:
    """Draw the difference on an axis whose zero stands at the vehicle's mean."""
    if contrast.difference is None:
        return
    right = axes.twinx()
    right.spines["right"].set_visible(True)
    bottom, top = axes.get_ylim()
    right.set_ylim(bottom - vehicle_mean, top - vehicle_mean)
    right.locator_params(axis="y", nbins=6)
    right.set_ylabel(measure.difference_axis, labelpad=2)
    right.hlines(0, 0.32, RIGHT, color=GREY, linewidth=0.6)
    estimate = contrast.difference.estimate * measure.scale
    right.hlines(estimate, TREATED + 0.32, RIGHT, color=GREY, linewidth=0.6, linestyle=(0, (2, 2)))
    draw_difference(right, DIFFERENCE, contrast.difference, measure, degrees_of(contrast), BLUE)
