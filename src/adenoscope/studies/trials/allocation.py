"""Who is given what: permuted blocks within strata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from adenoscope.core.recording import Samples

Places = npt.NDArray[np.intp]
Random = np.random.Generator

MOST_CLASSES = 4  # of a covariate that is taken class by class; one with more values is cut at its median


def strata_of(covariates: Mapping[str, Samples], names: Sequence[str]) -> Places:
    """Return the stratum of each person, shape (person,): the classes of all named covariates, crossed."""
    stratum = np.zeros(len(next(iter(covariates.values()))), dtype=np.intp)
    for name in names:
        values = covariates[name]
        classes, own = np.unique(values, return_inverse=True)
        if classes.size > MOST_CLASSES:
            own = (values > np.median(values)).astype(np.intp)
        stratum = stratum * (int(own.max()) + 1) + own
    return stratum


def allocate(stratum: Places, weights: Sequence[int], block: int, random: Random) -> Places:
    """Return the arm of each person, shape (person,), who come in the order of ``stratum`` (person,).

    Valid: ``block`` is a multiple of the sum of ``weights``.
    """
    template = np.repeat(np.arange(len(weights), dtype=np.intp), weights)
    template = np.tile(template, block // template.size)
    arm = np.empty(stratum.size, dtype=np.intp)
    for one in np.unique(stratum):
        own = np.flatnonzero(stratum == one)
        blocks = random.permuted(np.tile(template, (-(-own.size // block), 1)), axis=1)
        arm[own] = blocks.ravel()[: own.size]
    return arm
