"""Bands of whole curves that hold at all times at once, from one curve of each animal.

    d(t) = Σ_g a_g m_g(t),   s²(t) = Σ_g a_g² s_g²(t) / n_g,   ν(t) by Welch
    d ± t(ν(t), 1 - p/2) · s(t)

The bootstrap turns the sign of whole animals: each draw adds ε_i (x_i - m_g) to a flat truth, studentises by its
own spread and Welch's ν, and keeps the smallest pointwise p over time. p of the band is the 5 % quantile of
these. Animals stay whole, so whatever correlates along a curve still does. Few animals have few sign patterns;
then all of them are taken, and nothing is random.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import stdtr, stdtrit

from adenoscope.core.recording import Samples

N_DRAWS = 4999
CHUNK = 250
FEWEST_ANIMALS = 5
# A variance below this share of the largest is rounding: nothing varies at that time.
NO_VARIANCE = 1e-20


@dataclass(frozen=True, eq=False)
class CurveGroup:
    """Independent animals: ``coefficient`` times the mean of their ``curves`` (animal, time) enters a contrast."""

    coefficient: float
    curves: Samples


@dataclass(frozen=True, eq=False)
class CurveBand:
    """A contrast of curves, every array (time,), in the curves' unit; ``low`` and ``high`` hold simultaneously."""

    difference: Samples
    low: Samples
    high: Samples
    point_low: Samples
    point_high: Samples


def curve_band(groups: Sequence[CurveGroup], seed: int, ci_prob: float = 0.95) -> CurveBand | None:
    """Return the sum of the groups' means times their coefficients, with bands; where nothing varies, of no width.

    A paired comparison is one group of differences; a difference of differences has four groups or two groups
    of paired differences. None where a group has fewer than five animals or no curve varies.

    Valid: animals independent, one curve each, on a grid fine enough for how the curves wind; spreads may differ
    between groups and over time. One group that is much more variable and skewed than the rest covers less.
    Source: Wu (1986), doi:10.1214/aos/1176350142, and Liu (1988), doi:10.1214/aos/1176351062, for the draws;
    Telschow, Schwartzman (2022), doi:10.48550/arXiv.1901.06386, for studentised sign draws of whole curves;
    Wallace (1959), Annals of Mathematical Statistics 30:1121, for the time of the smallest p.
    """
    if any(len(group.curves) < FEWEST_ANIMALS for group in groups):
        return None
    difference = np.sum([group.coefficient * group.curves.mean(axis=0) for group in groups], axis=0)
    shares = [_shares(group) for group in groups]
    variances = np.array([np.sum(share**2, axis=0) for share in shares])
    error = np.sqrt(variances.sum(axis=0))
    varies = error**2 > NO_VARIANCE * np.max(error) ** 2
    if not varies.any():
        return None
    smallest = _smallest_p([share[:, varies] for share in shares], seed)
    together = min(float(np.quantile(smallest, 1 - ci_prob, method="inverted_cdf")), 1 - ci_prob)
    degrees = np.full(error.shape, np.inf)
    degrees[varies] = _welch(variances[:, varies], [len(share) for share in shares])
    wide, narrow = (stdtrit(degrees, 1 - p / 2) * error for p in (together, 1 - ci_prob))
    return CurveBand(difference, difference - wide, difference + wide, difference - narrow, difference + narrow)


def excluded_stretches(time_s: Samples, low: Samples, high: Samples) -> tuple[tuple[float, float], ...]:
    """Return (first, last) time [s] of each run of samples whose band (time,) lies on one side of 0.

    A band without width, where no animal varies, excludes nothing.

    Valid: as the band.
    Source: our own.
    """
    side = np.where(low < high, np.sign(low) + np.sign(high), 0) / 2
    side = np.where(np.abs(side) == 1, side, 0)
    ends = np.flatnonzero(np.diff(side, prepend=0, append=0))
    return tuple(
        (float(time_s[first]), float(time_s[last - 1])) for first, last in pairwise(ends) if side[first] != 0
    )


def sign_draws(n_animals: int, seed: int) -> Samples:
    """Return signs (draw, animal): every pattern, up to turning all, where these are few, else random ones.

    Valid: draws are exchangeable; the same seed gives the same draws.
    Source: Liu (1988), doi:10.1214/aos/1176351062.
    """
    if 2 ** (n_animals - 1) <= N_DRAWS:
        bits = np.arange(2 ** (n_animals - 1))[:, None] >> np.arange(n_animals) & 1
        return 1.0 - 2.0 * bits
    return np.random.default_rng(seed).choice([-1.0, 1.0], size=(N_DRAWS, n_animals))


def _shares(group: CurveGroup) -> Samples:
    """Return what each animal adds to the contrast beyond its group's mean; the squares add up to a²s²/n."""
    n = len(group.curves)
    return group.coefficient * (group.curves - group.curves.mean(axis=0)) / np.sqrt(n * (n - 1))


def _smallest_p(shares: Sequence[Samples], seed: int) -> Samples:
    """Return the smallest pointwise p over time in each draw, shape (draw,)."""
    sizes = [len(share) for share in shares]
    signs = sign_draws(sum(sizes), seed)
    found = [_draw_p(shares, sizes, part) for part in np.array_split(signs, -(-len(signs) // CHUNK))]
    return np.concatenate(found)


def _draw_p(shares: Sequence[Samples], sizes: Sequence[int], signs: Samples) -> Samples:
    parts = np.split(signs, np.cumsum(sizes)[:-1], axis=1)
    sums = [part @ share for part, share in zip(parts, shares, strict=True)]
    # Signs leave the squares as they are, so a draw's spread lacks only its own mean.
    variances = np.array(
        [
            (np.sum(share**2, axis=0) - drawn**2 / n) * n / (n - 1)
            for share, drawn, n in zip(shares, sums, sizes, strict=True)
        ]
    )
    variances = np.maximum(variances, np.finfo(np.float64).tiny)
    statistic, degrees = np.abs(np.sum(sums, axis=0)) / np.sqrt(np.sum(variances, axis=0)), _welch(variances, sizes)
    # Wallace's deviate says where p is smallest, at a tenth of the cost of p.
    deviate = degrees * np.log1p(statistic**2 / degrees) * ((8 * degrees + 1) / (8 * degrees + 3)) ** 2
    at = np.arange(len(signs)), np.argmax(deviate, axis=1)
    return 2 * stdtr(degrees[at], -statistic[at])


def _welch(variances: Samples, sizes: Sequence[int]) -> Samples:
    """Return ν from the groups' variances of their means, shape (group, ...)."""
    freedom = np.array(sizes, dtype=np.float64).reshape(-1, *[1] * (variances.ndim - 1)) - 1
    return np.sum(variances, axis=0) ** 2 / np.sum(variances**2 / freedom, axis=0)
