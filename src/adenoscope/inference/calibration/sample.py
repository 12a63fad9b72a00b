"""Draws from the posterior by several chains at once.

A step moves either c or v, in the coordinates of ``coordinates``, with w = S^(-1/2) (c - m):

    some of w drawn anew;    or    w' = w + r xi;    or    v' = sqrt(1 - b^2) v + b xi

It is accepted with probability min(1, exp(f - f')), f the logarithm of the reference over the posterior: the first
and the last would always be accepted were the posterior N(m, S) in c and the prior in v; for the second, which finds
tails that the reference lacks, what the reference itself gains is added. m and S are first of the starts, and then,
during the warm-up, of the draws so far. One step in ``KEPT`` is kept; a block of steps is kept on disk when it is
finished, so that a stopped run goes on.

Source: Rudolf & Sprungk (2018), doi:10.1007/s10208-016-9340-x (generalised preconditioned Crank-Nicolson).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adenoscope.core.atomic import appearing
from adenoscope.inference.calibration.coordinates import Coordinates, Place
from adenoscope.inference.calibration.fit import jacobian
from adenoscope.inference.calibration.posterior import Target, log_posterior
from adenoscope.simulation.solver.tables import Numbers

BLOCK, KEPT = 500, 10  # steps: a block is half a minute
STRIDES = (0.25, 0.5)  # b, one drawn for each chain and step in v
SHARE_INNER = 0.5  # of steps that move c
RENEWED = 4  # coordinates of c that half of them draw anew, on average
WALKS = (0.1, 0.3, 0.6)  # r of the others
ADAPTED = (2, 4, 7)  # blocks after which the reference is made anew from the second half of those before
WIDER = 1.2  # than the draws' covariance, for tails that are heavier than a normal distribution's
SCATTER = 0.5  # of the chains' starts, of the curvature's covariance


DISCARDED = 0.25  # of each chain at least: the warm-up, and what has not forgotten it


@dataclass(frozen=True)
class Chains:
    """``scores`` of constants that were kept, shape (step, chain, constant)."""

    scores: Numbers

    @property
    def settled(self) -> Chains:
        """Return the chains without what came before the last change of the reference, and not the first quarter."""
        first = max(int(DISCARDED * len(self.scores)), ADAPTED[-1] * BLOCK // KEPT)
        return Chains(self.scores[first:])


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


def scattered(target: Target, mode: Numbers, chains: int, seed: int) -> Numbers:
    """Return starts of chains around the mode, shape (chain, constant), as the curvature there spreads them."""
    slopes = jacobian(target, mode)
    root = np.linalg.cholesky(np.linalg.inv(slopes.T @ slopes))
    return np.asarray(
        mode + SCATTER * np.random.default_rng([seed, 0]).standard_normal((chains, target.size)) @ root.T
    )


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
        proposed, gained = _proposal(coordinates, reference, place, random)
        then = _excess(coordinates, reference, proposed)
        taken = np.log(random.random(len(scores))) < excess - then + gained
        place, excess = place.where(taken, proposed), np.where(taken, then, excess)
        if step % KEPT == 0:
            kept.append(place.scores)
    return np.stack(kept)


def _proposal(
    coordinates: Coordinates, reference: Reference, place: Place, random: np.random.Generator
) -> tuple[Place, Numbers]:
    """Return a step in c or in v for all chains, and by how much a walk changes the reference's logarithm."""
    rest, white = place.rest, reference.whiten(place.inner)
    before, kind = white, random.random()
    if kind < SHARE_INNER / 2:
        anew = random.random(white.shape) < RENEWED / white.shape[1]
        white = np.where(anew, random.standard_normal(white.shape), white)
        gained = np.zeros(len(white))
    elif kind < SHARE_INNER:
        white = white + random.choice(WALKS, size=(len(white), 1)) * random.standard_normal(white.shape)
        gained = 0.5 * ((before**2).sum(axis=1) - (white**2).sum(axis=1))
    else:
        stride = random.choice(STRIDES, size=(len(rest), 1))
        noise = random.standard_normal(rest.shape)
        noise -= (noise @ coordinates.axes) @ coordinates.axes.T
        rest, gained = np.sqrt(1 - stride**2) * rest + stride * noise, np.zeros(len(white))
    return coordinates.solve(rest, reference.place(white), place), gained


def _excess(coordinates: Coordinates, reference: Reference, place: Place) -> Numbers:
    """Return the logarithm of the reference over the posterior, both in the coordinates, but for a constant."""
    there = place.exists
    density = np.full(len(there), -np.inf)
    if there.any():
        change = np.log(place.slopes[there]).sum(axis=1)
        density[there] = log_posterior(coordinates.target, place.scores[there]) - change
    expected = -0.5 * ((place.rest**2).sum(axis=1) + (reference.whiten(place.inner) ** 2).sum(axis=1))
    return np.asarray(expected - density, np.float64)
