"""What the baseline alone says: a placebo in time, and the smallest response that would be detected."""

from __future__ import annotations

import numpy as np

from adenoscope.core.interval import Interval
from adenoscope.photometry import model, scales
from adenoscope.photometry.bins import window_shares
from adenoscope.photometry.estimands import mean_interval, posterior_of, window_weights
from adenoscope.photometry.fit import Fit, fit, prior_for, sample_response, settings_for
from adenoscope.photometry.prepare import Data

LEAST_BASELINE_S = 240.0
POWER_FACTOR = 1.96 + 0.8416  # two-sided 5 %, power 80 %


def baseline_only(data: Data, sham_s: float) -> Data:
    """Return the baseline as a session of its own, with a sham intervention at ``sham_s``."""
    stop = np.searchsorted(data.edges_s, min(0.0, first_masked(data)), side="right") - 1
    keep = slice(0, max(int(stop), 0))
    design = data.design
    sham = design._replace(
        time_s=design.time_s[keep] - sham_s,
        exposed_s=design.exposed_s[keep],
        onsets_s=np.zeros(1),
        settle=np.zeros(design.time_s[keep].size),
        jumps=design.jumps[keep],
        weights=design.weights[keep],
        leak=np.ones(design.time_s[keep].size),
    )
    edges = data.edges_s[: max(int(stop), 0) + 1] - sham_s
    return Data(data.Y[keep], sham, data.clipped[keep], np.zeros(sham.time_s.size, bool), edges, data.kind, 0.0, ())


def first_masked(data: Data) -> float:
    """Return where the first handling window starts [s after the intervention], or infinity."""
    masked = np.flatnonzero(data.masked)
    return float(data.edges_s[masked[0]]) if masked.size else np.inf


def placebo_in_time(result: Fit, seed: int) -> Interval | None:
    """Return the mean "response" [1] to a sham intervention in the middle of the baseline; it should cover 0."""
    data = result.data
    start = float(data.edges_s[0])
    if -start < LEAST_BASELINE_S:
        return None
    middle = data.edges_s[np.argmin(np.abs(data.edges_s - start / 2))]
    sham = baseline_only(data, float(middle))
    if np.isfinite(sham.Y[sham.design.time_s > 0, 0]).sum() < 5:
        return None
    posterior = posterior_of(fit(sham, n_scales=16, seed=seed))
    return mean_interval(posterior, window_weights(posterior, (0.0, float(sham.edges_s[-1]))))


def minimum_detectable(result: Fit, window_s: tuple[float, float], seed: int) -> float | None:
    """Return the mean response [1] that would be detected with 80 % power, from the baseline's scales alone.

    The spread of an estimate does not depend on what is observed after the intervention, only on how the
    recording goes on and on the scales; these are estimated from the baseline.
    """
    data = result.data
    if -float(data.edges_s[0]) < LEAST_BASELINE_S:
        return None
    o, prior = settings_for(data), prior_for(data.kind)
    baseline = baseline_only(data, 0.0)
    mode = scales.find_mode(baseline.Y, baseline.design, o, prior, np.zeros(model.N_SCALES), 20)
    path, _, _ = sample_response(data.Y, prior.mean + prior.sd * mode, data.design, o, 64, seed)
    shares = window_shares(data.edges_s[:-1], data.edges_s[1:], window_s)
    means = shares @ (path[:, 1:] - path[:, :1])
    return float(POWER_FACTOR * np.sqrt(np.mean(means**2)))
