"""Fixed effects over time from repeated trials: a mixed model at each time, a band that holds at all times.

    β̂(t) = Φ Σ_i X_i'V_i⁻¹y_i,   h_i = Φ X_i'V_i⁻¹(y_i - X_i β̂),   M_i = Φ X_i'V_i⁻¹X_i

The pointwise band is each model's own, with Satterthwaite's degrees of freedom. The simultaneous band is
l'β̂(t) ± t(ν(t), 1 - p/2) · s(t), where s is the spread of the shares h_i between animals and ν what the design
leaves of them, so it holds whether or not the random effects are the right ones. p comes from turning the sign of
whole animals: a draw moves the fixed effects by Σ ε_i h_i and leaves an animal ε_i h_i - M_i Σ ε_j h_j, from which
its own spread is taken. How times depend on each other stays as it is in the animals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from adenoscope.core.recording import Samples
from adenoscope.statistics.curves.functional import CHUNK, FEWEST_ANIMALS, CurveBand, sign_draws
from adenoscope.statistics.mixed.fit import MixedFit, fit_mixed
from adenoscope.statistics.mixed.satterthwaite import fixed_contrast


@dataclass(frozen=True, eq=False)
class Shares:
    """What animals add to a contrast: ``moves`` l'h_i (animal, time) and ``pulls`` l'M_i h_j (i, j, time)."""

    moves: Samples
    pulls: Samples

    @cached_property
    def square(self) -> Samples:
        """Return Σ (l'h_i)² (time,)."""
        return np.sum(self.moves**2, axis=0)

    @cached_property
    def left(self) -> Samples:
        """Return the share (time,) of the square that a draw leaves on average, once the fixed effects have moved."""
        own = np.einsum("it,iit->t", self.moves, self.pulls)
        return 1 + (np.sum(self.pulls**2, axis=(0, 1)) - 2 * own) / self.square

    @property
    def degrees(self) -> Samples:
        """Return ν (time,): n - 1 where every animal shows the contrast, n - 2 for two equal groups of animals."""
        return len(self.moves) * self.left


def trial_contrast(
    responses: ArrayLike,
    fixed: ArrayLike,
    random: ArrayLike,
    animals: Sequence[object],
    weights: ArrayLike,
    seed: int,
    ci_prob: float = 0.95,
) -> CurveBand | None:
    """Return ``weights`` (p,) · β over time, in the response's unit, with pointwise and simultaneous bands.

    ``responses`` are (time, trial), NaN where missing; the others as in ``fit_mixed``. Times without a model
    are NaN and do not count. None with fewer than five animals, or where no time has a model.

    Valid: as the mixed model at each time; animals independent of each other, trials of one need not be.
    Source: Loewinger et al. (2025), doi:10.7554/eLife.95802, for joint bands over pointwise mixed models; Wu
    (1986), doi:10.1214/aos/1176350142, and Liu (1988), doi:10.1214/aos/1176351062, for the draws.
    """
    y, x, z = (np.asarray(part, dtype=np.float64) for part in (responses, fixed, random))
    row = np.asarray(weights, dtype=np.float64)
    groups = np.unique(np.array([str(animal) for animal in animals]), return_inverse=True)[1]
    if groups.max(initial=-1) + 1 < FEWEST_ANIMALS:
        return None
    fit = fit_mixed(y, x, z, animals)
    known = [time for time, reason in enumerate(fit.reasons) if reason is None]
    if not known:
        return None
    parts = [_shares(fit, time, y[time], x, z, groups, row) for time in known]
    shares = Shares(*(np.stack(part, axis=-1) for part in zip(*parts, strict=True)))
    together = min(float(np.quantile(_smallest_p(shares, seed), 1 - ci_prob, method="inverted_cdf")), 1 - ci_prob)
    found = fixed_contrast(fit, row, ci_prob)
    wide = found.high - found.estimate
    between = stdtrit(shares.degrees, 1 - together / 2) * np.sqrt(shares.square / shares.left)
    # All times at once can never be surer than one
    wide[known] = np.maximum(wide[known], between)
    return CurveBand(found.estimate, found.estimate - wide, found.estimate + wide, found.low, found.high)


def _shares(
    fit: MixedFit, time: int, y: Samples, x: Samples, z: Samples, groups: NDArray[np.intp], row: Samples
) -> tuple[Samples, Samples]:
    """Return l'h_i (animal,) and l'M_i h_j (animal, animal) of one time."""
    n_animals, present = int(groups.max()) + 1, np.isfinite(y)
    relative = fit.random_covariance[time] / fit.residual_sd[time] ** 2
    covariance = fit.covariance[time] / fit.residual_sd[time] ** 2
    residual = np.where(present, y, 0.0) - x @ fit.fixed[time]
    scores, informations = np.zeros((n_animals, row.size)), np.zeros((n_animals, row.size, row.size))
    for animal in range(n_animals):
        rows = present & (groups == animal)
        solved = _weighted(x[rows], z[rows], relative)
        scores[animal], informations[animal] = solved.T @ residual[rows], solved.T @ x[rows]
    moves = scores @ covariance
    return moves @ row, np.einsum("p,pq,iqr,jr->ij", row, covariance, informations, moves, optimize=True)


def _weighted(x: Samples, z: Samples, relative: Samples) -> Samples:
    """Return V⁻¹X of an animal, V = I + Z S Z' with S = ``relative``, which may be singular."""
    small = np.linalg.solve(np.eye(z.shape[1]) + relative @ (z.T @ z), relative @ (z.T @ x))
    return x - z @ small


def _smallest_p(shares: Shares, seed: int) -> Samples:
    """Return the smallest pointwise p over time in each draw, shape (draw,)."""
    signs = sign_draws(len(shares.moves), seed)
    found = []
    for part in np.array_split(signs, -(-len(signs) // CHUNK)):
        after = part[:, :, None] * shares.moves - np.einsum("bj,ijt->bit", part, shares.pulls)
        spread = np.maximum(np.sum(after**2, axis=1) / shares.left, np.finfo(np.float64).tiny)
        found.append(np.min(2 * stdtr(shares.degrees, -np.abs(part @ shares.moves) / np.sqrt(spread)), axis=1))
    return np.concatenate(found)
