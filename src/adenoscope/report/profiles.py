"""What observations say about each constant: its prior, and how far the profile likelihood bounds it."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adenoscope.inference.calibration.profiles import Profile
from adenoscope.report.ink import BLUE, GREY, PALE, VERMILLION, blank_figure, house_style

ROW_INCH, HEAD_INCH, FOOT_INCH, WIDTH_INCH = 0.145, 0.45, 0.5, 7.2
PRIOR_95, EDGE = 1.96, 3.0  # prior standard deviations
COLOURS = {"both sides": BLUE, "from below": BLUE, "from above": BLUE, "not at all": VERMILLION}


def profiles_figure(profiles: Sequence[Profile]) -> Figure:
    """Return the figure: a row for each constant, the best bounded first, in standard deviations of its prior."""
    rows = sorted(profiles, key=_width)
    height = HEAD_INCH + ROW_INCH * len(rows) + FOOT_INCH
    with house_style():
        figure = blank_figure(WIDTH_INCH, height, synthetic=False)
        axes = figure.add_axes((0.42, FOOT_INCH / height, 0.55, 1 - (HEAD_INCH + FOOT_INCH) / height))
        axes.axvspan(-PRIOR_95, PRIOR_95, color=PALE, lw=0)
        axes.axvline(0, color=GREY, lw=0.6)
        for place, row in enumerate(rows):
            _draw(axes, len(rows) - 1 - place, row)
        axes.set_xlim(-EDGE - 0.25, EDGE + 0.25)
        axes.set_ylim(-0.8, len(rows) - 0.2)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("standard deviations of the prior (grey: 95 % of it)")
        said = (
            "profile likelihood, 95 %; dot: best value. Blue to where observations bound it, an arrow if they do not;"
        )
        figure.text(0.02, 1 - 0.14 / height, said, va="center")
        figure.text(
            0.02, 1 - 0.3 / height, "red where they bound neither side, so that only the prior speaks.", va="center"
        )
    return figure


def _width(profile: Profile) -> tuple[int, float]:
    low, high = profile.sides
    n_open = (low is None) + (high is None)
    return n_open, (EDGE if high is None else high) - (-EDGE if low is None else low)


def _draw(axes: Axes, height: int, profile: Profile) -> None:
    low, high = profile.sides
    colour = COLOURS[profile.bounded]
    left, right = -EDGE if low is None else low, EDGE if high is None else high
    axes.plot([left, right], [height, height], color=colour, lw=1.2)
    for side, end, mark in ((low, left, "<"), (high, right, ">")):
        axes.plot([end], [height], mark if side is None else "|", color=colour, ms=3.2 if side is None else 4.5)
    best = float(profile.scores[int(profile.costs.argmin())])
    axes.plot([best], [height], "o", color=colour, ms=2.6)
    axes.annotate(
        profile.name,
        (-EDGE - 0.35, height),
        ha="right",
        va="center",
        fontsize=6.2,
        annotation_clip=False,
        color="black",
    )
