"""What no other point beats in two objectives, both to be small, and how much such a front dominates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]


def feasible(objectives: Numbers, slacks: Numbers) -> Mask:
    """Return which points keep every limit (all ``slacks`` <= 0) and have finite objectives, shape (point,).

    Args:
        objectives: to be small, shape (point, 2).
        slacks: what a limit is broken by where > 0, shape (point, limit); NaN counts as broken.
    """
    return np.logical_and(np.isfinite(objectives).all(axis=1), (slacks <= 0).all(axis=1))


def front(objectives: Numbers, kept: Mask | None = None) -> Mask:
    """Return which points no other point beats, shape (point,); of equal points all are on the front.

    A point is beaten by one that is nowhere larger and somewhere smaller.

    Args:
        objectives: to be small, shape (point, 2), finite where kept.
        kept: shape (point,): the others neither beat nor are on the front.
    Valid: two objectives.
    Source: Kung, Luccio & Preparata (1975), doi:10.1145/321906.321910.
    """
    on_front = np.zeros(len(objectives), dtype=bool)
    chosen = np.flatnonzero(np.ones(len(objectives), dtype=bool) if kept is None else kept)
    if chosen.size == 0:
        return on_front
    unique, member = np.unique(objectives[chosen], axis=0, return_inverse=True)
    # Rows are sorted by the first objective, then the second: a row stays if it is below all before it.
    lowest_before = np.concatenate([[np.inf], np.minimum.accumulate(unique[:, 1])[:-1]])
    on_front[chosen] = (unique[:, 1] < lowest_before)[member.ravel()]
    return on_front


def hypervolume(objectives: Numbers, reference: Numbers) -> float:
    """Return the area that points dominate below ``reference``, in the product of both objectives' units.

    Args:
        objectives: to be small, shape (point, 2), finite; any points, on the front or not.
        reference: shape (2,); a point that is not below it in both objectives adds nothing.
    Valid: two objectives.
    Source: Zitzler & Thiele (1999), doi:10.1109/4235.797969.
    """
    inside = objectives[(objectives < reference).all(axis=1)]
    steps = inside[front(inside)]
    steps = steps[np.argsort(steps[:, 0], kind="stable")]
    widths = np.diff(np.append(steps[:, 0], reference[0]))
    return float(np.sum(widths * (reference[1] - steps[:, 1])))


def gains(candidates: Numbers, objectives: Numbers, reference: Numbers) -> Numbers:
    """Return by how much each candidate alone would raise the hypervolume of ``objectives``, shape (candidate,).

    Args:
        candidates: to be small, shape (candidate, 2).
        objectives: to be small, shape (point, 2).
        reference: shape (2,).
    Valid: two objectives.
    """
    steps = objectives[front(objectives)]
    steps = steps[np.argsort(steps[:, 0], kind="stable")]
    starts = np.concatenate([[-np.inf], np.minimum(steps[:, 0], reference[0])])
    ends = np.append(starts[1:], reference[0])
    heights = np.minimum(np.append(reference[1], steps[:, 1]), reference[1])
    widths = np.maximum(ends - np.maximum(starts, candidates[:, :1]), 0.0)
    return np.sum(widths * np.maximum(heights - candidates[:, 1:], 0.0), axis=1)
