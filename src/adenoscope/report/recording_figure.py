"""A window on one session as a figure: every panel on one time axis, raw samples as far as a line tells them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from adenoscope.core.recording import Samples
from adenoscope.report.ink import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, blank_figure, house_style, letter
from adenoscope.report.numbers import Measure, duration
from adenoscope.report.recording_view import ChannelView, RecordingView

WIDTH, PANEL, BESIDE = 7.1, 1.35, 0.75  # inch
COLOURS = {"green": GREEN, "purple": PURPLE}
MASK = "#d9d9d9"
CORE = (0.4, 99.6)  # per cent of the extents that set the range of an axis


def recording_figure(view: RecordingView) -> Figure:
    """Return the figure: a panel for each channel, and one for the response where there is one in the window."""
    start_s, end_s = view.window_s
    clock = duration("time after the intervention", max(abs(start_s), abs(end_s)))
    curve = view.curve
    responds = curve is not None and bool(_inside(curve.time_s, view).any())
    n = len(view.channels) + responds
    height = n * PANEL + BESIDE
    with house_style():
        figure = blank_figure(WIDTH, height, synthetic=view.synthetic)
        edges = {"left": 0.085, "right": 0.985, "bottom": 0.42 / height, "top": 1 - 0.26 / height}
        grid = figure.add_gridspec(n, 1, hspace=0.42, **edges)
        panels = [figure.add_subplot(grid[row]) for row in range(n)]
        for row, channel in enumerate(view.channels):
            _channel(panels[row], channel, view, clock)
            letter(panels[row], "abcd"[row], channel.title)
        if responds:
            _response(panels[-1], view, clock)
            letter(panels[-1], "abcd"[n - 1], "response, with 95 % band")
        for axes in panels:
            _mark(axes, view, clock)
            axes.tick_params(labelbottom=axes is panels[-1])
        panels[-1].set_xlabel(f"{clock.name} ({clock.unit})")
        _legend(panels[0])
    return figure


def _channel(axes: Axes, channel: ChannelView, view: RecordingView, clock: Measure) -> None:
    colour = COLOURS[channel.colour]
    seen = _inside(channel.fitted_s, view)
    fitted = channel.fitted_s[seen] * clock.scale
    reach: list[Samples] = []
    if "raw" not in view.hidden:
        time = channel.time_s * clock.scale
        axes.fill_between(time, channel.low, channel.high, color=colour, alpha=0.45, linewidth=0.5, label="measured")
        finite = np.isfinite(channel.low)
        used = finite & ~_left_out(channel.time_s, view)
        finite = used if used.any() else finite
        if finite.any():
            extents = (np.percentile(channel.low[finite], CORE[0]), np.percentile(channel.high[finite], CORE[1]))
            reach.append(np.array(extents, dtype=np.float64))
    lines: tuple[tuple[str, str, Samples, dict[str, Any]], ...] = (
        ("bins", "bins", channel.bins, {"color": colour, "marker": ".", "markersize": 2.5, "linestyle": "none"}),
        ("fit", "model", channel.fit, {"color": BLACK, "linewidth": 0.7}),
        ("background", "without response", channel.background, {"color": ORANGE, "linewidth": 0.9}),
    )
    for group, words, values, style in lines:
        if group not in view.hidden and np.isfinite(values[seen]).any():
            axes.plot(fitted, values[seen], label=words, **style)
            reach.append(values[seen])
    _set_range(axes, reach)
    axes.set_ylabel("detector units")
    axes.yaxis.set_label_coords(-0.07, 0.5)
    axes.locator_params(axis="y", nbins=4)


def _response(axes: Axes, view: RecordingView, clock: Measure) -> None:
    curve, estimands = view.curve, view.estimands
    if curve is None:
        return
    seen = _inside(curve.time_s, view)
    time = curve.time_s[seen] * clock.scale
    reach = [100 * curve.dff[seen]]
    axes.axhline(0, color=GREY, linewidth=0.6)
    if "band" not in view.hidden:
        low, high = 100 * curve.dff_low[seen], 100 * curve.dff_high[seen]
        axes.fill_between(time, low, high, color=BLUE, alpha=0.22, linewidth=0)
        reach += [low, high]
    if "response" not in view.hidden:
        axes.plot(time, reach[0], color=BLUE, linewidth=1.4)
    if "mean" not in view.hidden and estimands is not None:
        mean = 100 * estimands.mean_dff.estimate
        edges = [clock.scale * edge for edge in estimands.window_s]
        axes.plot(edges, [mean, mean], color=ORANGE, linewidth=2.2, alpha=0.9, solid_capstyle="butt")
    _set_range(axes, reach)
    axes.set_ylabel("ΔF/F (%)")
    axes.yaxis.set_label_coords(-0.07, 0.5)


def _set_range(axes: Axes, reach: list[Samples]) -> None:
    values = np.concatenate([[np.nan], *reach])
    if np.isfinite(values).any():
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        pad = 0.07 * (high - low) or 0.01 * abs(high) or 1.0
        axes.set_ylim(low - pad, high + pad)


def _mark(axes: Axes, view: RecordingView, clock: Measure) -> None:
    axes.set_xlim(view.window_s[0] * clock.scale, view.window_s[1] * clock.scale)
    if "masks" not in view.hidden:
        for start, end in view.left_out_s:
            axes.axvspan(start * clock.scale, end * clock.scale, color=MASK, alpha=0.7, linewidth=0, zorder=0)
    if "interventions" not in view.hidden:
        for onset in view.onsets_s:
            axes.axvline(onset * clock.scale, color=GREY, linewidth=0.7, linestyle=(0, (3, 2)), zorder=1)


def _legend(axes: Axes) -> None:
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        axes.legend(
            handles, labels, loc="lower right", bbox_to_anchor=(1.005, 0.97), ncols=4, handlelength=1.3,
            columnspacing=1.0, handletextpad=0.4, borderaxespad=0.1,
        )  # fmt: skip


def _left_out(time_s: Samples, view: RecordingView) -> NDArray[np.bool_]:
    """Return which samples lie in a stretch that the fit did not see: they do not set the range of an axis."""
    out = np.zeros(time_s.size, bool)
    for start, end in view.left_out_s:
        out |= (time_s >= start) & (time_s <= end)
    return out


def _inside(time_s: Samples, view: RecordingView) -> NDArray[np.bool_]:
    return (time_s >= view.window_s[0]) & (time_s <= view.window_s[1])
