"""Looks at a trial before its end: stages that are tested by themselves and combined, so that plans may change.

    Z_k = sum_j sqrt(w_j) z_j / sqrt(sum_j w_j),  j = 1 .. k

z_j is the test of the people of stage j alone and w_j the share of the information planned for it. Weights are those
planned, whatever size the stages come to have, which keeps the error of the first kind. With several active arms the
p-value of a stage is multiplied by how many arms are in it, a closed test of every intersection.

Source: Cui, Hung, Wang (1999), doi:10.1111/j.0006-341X.1999.00853.x; Bauer, Kieser (1999),
doi:10.1002/(SICI)1097-0258(19990730)18:14<1833::AID-SIM221>3.0.CO;2-3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from adenoscope.core.recording import Samples
from adenoscope.core.trial import Looks, Spending, Trial
from adenoscope.statistics.sequential.bounds import efficacy_bounds
from adenoscope.studies.trials.allocation import Places

Flags = npt.NDArray[np.bool_]
GROWTHS = 5  # sizes that re-estimation chooses from, the planned one and the largest among them


@dataclass(frozen=True, eq=False)
class Course:
    """How trials went; ``success``, ``stopped`` (at which look, from 0) and ``futile`` have shape (replicate,).

    ``kept`` (replicate, active arm): which arms went beyond the first look. ``won`` (replicate, active arm).
    """

    success: Flags
    stopped: Places
    futile: Flags
    kept: Flags
    won: Flags


def success_bounds(trial: Trial) -> Samples:
    """Return the bound of z at each look, shape (look,), above which an arm has succeeded."""
    return _bounds(trial.looks.fractions, trial.alpha / 2, trial.looks.spending)


@cache
def _bounds(fractions: tuple[float, ...], alpha: float, spending: Spending) -> Samples:
    return efficacy_bounds(np.array(fractions), alpha, spending).upper


def kept_arms(z: Samples, keep: int | None) -> Flags:
    """Return which active arms go on after a look, from their tests ``z`` (replicate, active arm): the best ones."""
    if keep is None or keep >= z.shape[1]:
        return np.ones(z.shape, dtype=np.bool_)
    worse = np.argsort(np.argsort(-np.nan_to_num(z, nan=-np.inf), axis=1, kind="stable"), axis=1, kind="stable")
    return worse < keep


def conditional_power(z: Samples, fraction: float, bound: float, growth: float = 1.0) -> Samples:
    """Return the chance [1] of passing ``bound`` at the end if the difference seen at a look is the true one.

    ``z``: the test at a look that has ``fraction`` [1] of the information; ``growth``: how many times larger than
    planned the trial becomes. Shape of ``z``.
    """
    rest = 1 - fraction
    drift = z / np.sqrt(fraction)
    expected = np.sqrt(fraction) * z + np.sqrt(rest) * drift * np.sqrt(growth - fraction)
    return ndtr((expected - bound) / np.sqrt(rest))


def growths(z: Samples, looks: Looks, bound: float, power: float) -> Samples:
    """Return how many times larger than planned each trial becomes after its first look, shape of ``z`` (replicate,).

    The smallest of a few sizes that has conditional ``power`` [1], the largest where none has; 1 outside the zone in
    which the plan allows it.
    """
    again = looks.reestimation
    if again is None:
        return np.ones(z.shape)
    fraction = looks.fractions[0]
    planned = conditional_power(z, fraction, bound)
    sizes = np.linspace(1.0, again.most, GROWTHS)
    enough = np.stack([conditional_power(z, fraction, bound, size) >= power for size in sizes])
    chosen = np.where(enough.any(axis=0), sizes[np.argmax(enough, axis=0)], again.most)
    return np.where((planned >= again.low) & (planned < again.high), chosen, 1.0)


def course(z: Samples, looks: Looks, bounds: Samples) -> Course:
    """Return how trials went from the tests of their stages, ``z`` (replicate, active arm, stage); high is good.

    ``bounds`` (look,) are passed from below. A test that could not be had counts as 0. Futility does not bind: a
    trial that it stops has not succeeded, and the bounds are none the lower for it.
    """
    z = np.nan_to_num(z, nan=0.0)
    n, n_arms, n_looks = z.shape
    weight = np.diff(np.array([0.0, *looks.fractions]))
    kept, won = np.ones((n, n_arms), dtype=np.bool_), np.zeros((n, n_arms), dtype=np.bool_)
    stopped, futile = np.full(n, n_looks - 1), np.zeros(n, dtype=np.bool_)
    running, total = np.ones(n, dtype=np.bool_), np.zeros((n, n_arms))
    for look in range(n_looks):
        total += np.sqrt(weight[look]) * _adjusted(z[:, :, look], kept)
        combined = np.where(kept, total / np.sqrt(weight[: look + 1].sum()), -np.inf)
        passed = (combined >= bounds[look]) & running[:, None]
        won |= passed
        ends = passed.any(axis=1)
        if look < n_looks - 1:
            hopeless = running & ~ends & _hopeless(combined, looks, look, float(bounds[-1]))
            futile |= hopeless
            ends |= hopeless
        stopped[running & ends] = look
        running &= ~ends
        if look == 0 and n_looks > 1:
            kept = kept_arms(z[:, :, 0], looks.keep)
    success: Flags = np.any(won, axis=1)
    return Course(success, stopped, futile, kept, won)


def _hopeless(combined: Samples, looks: Looks, look: int, bound: float) -> Flags:
    if looks.futility is None:
        return np.zeros(len(combined), dtype=np.bool_)
    best = combined.max(axis=1)
    return conditional_power(best, looks.fractions[look], bound) < looks.futility


def _adjusted(z: Samples, kept: Flags) -> Samples:
    """Return tests of a stage made dearer by how many arms are in it."""
    count = kept.sum(axis=1, keepdims=True)
    if (count == 1).all():
        return z
    p = np.minimum(ndtr(-z) * count, 1 - 1e-12)
    return np.where(count == 1, z, -ndtri(p))
