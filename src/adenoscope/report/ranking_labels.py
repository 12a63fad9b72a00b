"""Names beside points, each where it covers neither another name nor a point."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes

SIZE = 7.0
LONGEST = 24
# Where a name may stand, in points from its own: (x, y, horizontal, vertical alignment), in order of preference.
PLACES = (
    *((6, 5, "left", "bottom"), (-6, 5, "right", "bottom"), (6, -5, "left", "top"), (-6, -5, "right", "top")),
    *(
        (0, 14, "center", "bottom"),
        (0, -14, "center", "top"),
        (12, 12, "left", "bottom"),
        (-12, 12, "right", "bottom"),
    ),
    *((12, -12, "left", "top"), (-12, -12, "right", "top"), (0, 24, "center", "bottom"), (0, -24, "center", "top")),
)
Box = tuple[float, float, float, float]


def short(name: str, most: int) -> str:
    """Return a name of at most ``most`` letters, its end left out where it has more."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def place_labels(axes: Axes, points: Sequence[tuple[str, float, float]]) -> None:
    """Write each name beside its point (name, x, y), given in the data's units; axes must have their limits."""
    figure = axes.figure
    per_point = figure.dpi / 72
    spots = [tuple(axes.transData.transform((x, y))) for _, x, y in points]
    taken: list[Box] = [
        (x - 4 * per_point, y - 4 * per_point, x + 4 * per_point, y + 4 * per_point) for x, y in spots
    ]
    left, bottom, right, top = axes.bbox.extents
    for (full, x, y), spot in zip(points, spots, strict=True):
        name = short(full, LONGEST)
        width, height = 0.56 * SIZE * len(name) * per_point, 1.15 * SIZE * per_point
        best, least = PLACES[0], math.inf
        for place in PLACES:
            box = _box(spot, place, width, height, per_point)
            outside = max(0.0, left - box[0]) + max(0.0, box[2] - right - 20) + max(0.0, bottom - box[1])
            outside += max(0.0, box[3] - top)
            cost = sum(_overlap(box, other) for other in taken) + 50 * outside * height
            if cost < least:
                best, least = place, cost
        taken.append(_box(spot, best, width, height, per_point))
        axes.annotate(
            name, (x, y), best[:2], textcoords="offset points", ha=best[2], va=best[3], fontsize=SIZE, zorder=5,
            bbox={"boxstyle": "square,pad=0.05", "facecolor": "white", "alpha": 0.6, "linewidth": 0},
        )  # fmt: skip


def _box(spot: Sequence[float], place: tuple[int, int, str, str], width: float, height: float, scale: float) -> Box:
    x, y = spot[0] + place[0] * scale, spot[1] + place[1] * scale
    x -= {"left": 0.0, "center": width / 2, "right": width}[place[2]]
    y -= {"bottom": 0.0, "top": height}[place[3]]
    return (x, y, x + width, y + height)


def _overlap(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    along = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, across) * max(0.0, along)
