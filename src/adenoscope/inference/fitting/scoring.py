"""Fisher scoring within bounds: from many starts at once, each step tried at several lengths in one simulation.

A step d solves (information + damping D) d = -gradient within the bounds and a largest step, where D measures every
parameter in its unit (a decade). Several dampings are tried at once, as the engine does many vectors as fast as one;
the best is taken if it is any better, and tells where to look next.

Valid: minus log posteriors whose information is the curvature near an optimum; elsewhere descent is all it promises.
Source: Osborne (1992), Int Stat Rev 60:99, doi:10.2307/1403504 (scoring); Moré (1978), doi:10.1007/BFb0067700
(damping).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from adenoscope.inference.fitting.box import lowest_in_box
from adenoscope.inference.fitting.slopes import slopes, units
from adenoscope.inference.likelihood.cohort import Accuracy
from adenoscope.inference.likelihood.evaluate import evaluate
from adenoscope.inference.problem.fit_problem import FitProblem
from adenoscope.inference.problem.scales import Numbers

FACTORS = (1e-3, 1e-1, 1e1, 1e3, 1e5)  # dampings tried, relative to the last that was best
LEAST_DAMPING, MOST_DAMPING = 1e-8, 1e12
STRETCH = 3.0  # the boldest step is also tried this much longer
LARGEST_STEP = 0.5  # units of a parameter: longer ones leave the valley that a start lies in

CONVERGED, STUCK, OUT_OF_TIME, NOT_STARTED = "converged", "no lower point nearby", "steps used up", "not finite"


@dataclass(frozen=True)
class Effort:
    """When a descent ends: ``small`` gains of the objective for ``patience`` steps on end, or ``max_steps``."""

    max_steps: int = 300
    small: float = 1e-3
    patience: int = 10


@dataclass(frozen=True)
class Descent:
    """Where one start has come to: minus the log posterior is ``value`` at ``point``; no ``status`` while it goes on.

    ``idle``: steps on end that gained little. ``damping``: of the last step that was taken.
    """

    point: Numbers
    value: float
    damping: float = 1.0
    idle: int = 0
    steps: int = 0
    status: str = ""


Watcher = Callable[[list[Descent]], None]


def descend(
    problem: FitProblem, starts: Numbers, accuracy: Accuracy, effort: Effort, watch: Watcher | None = None
) -> list[Descent]:
    """Return where each of ``starts``, shape (start, parameter), descends to; ``watch`` is called at every step."""
    values = -evaluate(problem, starts, accuracy).log_posterior
    descents = [
        Descent(start, float(value), status="" if np.isfinite(value) else NOT_STARTED)
        for start, value in zip(starts, values, strict=True)
    ]
    while active := [number for number, descent in enumerate(descents) if not descent.status]:
        moved = _advance(problem, [descents[number] for number in active], accuracy, effort)
        for number, descent in zip(active, moved, strict=True):
            descents[number] = descent
        if watch is not None:
            watch(descents)
    return descents


def _advance(problem: FitProblem, active: list[Descent], accuracy: Accuracy, effort: Effort) -> list[Descent]:
    """Return every descent one step on: one call of the engine for the slopes, and one for all that is tried."""
    here = slopes(problem, np.array([descent.point for descent in active]), accuracy)
    tried = [
        _candidates(problem, descent, gradient, information)
        for descent, gradient, information in zip(active, here.gradient, here.information, strict=True)
    ]
    values = -evaluate(problem, np.concatenate([points for points, _ in tried]), accuracy).log_posterior
    own = values.reshape(len(active), -1)
    return [_take(descent, *tried[number], own[number], effort) for number, descent in enumerate(active)]


def _candidates(
    problem: FitProblem, descent: Descent, gradient: Numbers, information: Numbers
) -> tuple[Numbers, list[float]]:
    """Return points to try, and the damping of each."""
    unit = units(problem)
    low, high = (bound - descent.point for bound in problem.bounds)
    nearest, farthest = np.maximum(low, -LARGEST_STEP * unit), np.minimum(high, LARGEST_STEP * unit)
    dampings = [float(np.clip(descent.damping * f, LEAST_DAMPING, MOST_DAMPING)) for f in FACTORS]
    steps = [
        lowest_in_box(information + np.diag(damping / unit**2), gradient, nearest, farthest) for damping in dampings
    ]
    steps.append(np.clip(STRETCH * steps[1], low, high))
    return np.array([np.clip(descent.point + step, *problem.bounds) for step in steps]), [*dampings, dampings[1]]


def _take(descent: Descent, points: Numbers, dampings: list[float], values: Numbers, effort: Effort) -> Descent:
    """Return the descent at the best of the points tried, or where it was, with more damping."""
    best = int(np.argmin(values))
    gain = descent.value - float(values[best])
    idle, steps = (descent.idle + 1 if gain < effort.small else 0), descent.steps + 1
    if gain > 0:
        moved = replace(descent, point=points[best], value=float(values[best]), damping=dampings[best])
    else:
        moved = replace(descent, damping=min(descent.damping * FACTORS[-1], MOST_DAMPING))
    status = ""
    if gain <= 0 and descent.damping >= MOST_DAMPING:
        status = STUCK
    elif idle >= effort.patience:
        status = CONVERGED
    elif steps >= effort.max_steps:
        status = OUT_OF_TIME
    return replace(moved, idle=idle, steps=steps, status=status)
