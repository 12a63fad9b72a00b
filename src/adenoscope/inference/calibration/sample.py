"""Draws from the posterior by many chains at once, with what tells whether they have converged.

    x' = m + sqrt(1 - b^2) (x - m) + b C^(1/2) xi,    accepted with probability min(1, exp(f(x) - f(x')))

f is the logarithm of the normal distribution N(m, C) over the posterior: the proposal would always be accepted were
the posterior normal, so that directions that only the prior knows cost nothing. m and C are the mode and the
inverse of its curvature there, and then, twice during the warm-up, mean and covariance of the draws so far. A block
of steps is kept on disk when it is finished, so that a stopped run goes on.

Source: Rudolf & Sprungk (2018), doi:10.1007/s10208-016-9340-x (generalised preconditioned Crank-Nicolson); Vehtari
et al. (2021), doi:10.1214/20-BA1221 (rank-normalised split R-hat); Geyer (1992), doi:10.1214/ss/1177011137 (size).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import norm, rankdata

from adenoscope.core.atomic import appearing
from adenoscope.inference.calibration.fit import jacobian
from adenoscope.inference.calibration.posterior import Target, log_posterior
from adenoscope.simulation.solver.tables import Numbers

BLOCK = 50  # steps: about half a minute
STRIDES = (0.25, 0.5)  # b, one drawn for each chain and step
ADAPTED = (6, 12)  # blocks after which the reference is made anew from the second half of those before
WIDER = 1.1  # than the curvature's covariance, for tails that are heavier than a normal distribution's


@dataclass(frozen=True)
class Chains:
    """``scores``: scores of constants, shape (step, chain, constant); ``density``: log posterior, (step, chain)."""

    scores: Numbers
    density: Numbers

    def after(self, share: float) -> Chains:
        """Return the chains without their first ``share``."""
        first = int(share * len(self.scores))
        return Chains(self.scores[first:], self.density[first:])


@dataclass(frozen=True)
class Reference:
    """The normal distribution that proposals come from: its mode, and a square root of its covariance."""

    mode: Numbers
    root: Numbers

    def whiten(self, scores: Numbers) -> Numbers:
        return np.asarray(np.linalg.solve(self.root, (scores - self.mode).T).T, np.float64)

    def place(self, white: Numbers) -> Numbers:
        return self.mode + white @ self.root.T


def make_reference(target: Target, mode: Numbers) -> Reference:
    """Return the normal distribution with the posterior's mode and curvature, a little wider."""
    slopes = jacobian(target, mode)
    covariance = WIDER * np.linalg.inv(slopes.T @ slopes)
    return Reference(mode, np.asarray(np.linalg.cholesky(covariance), np.float64))


def _learnt(blocks: list[Chains]) -> Reference:
    """Return the normal distribution with the mean and covariance of draws."""
    draws = np.concatenate([block.scores for block in blocks]).reshape(-1, blocks[0].scores.shape[2])
    return Reference(draws.mean(axis=0), np.asarray(np.linalg.cholesky(WIDER * np.cov(draws.T)), np.float64))


def sample(
    target: Target,
    reference: Reference,
    *,
    chains: int,
    steps: int,
    seed: int,
    folder: Path,
    watch: Callable[[int, int], None] | None = None,
) -> Chains:
    """Return chains that start in the reference; blocks that are in ``folder`` are not computed again."""
    start = np.random.default_rng([seed, 0]).standard_normal((chains, target.size))
    position = reference.place(start)
    density = log_posterior(target, position)
    blocks: list[Chains] = []
    for number in range(steps // BLOCK):
        if number in ADAPTED:
            reference = _learnt(blocks[number // 2 :])
        path = folder / f"block-{number:04d}.npz"
        if path.exists():
            with np.load(path) as kept:
                blocks.append(Chains(kept["scores"], kept["density"]))
        else:
            random = np.random.default_rng([seed, 1 + number])
            blocks.append(_block(target, reference, position, density, random))
            with appearing(path) as partial, partial.open("wb") as file:
                np.savez(file, scores=blocks[-1].scores, density=blocks[-1].density)
        position, density = blocks[-1].scores[-1], blocks[-1].density[-1]
        if watch is not None:
            watch((number + 1) * BLOCK, steps)
    return Chains(np.concatenate([b.scores for b in blocks]), np.concatenate([b.density for b in blocks]))


def _block(
    target: Target, reference: Reference, position: Numbers, density: Numbers, random: np.random.Generator
) -> Chains:
    white = reference.whiten(position)
    excess = -0.5 * (white**2).sum(axis=1) - density
    scores, densities = np.empty((BLOCK, *position.shape)), np.empty((BLOCK, len(position)))
    for step in range(BLOCK):
        stride = random.choice(STRIDES, size=(len(white), 1))
        proposed = np.sqrt(1 - stride**2) * white + stride * random.standard_normal(white.shape)
        found = log_posterior(target, reference.place(proposed))
        weight = -0.5 * (proposed**2).sum(axis=1) - found
        accepted = np.log(random.random(len(white))) < excess - weight
        white[accepted], excess[accepted] = proposed[accepted], weight[accepted]
        density = np.where(accepted, found, density)
        scores[step], densities[step] = reference.place(white), density
    return Chains(scores, densities)


def r_hat(values: Numbers) -> float:
    """Return the rank-normalised split R-hat [1] of a quantity, shape (step, chain); 1 is converged."""
    half = len(values) // 2
    split = np.concatenate([values[:half], values[half : 2 * half]], axis=1)
    ranks = rankdata(split).reshape(split.shape)
    normal = norm.ppf((ranks - 0.375) / (split.size + 0.25))
    within = normal.var(axis=0, ddof=1).mean()
    between = normal.mean(axis=0).var(ddof=1)
    return float(np.sqrt((half - 1) / half + between / within))


def effective_size(values: Numbers) -> float:
    """Return how many independent draws a quantity, shape (step, chain), is worth."""
    n, m = values.shape
    centred = values - values.mean()
    spectrum = np.fft.rfft(centred, 2 * n, axis=0)
    covariance = np.fft.irfft(np.abs(spectrum) ** 2, axis=0)[:n].mean(axis=1) / np.arange(n, 0, -1)
    pairs = (covariance[: 2 * (n // 2)] / covariance[0]).reshape(-1, 2).sum(axis=1)
    last = int(np.argmax(pairs < 0)) if (pairs < 0).any() else len(pairs)
    return float(n * m / max(2 * np.minimum.accumulate(pairs[:last]).sum() - 1, 1 / (n * m)))
