"""Kalman filter and simulation smoother for a state whose transition is block diagonal in 2 x 2 blocks.

    x[i] = F[i] x[i-1] + q,  q ~ N(0, Q[i])        y[i, j] = H[i, j] . x[i] + e,  e ~ N(0, R[i, j])

The first 2 B components of x move, in B blocks of two; the others are constant in time. Observations of one
time are taken in one after the other, so no matrix is ever inverted. A missing observation is NaN. The cost
is linear in time.

Source: Durbin & Koopman (2012), Time Series Analysis by State Space Methods, 2nd ed., sections 4.3, 4.9, 6.4.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numpy as np
from numba import njit  # pyright: ignore[reportUnknownVariableType]

from adenoscope.core.recording import Samples

P = ParamSpec("P")
T = TypeVar("T")


def compiled(function: Callable[P, T]) -> Callable[P, T]:
    """Return ``function`` compiled to machine code, cached on disk, and released from the GIL.

    Arithmetic stays as written: with reordering allowed, a run that compiles could differ in its last bits
    from one that finds the code in the cache.
    """
    return cast(Callable[P, T], njit(cache=True, nogil=True)(function))


@compiled
def predict_mean(a: Samples, F: Samples) -> None:
    """Move the columns of ``a``, shape (state, column), one step on."""
    for b in range(F.shape[0]):
        r = 2 * b
        for m in range(a.shape[1]):
            x = a[r, m]
            y = a[r + 1, m]
            a[r, m] = F[b, 0, 0] * x + F[b, 0, 1] * y
            a[r + 1, m] = F[b, 1, 0] * x + F[b, 1, 1] * y


@compiled
def predict_covariance(C: Samples, F: Samples, Q: Samples) -> None:
    """Move the covariance ``C`` one step on, in place."""
    d = C.shape[0]
    for b in range(F.shape[0]):
        r = 2 * b
        for c in range(d):
            x = C[r, c]
            y = C[r + 1, c]
            C[r, c] = F[b, 0, 0] * x + F[b, 0, 1] * y
            C[r + 1, c] = F[b, 1, 0] * x + F[b, 1, 1] * y
    for c in range(2 * F.shape[0]):
        for b in range(F.shape[0]):
            r = 2 * b
            x = C[c, r]
            y = C[c, r + 1]
            C[c, r] = F[b, 0, 0] * x + F[b, 0, 1] * y
            C[c, r + 1] = F[b, 1, 0] * x + F[b, 1, 1] * y
    # A constant component's rows follow from the symmetry.
    for c in range(2 * F.shape[0], d):
        for r in range(2 * F.shape[0]):
            C[c, r] = C[r, c]
    for b in range(F.shape[0]):
        r = 2 * b
        C[r, r] += Q[b, 0, 0]
        C[r, r + 1] += Q[b, 0, 1]
        C[r + 1, r] += Q[b, 0, 1]
        C[r + 1, r + 1] += Q[b, 1, 1]


@compiled
def gain(C: Samples, h: Samples, noise: float, k: Samples) -> float:
    """Write the Kalman gain of an observation with loadings ``h`` to ``k``, update ``C``, return the variance."""
    d = C.shape[0]
    f = noise
    k[:] = 0.0
    for c in range(d):
        w = h[c]
        if w != 0.0:
            for r in range(d):
                k[r] += w * C[c, r]  # C is symmetric
    for r in range(d):
        f += h[r] * k[r]
    for r in range(d):
        u = k[r] / f
        for c in range(d):
            C[r, c] -= u * k[c]
    for r in range(d):
        k[r] /= f
    return f


@compiled
def log_likelihood(Y: Samples, F: Samples, Q: Samples, H: Samples, R: Samples, a0: Samples, P0: Samples) -> float:
    """Return log p(Y) up to a constant; ``Y`` and ``R`` (time, channel), ``F`` and ``Q`` (time, block, 2, 2)."""
    d = a0.size
    a = a0.copy().reshape(d, 1)
    C = P0.copy()
    k = np.empty(d)
    total = 0.0
    for i in range(Y.shape[0]):
        predict_covariance(C, F[i], Q[i])
        predict_mean(a, F[i])
        for j in range(Y.shape[1]):
            if np.isnan(Y[i, j]):
                continue
            v = Y[i, j]
            for r in range(d):
                v -= H[i, j, r] * a[r, 0]
            f = gain(C, H[i, j], R[i, j], k)
            total -= 0.5 * (np.log(f) + v * v / f)
            for r in range(d):
                a[r, 0] += k[r] * v
    return total


@compiled
def sample_states(
    Y: Samples,
    F: Samples,
    Q: Samples,
    H: Samples,
    R: Samples,
    a0: Samples,
    P0: Samples,
    loads: Samples,
    n_draws: int,
    seed: int,
) -> tuple[Samples, Samples, Samples]:
    """Return smoothed combinations of the state, auxiliary residuals of noise, and of the moving state.

    ``loads`` (time, combination, state) says which combinations are wanted. Column 0 of the first result, shape
    (time, combination, 1 + n_draws), is the smoothed mean, the others are joint posterior draws. The second,
    (time, channel), is the smoothed noise over its own standard deviation. The third, (time, 2 B), is the
    shock to each moving component that the data ask for, in standard deviations.
    """
    np.random.seed(seed)
    n, J = Y.shape
    d = a0.size
    B = F.shape[1]
    M = n_draws + 1
    L = loads.shape[1]
    C = P0.copy()
    root = np.linalg.cholesky(P0 + 1e-13 * np.eye(d))
    x = np.zeros((d, M))
    a = np.zeros((d, M))
    a[:, 0] = a0
    for m in range(1, M):
        z = np.random.normal(0.0, 1.0, d)
        for r in range(d):
            s = 0.0
            for c in range(r + 1):
                s += root[r, c] * z[c]
            x[r, m] = s
    K = np.zeros((n, J, d))
    f = np.ones((n, J))
    v = np.zeros((n, J, M))
    wanted = np.zeros((n, L, M))
    lC = np.zeros((n, L, d))
    for i in range(n):
        predict_covariance(C, F[i], Q[i])
        predict_mean(a, F[i])
        predict_mean(x, F[i])
        for b in range(B):
            l00 = np.sqrt(max(Q[i, b, 0, 0], 0.0))
            l10 = Q[i, b, 0, 1] / l00 if l00 > 1e-14 else 0.0
            l11 = np.sqrt(max(Q[i, b, 1, 1] - l10 * l10, 0.0))
            for m in range(1, M):
                e = np.random.normal()
                x[2 * b, m] += l00 * e
                x[2 * b + 1, m] += l10 * e + l11 * np.random.normal()
        for c in range(L):
            for r in range(d):
                w = loads[i, c, r]
                if w != 0.0:
                    for m in range(M):
                        # A draw is the data's smoothed mean plus what smoothing misses of a simulated path.
                        wanted[i, c, m] += w * (a[r, m] + x[r, m])
                    for q in range(d):
                        lC[i, c, q] += w * C[r, q]
        for j in range(J):
            if np.isnan(Y[i, j]):
                continue
            for m in range(M):
                if m == 0:
                    s = Y[i, j]
                else:
                    s = -np.sqrt(R[i, j]) * np.random.normal()
                    for r in range(d):
                        s -= H[i, j, r] * x[r, m]
                for r in range(d):
                    s -= H[i, j, r] * a[r, m]
                v[i, j, m] = s
            f[i, j] = gain(C, H[i, j], R[i, j], K[i, j])
            for r in range(d):
                for m in range(M):
                    a[r, m] += K[i, j, r] * v[i, j, m]
    back = np.zeros((d, M))
    noise = np.full((n, J), np.nan)
    shock = np.zeros((n, 2 * B))
    for i in range(n - 1, -1, -1):
        for j in range(J - 1, -1, -1):
            if np.isnan(Y[i, j]):
                continue
            scale = 0.0
            for m in range(M):
                s = v[i, j, m] / f[i, j]
                for r in range(d):
                    s -= K[i, j, r] * back[r, m]
                if m == 0:
                    noise[i, j] = s
                else:
                    scale += s * s
                for r in range(d):
                    back[r, m] += H[i, j, r] * s
            if M > 1:
                noise[i, j] /= np.sqrt(scale / (M - 1))
        for c in range(L):
            for m in range(M):
                s = wanted[i, c, m]
                for r in range(d):
                    s += lC[i, c, r] * back[r, m]
                wanted[i, c, m] = s
        for r in range(2 * B):
            scale = 0.0
            for m in range(1, M):
                scale += back[r, m] * back[r, m]
            if scale > 0.0:
                shock[i, r] = back[r, 0] / np.sqrt(scale / (M - 1))
        for b in range(B):
            r = 2 * b
            for m in range(M):
                s = back[r, m]
                t = back[r + 1, m]
                back[r, m] = F[i, b, 0, 0] * s + F[i, b, 1, 0] * t
                back[r + 1, m] = F[i, b, 0, 1] * s + F[i, b, 1, 1] * t
    for i in range(n):
        for c in range(L):
            for m in range(1, M):
                wanted[i, c, m] += wanted[i, c, 0]
    return wanted, noise, shock
