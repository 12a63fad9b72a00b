"""Profile likelihoods: what observations say about one constant when all the others may follow.

    profile(s) = min over the other constants of (rows' cost + others' priors),   its own prior left out

with cost half the sum of squared deviations. A side is bounded where the profile rises by 1.92, half the 95 % point
of chi-squared with one degree of freedom. Where it does not rise within three prior standard deviations, observations
do not bound the constant on that side, and what the posterior says there is the prior's word.

Source: Raue et al. (2009), doi:10.1093/bioinformatics/btp358.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from adenoscope.inference.calibration.fit import FARTHEST_Z, descend
from adenoscope.inference.calibration.posterior import Target
from adenoscope.simulation.solver.tables import Numbers

RISE = 1.920729  # half of chi-squared's 95 % point
STRIDE, NEAR = 1.0, 1e-6  # of a score: between points, and from the end of the way
EVALUATIONS = 5  # of each descent, which begins where its neighbour ended
Bounded = Literal["both sides", "from below", "from above", "not at all"]


@dataclass(frozen=True)
class Profile:
    """``scores`` of a constant in order and ``costs`` [1] above the least, each of shape (point,)."""

    name: str
    scores: Numbers
    costs: Numbers

    @property
    def sides(self) -> tuple[float | None, float | None]:
        """Return the scores below and above which the profile has risen by ``RISE``; None where it does not rise."""
        return _crossing(self.scores[::-1], self.costs[::-1]), _crossing(self.scores, self.costs)

    @property
    def bounded(self) -> Bounded:
        low, high = (side is not None for side in self.sides)
        return ("both sides" if high else "from below") if low else ("from above" if high else "not at all")


def profile(target: Target, mode: Numbers, name: str) -> Profile:
    """Return the profile of one constant, from the mode outwards on either side.

    ``mode``: scores at the posterior's mode, shape (constant,).
    """
    place = list(target.priors).index(name)
    middle = descend(target, mode, EVALUATIONS, held=place)
    points = {float(mode[place]): middle.cost}
    for direction in (-1.0, 1.0):
        scores = middle.scores
        while abs(scores[place] - direction * FARTHEST_Z) > NEAR:
            begin = scores.copy()
            begin[place] = np.clip(begin[place] + direction * STRIDE, -FARTHEST_Z, FARTHEST_Z)
            found = descend(target, begin, EVALUATIONS, held=place)
            scores = found.scores
            points[float(scores[place])] = found.cost
            if found.cost > min(points.values()) + 2 * RISE:
                break
    ordered = np.array(sorted(points))
    costs = np.array([points[score] for score in ordered.tolist()])
    costs -= costs.min()
    return Profile(name, ordered, costs)


def _crossing(scores: Numbers, costs: Numbers) -> float | None:
    """Return the score at which the profile, followed in this order from its least point on, rises by ``RISE``."""
    start = int(np.argmin(costs))
    above = np.flatnonzero(costs[start:] > RISE)
    if not above.size:
        return None
    n = start + int(above[0])
    share = (RISE - costs[n - 1]) / (costs[n] - costs[n - 1])
    return float(scores[n - 1] + share * (scores[n] - scores[n - 1]))
