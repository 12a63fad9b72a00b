"""A dose-response as a figure: animals over dose, vehicle at the left, and the curve with its band and ED50."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adenoscope.core.dose_response import DoseResponse
from adenoscope.core.recording import Samples
from adenoscope.report.estimation_marks import draw_animals, padded
from adenoscope.report.ink import BLUE, GREY, VERMILLION, blank_figure, house_style
from adenoscope.report.numbers import Measure, bounds, decimals, number

WIDTH, HEIGHT = 4.6, 3.0
LEAST_GAP = 0.25  # decades between vehicle and the smallest dose
CURVE_POINTS, HALF_BAR = 121, 0.2
UNITS_A_DECADE = 2.6  # dots are spread as if a decade were so many groups wide


def dose_figure(response: DoseResponse, measure: Measure, *, synthetic: bool) -> Figure:
    """Return every animal's value over the dose on a logarithmic axis, with the curve where there is one."""
    doses = sorted({dose for _, dose, _ in response.readings})
    place = _places(doses)
    with house_style():
        figure = blank_figure(WIDTH, HEIGHT, synthetic=synthetic)
        axes = figure.add_axes((0.14, 0.17, 0.83, 0.75))
        axes.set_ylim(*padded(_reach(response, measure)))
        axes.set_xlim(min(place.values()) - 0.7, max(place.values()) + 0.7)
        for dose in doses:
            values = measure.scale * np.array([value for _, given, value in response.readings if given == dose])
            colour = GREY if dose == 0 else BLUE
            draw_animals(axes, place[dose], values, colour, spread=True, half_bar=HALF_BAR)
        _curve(axes, response, measure, place)
        _ed50(axes, response)
        _axis(axes, response, measure, place)
    return figure


def _places(doses: list[float]) -> dict[float, float]:
    """Return where each dose stands; vehicle one step below the smallest, as no logarithm reaches it."""
    above = [dose for dose in doses if dose > 0]
    place = {dose: UNITS_A_DECADE * math.log10(dose) for dose in above}
    steps = np.diff(sorted(place.values()))
    gap = max(UNITS_A_DECADE * LEAST_GAP, float(steps.min()) if steps.size else 0.0, 1.0)
    return {**({0.0: min(place.values(), default=0.0) - gap} if 0.0 in doses else {}), **place}


def _at(dose: Samples) -> Samples:
    return UNITS_A_DECADE * np.log10(dose)


def _reach(response: DoseResponse, measure: Measure) -> list[float]:
    values = [value for _, _, value in response.readings]
    if response.curve is not None:
        values += [*response.curve.low, *response.curve.high]
    return [measure.scale * value for value in values if math.isfinite(value)]


def _curve(axes: Axes, response: DoseResponse, measure: Measure, place: dict[float, float]) -> None:
    """Draw the curve over the doses given, and what it says of vehicle as a short level."""
    if response.curve is None:
        return
    curve = response.curve
    given = [dose for dose in place if dose > 0]
    dose = np.geomspace(min(given), max(given), CURVE_POINTS)
    # The curve's own points crowd where doses are small as squares do, so it is read off along the root.
    estimate, low, high = (
        measure.scale * np.interp(np.sqrt(dose), np.sqrt(curve.dose), values)
        for values in (curve.estimate, curve.low, curve.high)
    )
    axes.fill_between(_at(dose), low, high, color=BLUE, alpha=0.18, linewidth=0)
    axes.plot(_at(dose), estimate, color=BLUE, linewidth=1.4)
    if response.e0 is not None and 0.0 in place:
        level, e0 = np.array([-0.42, 0.42]) + place[0.0], response.e0
        axes.fill_between(level, measure.scale * e0.low, measure.scale * e0.high, color=BLUE, alpha=0.18, linewidth=0)
        axes.plot(level, [measure.scale * e0.estimate] * 2, color=BLUE, linewidth=1.4)


def _ed50(axes: Axes, response: DoseResponse) -> None:
    """Mark ED50 with its interval along the top, or say that it could not be told."""
    top = axes.get_ylim()[1]
    if response.ed50 is None:
        axes.annotate(
            "ED50: could not tell", (1, 1), (0, 4), xycoords="axes fraction", textcoords="offset points",
            ha="right", color=GREY,
        )  # fmt: skip
        return
    ends = (response.ed50.low, response.ed50.estimate, response.ed50.high)
    low, centre, high = np.clip(_at(np.array(ends)), *axes.get_xlim())
    axes.hlines(top, low, high, color=VERMILLION, linewidth=2.4, clip_on=False, zorder=4)
    axes.scatter([centre], [top], s=24, color=VERMILLION, linewidth=0, clip_on=False, zorder=5)
    axes.vlines(centre, axes.get_ylim()[0], top, color=VERMILLION, linewidth=0.7, linestyle=(0, (3, 2)), zorder=0)
    unit = Measure("ED50", response.dose_unit)
    places = decimals(response.ed50.half_width)
    axes.annotate(
        f"ED50 {number(response.ed50.estimate, places)} ({bounds(response.ed50, unit)}) {response.dose_unit}",
        (centre, top), (0, 6), textcoords="offset points", ha="center", color=VERMILLION,
    )  # fmt: skip


def _axis(axes: Axes, response: DoseResponse, measure: Measure, place: dict[float, float]) -> None:
    axes.set_xticks(list(place.values()), ["vehicle" if dose == 0 else f"{dose:g}" for dose in place])
    axes.set_xlabel(f"{response.treatment} ({response.dose_unit})" if response.dose_unit else response.treatment)
    axes.set_ylabel(measure.axis)
    axes.locator_params(axis="y", nbins=6)
    if 0.0 in place and len(place) > 1:
        first = min(value for dose, value in place.items() if dose > 0)
        between = (place[0.0] + first) / 2
        # Two strokes through the axis: the way from nothing to the smallest dose is not to scale.
        for shift in (-0.06, 0.06):
            axes.annotate(
                "/", (between + shift, 0), xycoords=("data", "axes fraction"), ha="center", va="center",
                color=GREY, fontsize=7,
            )  # fmt: skip
