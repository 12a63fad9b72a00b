"""Coordinates in which the posterior is nearly a normal distribution, so that long strides stay on it.

    scores z = v + A x,    x = A^T z,    coordinates (v, c),    c = (u, x_2, ..., x_k)

A are the directions that the data inform, the most informed first; v is the rest, which has hardly anything but its
prior. How large a surge a dose of ketamine gives depends on nearly everything and is known to a few percent: in plain
scores that is a thin bent sheet. So the logarithm u of the surge itself takes the place of x_1, which is solved for.

    density of (v, c) = density of z / |du/dx_1|

Source: the change of variables; Parno & Marzouk (2018), doi:10.1137/17M1134640 (maps to a normal reference).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from adenoscope.core.protocol import Dose, Protocol
from adenoscope.inference.calibration.mitochondria import OWN
from adenoscope.inference.calibration.posterior import Target
from adenoscope.inference.calibration.runs import TOLERANCES
from adenoscope.mechanism.cohort import mechanism
from adenoscope.mechanism.interventions import changes
from adenoscope.simulation import Change
from adenoscope.simulation.solver.tables import Numbers

PINNED = Protocol("mouse", duration_s=1200.0, every_s=30.0, give=(Dose(0.0, "ketamine", 10.0, "mg/kg", "ip"),))
LEAST_SLOPE = 0.02  # of u by x_1: below, the surge says nothing about x_1, and the step is refused
CLOSE = 2e-4  # of u, to which x_1 is solved; the posterior knows u to about a tenth
SOLVED = 2e-3  # of u, beyond which there is no solution
ROUNDS, STEP, LONGEST, FARTHEST = 6, 0.02, 6.0, 15.0


@cache
def _doses() -> tuple[Change, ...]:
    return tuple(changes(PINNED))


def surge(target: Target, scores: Numbers) -> Numbers:
    """Return the logarithm of the highest ΔF/F [1] after ketamine, without noise, shape (draw,)."""
    times = np.arange(0.0, PINNED.duration_s + 1, PINNED.every_s)
    drawn = {name: values for name, values in target.constants(scores).items() if name not in OWN}
    asked: dict[str, Any] = {"observables": ["dff"], "events": _doses(), "n_subjects": len(scores), **TOLERANCES}
    curves = mechanism("mouse").simulate(times, parameters=drawn, **asked).values[:, :, 0]
    place = np.nan_to_num(curves, nan=-1.0).argmax(axis=1).clip(1, times.size - 2)
    before, at, after = (np.take_along_axis(curves, place[:, None] + step, axis=1)[:, 0] for step in (-1, 0, 1))
    top = at - (after - before) ** 2 / (
        8 * np.minimum(before - 2 * at + after, -1e-12)
    )  # of the parabola through them
    return np.log(np.maximum(np.nan_to_num(top, nan=0.0), 1e-9))


@dataclass(frozen=True)
class Place:
    """Where chains are: ``scores`` z and ``rest`` v, shape (chain, constant); ``inner`` c, (chain, direction).

    ``slope``: |du/dx_1|, 1 where x_1 is its own coordinate, shape (chain,); 0 where there is no such place.
    """

    scores: Numbers
    rest: Numbers
    inner: Numbers
    slope: Numbers

    def where(self, taken: npt.NDArray[np.bool_], other: Place) -> Place:
        """Return ``other`` where ``taken``, else this."""
        wide = taken[:, None]
        return Place(
            np.where(wide, other.scores, self.scores),
            np.where(wide, other.rest, self.rest),
            np.where(wide, other.inner, self.inner),
            np.where(taken, other.slope, self.slope),
        )


@dataclass(frozen=True)
class Coordinates:
    """``axes`` A, shape (constant, direction), orthonormal; ``pinned``: whether the surge takes x_1's place."""

    target: Target
    axes: Numbers
    pinned: bool

    def find(self, scores: Numbers) -> Place:
        """Return the coordinates of scores."""
        inner = scores @ self.axes
        rest = scores - inner @ self.axes.T
        if not self.pinned:
            return Place(scores, rest, inner, np.ones(len(scores)))
        inner[:, 0] = surge(self.target, scores)
        return Place(scores, rest, inner, self._slope(scores))

    def solve(self, rest: Numbers, inner: Numbers, near: Place) -> Place:
        """Return the place that has these coordinates; ``near`` is where the search for x_1 begins."""
        if not self.pinned:
            return Place(rest + inner @ self.axes.T, rest, inner, np.ones(len(rest)))
        others = rest + inner[:, 1:] @ self.axes[:, 1:].T
        along, missing = self._search(others, inner[:, 0], near)
        scores = others + along[:, None] * self.axes[:, 0]
        slope = self._slope(scores)
        found = (np.abs(missing) < SOLVED) & (slope > LEAST_SLOPE)
        return Place(np.where(found[:, None], scores, near.scores), rest, inner, np.where(found, slope, 0.0))

    def _search(self, others: Numbers, wanted: Numbers, near: Place) -> tuple[Numbers, Numbers]:
        """Return x_1 and what is still missing in u, by secants."""
        along, slope = near.scores @ self.axes[:, 0], near.slope
        missing = surge(self.target, others + along[:, None] * self.axes[:, 0]) - wanted
        for _ in range(ROUNDS):
            further = np.clip(along - np.clip(missing / slope, -LONGEST, LONGEST), -FARTHEST, FARTHEST)
            then = surge(self.target, others + further[:, None] * self.axes[:, 0]) - wanted
            moved = np.abs(further - along) > 1e-7
            slope = np.where(moved, np.abs(then - missing) / np.where(moved, np.abs(further - along), 1.0), slope)
            along, missing, slope = further, then, np.maximum(slope, LEAST_SLOPE)
            if np.abs(missing).max() < CLOSE:
                break
        return along, missing

    def _slope(self, scores: Numbers) -> Numbers:
        step = STEP * self.axes[:, 0]
        both = surge(self.target, np.concatenate([scores + step, scores - step])).reshape(2, -1)
        return (both[0] - both[1]) / (2 * STEP)


def make_coordinates(target: Target, mode: Numbers, axes: Numbers) -> Coordinates:
    """Return coordinates with the surge in them where it depends on the first axis, which is turned to raise it."""
    slope = float(Coordinates(target, axes, pinned=True).find(mode[None]).slope[0])
    turned = axes * np.where(np.arange(axes.shape[1]) == 0, np.sign(slope) or 1.0, 1.0)
    return replace(Coordinates(target, turned, pinned=False), pinned=abs(slope) > 10 * LEAST_SLOPE)
