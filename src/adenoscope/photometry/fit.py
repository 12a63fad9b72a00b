"""The fit of one session: scales of the model, and joint draws of the response."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.photometry import model, scales
from adenoscope.photometry.bins import window_shares
from adenoscope.photometry.kernel import sample_states
from adenoscope.photometry.model import Design, Settings
from adenoscope.photometry.prepare import Data, soon_after
from adenoscope.photometry.scales import Prior, ScaleDraws

JUMP_THRESHOLD = 3.5  # standard deviations of a drift's shock from which a step of the lamp is allowed
JUMP_SD = 0.01
STUDENT_DOF = 4.0
THREADS = 2
UNEVEN_STEP = 0.1  # share of a step in coupling by which the channels differ


class Fit(NamedTuple):
    """Posterior of the response in log fluorescence: draws (bin after onset, draw) with weights."""

    data: Data
    scales: ScaleDraws
    time_s: Samples  # (bin after onset,)
    mean: Samples  # (bin after onset, scale draw)
    draws: Samples  # (bin after onset, scale draw, state draw)
    fitted: Samples  # (bin, 2) whole model at the mode
    response: Samples  # (bin, 2) the response's part in it


def settings_for(data: Data) -> Settings:
    """Return the fixed settings: a blank shares bleaching with the signal, and nothing that moves.

    Where nobody touched the animal, the coupling has no reason to step.
    """
    # Without a control a step in coupling is seen only as part of the response.
    settings = {
        "control": Settings(),
        "blank": Settings(gain_shared=0.0, step_sd=0.02),
        "single": Settings(step_sd=0.03),
    }[data.kind]
    if data.masked.any():
        own_step_sd = float(np.hypot(settings.own_step_sd, UNEVEN_STEP * data.step_seen))
        return settings._replace(step_sd=max(settings.step_sd, data.step_seen), own_step_sd=own_step_sd)
    return settings._replace(step_sd=0.002, own_step_sd=0.0005)


def prior_for(kind: str) -> Prior:
    """Return the prior; without a control, what only a control could tell is fixed."""
    prior = scales.default_prior()
    mean, sd = prior.mean.copy(), prior.sd.copy()
    fixed = {
        "control": (),
        "blank": ("kappa", "gain"),
        "single": ("kappa", "gain", "noise_control", "drift_control"),
    }[kind]
    for name in fixed:
        sd[model.SCALES.index(name)] = 0.0
    if kind != "control":
        mean[model.GAIN], mean[model.KAPPA] = 1.0, 0.0
    return Prior(mean, sd)


def fit(data: Data, n_scales: int = 64, n_states: int = 16, seed: int = 1) -> Fit:
    """Return the posterior of the response, with the uncertainty of all scales carried through."""
    o, prior = settings_for(data), prior_for(data.kind)
    mode = scales.find_mode(data.Y, data.design, o, prior, np.zeros(model.N_SCALES), 40)
    design = reweigh(data, o, prior.mean + prior.sd * mode, seed)
    mode = scales.find_mode(data.Y, design, o, prior, mode, 20)
    draws = scales.draw_scales(data.Y, design, o, prior, mode, n_scales, seed)
    after = design.time_s > 0
    mean = np.empty((int(after.sum()), n_scales))
    states = np.empty((mean.shape[0], n_scales, n_states))

    def path_of(m: int) -> Samples:
        return sample_response(data.Y, draws.th[m], design, o, n_states, seed + m)[0]

    # Compiled code runs beside itself; each draw has its own seed, so their order does not matter.
    with ThreadPoolExecutor(THREADS) as pool:
        paths = list(pool.map(path_of, range(n_scales)))
    for m, path in enumerate(paths):
        mean[:, m] = path[after, 0]
        states[:, m] = path[after, 1:]
    fitted, response = parts(data.Y, design, o, draws.th[0])
    return Fit(data, draws, design.time_s[after], mean, states, fitted, response)


def sample_response(
    Y: Samples, th: Samples, design: Design, o: Settings, n_draws: int, seed: int
) -> tuple[Samples, Samples, Samples]:
    """Return the response's mean and draws, (bin, 1 + draw), and the auxiliary residuals of ``sample_states``."""
    system = model.system(th, design, o)
    signal = slice(0, 1)
    paths, noise, shock = sample_states(Y, *system, response_loads(system[2][:, signal]), n_draws, seed)
    return paths[:, 0], noise, shock


def response_loads(H: Samples) -> Samples:
    """Return the loadings ``H``, shape (bin, channel, state), of nothing but the response."""
    loads = np.zeros_like(H)
    respond = slice(model.RESPONSE, model.RESIDUAL + 2)
    loads[:, :, respond] = H[:, :, respond]
    return loads


def reweigh(data: Data, o: Settings, th: Samples, seed: int) -> Design:
    """Return the design with outlying bins weighted down and steps of an LED allowed where the data ask."""
    design = data.design
    path, noise, shock = sample_response(data.Y, th, design, o, 32, seed)
    excess = (STUDENT_DOF + 1) / (STUDENT_DOF + np.nan_to_num(noise) ** 2)
    weights = design.weights / np.clip(excess, 0.02, 1.2)
    jumps = design.jumps.copy()
    quiet = ~soon_after(design.time_s, design.onsets_s)
    for j, component in enumerate((6, 8)):
        if j == 1 and data.kind == "single":
            continue
        size = np.abs(shock[:, component]) * quiet
        for i in np.flatnonzero(size > JUMP_THRESHOLD):
            if size[i] == size[max(0, i - 3) : i + 4].max():
                jumps[i, j] = JUMP_SD**2
    leak = leak_curvature(path[:, 0], th[model.KAPPA])
    return design._replace(weights=weights, jumps=jumps, leak=leak)


def leak_curvature(response: Samples, kappa: float) -> Samples:
    """Return log(1 + kappa (exp(r) - 1)) / (kappa r): kappa relates fluorescence, the model its logarithm."""
    size = np.where(np.abs(response) < 1e-3, 1e-3, response)
    leak = kappa if abs(kappa) > 1e-3 else 1e-3
    return np.log1p(np.clip(leak * np.expm1(size), -0.9, None)) / (leak * size)


def parts(Y: Samples, design: Design, o: Settings, th: Samples) -> tuple[Samples, Samples]:
    """Return the whole fitted model and the response's part in it, both (bin, 2), at scales ``th``."""
    system = model.system(th, design, o)
    H = system[2]
    wanted, _, _ = sample_states(Y, *system, np.concatenate([H, response_loads(H)], axis=1), 1, 0)
    return wanted[:, :2, 0], wanted[:, 2:, 0]


def prior_spread(result: Fit, window_s: tuple[float, float]) -> float:
    """Return the sd of the mean response over a window before anything was seen of this recording."""
    data = result.data
    o, prior = settings_for(data), prior_for(data.kind)
    path, _, _ = sample_response(np.full_like(data.Y, np.nan), prior.mean, data.design, o, 64, 0)
    means = window_shares(data.edges_s[:-1], data.edges_s[1:], window_s) @ path[:, 1:]
    return float(np.sqrt(np.mean(means**2)))
