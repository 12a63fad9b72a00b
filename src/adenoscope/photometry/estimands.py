"""The response in numbers, each with its interval, from weighted joint draws of its curve."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from adenoscope.core.interval import Interval
from adenoscope.core.recording import Samples
from adenoscope.core.response import Curve
from adenoscope.photometry.bins import window_shares
from adenoscope.photometry.blood import blood_share
from adenoscope.photometry.fit import Fit
from adenoscope.photometry.model import KAPPA

ONSET_SHARE = 0.2  # of the peak, at the response's onset
DECAY_SHARE = 0.5  # of the peak, at the half decay
JITTER_SEED = 20
CENSORED = 0.2  # share of draws without an event above which no time is claimed


class Posterior(NamedTuple):
    """Draws of the response's ΔF/F [1], shape (bin after onset, draw), their weights, and each bin's time."""

    time_s: Samples
    start_s: Samples
    end_s: Samples
    dff: Samples
    weight: Samples  # (draw,)
    centre: Samples  # (bin, scale draw): mean given the scales
    scale_weight: Samples  # (scale draw,)


class Times(NamedTuple):
    """Peak and times of each draw; NaN where the event does not occur before the end."""

    peak: Samples
    time_to_peak: Samples
    onset: Samples
    half_decay: Samples


def posterior_of(fit: Fit, seed: int = 1) -> Posterior:
    """Return the response of a fit as ΔF/F, with what blood may hide of it."""
    edges = fit.data.edges_s
    after = fit.data.design.time_s > 0
    n_states = fit.draws.shape[2]
    # The mean of exp(x) - 1 given the scales, with the spread of x in it.
    spread = fit.draws.var(axis=2)
    kappa = fit.scales.th[:, KAPPA] if fit.data.kind == "control" else None
    blood = blood_share(kappa, fit.draws.shape[1], n_states, seed)
    return Posterior(
        fit.time_s,
        edges[:-1][after],
        edges[1:][after],
        np.expm1(fit.draws / (1 - blood.draws)).reshape(fit.draws.shape[0], -1),
        np.repeat(fit.scales.weight / n_states, n_states),
        np.expm1((fit.mean + 0.5 * spread) / (1 - blood.mean)),
        fit.scales.weight,
    )


def window_weights(posterior: Posterior, window_s: tuple[float, float]) -> Samples:
    """Return how much each bin counts in the mean over a window, shape (bin,), summing to 1."""
    return window_shares(posterior.start_s, posterior.end_s, window_s)


def mean_interval(posterior: Posterior, weights: Samples, ci_prob: float = 0.95) -> Interval:
    """Return the interval of a weighted mean of the curve: a mixture of normals, one for each scale draw."""
    centre = weights @ posterior.centre
    n_scales = centre.size
    draws = (weights @ posterior.dff).reshape(n_scales, -1)
    own = draws.var(axis=1)
    # Few state draws for each scale draw: pull their variances half-way to a common one.
    pooled = own @ posterior.scale_weight
    sd = np.sqrt(0.5 * own + 0.5 * pooled)
    tail = (1 - ci_prob) / 2
    estimate = float(centre @ posterior.scale_weight)
    low = mixture_quantile(centre, sd, posterior.scale_weight, tail)
    high = mixture_quantile(centre, sd, posterior.scale_weight, 1 - tail)
    return Interval(estimate, low, high, ci_prob)


def mixture_quantile(mean: Samples, sd: Samples, weight: Samples, probability: float) -> float:
    """Return the quantile of a mixture of normals, by bisection."""
    low = float(np.min(mean - 10 * sd))
    high = float(np.max(mean + 10 * sd))
    for _ in range(60):
        middle = 0.5 * (low + high)
        if float(ndtr((middle - mean) / sd) @ weight) < probability:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def quantile_interval(values: Samples, weight: Samples, ci_prob: float = 0.95) -> Interval:
    """Return the median and the central interval of weighted draws."""
    order = np.argsort(values, kind="stable")
    sorted_values = values[order]
    cumulative = np.cumsum(weight[order]) - 0.5 * weight[order]
    tail = (1 - ci_prob) / 2
    low, middle, high = np.interp([tail, 0.5, 1 - tail], cumulative / weight.sum(), sorted_values)
    return Interval(float(middle), float(low), float(high), ci_prob)


def curve_of(posterior: Posterior) -> Curve:
    """Return the response's curve with its pointwise 95 % band."""
    mean = posterior.centre @ posterior.scale_weight
    sd = np.sqrt(((posterior.dff - mean[:, None]) ** 2) @ posterior.weight)
    return Curve(posterior.time_s, mean, mean - 1.96 * sd, mean + 1.96 * sd)


def is_detected(posterior: Posterior, window_s: tuple[float, float]) -> bool:
    """Return whether the simultaneous 95 % band of the curve excludes 0 anywhere in the window."""
    inside = window_weights(posterior, window_s) > 0
    dff = posterior.dff[inside]
    mean = dff @ posterior.weight
    sd = np.sqrt(((dff - mean[:, None]) ** 2) @ posterior.weight)
    furthest = np.max(np.abs(dff - mean[:, None]) / sd[:, None], axis=0)
    width = quantile_interval(furthest, posterior.weight, 0.90).high  # its 95 % quantile
    return bool(np.any(np.abs(mean) > width * sd))


def times_of(posterior: Posterior, window_s: tuple[float, float]) -> Times:
    """Return the peak [1], and the times [s] to the peak, to 20 % of it, and from it to half, of each draw.

    The peak is the largest change within the window, in the direction of the mean curve's largest change;
    the half decay is looked for up to the end of the recording.
    """
    inside = window_weights(posterior, window_s) > 0
    mean = posterior.dff @ posterior.weight
    sign = np.sign(mean[inside][np.argmax(np.abs(mean[inside]))]) or 1.0
    curves = sign * posterior.dff
    at = np.argmax(np.where(inside[:, None], curves, -np.inf), axis=0)
    draw = np.arange(curves.shape[1])
    peak = curves[at, draw]
    row = np.arange(curves.shape[0])[:, None]
    time_s = posterior.time_s
    onset = last_rise(time_s, curves - ONSET_SHARE * peak, row <= at)
    falling = first_crossing(time_s, curves - DECAY_SHARE * peak, row >= at)
    rng = np.random.default_rng(JITTER_SEED)
    top = blur(posterior, time_s[at], 1.0, rng)  # the highest bin may be the one beside the peak's
    rise, fall = blur(posterior, onset, 0.5, rng), blur(posterior, falling, 0.5, rng)
    return Times(sign * peak, top, np.maximum(rise, 0.0), np.maximum(fall - top, 0.0))


def blur(posterior: Posterior, times: Samples, bins: float, rng: np.random.Generator) -> Samples:
    """Return times moved by up to ``bins`` of a bin: the curve does not know when in it something happened."""
    width = np.interp(times, posterior.time_s, posterior.end_s - posterior.start_s)
    return times + bins * width * rng.uniform(-1.0, 1.0, times.size)


def first_crossing(time_s: Samples, level: Samples, allowed: NDArray[np.bool_]) -> Samples:
    """Return when each column of ``level`` first falls to 0 or below where allowed, between bins; else NaN."""
    crossed = (level <= 0) & allowed
    found = crossed.any(axis=0)
    i = np.argmax(crossed, axis=0)
    column = np.arange(level.shape[1])
    before = np.maximum(i - 1, 0)
    upper, lower = level[before, column], level[i, column]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(upper > lower, upper / (upper - lower), 1.0)
    share = np.clip(share, 0.0, 1.0)
    crossing = time_s[before] + share * (time_s[i] - time_s[before])
    return np.where(found, crossing, np.nan)


def last_rise(time_s: Samples, level: Samples, allowed: NDArray[np.bool_]) -> Samples:
    """Return when each column of ``level`` last rises through 0 where allowed; the first time if it always is above.

    The last rise, since a curve may wander through the level in a handling window, where nothing is seen.
    """
    below = (level < 0) & allowed
    n = level.shape[0]
    i = n - 1 - np.argmax(below[::-1], axis=0)
    column = np.arange(level.shape[1])
    above = np.minimum(i + 1, n - 1)
    lower, upper = level[i, column], level[above, column]
    share = np.clip(np.divide(-lower, upper - lower, out=np.ones_like(lower), where=upper > lower), 0.0, 1.0)
    return np.where(below.any(axis=0), time_s[i] + share * (time_s[above] - time_s[i]), time_s[0])


def time_interval(values: Samples, weight: Samples) -> Interval | None:
    """Return the interval of a time, or None where too many draws never reach the event."""
    reached = np.isfinite(values)
    if float(weight[~reached].sum()) > CENSORED:
        return None
    return quantile_interval(values[reached], weight[reached])
