"""The step that lowers a quadratic most without leaving a box: an active set of bounds, found by projection."""

from __future__ import annotations

import numpy as np

from adenoscope.inference.problem.scales import Numbers

ROUNDS = 50  # of pinning and releasing coordinates; a few are the rule
ROUNDING = 1e-12  # of a coordinate's curvature: what is flatter than this, relative to others, is taken as this flat


def lowest_in_box(curvature: Numbers, slope: Numbers, low: Numbers, high: Numbers) -> Numbers:
    """Return the d in [low, high] that makes slope d + d curvature d / 2 smallest, or nearly, shape (parameter,).

    ``curvature`` is positive definite; ``low <= 0 <= high``. A coordinate whose way is blocked is pinned to its bound
    and the others are solved for anew; it is released when the slope there points inwards again.
    """
    step = np.zeros_like(slope)
    free = ~(((slope > 0) & (low >= 0)) | ((slope < 0) & (high <= 0)))
    for _ in range(ROUNDS):
        step = _solve(curvature, slope, step, free)
        outside = free & ((step < low) | (step > high))
        if outside.any():
            step = np.clip(step, low, high)
            free &= ~outside
            continue
        pull = slope + curvature @ step
        released = ~free & (((step <= low) & (pull < 0)) | ((step >= high) & (pull > 0))) & (low < high)
        if not released.any():
            break
        free[np.argmax(np.where(released, np.abs(pull), -1.0))] = True
    return np.clip(step, low, high)


def _solve(curvature: Numbers, slope: Numbers, step: Numbers, free: np.ndarray) -> Numbers:
    """Return the step with its free coordinates where the quadratic is lowest, the others left as they are."""
    result = step.copy()
    if free.any():
        pinned = np.where(free, 0.0, step)
        right = -(slope + curvature @ pinned)[free]
        own = curvature[np.ix_(free, free)]
        # Coordinates are brought to one size, as their curvatures may be twenty powers of ten apart.
        size = np.sqrt(np.diag(own))
        evened = own / np.outer(size, size) + ROUNDING * np.eye(size.size)
        result[free] = np.linalg.solve(evened, right / size) / size
    return result
