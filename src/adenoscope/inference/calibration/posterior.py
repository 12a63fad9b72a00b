"""What observations say about the mechanism's constants: priors from ``values``, one likelihood for all rows.

A constant is fitted as its prior's standard normal score, as virtual subjects are drawn: the prior is N(0, 1) in
every direction. Likelihood: a row's band holds 95 % of what would agree with it; where one side of a band is open,
only the other counts. Constants that break the resting state have no density.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from adenoscope.core.parameter import Parameter
from adenoscope.inference.predict.mitochondria import OWN, predict_enrichment
from adenoscope.inference.predict.needs import (
    needed_moments,
    needed_quantities,
    needed_runs,
    predict,
    predictable,
)
from adenoscope.inference.predict.observations import Observation
from adenoscope.inference.predict.runs import simulate_runs
from adenoscope.mechanism.cohort import has_rest, known_constants, mechanism, values_at
from adenoscope.mechanism.pieces import constants
from adenoscope.simulation.solver.tables import Numbers

Flags = npt.NDArray[np.bool_]
NORMAL_95 = 1.959964
FARTHEST = 20.0  # deviation, in standard deviations, of a row that could not be computed
MOVES = 0.05  # standard deviations of a row, by one of a constant's prior: less is not worth fitting


@dataclass(frozen=True)
class Target:
    """The observations, and the constants that are to explain them by name, in the order of vectors of scores."""

    observations: tuple[Observation, ...]
    priors: Mapping[str, Parameter]

    @property
    def size(self) -> int:
        return len(self.priors)

    def constants(self, scores: Numbers) -> dict[str, Numbers]:
        """Return constants by name, each of shape (draw,), at ``scores``, shape (draw, constant)."""
        return values_at(self.priors, scores)


def make_target(observations: Sequence[Observation], at: Mapping[str, float] | None = None) -> Target:
    """Return what to calibrate the mouse's mechanism with: every constant that moves a row.

    ``at``: scores by name at which that is looked at; without it, the priors' centre. Names in it are always kept.
    """
    whole, middle = Target(tuple(observations), candidates()), dict(at or {})
    centre = np.array([middle.get(name, 0.0) for name in whole.priors])
    steps = np.eye(whole.size)
    both = deviations(whole, predictions(whole, np.concatenate([centre + steps, centre - steps])))
    moved = np.abs(np.diff(both.reshape(2, whole.size, -1), axis=0)[0]).max(axis=1) / 2
    kept = {
        name: prior
        for (name, prior), most in zip(whole.priors.items(), moved, strict=True)
        if most > MOVES or name in middle
    }
    return Target(whole.observations, kept)


@cache
def candidates() -> Mapping[str, Parameter]:
    """Return every constant of the mouse's mechanism and of isolated mitochondria that is not known for certain."""
    own = {name: value for name, value in constants("mitochondria", "mouse").items() if name in OWN}
    return {name: value for name, value in {**known_constants("mouse"), **own}.items() if value.low < value.high}


def predictions(target: Target, scores: Numbers) -> Numbers:
    """Return predictions of all rows, shape (draw, row), NaN where there is none; ``scores``: (draw, constant)."""
    return predict_rows(target.observations, target.constants(scores), len(scores))


def predict_rows(observations: Sequence[Observation], drawn: Mapping[str, Numbers], n_draws: int) -> Numbers:
    """Return predictions of all rows, shape (draw, row), NaN where there is none; ``drawn``: constants by name."""
    brain = {name: value for name, value in drawn.items() if name not in OWN}
    told = predictable(observations)
    curves = simulate_runs(
        mechanism("mouse"), needed_runs(told), brain, needed_quantities(told), needed_moments(told)
    )
    labels = predict_enrichment(observations, drawn)
    return np.where(np.isnan(labels), predict(observations, curves, n_draws), labels)


def deviations(target: Target, found: Numbers) -> Numbers:
    """Return how far predictions lie from rows, in standard deviations, shape (draw, row)."""
    columns = [row_deviation(o, values) for o, values in zip(target.observations, found.T, strict=True)]
    return np.stack(columns, axis=1)


def row_deviation(o: Observation, values: Numbers) -> Numbers:
    """Return how far predictions of one row lie from it, in standard deviations, same shape."""
    if np.isfinite(o.low) and np.isfinite(o.high):
        column = (values - o.mean) / ((o.high - o.low) / (2 * NORMAL_95))
    elif np.isfinite(o.high):
        column = np.maximum(values - o.mean, 0.0) / ((o.high - o.mean) / NORMAL_95)
    else:
        column = np.minimum(values - o.mean, 0.0) / ((o.mean - o.low) / NORMAL_95)
    return np.clip(np.nan_to_num(column, nan=FARTHEST), -FARTHEST, FARTHEST)


def residuals(target: Target, scores: Numbers) -> Numbers:
    """Return deviations of rows and of constants from their priors, shape (draw, row + constant)."""
    rows = deviations(target, predictions(target, scores))
    rows[~at_rest(target, scores)] = FARTHEST
    return np.concatenate([rows, scores], axis=1)


def at_rest(target: Target, scores: Numbers) -> Flags:
    """Return which draws have a resting state, as virtual subjects must have."""
    return has_rest("mouse", {name: value for name, value in target.constants(scores).items() if name not in OWN})


def log_posterior(target: Target, scores: Numbers) -> Numbers:
    """Return the logarithm of the posterior density but for a constant, shape (draw,); -inf without a rest."""
    found = np.full(len(scores), -np.inf)
    rests = at_rest(target, scores)
    if rests.any():
        rows = deviations(target, predictions(target, scores[rests]))
        found[rests] = -0.5 * ((rows**2).sum(axis=1) + (scores[rests] ** 2).sum(axis=1))
    return found
