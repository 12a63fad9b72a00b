"""A whole-trace contrast as a figure: the groups' mean curves, and their difference with two bands."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adenoscope.core.curve_contrast import CurveContrast
from adenoscope.core.recording import Samples
from adenoscope.report.figures import thin
from adenoscope.report.ink import BLUE, GREY, PURPLE, VERMILLION, blank_figure, house_style, letter
from adenoscope.report.numbers import Measure, duration
from adenoscope.report.words import given_words

WIDTH, TALL, SHORT = 5.6, 4.1, 2.6
PER_CENT = 100.0


def curve_figure(contrast: CurveContrast, *, synthetic: bool) -> Figure | None:
    """Return the groups (above, where known) and their difference; None where there are too few animals."""
    if contrast.difference is None:
        return None
    clock = duration("time after the intervention", float(contrast.time_s[-1]))
    time = clock.scale * thin(contrast.time_s)
    height = TALL if contrast.treated is not None else SHORT
    with house_style():
        figure = blank_figure(WIDTH, height, synthetic=synthetic)
        left, width = 0.12, 0.86
        below = figure.add_axes((left, 0.44 / height, width, 1.75 / height))
        if contrast.treated is not None and contrast.vehicle is not None:
            above = figure.add_axes((left, 2.62 / height, width, 1.2 / height))
            _groups(above, time, contrast)
            _finish(above, time, "a", "animals (thin) and their means")
            above.tick_params(labelbottom=False)
        _difference(below, time, contrast, clock)
        _finish(below, time, "b" if contrast.treated is not None else "a", _title(contrast))
        below.set_xlabel(f"{clock.name} ({clock.unit})")
    return figure


def _title(contrast: CurveContrast) -> str:
    if contrast.kind == "interaction":
        return f"interaction: effect without {contrast.manipulation} minus effect under it"
    return f"difference: {given_words(contrast.given)} minus {contrast.versus}"


def _finish(axes: Axes, time: Samples, name: str, title: str) -> None:
    axes.set_xlim(float(time[0]), float(time[-1]))
    axes.axhline(0, color=GREY, linewidth=0.6, zorder=0)
    axes.locator_params(axis="y", nbins=5)
    axes.set_ylabel("ΔF/F (%)" if name == "a" and "animals" in title else "difference\n(percentage points)")
    axes.yaxis.set_label_coords(-0.075, 0.5)
    letter(axes, name, title)


def _groups(axes: Axes, time: Samples, contrast: CurveContrast) -> None:
    shown = ((contrast.vehicle, GREY, contrast.versus), (contrast.treated, BLUE, given_words(contrast.given)))
    for curves, colour, name in shown:
        if curves is None:
            continue
        for curve in curves:
            axes.plot(time, PER_CENT * thin(curve), color=colour, linewidth=0.5, alpha=0.35)
        mean = PER_CENT * thin(curves.mean(axis=0))
        axes.plot(time, mean, color=colour, linewidth=1.7, label=f"{name}, n = {len(curves)}")
    axes.legend(loc="upper right", bbox_to_anchor=(1.0, 1.2), ncols=2)


def _difference(axes: Axes, time: Samples, contrast: CurveContrast, clock: Measure) -> None:
    """Draw the difference, the band for all times at once, that of each time, and where the first excludes zero."""
    colour = BLUE if contrast.kind == "effect" else PURPLE
    if contrast.difference is None:
        return
    for low, high, alpha, label in (
        (contrast.low, contrast.high, 0.16, "95 % for all times at once"),
        (contrast.point_low, contrast.point_high, 0.32, "95 % at each time by itself"),
    ):
        if low is not None and high is not None:
            axes.fill_between(
                time, PER_CENT * thin(low), PER_CENT * thin(high), color=colour, alpha=alpha, linewidth=0, label=label
            )
    axes.plot(time, PER_CENT * thin(contrast.difference), color=colour, linewidth=1.4)
    axes.margins(y=0.1)
    bottom, top = axes.get_ylim()
    for start, end in contrast.excludes_zero_s:
        axes.hlines(bottom, start * clock.scale, end * clock.scale, color=VERMILLION, linewidth=3.5, clip_on=False)
    if contrast.excludes_zero_s:
        axes.plot([], [], color=VERMILLION, linewidth=3.5, label="the band excludes zero")
    axes.set_ylim(bottom, top + 0.3 * (top - bottom))
    axes.legend(loc="upper right", ncols=3, columnspacing=1.2, handlelength=1.4, borderaxespad=0.1)
