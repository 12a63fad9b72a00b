"""A smooth guess between points that were evaluated, with its standard error: kriging with a linear trend.

    guess(x) = Σ w_i |x - x_i|³ + a + b·x,  through every value

The cubic kernel has no length to choose. Its scale is that with which left-out points are guessed as well as the
standard errors say (Dubrule 1983, doi:10.1007/BF01033232: no refitting is needed to leave one out).
"""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import cdist

from adenoscope.statistics.pareto.front import Numbers

NUGGET = 1e-9  # of standardised values: keeps points that lie in a plane, or a single one, solvable


def guess(at: Numbers, values: Numbers, where: Numbers) -> tuple[Numbers, Numbers]:
    """Return the guess and its standard error, each of shape (where, output), in the values' units.

    Args:
        at: distinct points, shape (point, dimension), each dimension spanning about 1.
        values: finite, shape (point, output).
        where: points, shape (where, dimension).
    Valid: values without noise, smooth on the scale of the points' distances.
    Source: Matheron (1973), doi:10.2307/1425829; Dubrule (1983), doi:10.1007/BF01033232.
    """
    n = len(at)
    middle, spread = values.mean(axis=0), values.std(axis=0)
    scaled = (values - middle) / np.where(spread > 0, spread, 1.0)
    trend = np.column_stack([np.ones(n), at])
    system = np.zeros((n + trend.shape[1],) * 2)
    system[:n, :n] = cdist(at, at) ** 3
    system[:n, n:], system[n:, :n] = trend, trend.T
    system[np.diag_indices_from(system)] += NUGGET * np.where(np.arange(len(system)) < n, 1.0, -1.0)
    inverse = np.linalg.inv(system)
    weights = inverse[:, :n] @ scaled
    distance = cdist(where, at)
    seen = np.column_stack([distance * distance * distance, np.ones(len(where)), where])
    variance = np.maximum(-np.sum((seen @ inverse) * seen, axis=1), 0.0)
    scale = np.mean(weights[:n] ** 2 / np.diag(inverse)[:n, None], axis=0)
    return middle + spread * (seen @ weights), spread * np.sqrt(variance[:, None] * scale)
