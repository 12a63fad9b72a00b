"""What estimation plots are made of: animals as dots, and a difference as an interval with its distribution.

Source: Gardner & Altman (1986), doi:10.1136/bmj.292.6522.746; Ho et al. (2019), doi:10.1038/s41592-019-0470-3.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from scipy.special import stdtrit

from adenoscope.core.contrast import Contrast
from adenoscope.core.interval import Interval
from adenoscope.core.recording import Samples
from adenoscope.report.ink import BLACK, GREY
from adenoscope.report.numbers import Measure

Animals = tuple[tuple[str, float], ...]

ROWS, STEP, WIDEST = 26, 0.085, 0.3
TAILS = 1.5  # times the distance from the estimate to its bounds
LONGEST_LABEL = 16


def scaled(interval: Interval, measure: Measure) -> tuple[float, float, float]:
    """Return estimate, low and high in the measure's scale."""
    return interval.estimate * measure.scale, interval.low * measure.scale, interval.high * measure.scale


def reach_of(interval: Interval | None, measure: Measure) -> tuple[float, ...]:
    """Return the lowest and highest that `draw_difference` draws, nothing without an interval."""
    if interval is None:
        return ()
    estimate, low, high = scaled(interval, measure)
    return estimate + TAILS * (low - estimate), estimate + TAILS * (high - estimate)


def values_of(animals: Animals, measure: Measure) -> Samples:
    """Return the animals' values in the measure's scale, shape (animal,)."""
    return measure.scale * np.array([value for _, value in animals], dtype=np.float64)


def degrees_of(contrast: Contrast) -> int:
    """Return about how many degrees of freedom a contrast has: enough to draw the shape of its distribution."""
    if contrast.design == "paired":
        return max(1, len(contrast.treated) - 1)
    return max(1, len(contrast.treated) + len(contrast.vehicle) - 2)


def swarm(values: Samples, span: float) -> Samples:
    """Return sideways places that keep dots of like height apart on an axis that is ``span`` high."""
    offset = np.zeros(values.size)
    if values.size < 2 or span <= 0:
        return offset
    row = np.floor((values - values.min()) / span * ROWS)
    for level in np.unique(row):
        here = np.flatnonzero(row == level)
        here = here[np.argsort(values[here], kind="stable")]
        places = np.arange(here.size) - (here.size - 1) / 2
        offset[here] = places * min(STEP, 2 * WIDEST / max(1, here.size - 1))
    return offset


def draw_animals(
    axes: Axes, place: float, values: Samples, colour: str, *, spread: bool, half_bar: float = 0.32
) -> None:
    """Draw one dot for each animal around ``place`` and a bar at their mean; y limits must stand."""
    if not values.size:
        return
    bottom, top = axes.get_ylim()
    offset = swarm(values, top - bottom) if spread else np.zeros(values.size)
    axes.scatter(place + offset, values, s=12, color=colour, alpha=0.85, linewidth=0, zorder=2)
    axes.hlines(float(values.mean()), place - half_bar, place + half_bar, color=BLACK, linewidth=1.2, zorder=3)


def draw_pairs(axes: Axes, places: tuple[float, float], contrast: Contrast, measure: Measure) -> None:
    """Join each animal's value under the vehicle with that under the treatment."""
    before = dict(contrast.vehicle)
    for animal, value in contrast.treated:
        if animal in before:
            heights = [before[animal] * measure.scale, value * measure.scale]
            axes.plot(places, heights, color=GREY, linewidth=0.6, alpha=0.7, zorder=1)


def draw_difference(
    axes: Axes, place: float, interval: Interval, measure: Measure, degrees: int, colour: str, width: float = 0.42
) -> None:
    """Draw an interval with its estimate, and beside it the t distribution that has these bounds."""
    estimate, low, high = scaled(interval, measure)
    grid, density = _distribution((estimate, low, high), degrees, interval.ci_prob)
    axes.fill_betweenx(grid, place, place + width * density, color=colour, alpha=0.3, linewidth=0, zorder=1)
    axes.vlines(place, low, high, color=BLACK, linewidth=1.8, zorder=3)
    axes.scatter([place], [estimate], s=24, color=BLACK, linewidth=0, zorder=4)


def _distribution(bounds: tuple[float, float, float], degrees: int, ci_prob: float) -> tuple[Samples, Samples]:
    """Return heights and density (highest 1); each side has its own scale, as a bootstrap's bounds may differ."""
    estimate, low, high = bounds
    place = np.linspace(-TAILS, TAILS, 121)
    t = place * float(stdtrit(degrees, (1 + ci_prob) / 2))
    log_density = -(degrees + 1) / 2 * np.log1p(t**2 / degrees)
    return estimate + place * np.where(place < 0, estimate - low, high - estimate), np.exp(log_density)


def write_below(axes: Axes, place: float, lines: tuple[str, ...], *, size: float = 7) -> None:
    """Write lines below an axis at ``place``, each centred by itself."""
    for row, line in enumerate(lines):
        axes.annotate(
            line, (place, 0), (0, -9 - 9 * row), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="center", va="center", fontsize=size,
        )  # fmt: skip


def short(name: str, longest: int = LONGEST_LABEL) -> str:
    """Return a name that fits below its group."""
    return name if len(name) <= longest else name[: longest - 1] + "…"


def axis_lines(label: str, longest: int = 22) -> str:
    """Return the label of an axis, its unit on a second line where one would be longer than the axis."""
    return label if len(label) <= longest else label.replace(" (", "\n(", 1)


def padded(values: list[float], share: float = 0.07) -> tuple[float, float]:
    """Return limits that hold all ``values`` with some room."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    pad = share * (high - low) or 1.0
    return low - pad, high + pad
