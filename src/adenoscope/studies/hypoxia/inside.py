"""How far schedules lie outside the envelope for people, many at a time.

Each limit of a schedule is of its gas and bouts, of the air between them, or of how many there are. So each of these
parts is judged once, beside gentle others, however many schedules share it.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

import numpy as np

from adenoscope.core.hypoxia_design import HypoxiaDesign
from adenoscope.core.schedule import Breach
from adenoscope.mechanism.cohort import Numbers
from adenoscope.studies.hypoxia.judging import breaches

GENTLE = (0.95, 0.2, 15.0, 14400.0, 1.0, 1.0)  # target, gas, bout, rest, bouts, sessions
REST, BOUTS = -3, -2  # columns of a point
SOME = 2.0  # bouts that have air between them: more are no different there
CHUNK = 1 << 16


def outside_by(points: Numbers, design: HypoxiaDesign) -> Numbers:
    """Return how far each schedule is outside, shape (point,): each limit's miss as a share of it; 0 inside.

    ``points``, shape (point, quantity), in the order of ``HypoxiaDesign.searched``.
    """
    if design.species != "human":
        return np.zeros(len(points))
    between = points.copy()
    between[:, BOUTS] = np.minimum(between[:, BOUTS], SOME)
    ways = ((points, slice(None, REST)), (between, slice(REST, -1)), (points, slice(BOUTS, None)))
    gentle = np.array(GENTLE[-points.shape[1] :])
    return np.sum([_of_part(columns, part, gentle, design) for columns, part in ways], axis=0)


def grid_points(design: HypoxiaDesign) -> Iterator[Numbers]:
    """Yield the points of a design's ranges, some at a time, each of shape (point, quantity)."""
    levels = [np.array(quantity.levels) for quantity in design.searched]
    shape = tuple(own.size for own in levels)
    for start in range(0, prod(shape), CHUNK):
        places = np.unravel_index(np.arange(start, min(start + CHUNK, prod(shape))), shape)
        yield np.column_stack([own[place] for own, place in zip(levels, places, strict=True)])


def miss(found: tuple[Breach, ...]) -> float:
    """Return how far breaches are outside, each as a share of its limit; what is prohibited counts as 1."""
    return sum(breach.by / breach.allowed if breach.allowed else 1.0 for breach in found)


def _of_part(points: Numbers, part: slice, gentle: Numbers, design: HypoxiaDesign) -> Numbers:
    rows, which = np.unique(points[:, part], axis=0, return_inverse=True)
    whole = np.tile(gentle, (len(rows), 1))
    whole[:, part] = rows
    misses = [miss(breaches(design.schedule(tuple(row)), design)) for row in whole.tolist()]
    return np.array(misses)[which.ravel()]
