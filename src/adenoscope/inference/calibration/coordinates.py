"""Coordinates in which the posterior is nearly a normal distribution, so that long strides stay on it.

    scores z = v + A x,    x = A^T z,    coordinates (v, c),    c = (u_1, u_2, x_3, ..., x_k)

A are the directions that the data inform; v is the rest, which has hardly anything but its prior. How large a surge
ketamine or deschloroketamine gives depends on nearly everything and is known to a few percent: in plain scores that
is a thin bent sheet. So logarithms u of these surges take the place of the first x, which are solved for: that of
ketamine along the most informed direction, the other along a constant of its own that ketamine does not feel.

    density of (v, c) = density of z / |du_1/dx_1 du_2/dx_2|

Source: the change of variables; Parno & Marzouk (2018), doi:10.1137/17M1134640 (maps to a normal reference).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from adenoscope.core.protocol import Dose, Protocol
from adenoscope.inference.calibration.posterior import Target
from adenoscope.inference.predict.mitochondria import OWN
from adenoscope.inference.predict.runs import TOLERANCES
from adenoscope.mechanism.cohort import mechanism
from adenoscope.mechanism.interventions import changes
from adenoscope.simulation import Change
from adenoscope.simulation.solver.tables import Numbers

KETAMINE = Protocol("mouse", 1200.0, every_s=30.0, give=(Dose(0.0, "ketamine", 10.0, "mg/kg", "ip"),))
OTHERS = {  # by the constant along which they are solved; none of the others feels it
    "deschloroketamine_ic50_mitochondria": Protocol(
        "mouse", 2400.0, every_s=60.0, give=(Dose(0.0, "deschloroketamine", 5.0, "mg/kg", "ip"),)
    ),
}
LEAST_SLOPE = 0.02  # of u by x: below, the surge says nothing about x, and the step is refused
CLOSE = 2e-4  # of u, to which x is solved; the posterior knows u to about a tenth
SOLVED = 2e-3  # of u, beyond which there is no solution
ROUNDS, STEP, FARTHEST = 30, 0.02, 12.0
BEYOND = 100.0  # ΔF/F [1] that no sensor gives: how far a search may look without overflowing


@cache
def _done(protocol: Protocol) -> tuple[Change, ...]:
    return tuple(changes(protocol))


def surge(target: Target, protocol: Protocol, scores: Numbers) -> Numbers:
    """Return the logarithm of the highest ΔF/F [1] in a protocol, without noise, shape (draw,)."""
    times = np.arange(0.0, protocol.duration_s + 1, protocol.every_s)
    drawn = {name: values for name, values in target.constants(scores).items() if name not in OWN}
    asked: dict[str, Any] = {"observables": ["dff"], "events": _done(protocol), "n_subjects": len(scores)}
    curves = mechanism("mouse").simulate(times, parameters=drawn, **asked, **TOLERANCES).values[:, :, 0]
    curves = np.clip(np.nan_to_num(curves, nan=-1.0), -1.0, BEYOND)
    place = curves.argmax(axis=1).clip(1, times.size - 2)
    before, at, after = (np.take_along_axis(curves, place[:, None] + step, axis=1)[:, 0] for step in (-1, 0, 1))
    bend = np.minimum(before - 2 * at + after, -1e-12)
    top = at - (after - before) ** 2 / (8 * bend)  # of the parabola through the three
    return np.log(np.maximum(top, 1e-9))


@dataclass(frozen=True)
class Place:
    """Where chains are: ``scores`` z and ``rest`` v, shape (chain, constant); ``inner`` c, (chain, direction).

    ``slopes``: du/dx of each surge, shape (chain, surge); 0 where there is no such place.
    """

    scores: Numbers
    rest: Numbers
    inner: Numbers
    slopes: Numbers

    @property
    def exists(self) -> npt.NDArray[np.bool_]:
        """Return which chains have a place, shape (chain,)."""
        return np.asarray((self.slopes > LEAST_SLOPE).all(axis=1), bool)

    def where(self, taken: npt.NDArray[np.bool_], other: Place) -> Place:
        """Return ``other`` where ``taken``, else this."""
        pairs = ((other.scores, self.scores), (other.rest, self.rest), (other.inner, self.inner))
        wide = [np.where(taken[:, None], new, old) for new, old in (*pairs, (other.slopes, self.slopes))]
        return Place(*wide)


@dataclass(frozen=True)
class Coordinates:
    """``axes`` A, shape (constant, direction), orthonormal; ``surges``: whose u take the place of the first x."""

    target: Target
    axes: Numbers
    surges: tuple[Protocol, ...]

    def find(self, scores: Numbers) -> Place:
        """Return the coordinates of scores."""
        inner = scores @ self.axes
        rest = scores - inner @ self.axes.T
        slopes = np.ones((len(scores), len(self.surges)))
        for n, protocol in enumerate(self.surges):
            inner[:, n] = surge(self.target, protocol, scores)
            slopes[:, n] = self._slope(n, scores)
        return Place(scores, rest, inner, slopes)

    def solve(self, rest: Numbers, inner: Numbers, near: Place) -> Place:
        """Return the place that has these coordinates; ``near`` is where the search for the first x begins."""
        n_surges = len(self.surges)
        along = near.scores @ self.axes[:, :n_surges]
        scores = rest + inner[:, n_surges:] @ self.axes[:, n_surges:].T + along @ self.axes[:, :n_surges].T
        slopes = np.ones_like(near.slopes)
        for n in range(n_surges):
            scores, missing = self._search(n, scores, inner[:, n], near.slopes[:, n])
            slopes[:, n] = np.where(np.abs(missing) < SOLVED, self._slope(n, scores), 0.0)
        return Place(scores, rest, inner, slopes)

    def _search(self, n: int, scores: Numbers, wanted: Numbers, slope: Numbers) -> tuple[Numbers, Numbers]:
        """Return scores moved along axis n, and what is still missing in u: secants, kept between ends that bracket.

        A place is found from wherever the search begins, or from nowhere: else steps there and back would differ.
        """
        ends = np.tile([-FARTHEST, FARTHEST], (len(scores), 1))
        moved, slope = np.zeros(len(scores)), slope.copy()
        missing = surge(self.target, self.surges[n], scores) - wanted
        open_ = np.flatnonzero(np.abs(missing) > CLOSE)
        for _ in range(ROUNDS):
            if not open_.size:
                break
            here, gap = moved[open_], missing[open_]
            ends[open_, (gap > 0).astype(int)] = here  # u rises along its axis
            low, high = ends[open_].T
            guess = here - gap / slope[open_]
            there = np.where((guess > low) & (guess < high), guess, (low + high) / 2)
            at = scores[open_] + there[:, None] * self.axes[:, n]
            then = surge(self.target, self.surges[n], at) - wanted[open_]
            rise = (then - gap) / np.where(there == here, 1.0, there - here)
            moved[open_], missing[open_], slope[open_] = there, then, np.maximum(rise, LEAST_SLOPE)
            open_ = open_[(np.abs(then) > CLOSE) & (high - low > CLOSE / 100)]
        return scores + moved[:, None] * self.axes[:, n], missing

    def _slope(self, n: int, scores: Numbers) -> Numbers:
        step = STEP * self.axes[:, n]
        both = surge(self.target, self.surges[n], np.concatenate([scores + step, scores - step])).reshape(2, -1)
        return (both[0] - both[1]) / (2 * STEP)


def make_coordinates(target: Target, mode: Numbers, axes: Numbers) -> Coordinates:
    """Return coordinates around the mode; ``axes``: the directions that the data inform, the most informed first.

    A surge that does not depend on its axis is left out. Axes are turned so that each raises its surge.
    """
    own = [(_unit(target, name), protocol) for name, protocol in OTHERS.items() if name in target.priors]
    pairs = [(axes[:, 0] - sum(unit * (unit @ axes[:, 0]) for unit, _ in own), KETAMINE), *own]
    felt: list[tuple[Numbers, Protocol]] = []
    for axis, protocol in pairs:
        unit = axis / np.linalg.norm(axis)
        slope = float(Coordinates(target, unit[:, None], (protocol,)).find(mode[None]).slopes[0, 0])
        if abs(slope) > 2 * LEAST_SLOPE:
            felt.append((unit * np.sign(slope), protocol))
    columns = np.column_stack([*(unit for unit, _ in felt), *axes[:, 1:].T])
    basis, triangle = np.linalg.qr(columns)
    kept = np.abs(np.diag(triangle)) > 0.1  # an axis that others have taken up already
    basis = basis * np.sign(np.diag(triangle))
    return Coordinates(target, basis[:, kept], tuple(protocol for _, protocol in felt))


def _unit(target: Target, name: str) -> Numbers:
    unit = np.zeros(target.size)
    unit[list(target.priors).index(name)] = 1.0
    return unit
