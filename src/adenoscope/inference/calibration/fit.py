"""The constants that explain the observations best, found from many starts; and which directions the data inform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from adenoscope.inference.calibration.posterior import Target, log_posterior, make_target, residuals
from adenoscope.simulation.solver.tables import Numbers, Whole

DIFFERENCE = 4e-3  # of a score: the solver keeps five digits, so differences keep two or three
COARSE = 0.05  # of a score, for directions: a corner of a readout is no information
FARTHEST_Z = 3.0  # a constant is not looked for beyond this many prior standard deviations
SCATTER = 0.7  # of starts, in prior standard deviations
TRIED = 64  # starts that are only looked at, for each that is followed


@dataclass(frozen=True)
class Start:
    """One descent: where it ended (scores), and half the sum of squared deviations there."""

    scores: Numbers
    cost: float
    evaluations: int


def descend(target: Target, begin: Numbers, most: int = 60, held: int | None = None) -> Start:
    """Return the end of a Levenberg-Marquardt descent from ``begin``, within the prior's reach.

    ``held``: a constant that stays where it begins, and whose prior does not count.
    """
    free = np.array([n for n in range(target.size) if n != held])
    counted = np.r_[np.arange(len(target.observations)), len(target.observations) + free]

    def whole(part: Numbers) -> Numbers:
        scores = begin.copy()
        scores[free] = part
        return scores

    def deviations(part: Numbers) -> Numbers:
        return residuals(target, whole(part)[None])[0][counted]

    def slopes(part: Numbers) -> Numbers:
        return jacobian(target, whole(part), free)[counted]

    settings: Any = {"jac": slopes, "bounds": (-FARTHEST_Z, FARTHEST_Z), "max_nfev": most, "xtol": 1e-5, "ftol": 1e-5}
    found = least_squares(deviations, np.clip(begin[free], -FARTHEST_Z, FARTHEST_Z), **settings)
    return Start(whole(found.x), float(found.cost), int(found.nfev))


def jacobian(target: Target, scores: Numbers, free: Whole | None = None, difference: float = DIFFERENCE) -> Numbers:
    """Return d residual / d score, shape (residual, constant): all neighbours in one call of the engine."""
    columns: Whole = np.arange(target.size) if free is None else free
    steps = np.zeros((columns.size, target.size))
    steps[np.arange(columns.size), columns] = difference
    found = residuals(target, np.concatenate([scores + steps, scores - steps]))
    return ((found[: columns.size] - found[columns.size :]) / (2 * difference)).T


def find_mode(target: Target, starts: int, seed: int, watch: Callable[[int, int], None] | None = None) -> list[Start]:
    """Return descents from the priors' centre and from scattered starts, the best first."""
    random = np.random.default_rng(seed)
    found: list[Start] = []
    for n in range(starts):
        scattered = (n > 0) * SCATTER * random.standard_normal((TRIED, target.size))
        found.append(descend(target, scattered[log_posterior(target, scattered).argmax()]))
        if watch is not None:
            watch(n + 1, starts)
    return sorted(found, key=lambda start: start.cost)


def widened(target: Target, mode: Start) -> tuple[Target, Start]:
    """Return the target with every constant that moves a row at the mode too, and its mode."""
    whole = make_target(target.observations, at=dict(zip(target.priors, mode.scores, strict=True)))
    known = dict(zip(target.priors, mode.scores, strict=True))
    begin = np.array([known.get(name, 0.0) for name in whole.priors])
    return whole, descend(whole, begin)


def informed_directions(target: Target, points: Numbers) -> tuple[Numbers, Numbers]:
    """Return the directions the data inform more than the priors do, and by how much, on average over ``points``.

    ``points``: scores about the mode, shape (point, constant). Shapes (constant, direction), orthonormal; and the
    ratio of the data's to the prior's information, above 1, largest first.

    Source: Cui et al. (2014), doi:10.1088/0266-5611/30/11/114015 (global likelihood-informed subspace).
    """
    n_rows = len(target.observations)
    slopes = [jacobian(target, point, difference=COARSE)[:n_rows] for point in points]
    information, axes = np.linalg.eigh(np.mean([rows.T @ rows for rows in slopes], axis=0))
    keep = np.flatnonzero(information > 1)[::-1]
    return axes[:, keep], information[keep]
