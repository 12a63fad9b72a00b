"""The permutation test of a contrast: what is shuffled is what the design left to chance.

One group of pairs: each animal's contrast changes sign. Several groups: animals change groups, or for an
interaction the residuals of the model without it do, and only inside their cohort where there are cohorts.
The statistic is t with its own standard error, so that unequal spreads do not make differences.
Source: Janssen (1997), doi:10.1016/S0167-7152(97)00043-6; Freedman & Lane (1983), doi:10.2307/1391660.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.recording import Samples
from adenoscope.statistics.effects.groups import Group, Layout, Term

N_SHUFFLES = 4999
# With up to so many animals every change of signs is tried.
MOST_ENUMERATED = 12
SEED = 1


def permutation_p(groups: Sequence[Group], terms: Sequence[Term], layout: Layout) -> float:
    """Return the two-sided p [1] that the contrast of ``terms`` is 0, never below one in all shuffles tried.

    Valid: animals, or the sign of a pair's contrast, exchangeable where there is no effect.
    Source: the head of this file.
    """
    z = np.concatenate([group.values @ term.arms for group, term in zip(groups, terms, strict=True)])
    if len(groups) == 1:
        return _signs(z)
    coefficients = np.array([term.coefficient for term in terms])
    cohort = np.array([label for group in groups for label in group.cohort])
    return _shuffles(z, layout.member, coefficients, cohort)


def _signs(z: Samples) -> float:
    n = z.size
    if n <= MOST_ENUMERATED:
        signs = 1.0 - 2.0 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)
        included = 0
    else:
        signs = np.random.default_rng(SEED).choice([-1.0, 1.0], size=(N_SHUFFLES, n))
        included = 1
    # The sum of squares does not change with signs, so |mean| orders the shuffles as |t| does.
    sums = np.abs(signs @ z)
    extreme = int(np.sum(sums >= abs(z.sum()) * (1 - 1e-9)))
    return (extreme + included) / (len(signs) + included)


def _shuffles(z: Samples, member: NDArray[np.intp], coefficients: Samples, cohort: Samples) -> float:
    rng = np.random.default_rng(SEED)
    base = _without_contrast(z, member, coefficients)
    residual = z - base
    shuffled = np.empty((N_SHUFFLES, z.size))
    for label in np.unique(cohort):
        here = np.flatnonzero(cohort == label)
        order = rng.permuted(np.tile(here, (N_SHUFFLES, 1)), axis=1)
        shuffled[:, here] = residual[order]
    seen = abs(_studentised(z[None], member, coefficients)[0])
    tried = np.abs(_studentised(base + shuffled, member, coefficients))
    return (int(np.sum(tried >= seen * (1 - 1e-9))) + 1) / (N_SHUFFLES + 1)


def _without_contrast(z: Samples, member: NDArray[np.intp], coefficients: Samples) -> Samples:
    """Return each animal's expectation, the groups' means moved as little as makes their contrast 0."""
    count = np.array([(member == index).sum() for index in range(coefficients.size)])
    means = np.array([z[member == index].mean() for index in range(coefficients.size)])
    share = coefficients / count
    return (means - share * (coefficients @ means) / (coefficients @ share))[member]


def _studentised(z: Samples, member: NDArray[np.intp], coefficients: Samples) -> Samples:
    """Return each row's contrast over its standard error, groups with spreads of their own."""
    value, variance = np.zeros(len(z)), np.zeros(len(z))
    for index, coefficient in enumerate(coefficients):
        group = z[:, member == index]
        value += coefficient * group.mean(axis=1)
        variance += coefficient**2 * group.var(axis=1, ddof=1) / group.shape[1]
    return value / np.sqrt(np.maximum(variance, np.finfo(float).tiny))
