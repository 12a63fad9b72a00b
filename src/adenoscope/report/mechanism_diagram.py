"""The mechanism as boxes and arrows: what each piece takes from the others, and what it rests on.

Boxes stand where a reader finds them; which arrows there are, and what they carry, comes from the equations.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from adenoscope.mechanism.links import PROTOCOL, Link, few
from adenoscope.mechanism.pieces import LIBRARY
from adenoscope.report.ink import BLACK, BLUE, GREY, ORANGE, blank_figure, house_style
from adenoscope.studies.show_mechanism import Mechanism

Point = tuple[float, float]
PLACES = {  # column from the left, row from below
    **{"seizure": (1, 2), "sensor": (3, 2)},
    **{"oxygen": (0, 1), "energy": (1, 1), "purines": (2, 1), "behaviour": (3, 1)},
    **{"nmdar": (0, 0), "pharmacokinetics": (1, 0), "receptors": (2, 0), "plasticity": (3, 0)},
}
# Arrows with one corner: out of a box's side and into the other's top, or the reverse, so far beside the middle.
OUT_SIDEWAYS = {("seizure", "oxygen"): 0.0, ("seizure", "purines"): -0.3}
OUT_UPWARDS = {("purines", "sensor"): 0.3}
LABEL_ON_THE_LEFT = {("pharmacokinetics", "energy")}

BOX_INCH, GAP_INCH, MARGIN_INCH = (1.5, 1.14), (1.05, 0.72), 0.12
HEAD_INCH, FOOT_INCH = 0.34, 0.42
PAIR = 0.13  # how far the arrows of a pair lie from the middle
LINE, LABEL_LINE, CHARACTERS = 0.128, 0.105, 30
SMALL, TINY = 6.8, 6.2
SLANT = 0.45  # how far from the middles of its boxes a slanting arrow starts and ends
EDGE = "#444444"
DARK_GREEN = "#00664b"  # read on a tint, where the green of curves would be too pale
DEEPEST = 0.4  # shade of a box all of whose constants are unverified


@dataclass(frozen=True)
class Route:
    """An arrow's corners [inch], where its label goes, and how the label is aligned there."""

    points: tuple[Point, ...]
    at: Point
    ha: str
    va: str


def mechanism_figure(shown: Mechanism) -> Figure:
    """Return the diagram of a species' mechanism."""
    columns, rows = (1 + max(place[axis] for place in PLACES.values()) for axis in (0, 1))
    width, height = (
        n * box + (n - 1) * gap + 2 * MARGIN_INCH
        for n, box, gap in zip((columns, rows), BOX_INCH, GAP_INCH, strict=True)
    )
    with house_style():
        figure = blank_figure(width, height + HEAD_INCH + FOOT_INCH, synthetic=False)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, width)
        axes.set_ylim(-FOOT_INCH, height + HEAD_INCH)
        pairs = {(link.giver, link.taker) for link in shown.links}
        for link in shown.links:
            if link.giver != PROTOCOL:
                _draw_link(axes, link, paired=(link.taker, link.giver) in pairs)
        for piece in shown.states:
            _draw_box(axes, shown, piece)
        axes.text(MARGIN_INCH, height + 0.12, _title(shown), weight="bold", size=8.5)
        axes.text(MARGIN_INCH, -0.02, _legend(shown), color=GREY, size=SMALL, va="top", linespacing=1.35)
    return figure


def _draw_box(axes: Axes, shown: Mechanism, piece: str) -> None:
    x, y = centre(piece)
    (width, height), share = BOX_INCH, shown.unverified_share_of(piece)
    tint = [1 - DEEPEST * share * (1 - value) for value in to_rgb(ORANGE)]
    corner = (x - width / 2, y - height / 2)
    shape = "round,pad=0,rounding_size=0.06"
    axes.add_patch(FancyBboxPatch(corner, width, height, boxstyle=shape, fc=tint, ec=EDGE, lw=0.7))
    lines = _box_lines(shown, piece)
    top = y + LINE * (len(lines) - 1) / 2
    for place, (words, style) in enumerate(lines):
        axes.text(x, top - LINE * place, words, ha="center", va="center", **style)


def _box_lines(shown: Mechanism, piece: str) -> list[tuple[str, dict[str, Any]]]:
    small: dict[str, Any] = {"size": SMALL}
    n_states, n_constants = shown.states[piece], len(shown.constants[piece])
    counts = f"{_count(n_states, 'state')} · {_count(n_constants, 'constant')}"
    lines = [
        (piece, {"weight": "bold", "size": 8.2}),
        (counts, small),
        (f"{100 * shown.unverified_share_of(piece):.0f} % unverified", small),
    ]
    given = [name for link in shown.links if (link.giver, link.taker) == (PROTOCOL, piece) for name in link.names]
    lines += _wrapped("set", given, BLUE) + _wrapped("seen", shown.looked_at[piece], DARK_GREEN)
    return lines


def _wrapped(word: str, names: Sequence[str], colour: str) -> list[tuple[str, dict[str, Any]]]:
    said = f"{word}: {', '.join(few(tuple(names)))}" if names else ""
    return [(line, {"size": TINY, "color": colour}) for line in textwrap.wrap(said, CHARACTERS)]


def _draw_link(axes: Axes, link: Link, *, paired: bool) -> None:
    way = route(link.giver, link.taker, paired=paired)
    arrow = FancyArrowPatch(
        path=Path(way.points), arrowstyle="-|>,head_length=3.2,head_width=1.6", shrinkA=0, shrinkB=0
    )
    arrow.set(color=EDGE, lw=0.9, joinstyle="miter", capstyle="butt")
    axes.add_patch(arrow)
    lines = few(link.names)
    # Each line on its own: matplotlib spaces lines by their letters, which here makes them uneven.
    height = LABEL_LINE * (len(lines) - 1)
    x, top = (
        way.at[0],
        way.at[1] + {"bottom": height, "center": height / 2 - LABEL_LINE / 3, "top": -LABEL_LINE}[way.va],
    )
    for place, words in enumerate(lines):
        axes.text(x, top - LABEL_LINE * place, words, ha=way.ha, va="baseline", size=TINY, color=BLACK)


def centre(piece: str) -> Point:
    """Return where a piece's box has its middle [inch]."""
    x, y = (
        MARGIN_INCH + place * (box + gap) + box / 2
        for place, box, gap in zip(PLACES[piece], BOX_INCH, GAP_INCH, strict=True)
    )
    return x, y


def route(giver: str, taker: str, *, paired: bool) -> Route:
    """Return where an arrow runs; ``paired``: there is one the other way as well."""
    (x0, y0), (x1, y1) = centre(giver), centre(taker)
    half_width, half_height = BOX_INCH[0] / 2, BOX_INCH[1] / 2
    right, up = (1 if x1 > x0 else -1), (1 if y1 > y0 else -1)
    if y0 == y1:
        y = y0 + (PAIR * right if paired else 0)
        ends = ((x0 + right * half_width, y), (x1 - right * half_width, y))
        return _labelled_below(ends) if paired and right < 0 else _labelled_above(ends)
    if x0 == x1:
        x = x0 + (PAIR * up if paired else 0)
        left = (giver, taker) in LABEL_ON_THE_LEFT
        at = (x + (-0.06 if left else 0.06), (y0 + y1) / 2)
        ends = ((x, y0 + up * half_height), (x, y1 - up * half_height))
        return Route(ends, at, "right" if left else "left", "center")
    if (giver, taker) in OUT_SIDEWAYS:
        x = x1 + OUT_SIDEWAYS[giver, taker]
        return _labelled_above(((x0 + right * half_width, y0), (x, y0), (x, y1 - up * half_height)))
    if (giver, taker) in OUT_UPWARDS:
        x = x0 + OUT_UPWARDS[giver, taker]
        return _labelled_above(((x1 - right * half_width, y1), (x, y1), (x, y0 + up * half_height)), reverse=True)
    start, end = (x0 + right * SLANT, y0 + up * half_height), (x1 - right * SLANT, y1 - up * half_height)
    return Route((start, end), ((start[0] + end[0]) / 2 + 0.12, (y0 + y1) / 2), "left", "top")


def _labelled_above(points: tuple[Point, ...], *, reverse: bool = False) -> Route:
    """Return a route with its label above the first stretch, which is level."""
    (x0, y0), (x1, _) = points[:2]
    return Route(points[::-1] if reverse else points, ((x0 + x1) / 2, y0 + 0.05), "center", "bottom")


def _labelled_below(points: tuple[Point, ...]) -> Route:
    (x0, y0), (x1, _) = points
    return Route(points, ((x0 + x1) / 2, y0 - 0.05), "center", "top")


def _title(shown: Mechanism) -> str:
    n_states, n_constants = sum(shown.states.values()), sum(len(own) for own in shown.constants.values())
    counts = f"{n_states} states, {n_constants} constants, {100 * shown.unverified_share:.0f} % of them unverified"
    return f"The mechanism of a {shown.species}: {counts}"


def _legend(shown: Mechanism) -> str:
    return (
        "Arrows: what a piece takes from another, found in the equations. set: by a protocol. seen: in a simulation."
        "\nThe deeper a box's colour, the more of its constants were not read in their source. "
        f"In no box: {len(shown.constants[LIBRARY])} affinities, which several pieces use."
    )


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
