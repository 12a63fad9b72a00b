"""How large noise, motion, drift, bleaching and the response are: their posterior, as weighted draws."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from adenoscope.core.machine_code import compiled
from adenoscope.core.recording import Samples
from adenoscope.photometry.blood import kappa_prior
from adenoscope.photometry.model import GAIN, KAPPA, N_SCALES, SCALES, Design, Settings, evaluate

BOUND = 5.0  # prior standard deviations beyond which no scale is sought


class Prior(NamedTuple):
    """Normal priors on the scales (on logarithms, but for kappa and gain); a fixed scale has sd 0."""

    mean: Samples
    sd: Samples


class ScaleDraws(NamedTuple):
    """Draws of the scales, shape (draw, scale), with normalised weights; row 0 is the mode."""

    th: Samples
    weight: Samples


def default_prior() -> Prior:
    """Return what is known of the scales before a recording is seen."""
    table = {
        "noise_signal": (np.log(0.002), 0.8),
        "noise_control": (np.log(0.002), 0.8),
        "motion_fast": (np.log(0.004), 0.8),
        "motion_slow": (np.log(0.004), 0.8),
        "own_signal": (np.log(0.0025), 1.0),
        "drift_signal": (np.log(0.012), 0.5),
        "drift_control": (np.log(0.012), 0.5),
        "response": (np.log(0.08), 1.0),
        "residual": (np.log(0.01), 1.0),
        "kappa": kappa_prior(),
        "gain": (1.05, 0.3),
        "bleaching": (np.log(0.15), 0.3),
        "bleaching_own": (np.log(0.07), 0.9),
        "response_length": (np.log(1.3), 0.4),
        "late": (np.log(0.45), 0.8),
    }
    values = np.array([table[name] for name in SCALES])
    return Prior(values[:, 0], values[:, 1])


@compiled
def objective(u: Samples, mean: Samples, sd: Samples, Y: Samples, design: Design, o: Settings) -> float:
    """Return minus the log posterior of the scales ``mean + sd u``."""
    value = -evaluate(mean + sd * u, Y, design, o)
    for i in range(u.size):
        if sd[i] > 0:
            value += 0.5 * u[i] * u[i]
    return value if np.isfinite(value) else 1e10


@compiled
def gradient(u: Samples, mean: Samples, sd: Samples, Y: Samples, design: Design, o: Settings, h: float) -> Samples:
    """Return the objective, then its derivatives by forward differences of ``h`` prior sd."""
    out = np.zeros(u.size + 1)
    out[0] = objective(u, mean, sd, Y, design, o)
    for i in range(u.size):
        if sd[i] > 0:
            e = u.copy()
            e[i] += h
            out[1 + i] = (objective(e, mean, sd, Y, design, o) - out[0]) / h
    return out


@compiled
def curvature(u: Samples, mean: Samples, sd: Samples, Y: Samples, design: Design, o: Settings, h: float) -> Samples:
    """Return the matrix of second derivatives of the objective by central and mixed differences."""
    k = u.size
    H = np.eye(k)
    f0 = objective(u, mean, sd, Y, design, o)
    plus = np.zeros(k)
    for i in range(k):
        if sd[i] > 0:
            e = u.copy()
            e[i] += h
            plus[i] = objective(e, mean, sd, Y, design, o)
            e[i] -= 2 * h
            H[i, i] = (plus[i] - 2 * f0 + objective(e, mean, sd, Y, design, o)) / h**2
    for i in range(k):
        for j in range(i):
            if sd[i] > 0 and sd[j] > 0:
                e = u.copy()
                e[i] += h
                e[j] += h
                H[i, j] = (objective(e, mean, sd, Y, design, o) - plus[i] - plus[j] + f0) / h**2
                H[j, i] = H[i, j]
    return H


def find_mode(Y: Samples, design: Design, o: Settings, prior: Prior, start: Samples, max_steps: int) -> Samples:
    """Return the most plausible scales, in prior standard deviations from the prior mean."""

    def value_and_slope(u: Samples) -> tuple[float, Samples]:
        out = gradient(u, prior.mean, prior.sd, Y, design, o, 1e-4)
        return float(out[0]), out[1:]

    low = np.full(N_SCALES, -BOUND)
    low[GAIN] = max(-BOUND, (0.2 - prior.mean[GAIN]) / prior.sd[GAIN]) if prior.sd[GAIN] > 0 else -BOUND
    result = minimize(
        value_and_slope,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=list(zip(low, np.full(N_SCALES, BOUND), strict=True)),
        options={"maxiter": max_steps, "ftol": 1e-6, "gtol": 1e-2},
    )
    return np.asarray(result.x)


def draw_scales(
    Y: Samples, design: Design, o: Settings, prior: Prior, mode: Samples, n_draws: int, seed: int
) -> ScaleDraws:
    """Return draws of the scales around their mode by importance sampling from a broad t-distribution."""
    H = curvature(mode, prior.mean, prior.sd, Y, design, o, 0.05)
    values, vectors = np.linalg.eigh(H)
    width = 1.0 / np.sqrt(np.clip(values, 0.5, None))
    rng = np.random.default_rng(seed)
    k = N_SCALES
    dof = 8.0
    z = rng.normal(size=(n_draws // 2, k))
    z = np.concatenate([z, -z])
    stretch = np.sqrt(dof / rng.chisquare(dof, size=(n_draws // 2, 1)))
    z *= np.concatenate([stretch, stretch])
    z[0] = 0.0
    free = prior.sd > 0
    u = np.clip(mode + (z * width) @ vectors.T, -BOUND, BOUND)
    u[:, ~free] = 0.0
    log_target = np.array([-objective(row, prior.mean, prior.sd, Y, design, o) for row in u])
    log_proposal = -0.5 * (dof + k) * np.log1p(np.sum(z * z, axis=1) / dof)
    log_weight = log_target - log_proposal
    log_weight -= log_weight.max()
    # A few draws must not carry the answer: the largest weights are cut to the mean of the upper eighth.
    weight = np.exp(log_weight)
    cut = np.sort(weight)[-max(2, n_draws // 8)]
    weight = np.minimum(weight, cut)
    return ScaleDraws(prior.mean + prior.sd * u, weight / weight.sum())


def kappa_of(draws: ScaleDraws) -> tuple[float, float]:
    """Return posterior mean and standard deviation of the leak kappa [1]."""
    kappa = draws.th[:, KAPPA]
    mean = float(kappa @ draws.weight)
    return mean, float(np.sqrt(((kappa - mean) ** 2) @ draws.weight))
