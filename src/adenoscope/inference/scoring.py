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
from dataclasses import dataclass, field

import numpy as np

from adenoscope.inference.box import lowest_in_box
from adenoscope.inference.cohort import Accuracy
from adenoscope.inference.likelihood import evaluate
from adenoscope.inference.problem import FitProblem
from adenoscope.inference.scales import Numbers
from adenoscope.inference.slopes import slopes, units

FACTORS = (1e-3, 1e-1, 1e1, 1e3, 1e5)  # dampings tried, relative to the last that was best
LEAST_DAMPING, MOST_DAMPING = 1e-8, 1e12
STRETCH = 3.0  # the boldest step is also tried this much longer
LARGEST_STEP = 0.5  # units of a parameter

CONVERGED, STUCK, OUT_OF_TIME, NOT_STARTED = "converged", "no lower point nearby", "steps used up", "not finite"


@dataclass(frozen=True)
class Effort:
    """When a descent ends: ``small`` gains of the objective for ``patience`` steps on end, or ``max_steps``."""

    max_steps: int = 300
    small: float = 1e-3
    patience: int = 10


@dataclass
class Descent:
    """Where one start has come to; ``status`` is empty while it goes on."""

    point: Numbers
    value: float
    damping: float = 1.0
    idle: int = 0
    steps: int = 0
    status: str = ""
    path: list[float] = field(default_factory=list[float])


Watcher = Callable[[list[Descent]], None]


def descend(
    problem: FitProblem, starts: Numbers, accuracy: Accuracy, effort: Effort, watch: Watcher | None = None
) -> list[Descent]:
    """Return where each of ``starts``, shape (start, parameter), descends to."""
    values = -evaluate(problem, starts, accuracy).log_posterior
    descents = [Descent(start, float(value)) for start, value in zip(starts, values, strict=True)]
    for descent in descents:
        descent.status = "" if np.isfinite(descent.value) else NOT_STARTED
    while active := [descent for descent in descents if not descent.status]:
        _advance(problem, active, accuracy, effort)
        if watch is not None:
            watch(descents)
    return descents


def _advance(problem: FitProblem, active: list[Descent], accuracy: Accuracy, effort: Effort) -> None:
    """Take one step in every descent that is still under way."""
    points = np.array([descent.point for descent in active])
    here = slopes(problem, points, accuracy)
    tried: list[tuple[Numbers, list[float]]] = []
    for number, descent in enumerate(active):
        tried.append(_candidates(problem, descent, here.gradient[number], here.information[number]))
    values = -evaluate(problem, np.concatenate([candidates for candidates, _ in tried]), accuracy).log_posterior
    first = 0
    for descent, (candidates, dampings) in zip(active, tried, strict=True):
        own = np.nan_to_num(values[first : first + len(candidates)], nan=np.inf)
        first += len(candidates)
        _take(descent, candidates, dampings, own, effort)


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


def _take(descent: Descent, candidates: Numbers, dampings: list[float], values: Numbers, effort: Effort) -> None:
    best = int(np.argmin(values))
    gain = descent.value - float(values[best])
    descent.steps += 1
    if gain > 0:
        descent.point, descent.value, descent.damping = candidates[best], float(values[best]), dampings[best]
    else:
        descent.damping = min(descent.damping * FACTORS[-1], MOST_DAMPING)
    descent.path.append(descent.value)
    descent.idle = descent.idle + 1 if gain < effort.small else 0
    if gain <= 0 and descent.damping >= MOST_DAMPING:
        descent.status = STUCK
    elif descent.idle >= effort.patience:
        descent.status = CONVERGED
    elif descent.steps >= effort.max_steps:
        descent.status = OUT_OF_TIME
