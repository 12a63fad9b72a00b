"""A CONSORT diagram of a simulated trial: assessed, randomised, started, seen at the end.

Source: Schulz, Altman, Moher (2010), doi:10.1136/bmj.c332, for what its boxes say.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from adenoscope.core.trial import Trial
from adenoscope.io.small_cells import count_text
from adenoscope.report.ink import BLACK, GREY, blank_figure, house_style
from adenoscope.studies.trials.flow import ArmFlow, Flow

COLUMN, GAP, SIDE = 2.05, 0.25, 2.0  # inches: of an arm, between two arms, and of what is excluded
ROWS = (4.35, 3.3, 2.4, 1.4, 0.5)  # inches from below: the middle of each row of boxes
TOP = 4.75
LINE = 0.155


def consort_figure(flow: Flow, trial: Trial) -> Figure:
    """Return the diagram; counts are those of a typical replicate, and small ones are suppressed."""
    n = len(flow.arms)
    width = max(n * COLUMN + (n - 1) * GAP + 0.3, COLUMN + 2 * SIDE + 0.1)
    left = (width - (n * COLUMN + (n - 1) * GAP)) / 2
    with house_style():
        figure = blank_figure(width, TOP, synthetic=False)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, width), ylim=(0, TOP))
        axes.axis("off")
        middle = width / 2
        _box(
            axes,
            middle,
            ROWS[0],
            [f"Assessed for eligibility (virtual people): {count_text(flow.assessed)}"],
            COLUMN + 1.0,
        )
        _box(axes, middle, ROWS[1], [f"Randomised: {flow.randomised}"], COLUMN)
        _arrow(axes, (middle, ROWS[0] - 0.2), (middle, ROWS[1] + 0.16))
        beside = middle + COLUMN / 2 + SIDE / 2 + 0.1
        height = (ROWS[0] + ROWS[1]) / 2
        _box(axes, beside, height, [f"Not eligible: {count_text(flow.excluded)}"], SIDE - 0.3)
        _arrow(axes, (middle, height), (beside - (SIDE - 0.3) / 2, height))
        for number, (arm, planned) in enumerate(zip(flow.arms, trial.arms, strict=True)):
            centre = left + COLUMN / 2 + number * (COLUMN + GAP)
            _arrow(axes, (middle, ROWS[1] - 0.16), (centre, ROWS[2] + 0.3))
            _arm(axes, centre, arm, len(planned.session_days))
        note = f"suppressed: below {flow.least} people, or would give such a count away"
        axes.text(width / 2, 0.07, note, ha="center", va="center", fontsize=6, color=GREY)
    return figure


def _arm(axes: Axes, centre: float, arm: ArmFlow, n_sessions: int) -> None:
    sessions = "1 session" if n_sessions == 1 else f"{n_sessions} sessions"
    _box(axes, centre, ROWS[2], [arm.arm, f"Allocated: {count_text(arm.randomised)}", sessions], COLUMN)
    lines = [f"Started: {count_text(arm.started)}", f"Never started: {count_text(arm.never_started)}"]
    _box(axes, centre, ROWS[3], lines, COLUMN)
    lines = [f"Seen at the last visit: {count_text(arm.seen_last)}", f"Left before: {count_text(arm.left)}"]
    _box(axes, centre, ROWS[4], lines, COLUMN)
    _arrow(axes, (centre, ROWS[2] - 0.3), (centre, ROWS[3] + 0.22))
    _arrow(axes, (centre, ROWS[3] - 0.22), (centre, ROWS[4] + 0.22))


def _box(axes: Axes, centre: float, middle: float, lines: list[str], width: float) -> None:
    height = LINE * len(lines) + 0.13
    corner = (centre - width / 2, middle - height / 2)
    axes.add_patch(
        FancyBboxPatch(
            corner, width, height, boxstyle="round,pad=0,rounding_size=0.04", fc="white", ec=GREY, linewidth=0.7
        )
    )
    for number, line in enumerate(lines):
        at = middle + (len(lines) - 1) / 2 * LINE - number * LINE
        weight = "bold" if number == 0 and len(lines) == 3 else "normal"
        axes.text(centre, at, line, ha="center", va="center", fontsize=6.8, weight=weight)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate(
        "", end, start, arrowprops={"arrowstyle": "-|>", "color": BLACK, "linewidth": 0.6, "mutation_scale": 7}
    )
