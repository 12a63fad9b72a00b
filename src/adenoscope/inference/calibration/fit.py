"""The constants that explain the observations best, found from many starts; and which directions the data inform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from adenoscope.inference.calibration.posterior import Target, log_posterior, residuals
from adenoscope.simulation.solver.tables import Numbers

DIFFERENCE = 1e-3  # of a logarithm: steps of the solver are 1e-5, so differences keep two digits
FARTHEST_Z = 3.0  # a constant is not looked for beyond this many prior standard deviations
SCATTER = 0.7  # of starts, in prior standard deviations
TRIED = 64  # starts that are only looked at, for each that is followed


@dataclass(frozen=True)
class Start:
    """One descent: where it ended (logarithms of constants), and half the sum of squared deviations there."""

    logs: Numbers
    cost: float
    evaluations: int


def descend(target: Target, begin: Numbers, most: int = 60) -> Start:
    """Return the end of a Levenberg-Marquardt descent from ``begin``, within the prior's reach."""
    low, high = target.centre - FARTHEST_Z * target.spread, target.centre + FARTHEST_Z * target.spread

    def deviations(logs: Numbers) -> Numbers:
        return residuals(target, logs[None])[0]

    def slopes(logs: Numbers) -> Numbers:
        return jacobian(target, logs)

    settings: Any = {"jac": slopes, "bounds": (low, high), "max_nfev": most, "x_scale": target.spread}
    found = least_squares(deviations, np.clip(begin, low, high), **settings)
    return Start(found.x, float(found.cost), int(found.nfev))


def jacobian(target: Target, logs: Numbers) -> Numbers:
    """Return d residual / d logarithm, shape (residual, constant): all neighbours in one call of the engine."""
    n = logs.size
    neighbours = np.repeat(logs[None], 2 * n, axis=0)
    neighbours[np.arange(n), np.arange(n)] += DIFFERENCE
    neighbours[n + np.arange(n), np.arange(n)] -= DIFFERENCE
    found = residuals(target, neighbours)
    return ((found[:n] - found[n:]) / (2 * DIFFERENCE)).T


def find_mode(target: Target, starts: int, seed: int, watch: Callable[[int, int], None] | None = None) -> list[Start]:
    """Return descents from the priors' centre and from scattered starts, the best first."""
    random = np.random.default_rng(seed)
    found: list[Start] = []
    for n in range(starts):
        scattered = target.centre + (n > 0) * SCATTER * target.spread * random.standard_normal(
            (TRIED, len(target.priors))
        )
        found.append(descend(target, scattered[log_posterior(target, scattered).argmax()]))
        if watch is not None:
            watch(n + 1, starts)
    return sorted(found, key=lambda start: start.cost)


def informed_directions(target: Target, logs: Numbers) -> tuple[Numbers, Numbers]:
    """Return the directions the data inform more than the priors do, and by how much.

    Shapes (constant, direction) in logarithms, orthonormal in units of the priors; and the ratio of the data's to the
    prior's information, above 1, largest first.
    """
    rows = jacobian(target, logs)[: len(target.observations)] * target.spread
    information, axes = np.linalg.eigh(rows.T @ rows)
    keep = np.flatnonzero(information > 1)[::-1]
    return axes[:, keep], information[keep]
