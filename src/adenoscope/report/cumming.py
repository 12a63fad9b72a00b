"""Several contrasts of one readout as a Cumming plot: animals above, differences from the vehicle below.

Source: Cumming (2012), Understanding the New Statistics, ISBN 978-0-415-87968-2; Ho et al. (2019),
doi:10.1038/s41592-019-0470-3.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adenoscope.core.contrast import Contrast
from adenoscope.report.estimation_marks import (
    axis_lines,
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
from adenoscope.report.words import contrast_group, dose

COLUMN, LEFT, RIGHT, HEIGHT = 0.7, 0.8, 0.12, 4.0  # inch
MOST_COLUMNS = 8
GAP_BETWEEN = 0.45  # columns between blocks
LONGEST_LABEL, HEADING_CHARACTERS = 12, 13


@dataclass(frozen=True)
class Block:
    """Contrasts that share their vehicle's animals: its column, then one for each treated group."""

    contrasts: tuple[Contrast, ...]

    @property
    def columns(self) -> int:
        return 1 + len(self.contrasts)


def cumming_figures(contrasts: Sequence[Contrast], measure: Measure, *, synthetic: bool) -> Iterator[Figure]:
    """Yield figures of at most ``MOST_COLUMNS`` groups, on the same scales."""
    arms = [arm for contrast in contrasts for arm in (contrast.vehicle, contrast.treated)]
    above = padded([float(value) for arm in arms for value in values_of(arm, measure)])
    below = padded([0.0, *(edge for contrast in contrasts for edge in reach_of(contrast.difference, measure))], 0.03)
    for blocks in _rows(list(_blocks(contrasts))):
        yield _figure(blocks, measure, above, below, synthetic=synthetic)


def _blocks(contrasts: Sequence[Contrast]) -> Iterator[Block]:
    """Yield contrasts with one vehicle together; a paired one stands alone, beside what its lines join."""
    waiting: list[Contrast] = []
    for contrast in contrasts:
        fits = waiting and _vehicle(waiting[0]) == _vehicle(contrast) and contrast.design != "paired"
        if waiting and (not fits or waiting[0].design == "paired" or len(waiting) + 1 == MOST_COLUMNS):
            yield Block(tuple(waiting))
            waiting = []
        waiting.append(contrast)
    if waiting:
        yield Block(tuple(waiting))


def _vehicle(contrast: Contrast) -> object:
    return contrast.setting, contrast.versus, contrast.vehicle


def _rows(blocks: list[Block]) -> Iterator[list[Block]]:
    row: list[Block] = []
    for block in blocks:
        if row and sum(each.columns for each in row) + block.columns > MOST_COLUMNS:
            yield row
            row = []
        row.append(block)
    if row:
        yield row


def _figure(
    blocks: list[Block], measure: Measure, above: tuple[float, float], below: tuple[float, float], *, synthetic: bool
) -> Figure:
    reach = sum(block.columns for block in blocks) + GAP_BETWEEN * (len(blocks) - 1)
    width = LEFT + COLUMN * reach + RIGHT
    with house_style():
        figure = blank_figure(width, HEIGHT, synthetic=synthetic)
        span = (LEFT / width, COLUMN * reach / width)
        top = figure.add_axes((span[0], 0.51, span[1], 0.39))
        bottom = figure.add_axes((span[0], 0.03, span[1], 0.33))
        for axes, limits in ((top, above), (bottom, below)):
            axes.set_xlim(-0.5, reach - 0.5)
            axes.set_ylim(*limits)
            axes.set_xticks([])
            axes.spines["bottom"].set_visible(False)
            axes.locator_params(axis="y", nbins=6)
        top.set_ylabel(axis_lines(measure.axis))
        bottom.set_ylabel(axis_lines(measure.difference_axis))
        for axes in (top, bottom):
            axes.yaxis.set_label_coords(-0.46 / (COLUMN * reach), 0.5)
        place = 0.0
        for block in blocks:
            _draw(top, bottom, block, place, measure)
            place += block.columns + GAP_BETWEEN
    return figure


def _draw(top: Axes, bottom: Axes, block: Block, place: float, measure: Measure) -> None:
    first, last = block.contrasts[0], place + block.columns - 1
    paired = first.design == "paired"
    lines = textwrap.wrap(contrast_group(first), HEADING_CHARACTERS * block.columns)[:3]
    top.annotate(
        "\n".join(lines), ((place + last) / 2, 1), (0, 5), xycoords=("data", "axes fraction"),
        textcoords="offset points", ha="center", va="bottom", fontsize=7,
    )  # fmt: skip
    top.hlines(top.get_ylim()[0], place - 0.4, last + 0.4, color=GREY, linewidth=1.2, clip_on=False)
    bottom.hlines(0, place - 0.4, last + 0.5, color=GREY, linewidth=0.6)
    draw_animals(top, place, values_of(first.vehicle, measure), GREY, spread=not paired)
    dosed = any(contrast.given.dose is not None for contrast in block.contrasts)
    between = ("",) if dosed else ()
    write_below(top, place, (short(first.versus, LONGEST_LABEL), *between, f"n = {len(first.vehicle)}"))
    for column, contrast in enumerate(block.contrasts, start=1):
        here = place + column
        if paired:
            draw_pairs(top, (place, here), contrast, measure)
        draw_animals(top, here, values_of(contrast.treated, measure), BLUE, spread=not paired)
        amount = dose(contrast.given.dose, contrast.given.dose_unit)
        write_below(
            top, here, (short(contrast.given.treatment, LONGEST_LABEL), amount, f"n = {len(contrast.treated)}")
        )
        if contrast.difference is not None:
            draw_difference(bottom, here, contrast.difference, measure, degrees_of(contrast), BLUE)
        else:
            bottom.annotate("could\nnot tell", (here, 0), ha="center", va="bottom", fontsize=6.5, color=GREY)
