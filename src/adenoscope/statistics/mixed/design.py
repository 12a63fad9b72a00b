"""What a design comes down to: for each animal one small triangle, for the rest a few cross-products.

Z_i = Q_i R_i turns an animal's rows into Q_i'[X_i, y_i], which the random effects reach, and the remainder,
which they do not. X enters as its orthonormal basis and y as its residual from X, so that no digits are lost
to a large mean or to unlike units; columns of Z are scaled to a root mean square of one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.recording import Samples

RANK_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Blocks:
    """A design and its responses, reduced; a animals, q random and p fixed effects, t responses.

    ``random`` (a, q, q), ``fixed`` (a, q, p) and ``response`` (t, a, q) are the rows that the random effects
    reach; ``fixed_rest`` (p, p), ``mixed_rest`` (t, p) and ``response_rest`` (t,) the cross-products of the
    others. ``basis`` (p, p) turns orthonormal columns back into those given, ``start`` (t, p) holds the
    coefficients already taken out, and ``scale`` (q,) is what columns of Z were divided by.
    """

    random: Samples
    fixed: Samples
    response: Samples
    fixed_rest: Samples
    mixed_rest: Samples
    response_rest: Samples
    basis: Samples
    start: Samples
    scale: Samples
    n_observations: int

    @property
    def degrees(self) -> int:
        """Return the observations left over by the fixed effects."""
        return self.n_observations - self.fixed.shape[2]


def reduce_design(responses: Samples, fixed: Samples, random: Samples, groups: NDArray[np.intp]) -> Blocks | str:
    """Return the blocks of ``responses`` (t, n) on ``fixed`` (n, p) and ``random`` (n, q), or why there are none.

    ``groups`` (n,) numbers the animals. Nothing may be missing.
    """
    why_not = _refusal(fixed, random, groups)
    if why_not:
        return why_not
    orthonormal, basis = np.linalg.qr(fixed)
    start = responses @ orthonormal
    scale = np.sqrt(np.mean(random**2, axis=0))
    residual = responses - start @ orthonormal.T
    parts = [
        _animal(orthonormal[rows], random[rows] / scale, residual[:, rows])
        for rows in (groups == animal for animal in np.unique(groups))
    ]
    triangles, reached, seen, left, unseen = (list(part) for part in zip(*parts, strict=True))
    rest, response_rest = np.concatenate(left), np.concatenate(unseen, axis=1)
    return Blocks(
        random=np.stack(triangles),
        fixed=np.stack(reached),
        response=np.stack(seen, axis=1),
        fixed_rest=rest.T @ rest,
        mixed_rest=response_rest @ rest,
        response_rest=np.sum(response_rest**2, axis=1),
        basis=basis,
        start=start,
        scale=scale,
        n_observations=responses.shape[1],
    )


def _animal(fixed: Samples, random: Samples, responses: Samples) -> tuple[Samples, ...]:
    """Return R, Q'X, Q'y and the remainders of X and y; an animal with fewer than q rows is filled with zeros."""
    q, triangle = np.linalg.qr(random)
    short = random.shape[1] - triangle.shape[0]
    reached, seen = q.T @ fixed, responses @ q
    filled = (np.pad(triangle, ((0, short), (0, 0))), np.pad(reached, ((0, short), (0, 0))))
    return *filled, np.pad(seen, ((0, 0), (0, short))), fixed - q @ reached, responses - seen @ q.T


def _refusal(fixed: Samples, random: Samples, groups: NDArray[np.intp]) -> str | None:
    n_rows, n_animals = len(groups), len(np.unique(groups))
    if n_animals < 2:
        return f"Random effects need at least 2 animals; there {'is' if n_animals == 1 else 'are'} {n_animals}."
    if n_rows <= n_animals * random.shape[1]:
        return (
            f"{n_rows} observations cannot tell {random.shape[1]} random effect(s) of each of {n_animals} animals "
            "from the residual."
        )
    if _rank(fixed) < fixed.shape[1]:
        return f"The {fixed.shape[1]} fixed effects are not separable: only {_rank(fixed)} are."
    if _rank(random) < random.shape[1]:
        return f"The {random.shape[1]} random effects are not separable: only {_rank(random)} are."
    return None if n_rows > fixed.shape[1] else "No observation is left over by the fixed effects."


def _rank(columns: Samples) -> int:
    size = np.sqrt(np.sum(columns**2, axis=0))
    return int(np.linalg.matrix_rank(columns / np.where(size > 0, size, 1), tol=RANK_TOLERANCE))
