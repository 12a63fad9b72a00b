"""Arms and covariates as columns of a design, and trials with or without replicates as arrays of one shape."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from adenoscope.core.recording import Samples
from adenoscope.statistics.trials.unstructured.moments import Indices


def as_replicates(values: ArrayLike, n_axes: int) -> Samples:
    """Return ``values`` with ``n_axes`` axes, the first that of replicates, added where it lacks.

    Raises:
        ValueError: there are more or fewer axes than that.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == n_axes - 1:
        array = array[None]
    if array.ndim != n_axes:
        raise ValueError(f"{array.ndim} axes, where {n_axes} are needed with that of replicates, or one fewer.")
    return array


def as_arms(arm: ArrayLike, n_replicates: int, n_persons: int) -> Indices:
    """Return arms (r, n): 0 is the reference, -1 a person who is not in the analysis.

    Raises:
        ValueError: the shape is another one, or nobody is in the reference or in another arm.
    """
    arms = np.atleast_2d(np.asarray(arm, dtype=np.intp))
    if arms.shape[1] != n_persons or len(arms) not in {1, n_replicates}:
        raise ValueError(f"Arms of shape {arms.shape}, where ({n_replicates}, {n_persons}) is needed.")
    if arms.max(initial=-1) < 1 or not (arms == 0).any():
        raise ValueError("A comparison needs a reference arm, 0, and at least one other, 1, 2, ...")
    return np.broadcast_to(arms, (n_replicates, n_persons))


def arm_design(arm: Indices, covariates: ArrayLike | None) -> tuple[Samples, int]:
    """Return the columns (r, n, k) of intercept, arms but the reference, and covariates; and how many arms those are.

    Raises:
        ValueError: a covariate of a person in the analysis is not finite.
    """
    n_others = int(arm.max())
    columns = [np.ones((*arm.shape, 1)), (arm[..., None] == np.arange(1, n_others + 1)).astype(np.float64)]
    if covariates is not None:
        given = as_replicates(covariates, 3)
        columns.append(np.broadcast_to(given, (len(arm), *given.shape[1:])))
    design = np.concatenate(columns, axis=2)
    inside = arm >= 0
    if not np.isfinite(design[inside]).all():
        raise ValueError("A covariate is not finite; leave the person out (arm -1) or fill it in.")
    return np.where(inside[..., None], design, 0.0), n_others


def visit_restriction(n_visits: int, n_by_visit: int, n_constant: int = 0) -> Samples:
    """Return C (T k, p): covariates with a coefficient at each visit first, then those with one for all visits."""
    k = n_by_visit + n_constant
    crossed = np.kron(np.eye(n_visits), np.eye(k)[:, :n_by_visit])
    steady = np.tile(np.eye(k)[:, n_by_visit:], (n_visits, 1))
    return np.asarray(np.hstack([crossed, steady]), dtype=np.float64)
