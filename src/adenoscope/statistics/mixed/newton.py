"""The minimum of the restricted likelihood by Newton's method, for all responses at once.

Where the curvature is negative its size is used instead, so every step leads down; a step is halved until it
does. A stationary point that still curves down somewhere is left along that direction: the end point is a
minimum also where a variance is zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.recording import Samples
from adenoscope.statistics.mixed.criterion import Indices, evaluate, slopes
from adenoscope.statistics.mixed.design import Blocks

FIRST_SIZES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0)
# A few dozen do, but for the odd response whose minimum lies at the end of a long curved valley.
MOST_STEPS = 3000
MOST_HALVINGS = 40
# Times (1 + |θ|)², which is also the longest step, squared.
LEAST_CURVATURE = 1e-6
# Without a least fall a step could end at the mirror image of where it began.
LEAST_FALL = 1e-4
ROUNDING = 1e-10
# Half of this is how far d may still fall.
DECREMENT = 1e-11
# A curvature above this, times (1 + |θ|)², counts as none: d is then flat or of fourth order in that direction.
SADDLE = -1e-3
KICK = 0.05
MOST_KICKS = 10


@dataclass(frozen=True, eq=False)
class Minimum:
    """Where each response's search ended: ``theta`` (t, k), and whether it had ``converged`` (t,)."""

    theta: Samples
    converged: NDArray[np.bool_]


def minimise(blocks: Blocks, which: Indices) -> Minimum:
    """Return θ at the least criterion of each of the responses ``which``.

    Valid: to the rounding of d; where d is flat, θ is one of the points that share the minimum.
    Source: Nocedal, Wright (2006), doi:10.1007/978-0-387-40065-5, section 3.4.
    """
    theta = _first(blocks, which)
    converged = np.zeros(which.size, dtype=np.bool_)
    active = np.arange(which.size)
    for _ in range(MOST_KICKS):
        _descend(blocks, which, theta, converged, active)
        active = _kick(blocks, which, theta, np.flatnonzero(converged))
        if not active.size:
            break
        converged[active] = False
    return Minimum(theta, converged)


def _first(blocks: Blocks, which: Indices) -> Samples:
    """Return the best of a few multiples of the identity for each response."""
    size = blocks.scale.size
    identity = np.eye(size)[np.tril_indices(size)]
    tries = [np.tile(first * identity, (which.size, 1)) for first in FIRST_SIZES]
    best = np.argmin([evaluate(blocks, which, theta).criterion for theta in tries], axis=0)
    return np.stack(tries)[best, np.arange(which.size)]


def _descend(blocks: Blocks, which: Indices, theta: Samples, converged: NDArray[np.bool_], active: Indices) -> None:
    """Move ``theta`` of the responses ``active`` to a stationary point, in place."""
    for _ in range(MOST_STEPS):
        point = evaluate(blocks, which[active], theta[active])
        slope = slopes(blocks, point)
        curvature, axes = np.linalg.eigh(slope.hessian)
        along = np.einsum("tij,ti->tj", axes, slope.gradient)
        reach = 1 + np.linalg.norm(theta[active], axis=1)
        size = np.maximum(np.abs(curvature), LEAST_CURVATURE / reach[:, None] ** 2)
        step = -np.einsum("tij,tj->ti", axes, along / size)
        step *= (reach / np.maximum(np.linalg.norm(step, axis=1), reach))[:, None]
        fall = np.sum(along**2 / size, axis=1)
        highest = point.criterion - LEAST_FALL * np.abs(np.sum(slope.gradient * step, axis=1)) + ROUNDING
        _search(blocks, which, active, theta, step, highest)
        converged[active[fall < DECREMENT]] = True
        active = active[fall >= DECREMENT]
        if not active.size:
            return


def _search(blocks: Blocks, which: Indices, active: Indices, theta: Samples, step: Samples, highest: Samples) -> None:
    """Take each step, halved until the criterion is no more than ``highest``, in place."""
    trying = np.arange(active.size)
    step = step.copy()
    for _ in range(MOST_HALVINGS):
        there = theta[active[trying]] + step[trying]
        fell = evaluate(blocks, which[active[trying]], there).criterion <= highest[trying]
        theta[active[trying[fell]]] = there[fell]
        trying = trying[~fell]
        if not trying.size:
            return
        step[trying] /= 2


def _kick(blocks: Blocks, which: Indices, theta: Samples, among: Indices) -> Indices:
    """Move those of ``among`` that curve down somewhere along that direction, in place; return which."""
    curvature, axes = np.linalg.eigh(slopes(blocks, evaluate(blocks, which[among], theta[among])).hessian)
    reach = 1 + np.linalg.norm(theta[among], axis=1)
    saddles = curvature[:, 0] * reach**2 < SADDLE
    theta[among[saddles]] += KICK * reach[saddles, None] * axes[saddles, :, 0]
    return among[saddles]
