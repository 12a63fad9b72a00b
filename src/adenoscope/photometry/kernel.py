"""Kalman filter and simulation smoother for a state whose transition is block diagonal in 2 x 2 blocks.

    x[i] = F[i] x[i-1] + q,  q ~ N(0, Q[i])        y[i, j] = H[i, j] . x[i] + e,  e ~ N(0, R[i, j])

The first 2 B components of x move, in B blocks of two; the others are constant in time. Observations of one
time are taken in one after the other, so no matrix is ever inverted. A missing observation is NaN. The cost
is linear in time.

Source: Durbin & Koopman (2012), Time Series Analysis by State Space Methods, 2nd ed., sections 4.3, 4.9, 6.4.
"""

from __future__ import annotations

import numpy as np

from adenoscope.core.machine_code import compiled
from adenoscope.core.recording import Samples


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
    # Rounding must not let the covariance lose its symmetry: the filter would diverge.
    for r in range(2 * F.shape[0]):
        for c in range(r + 1, d):
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
    root = np.sqrt(f)
    for r in range(d):
        k[r] /= root
    for r in range(d):
        for c in range(d):
            C[r, c] -= k[r] * k[c]
    for r in range(d):
        k[r] /= root
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
def read(loads: Samples, a: Samples, x: Samples, C: Samples, wanted: Samples, cross: Samples) -> None:
    """Write each combination of ``a + x`` to ``wanted`` (combination, column), and its covariance with the state.

    A draw is the smoothed mean plus what smoothing misses of a simulated path; ``x`` is that path.
    """
    for c in range(loads.shape[0]):
        for r in range(loads.shape[1]):
            w = loads[c, r]
            if w != 0.0:
                for m in range(a.shape[1]):
                    wanted[c, m] += w * (a[r, m] + x[r, m])
                for q in range(loads.shape[1]):
                    cross[c, q] += w * C[r, q]


@compiled
def shake(x: Samples, Q: Samples) -> None:
    """Add a random step with covariance ``Q`` to every simulated path; column 0 of ``x`` stays at 0."""
    for b in range(Q.shape[0]):
        l00 = np.sqrt(max(Q[b, 0, 0], 0.0))
        l10 = Q[b, 0, 1] / l00 if l00 > 1e-14 else 0.0
        l11 = np.sqrt(max(Q[b, 1, 1] - l10 * l10, 0.0))
        for m in range(1, x.shape[1]):
            e = np.random.normal()
            x[2 * b, m] += l00 * e
            x[2 * b + 1, m] += l10 * e + l11 * np.random.normal()


@compiled
def innovate(y: float, h: Samples, noise: float, a: Samples, x: Samples, v: Samples) -> None:
    """Write the innovations to ``v``: of the data in column 0, of minus the simulated data in the others."""
    v[0] = y
    for m in range(1, v.size):
        v[m] = -np.sqrt(noise) * np.random.normal()
    for r in range(h.size):
        w = h[r]
        if w != 0.0:
            for m in range(v.size):
                v[m] -= w * (a[r, m] + x[r, m])


@compiled
def absorb(back: Samples, h: Samples, k: Samples, v: Samples, f: float) -> float:
    """Take one observation into the backward recursion ``back``; return its noise in standard deviations."""
    first = 0.0
    scale = 0.0
    for m in range(v.size):
        s = v[m] / f
        for r in range(h.size):
            s -= k[r] * back[r, m]
        if m == 0:
            first = s
        else:
            scale += s * s
        for r in range(h.size):
            back[r, m] += h[r] * s
    return first / np.sqrt(scale / (v.size - 1)) if scale > 0.0 else 0.0


@compiled
def step_back(back: Samples, F: Samples, shock: Samples) -> None:
    """Write the shocks of one time, in standard deviations of the simulated ones, and move one step back."""
    n_draws = back.shape[1] - 1
    for b in range(F.shape[0]):
        r = 2 * b
        for q in range(r, r + 2):
            scale = 0.0
            for m in range(1, n_draws + 1):
                scale += back[q, m] * back[q, m]
            shock[q] = back[q, 0] / np.sqrt(scale / n_draws) if scale > 0.0 else 0.0
        for m in range(n_draws + 1):
            s = back[r, m]
            t = back[r + 1, m]
            back[r, m] = F[b, 0, 0] * s + F[b, 1, 0] * t
            back[r + 1, m] = F[b, 0, 1] * s + F[b, 1, 1] * t


@compiled
def start(a0: Samples, P0: Samples, columns: int) -> tuple[Samples, Samples]:
    """Return the first means (the data's in column 0, else 0) and simulated states, shape (state, column)."""
    d = a0.size
    a = np.zeros((d, columns))
    x = np.zeros((d, columns))
    a[:, 0] = a0
    root = np.linalg.cholesky(P0 + 1e-13 * np.eye(d))
    for m in range(1, columns):
        for c in range(d):
            z = np.random.normal()
            for r in range(c, d):
                x[r, m] += root[r, c] * z
    return a, x


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

    ``loads`` (time, combination, state) says which combinations are wanted. Column 0 of the first result,
    shape (time, combination, 1 + n_draws), is the smoothed mean, the others are joint posterior draws. The
    second, (time, channel), is the smoothed noise in standard deviations. The third, (time, 2 B), is the shock
    to each moving component that the data ask for, in standard deviations.
    """
    np.random.seed(seed)
    n, J = Y.shape
    d = a0.size
    columns = n_draws + 1
    C = P0.copy()
    a, x = start(a0, P0, columns)
    K = np.zeros((n, J, d))
    f = np.ones((n, J))
    v = np.zeros((n, J, columns))
    wanted = np.zeros((n, loads.shape[1], columns))
    cross = np.zeros((n, loads.shape[1], d))
    for i in range(n):
        predict_covariance(C, F[i], Q[i])
        predict_mean(a, F[i])
        predict_mean(x, F[i])
        shake(x, Q[i])
        read(loads[i], a, x, C, wanted[i], cross[i])
        for j in range(J):
            if not np.isnan(Y[i, j]):
                innovate(Y[i, j], H[i, j], R[i, j], a, x, v[i, j])
                f[i, j] = gain(C, H[i, j], R[i, j], K[i, j])
                for r in range(d):
                    for m in range(columns):
                        a[r, m] += K[i, j, r] * v[i, j, m]
    back = np.zeros((d, columns))
    noise = np.full((n, J), np.nan)
    shock = np.zeros((n, 2 * F.shape[1]))
    for i in range(n - 1, -1, -1):
        for j in range(J - 1, -1, -1):
            if not np.isnan(Y[i, j]):
                noise[i, j] = absorb(back, H[i, j], K[i, j], v[i, j], f[i, j])
        wanted[i] += cross[i] @ back
        step_back(back, F[i], shock[i])
    for m in range(1, columns):
        wanted[:, :, m] += wanted[:, :, 0]
    return wanted, noise, shock
