"""One session as a figure: the channels with what the model says they are made of, and the response."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec, SubplotSpec
from numpy.typing import NDArray

from adenoscope.core.recording import Samples
from adenoscope.core.response import Curve, Estimands, FittedParts
from adenoscope.core.result import SessionResult
from adenoscope.report.ink import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, blank_figure, house_style, letter
from adenoscope.report.numbers import Measure, duration

WIDTH, HEIGHT, HERO_HEIGHT = 7.1, 2.85, 2.7
MOST_POINTS = 450
MASK = "#d9d9d9"
SIGNAL, CONTROL, BLANK = "signal", "control", "blank session"


def session_figure(result: SessionResult, *, synthetic: bool) -> Figure | None:
    """Return the channels (left) and the response (right); None where a refusal left nothing to draw."""
    parts, curve = result.response.parts, result.response.curve
    if parts is None and curve is None:
        return None
    with house_style():
        figure = blank_figure(WIDTH, HEIGHT, synthetic=synthetic)
        _draw(figure, result, "left" if curve is None else "right" if parts is None else "both")
    return figure


def hero_figure(result: SessionResult, *, synthetic: bool) -> Figure:
    """Return the README's figure: raw channels on the left, the response with its band on the right."""
    if result.response.parts is None or result.response.curve is None:
        raise ValueError(f"session {result.session.session} has no response to show")
    with house_style():
        figure = blank_figure(WIDTH, HERO_HEIGHT, synthetic=synthetic)
        figure.patch.set_facecolor("white")
        _draw(figure, result, "both")
    return figure


def thin(values: Samples, most: int = MOST_POINTS) -> Samples:
    """Return means of neighbours, at most ``most`` of them; lost samples count only where all are lost."""
    groups = _groups(values, most)
    present = np.isfinite(groups)
    total = np.where(present, groups, 0.0).sum(axis=1)
    n = present.sum(axis=1)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)


def extent(values: Samples, most: int = MOST_POINTS) -> tuple[Samples, Samples]:
    """Return the lowest and highest of the same neighbours as ``thin`` takes."""
    groups = _groups(values, most)
    lost = ~np.isfinite(groups).any(axis=1)
    low = np.where(np.isfinite(groups), groups, np.inf).min(axis=1)
    high = np.where(np.isfinite(groups), groups, -np.inf).max(axis=1)
    low[lost] = high[lost] = np.nan
    return low, high


def _groups(values: Samples, most: int) -> NDArray[np.float64]:
    size = max(1, -(-len(values) // most))
    rows = -(-len(values) // size)
    padded = np.full(rows * size, np.nan)
    padded[: len(values)] = values
    return padded.reshape(rows, size)


def _draw(figure: Figure, result: SessionResult, which: str) -> None:
    grid = GridSpec(
        1, 1 if which != "both" else 2, figure, left=0.075, right=0.985, bottom=0.145, top=0.9, wspace=0.2
    )
    parts, curve = result.response.parts, result.response.curve
    times = [part.time_s for part in (parts, curve) if part is not None]
    span = (min(float(time[0]) for time in times), max(float(time[-1]) for time in times))
    clock = duration("time after the intervention", span[1])
    onsets = np.array(result.session.onsets_s) - result.session.onsets_s[0]
    panels: list[Axes] = []
    if parts is not None:
        panels += _channel_panels(
            figure, grid[0], parts, clock, second=_second_name(result), has_response=curve is not None
        )
    if curve is not None:
        panels.append(figure.add_subplot(grid[-1]))
        _response_panel(panels[-1], curve, result.response.estimands, clock, "abc"[len(panels) - 1])
    for axes in panels:
        axes.set_xlim(span[0] * clock.scale, span[1] * clock.scale)
        _mark_time(axes, onsets * clock.scale, parts, clock)


def _channel_panels(
    figure: Figure, place: SubplotSpec, parts: FittedParts, clock: Measure, *, second: str, has_response: bool
) -> list[Axes]:
    channels = [(SIGNAL, parts.signal, parts.signal_fit, parts.signal_background, GREEN)]
    if parts.control is not None and parts.control_fit is not None and parts.control_background is not None:
        channels.append((second, parts.control, parts.control_fit, parts.control_background, PURPLE))
    rows = place.subgridspec(len(channels), 1, hspace=0.42)
    panels: list[Axes] = []
    for row, (name, raw, fit, background, colour) in enumerate(channels):
        axes = figure.add_subplot(rows[row])
        _channel(axes, clock.scale * thin(parts.time_s), raw, fit, background, colour, has_response)
        letter(axes, "ab"[row], name)
        axes.set_ylabel("F / F₀")
        axes.yaxis.set_label_coords(-0.135, 0.5)
        panels.append(axes)
    for axes in panels[:-1]:
        axes.tick_params(labelbottom=False)
    panels[-1].set_xlabel(f"{clock.name} ({clock.unit})")
    handles, labels = panels[0].get_legend_handles_labels()
    panels[0].legend(
        handles, labels, loc="lower right", bbox_to_anchor=(1.01, 0.97), ncols=3, handlelength=1.3,
        columnspacing=1.0, handletextpad=0.4, borderaxespad=0.1,
    )  # fmt: skip
    return panels


def _second_name(result: SessionResult) -> str:
    """Return what stands beside the signal: without a control channel it is the drug-free session."""
    return BLANK if result.session.blank and not result.facts.control else CONTROL


def _channel(
    axes: Axes,
    time: Samples,
    raw: Samples,
    fit: Samples,
    background: Samples,
    colour: str,
    has_response: bool,
) -> None:
    low, high = extent(raw)
    axes.fill_between(time, low, high, color=colour, alpha=0.45, linewidth=0.4, label="measured")
    axes.plot(time, thin(raw), color=colour, linewidth=2.6, alpha=0.4)
    if has_response:
        axes.fill_between(time, thin(background), thin(fit), color=BLUE, alpha=0.22, linewidth=0)
    if np.isfinite(fit).any():
        axes.plot(time, thin(fit), color=BLACK, linewidth=0.7, label="model")
        axes.plot(time, thin(background), color=ORANGE, linewidth=0.8, label="without response")
    axes.set_ylim(*_limits(raw, fit, background))
    axes.locator_params(axis="y", nbins=4)


def _limits(raw: Samples, *models: Samples) -> tuple[float, float]:
    """Return y limits that a few wild samples do not stretch."""
    core = np.nanpercentile(raw, [0.2, 99.8]) if np.isfinite(raw).any() else np.array([1.0])
    values = np.concatenate([core, *(model[np.isfinite(model)] for model in models)])
    low, high = float(values.min()), float(values.max())
    pad = 0.08 * (high - low) or 0.01
    return low - pad, high + pad


def _response_panel(axes: Axes, curve: Curve, estimands: Estimands | None, clock: Measure, name: str) -> None:
    time = clock.scale * thin(curve.time_s)
    low, high = 100 * thin(curve.dff_low), 100 * thin(curve.dff_high)
    axes.axhline(0, color=GREY, linewidth=0.6)
    axes.fill_between(time, low, high, color=BLUE, alpha=0.22, linewidth=0)
    axes.plot(time, 100 * thin(curve.dff), color=BLUE, linewidth=1.4)
    if estimands is not None:
        edges = [clock.scale * edge for edge in estimands.window_s]
        mean = 100 * estimands.mean_dff.estimate
        axes.plot(edges, [mean, mean], color=ORANGE, linewidth=2.2, alpha=0.9, solid_capstyle="butt")
        axes.annotate("mean", (edges[1], mean), (3, 0), textcoords="offset points", va="center", size=7, color=GREY)
    axes.set_xlabel(f"{clock.name} ({clock.unit})")
    axes.set_ylabel("ΔF/F (%)", labelpad=2)
    axes.margins(y=0.08)
    letter(axes, name, "response, with 95 % band")


def _mark_time(axes: Axes, onsets: Samples, parts: FittedParts | None, clock: Measure) -> None:
    for start, end in parts.masked_s if parts is not None else ():
        axes.axvspan(start * clock.scale, end * clock.scale, color=MASK, alpha=0.7, linewidth=0, zorder=0)
    bottom, top = axes.get_ylim()
    axes.vlines(onsets, bottom, top, color=GREY, linewidth=0.7, linestyle=(0, (3, 2)), zorder=1)
    axes.set_ylim(bottom, top)
