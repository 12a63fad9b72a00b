"""Draws from the posterior by several chains at once.

    c' = m + sqrt(1 - b^2) (c - m) + b S^(1/2) xi,    v' = sqrt(1 - b^2) v + b xi,    in the coordinates of that file,

accepted with probability min(1, exp(f - f')), f the logarithm of the reference over the posterior, both in (v, c): a step
would always be accepted were the posterior N(m, S) in c and the prior in v. m and S are first those of the curvature
at the mode, and then, during the warm-up, those of the draws so far. One step in ``KEPT`` is kept; a block of steps
is kept on disk when it is finished, so that a stopped run goes on.

Source: Rudolf & Sprungk (2018), doi:10.1007/s10208-016-9340-x (generalised preconditioned Crank-Nicolson).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adenoscope.core.atomic import appearing
from adenoscope.inference.calibration.coordinates import Coordinates, Place
from adenoscope.inference.calibration.posterior import log_posterior
from adenoscope.simulation.solver.tables import Numbers

BLOCK, KEPT = 500, 10  # steps: a block is half a minute
STRIDES = (0.1, 0.2, 0.35)  # b, one drawn for each chain and step
ADAPTED = (2, 4, 7)  # blocks after which the reference is made anew from the second half of those before
WIDER = 1.2  # than the draws' covariance, for tails that are heavier than a normal distribution's
SCATTER = 0.5  # of the chains' starts, of the reference


@dataclass(frozen=True)
class Chains:
    """``scores`` of constants that were kept, shape (step, chain, constant)."""

    scores: Numbers

    def after(self, share: float) -> Chains:
        """Return the chains without their first ``share``."""
        return Chains(self.scores[int(share * len(self.scores)) :])


@dataclass(frozen=True)
class Reference:
    """The normal distribution that proposals of c come from: its mean, and a square root of its covariance."""

    mean: Numbers
    root: Numbers

    def whiten(self, inner: Numbers) -> Numbers:
        return np.asarray(np.linalg.solve(self.root, (inner - self.mean).T).T, np.float64)

    def place(self, white: Numbers) -> Numbers:
        return self.mean + white @ self.root.T


def reference_of(inner: Numbers) -> Reference:
    """Return the normal distribution with the mean and covariance of places, shape (place, direction)."""
    covariance = WIDER * np.atleast_2d(np.cov(inner.T)) + 1e-10 * np.eye(inner.shape[1])
    return Reference(inner.mean(axis=0), np.asarray(np.linalg.cholesky(covariance), np.float64))


def sample(
    coordinates: Coordinates,
    begin: Numbers,
    *,
    steps: int,
    seed: int,
    folder: Path,
    watch: Callable[[int, int], None] | None = None,
) -> Chains:
    """Return chains from ``begin``, shape (chain, constant); blocks that are in ``folder`` are not computed again."""
    reference, scores = reference_of(coordinates.find(begin).inner), begin
    blocks: list[Numbers] = []
    for number in range(steps // BLOCK):
        if number in ADAPTED:
            draws = np.concatenate(blocks[number // 2 :]).reshape(-1, begin.shape[1])
            reference = reference_of(coordinates.find(draws).inner)
        path = folder / f"block-{number:04d}.npz"
        if path.exists():
            with np.load(path) as found:
                blocks.append(found["scores"])
        else:
            blocks.append(_block(coordinates, reference, scores, np.random.default_rng([seed, 1 + number])))
            with appearing(path) as partial, partial.open("wb") as file:
                np.savez(file, scores=blocks[-1])
        scores = blocks[-1][-1]
        if watch is not None:
            watch((number + 1) * BLOCK, steps)
    return Chains(np.concatenate(blocks))


def _block(coordinates: Coordinates, reference: Reference, scores: Numbers, random: np.random.Generator) -> Numbers:
    """Return the steps of a block that are kept; it begins from scores alone, so that a stopped run goes on alike."""
    place = coordinates.find(scores)
    excess = _excess(coordinates, reference, place)
    kept: list[Numbers] = []
    for step in range(1, BLOCK + 1):
        stride = random.choice(STRIDES, size=(len(scores), 1))
        keep = np.sqrt(1 - stride**2)
        noise = random.standard_normal(place.rest.shape)
        noise -= (noise @ coordinates.axes) @ coordinates.axes.T
        white = keep * reference.whiten(place.inner) + stride * random.standard_normal(place.inner.shape)
        proposed = coordinates.solve(keep * place.rest + stride * noise, reference.place(white), place)
        then = _excess(coordinates, reference, proposed)
        taken = np.log(random.random(len(scores))) < excess - then
        place, excess = place.where(taken, proposed), np.where(taken, then, excess)
        if step % KEPT == 0:
            kept.append(place.scores)
    return np.stack(kept)


def _excess(coordinates: Coordinates, reference: Reference, place: Place) -> Numbers:
    """Return the logarithm of the reference over the posterior, both densities of the coordinates, but for a constant."""
    there = place.slope > 0
    density = np.full(len(there), -np.inf)
    density[there] = log_posterior(coordinates.target, place.scores[there]) - np.log(place.slope[there])
    expected = -0.5 * ((place.rest**2).sum(axis=1) + (reference.whiten(place.inner) ** 2).sum(axis=1))
    return np.asarray(expected - density, np.float64)
