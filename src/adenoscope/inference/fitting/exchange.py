"""New starts from old: each takes some coordinates of one that came lower, moves a little, and draws a few anew.

Most descents end in a local optimum that is wrong in some coordinates and right in others; what is right spreads.

Source: Egea et al. (2010), Comput Oper Res 37:315, doi:10.1016/j.cor.2009.05.003 (scatter search with local descent).
"""

from __future__ import annotations

import numpy as np

from adenoscope.inference.fitting.slopes import units
from adenoscope.inference.fitting.starts import draw_starts
from adenoscope.inference.problem.fit_problem import FitProblem
from adenoscope.inference.problem.scales import Numbers

SHARES_TAKEN = (0.1, 0.3, 0.5)  # of the coordinates, from a lower point
SHARE_DRAWN = 0.07  # of the coordinates, from where starts come from
MOVE_SD = 0.1  # units of a parameter


def exchange(problem: FitProblem, points: Numbers, values: Numbers, rng: np.random.Generator) -> Numbers:
    """Return a new start for each of ``points``, shape (start, parameter); low ``values`` are the better ones."""
    low, high = problem.bounds
    shape = points.shape
    givers = _givers(values, rng)
    taken = rng.random(shape) < rng.choice(SHARES_TAKEN, size=(shape[0], 1))
    mixed = np.where(taken, points[givers], points) + MOVE_SD * units(problem) * rng.standard_normal(shape)
    drawn = rng.random(shape) < SHARE_DRAWN
    return np.where(drawn, draw_starts(problem, shape[0], rng), np.clip(mixed, low, high))


def _givers(values: Numbers, rng: np.random.Generator) -> list[int]:
    """Return, for each point, one that is lower; for the lowest, any."""
    order = np.argsort(values, kind="stable")
    ranks = np.argsort(order, kind="stable")
    return [int(order[rng.integers(rank)]) if rank > 0 else int(rng.integers(values.size)) for rank in ranks]
