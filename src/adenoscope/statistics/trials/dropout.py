"""Ways in which persons are lost to a simulated trial, each with what an analysis may assume of it.

none            everybody is seen at every visit
completely at random       the chance to be lost is an arm's alone
at random                  it rises with the last score seen
not at random              it rises with the score that is then not seen
never started   a person is not seen after the baseline at all
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from adenoscope.core.recording import Samples

BISECTIONS = 50


def lose_completely_at_random(y: Samples, share: ArrayLike, rng: np.random.Generator) -> Samples:
    """Return ``y`` (r, n, T) with NaN from a person's loss on; the hazard is the same at each visit.

    ``share`` is what is lost by the last visit, of the shape of persons, (r, n), or less.

    Valid: a person lost never comes back.
    Source: Rubin (1976), doi:10.1093/biomet/63.3.581, for the kinds of missing data.
    """
    hazard = np.broadcast_to(1 - (1 - np.asarray(share)) ** (1 / y.shape[2]), y.shape[:2])
    return _after(y, rng.random(y.shape) < hazard[..., None])


def lose_at_random(
    y: Samples, baseline: Samples, share: ArrayLike, rng: np.random.Generator, *, per_point: float = 0.1
) -> Samples:
    """Return ``y`` with NaN from a person's loss on; the odds rise by ``per_point`` of the last score seen.

    Before the first visit that is ``baseline`` (r, n). ``share`` is about what is lost by the last visit on average.

    Valid: as ``lose_completely_at_random``.
    Source: Rubin (1976), doi:10.1093/biomet/63.3.581.
    """
    before = np.concatenate([baseline[..., None], y[..., :-1]], axis=2)
    return _by_score(y, before, share, rng, per_point)


def lose_not_at_random(y: Samples, share: ArrayLike, rng: np.random.Generator, *, per_point: float = 0.1) -> Samples:
    """Return ``y`` with NaN from a person's loss on; the odds rise by ``per_point`` of the score at that visit.

    Valid: as ``lose_completely_at_random``.
    Source: Rubin (1976), doi:10.1093/biomet/63.3.581.
    """
    return _by_score(y, y, share, rng, per_point)


def never_started(y: Samples, share: ArrayLike, rng: np.random.Generator) -> tuple[Samples, NDArray[np.bool_]]:
    """Return ``y`` with NaN at all visits of who never started, and who did start (r, n).

    Valid: whether a person starts has nothing to do with the score.
    Source: ICH E9 (R1) (2019), section A.3.1, for starting as an intercurrent event.
    """
    started = rng.random(y.shape[:2]) >= np.broadcast_to(share, y.shape[:2])
    return np.where(started[..., None], y, np.nan), started


def _by_score(y: Samples, score: Samples, share: ArrayLike, rng: np.random.Generator, per_point: float) -> Samples:
    """Lose persons with odds that rise with ``score``, about its mean at each visit."""
    slope = per_point * (score - score.mean(axis=(0, 1)))
    wanted = np.broadcast_to(1 - (1 - np.asarray(share)) ** (1 / y.shape[2]), y.shape[:2])
    low, high = np.full(y.shape[:2], -30.0), np.full(y.shape[:2], 30.0)
    spread = float(slope.std())
    # The logit whose mean over a normal slope is the hazard that is wanted
    nodes, mass = np.polynomial.hermite_e.hermegauss(15)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        mean = expit(middle[..., None] + spread * nodes) @ mass / mass.sum()
        low, high = np.where(mean < wanted, middle, low), np.where(mean < wanted, high, middle)
    return _after(y, rng.random(y.shape) < expit(low[..., None] + slope))


def _after(y: Samples, lost: NDArray[np.bool_]) -> Samples:
    return np.where(np.logical_or.accumulate(lost, axis=2), np.nan, y)
