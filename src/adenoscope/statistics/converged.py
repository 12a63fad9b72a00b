"""Whether chains agree, and how many independent draws they are worth.

Source: Vehtari et al. (2021), doi:10.1214/20-BA1221 (rank-normalised split R-hat); Geyer (1992),
doi:10.1214/ss/1177011137 (effective size).
"""

from __future__ import annotations

import numpy as np
from scipy.stats import norm, rankdata

from adenoscope.core.recording import Samples


def r_hat(values: Samples) -> float:
    """Return the rank-normalised split R-hat [1] of a quantity, shape (step, chain); 1 is converged."""
    half = len(values) // 2
    split = np.concatenate([values[:half], values[half : 2 * half]], axis=1)
    normal = normal_scores(split)
    within = normal.var(axis=0, ddof=1).mean()
    between = normal.mean(axis=0).var(ddof=1)
    return float(np.sqrt((half - 1) / half + between / within))


def normal_scores(values: Samples) -> Samples:
    """Return what normal draws of the same ranks would be [1], same shape; heavy tails are tame then."""
    ranks = rankdata(values).reshape(values.shape)
    return norm.ppf((ranks - 0.375) / (values.size + 0.25))


def effective_size(values: Samples) -> float:
    """Return how many independent draws a quantity, shape (step, chain), is worth."""
    n, m = values.shape
    centred = values - values.mean()
    spectrum = np.fft.rfft(centred, 2 * n, axis=0)
    covariance = np.fft.irfft(np.abs(spectrum) ** 2, axis=0)[:n].mean(axis=1) / np.arange(n, 0, -1)
    pairs = (covariance[: 2 * (n // 2)] / covariance[0]).reshape(-1, 2).sum(axis=1)
    last = int(np.argmax(pairs < 0)) if (pairs < 0).any() else len(pairs)
    return float(n * m / max(2 * np.minimum.accumulate(pairs[:last]).sum() - 1, 1 / (n * m)))
