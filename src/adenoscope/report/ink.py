"""How figures look: colours that colour-blind readers tell apart, thin axes, and the mark of simulation."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito (2008), Color Universal Design.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILLION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"
GREY, PALE = "#6b6b6b", "#e4e4e4"
SIMULATED = "simulated data"

STYLE: dict[str, Any] = {
    "axes.edgecolor": "#444444",
    "axes.facecolor": "none",
    "axes.labelsize": 7.5,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 8,
    # A given height spares matplotlib a search for it, a quarter of the drawing time.
    "axes.titley": 1.0,
    "figure.facecolor": "none",
    "font.family": "DejaVu Sans",
    "font.size": 7.5,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "lines.linewidth": 1.0,
    "lines.solid_capstyle": "round",
    "svg.hashsalt": "adenoscope",
    # A name such as "$5 ketamine$" is text, not a formula.
    "text.parse_math": False,
    "xtick.labelsize": 7,
    "xtick.major.width": 0.6,
    "ytick.labelsize": 7,
    "ytick.major.width": 0.6,
}


@contextmanager
def house_style(**extra: object) -> Generator[None]:
    """Draw in our style whatever the user's own settings of matplotlib are."""
    ours = {key: value for key, value in mpl.rcParamsDefault.items() if key not in {"backend", "backend_fallback"}}
    with mpl.rc_context(cast("Any", {**ours, **STYLE, **extra})):
        yield


def blank_figure(width: float, height: float, *, synthetic: bool) -> Figure:
    """Return an empty figure of ``width`` x ``height`` [inch], marked where the data are simulated."""
    figure = Figure(figsize=(width, height))
    if synthetic:
        figure.text(
            0.5, 0.5, SIMULATED, ha="center", va="center", rotation=18, fontsize=7.2 * width**0.78,
            color=PALE, weight="bold", zorder=-1,
        )  # fmt: skip
    return figure


def letter(axes: Axes, name: str, title: str) -> None:
    """Write a panel's letter and title above its left corner."""
    axes.annotate(name, (0, 1), (-26, 5), xycoords="axes fraction", textcoords="offset points", weight="bold", size=9)
    axes.set_title(title, loc="left", pad=5)
