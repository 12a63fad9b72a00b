"""The least restricted criterion by Newton's method, for all replicates at once.

Steps are taken in the symmetric S of Σ(S) = L (I + S + S²/2) L', which is positive definite for every S and agrees
with L exp(S) L' to the second order. Where the curvature points down somewhere the step is that of the EM algorithm,
S = -L'GL / n, which never leads up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.statistics.trials.unstructured.likelihood import Point, Slopes, evaluate, slopes, symmetric_basis
from adenoscope.statistics.trials.unstructured.moments import Flags, Indices, Moments

MOST_STEPS = 60
MOST_HALVINGS = 30
LONGEST_STEP = 1.0
# Half of this is how far the criterion may still fall.
DECREMENT = 1e-10
LEAST_FALL = 1e-4
ROUNDING = 1e-9
# A smaller eigenvalue of the correlation is a covariance that the data do not hold up.
SINGULAR = 1e-9


@dataclass(frozen=True, eq=False)
class Minimum:
    """Σ (r, T, T) at the end of each search, and whether it had ``converged`` (r,)."""

    sigma: Samples
    converged: Flags


def minimise(moments: Moments) -> Minimum:
    """Return Σ at the least criterion of each replicate.

    Valid: to the rounding of d.
    Source: Nocedal, Wright (2006), doi:10.1007/978-0-387-40065-5, section 3.4; Dempster, Laird, Rubin (1977),
    doi:10.1111/j.2517-6161.1977.tb01600.x.
    """
    sigma = _first(moments)
    converged = np.full(len(sigma), False)
    active = np.flatnonzero(moments.able & _sound(sigma))
    rest = moments.take(active)
    point = evaluate(rest, sigma[active]) if active.size else None
    for _ in range(MOST_STEPS):
        if point is None:
            break
        slope = slopes(rest, point)
        step, fall = _step(rest, slope)
        there = _search(rest, point, step, fall)
        sigma[active] = there
        done = fall < DECREMENT
        converged[active[done]] = True
        keep = np.flatnonzero(~done & _sound(there))
        active, rest = active[keep], rest.take(keep)
        point = evaluate(rest, sigma[active]) if active.size else None
    return Minimum(sigma, converged)


def _first(moments: Moments) -> Samples:
    """Return the visits' variances about least squares, without correlation."""
    seen = moments.count @ moments.observed
    squares = np.diagonal(moments.squares, axis1=2, axis2=3).sum(axis=1)
    variance = squares / np.maximum(seen, 1)
    return variance[:, :, None] * np.eye(variance.shape[1])


def _sound(sigma: Samples) -> Flags:
    """Return where Σ is finite and its correlation is not singular."""
    variance = np.diagonal(sigma, axis1=1, axis2=2)
    sound: Flags = np.all(np.isfinite(sigma), axis=(1, 2)) & np.all(variance > 0, axis=1)
    scale = np.sqrt(np.where(sound[:, None], variance, 1.0))
    correlation = np.where(sound[:, None, None], sigma, np.eye(sigma.shape[1])) / (scale[:, :, None] * scale[:, None])
    return sound & (np.linalg.eigvalsh(correlation)[:, 0] > SINGULAR)


def _step(moments: Moments, slope: Slopes) -> tuple[Samples, Samples]:
    """Return the step S (r, T, T) and how fast the criterion falls along it, per step."""
    size = slope.score.shape[1]
    persons = moments.count.sum(axis=1)
    curvature, axes = np.linalg.eigh(slope.hessian)
    convex = curvature[:, 0] > 0
    along = np.einsum("rij,ri->rj", axes, slope.gradient) / np.where(convex[:, None], curvature, 1.0)
    newton = -np.einsum("rij,rj->ri", axes, along)
    step = np.where(convex[:, None], newton, -slope.gradient / persons[:, None])
    step *= LONGEST_STEP / np.maximum(np.linalg.norm(step, axis=1), LONGEST_STEP)[:, None]
    fall = -np.sum(slope.gradient * step, axis=1)
    return (step @ symmetric_basis(size).reshape(size * size, -1).T).reshape(-1, size, size), fall


def _search(moments: Moments, point: Point, step: Samples, fall: Samples) -> Samples:
    """Return Σ after each step, halved until the criterion falls."""
    sigma = point.factor @ np.swapaxes(point.factor, 1, 2)
    trying: Indices = np.arange(len(sigma))
    length = 1.0
    for _ in range(MOST_HALVINGS):
        move = length * step[trying]
        there = point.factor[trying] @ (np.eye(sigma.shape[1]) + move + move @ move / 2)
        there = there @ np.swapaxes(point.factor[trying], 1, 2)
        there = (there + np.swapaxes(there, 1, 2)) / 2
        sound = np.flatnonzero(_sound(there))
        fell = np.zeros(trying.size, dtype=np.bool_)
        if sound.size:
            found = evaluate(moments.take(trying[sound]), there[sound]).criterion
            least = LEAST_FALL * length * fall[trying[sound]]
            fell[sound] = found <= point.criterion[trying[sound]] - least + ROUNDING
        sigma[trying[fell]] = there[fell]
        trying = trying[~fell]
        if not trying.size:
            break
        length /= 2
    return sigma
