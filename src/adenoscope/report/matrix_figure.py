"""The dissociation matrix as a figure: each cell a verdict, in a colour, a mark and words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from adenoscope.core.verdict import Finding
from adenoscope.report.dissociation import Cell, Matrix
from adenoscope.report.ink import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    PALE,
    SIMULATED,
    SKY,
    VERMILLION,
    blank_figure,
    house_style,
)
from adenoscope.report.verdict_words import FINDING_WORDS

ROW, HEAD, FOOT, NAMES, MARGIN = 0.74, 0.42, 0.34, 1.45, 0.03  # inch
WIDEST, MOST_COLUMNS = 7.1, 5
NARROW_CELL, WIDE_CELL = 1.1, 1.5
CHARACTERS_AN_INCH = 15
FILLS: dict[Finding, str] = {"necessary": BLUE, "reduced": SKY, "not_necessary": ORANGE, "could_not_tell": PALE}
INKS: dict[Finding, str] = {"necessary": "white", "reduced": BLACK, "not_necessary": BLACK, "could_not_tell": BLACK}
MARKS = {"necessary": "full", "reduced": "left", "not_necessary": "none"}
KEY: dict[Finding, str] = {
    "necessary": "necessary: less than the margin is left",
    "reduced": "reduced",
    "not_necessary": "not necessary: stays",
    "could_not_tell": "could not tell",
}


def matrix_figures(matrix: Matrix, *, synthetic: bool) -> Iterator[Figure]:
    """Yield the matrix, at most ``MOST_COLUMNS`` readouts to a figure."""
    for start in range(0, len(matrix.columns), MOST_COLUMNS):
        yield _figure(matrix, range(start, min(start + MOST_COLUMNS, len(matrix.columns))), synthetic=synthetic)


def _figure(matrix: Matrix, chosen: range, *, synthetic: bool) -> Figure:
    cell = min(WIDE_CELL, max(NARROW_CELL, (WIDEST - NAMES - MARGIN) / len(chosen)))
    width = max(NAMES + cell * len(chosen) + MARGIN, 5.3)
    height = HEAD + ROW * len(matrix.rows) + FOOT
    with house_style():
        figure = blank_figure(width, height, synthetic=synthetic)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        axes.axis("off")
        if synthetic:  # the cells cover most of the mark that every figure has
            axes.text(0.02, 0.1, SIMULATED, weight="bold", color=VERMILLION, va="center")
        for place, column in enumerate(chosen):
            name = "\n".join(textwrap.wrap(matrix.columns[column], int(CHARACTERS_AN_INCH * cell))[:2])
            axes.text(NAMES + cell * (place + 0.5), HEAD - 0.07, name, ha="center", va="bottom", weight="bold")
        for index, row in enumerate(matrix.rows):
            top = HEAD + ROW * index
            _name(axes, top, row.manipulation, row.effect)
            for place, column in enumerate(chosen):
                _draw(axes, NAMES + cell * place, top, cell, row.cells[column])
        _key(axes, height - FOOT / 2 + 0.04)
    return figure


def _name(axes: Axes, top: float, manipulation: str, effect: str) -> None:
    lines = textwrap.wrap(effect, int(CHARACTERS_AN_INCH * NAMES))[:3]
    middle = top + ROW / 2
    axes.text(0.02, middle - 0.075 * len(lines), manipulation, va="center", weight="bold", fontsize=8)
    axes.text(0.02, middle + 0.075, "\n".join(lines), va="center", fontsize=7, color=GREY)


def _draw(axes: Axes, left: float, top: float, width: float, cell: Cell | None) -> None:
    fill = "none" if cell is None else FILLS[cell.verdict.finding]
    axes.add_patch(
        Rectangle((left + 0.02, top + 0.02), width - 0.04, ROW - 0.04, facecolor=fill, edgecolor=PALE, linewidth=0.8)
    )
    if cell is None:
        axes.text(left + width / 2, top + ROW / 2, "not asked", ha="center", va="center", color=GREY, fontsize=6.5)
        return
    ink, finding = INKS[cell.verdict.finding], cell.verdict.finding
    share, _, within = cell.share.partition(" (")
    lines = [line for line in (share, f"({within}" if within else "", cell.needed) if line]
    first = top + ROW / 2 - 0.065 * len(lines)
    _mark(axes, left + 0.16, first, finding, ink)
    axes.text(left + 0.29, first, cell.word, va="center", weight="bold", fontsize=8, color=ink)
    for place, line in enumerate(lines, start=1):
        axes.text(left + 0.29, first + 0.13 * place, line, va="center", fontsize=6.6, color=ink)


def _mark(axes: Axes, x: float, y: float, finding: Finding, ink: str) -> None:
    if finding == "could_not_tell":
        axes.text(x, y, "?", ha="center", va="center", weight="bold", fontsize=9, color=ink)
        return
    axes.plot(
        [x], [y], "o", markersize=6, fillstyle=MARKS[finding], color=ink, markerfacecoloralt="none",
        markeredgecolor=ink, markeredgewidth=1.0,
    )  # fmt: skip


def _key(axes: Axes, y: float) -> None:
    x = 0.1
    for finding in FINDING_WORDS:
        axes.add_patch(Rectangle((x - 0.07, y - 0.075), 0.16, 0.15, facecolor=FILLS[finding], linewidth=0))
        _mark(axes, x + 0.01, y, finding, INKS[finding])
        axes.text(x + 0.14, y, KEY[finding], va="center", fontsize=6.6)
        x += 0.4 + 0.0495 * len(KEY[finding])
