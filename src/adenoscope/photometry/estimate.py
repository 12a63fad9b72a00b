"""From the channels of one session to its response: the estimator's front door."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from adenoscope.core.errors import input_error
from adenoscope.core.interval import Interval
from adenoscope.core.recording import Channels, Samples
from adenoscope.core.response import Control, Estimands, FittedParts, Response
from adenoscope.core.study import Settings
from adenoscope.photometry import judge
from adenoscope.photometry.estimands import (
    Posterior,
    curve_of,
    is_detected,
    mean_interval,
    posterior_of,
    quantile_interval,
    time_interval,
    times_of,
    window_weights,
)
from adenoscope.photometry.fit import Fit, fit, prior_spread
from adenoscope.photometry.placebo import minimum_detectable, placebo_in_time
from adenoscope.photometry.prepare import Data, prepare

HANDLING_S = (-30.0, 60.0)
UNTOUCHED_S = (0.0, 0.0)


def estimate_response(
    channels: Channels, onsets_s: tuple[float, ...], *, settings: Settings | None = None
) -> Response:
    """Return what the intervention did to the signal, as ΔF/F [1] with intervals, or why it cannot be told.

    Args:
        channels: the signal, with its control or a drug-free blank session if there is one.
        onsets_s: when the intervention began, on the signal's clock [s]; several for repeated bouts.
        settings: window, handling window and seed; the same arguments give the same response, bit for bit.

    Returns:
        A response that is estimated or refused; a refused one has a reason and no numbers.

    Raises:
        InputError: an onset lies outside the recording, or they are not in order.
    Valid: responses slower than about 30 s in a recording of at least two minutes of baseline.
    Source: docs/architecture.md, "The estimator"; Durbin & Koopman (2012) for filter and smoother.
    """
    settings = settings or Settings()
    check_onsets(channels, onsets_s)
    handling_s = settings.handling_s or (HANDLING_S if len(onsets_s) == 1 else UNTOUCHED_S)
    data = prepare(channels, onsets_s, handling_s)
    window_s = (settings.window_s[0], min(settings.window_s[1], float(data.edges_s[-1])))
    reason = judge.refuse_before_fit(data, window_s)
    if reason is not None:
        return Response("refused", reason, control_before_fit(data), parts=raw_parts(data))
    result = fit(data, seed=settings.seed)
    return answer(result, window_s, settings)


def answer(result: Fit, window_s: tuple[float, float], settings: Settings) -> Response:
    """Return the response of a fit, or the reason to refuse it."""
    control = judge.judge_control(result)
    posterior = posterior_of(result, settings.seed)
    weights = window_weights(posterior, window_s)
    mean = mean_interval(posterior, weights)
    reason = judge.refuse_after_fit(control, mean.half_width / 1.96, prior_spread(result, window_s))
    cautions = judge.cautions_of(result, control, window_s, settings.window_s[1])
    parts = fitted_parts(result)
    if reason is not None:
        return Response("refused", reason, control, cautions, parts=parts)
    estimands = estimands_of(result, posterior, mean, window_s, settings.seed)
    return Response("estimated", None, control, cautions, estimands, curve_of(posterior), parts)


def estimands_of(
    result: Fit, posterior: Posterior, mean: Interval, window_s: tuple[float, float], seed: int
) -> Estimands:
    """Return the response in numbers; onset and half decay only where a response was detected."""
    with ThreadPoolExecutor(2) as pool:
        detectable = pool.submit(minimum_detectable, result, window_s, seed)
        placebo = pool.submit(placebo_in_time, result, seed)
    times = times_of(posterior, window_s)
    weight = posterior.weight
    detected = is_detected(posterior, window_s)
    length = window_s[1] - window_s[0]
    # The signal alone cannot tell a slow response from bleaching well enough to integrate it.
    claims_area = result.data.kind != "single"
    return Estimands(
        window_s=window_s,
        mean_dff=mean,
        auc_dff_s=Interval(mean.estimate * length, mean.low * length, mean.high * length) if claims_area else None,
        peak_dff=quantile_interval(times.peak, weight),
        time_to_peak_s=quantile_interval(times.time_to_peak, weight),
        onset_s=time_interval(times.onset, weight) if detected else None,
        half_decay_s=time_interval(times.half_decay, weight) if detected else None,
        minimum_detectable_dff=detectable.result(),
        placebo_dff=placebo.result(),
    )


def check_onsets(channels: Channels, onsets_s: tuple[float, ...]) -> None:
    """Raise if the onsets are not increasing moments of the recording."""
    first, last = float(channels.signal.time_s[0]), float(channels.signal.time_s[-1])
    inside = all(first < onset < last for onset in onsets_s)
    ordered = all(a < b for a, b in pairwise(onsets_s))
    if not onsets_s or not inside or not ordered:
        raise input_error(
            channels.signal.name,
            found=f"intervention at {', '.join(f'{onset:g}' for onset in onsets_s) or 'no time'} s",
            allowed=f"increasing times between {first:g} and {last:g} s, the recording's first and last sample",
            remedy="give intervention_s in seconds after the first sample of the recording",
        )


def control_before_fit(data: Data) -> Control:
    """Return the verdict of a session that was refused before any fit."""
    if data.kind == "control":
        return Control("unusable", None, "The session was refused before the control could be judged.")
    return Control("signal_only", None, "No control channel.")


def fitted_parts(result: Fit) -> FittedParts:
    """Return the binned channels with the fitted model and its background, relative to the baseline."""
    data = result.data
    background = result.fitted - result.response
    two = data.kind != "single"
    return FittedParts(
        time_s=data.design.time_s,
        signal=np.exp(data.Y[:, 0]),
        signal_fit=np.exp(result.fitted[:, 0]),
        signal_background=np.exp(background[:, 0]),
        control=np.exp(data.Y[:, 1]) if two else None,
        control_fit=np.exp(result.fitted[:, 1]) if two else None,
        control_background=np.exp(background[:, 1]) if two else None,
        masked_s=masked_stretches(data),
    )


def raw_parts(data: Data) -> FittedParts:
    """Return the binned channels of a session that was not fitted."""
    nothing = np.full(data.design.time_s.size, np.nan)
    two = data.kind != "single"
    return FittedParts(
        time_s=data.design.time_s,
        signal=np.exp(data.Y[:, 0]),
        signal_fit=nothing,
        signal_background=nothing,
        control=np.exp(data.Y[:, 1]) if two else None,
        control_fit=nothing if two else None,
        control_background=nothing if two else None,
        masked_s=masked_stretches(data),
    )


def masked_stretches(data: Data) -> tuple[tuple[float, float], ...]:
    """Return the masked handling windows [s after the first onset]."""
    edge = np.diff(np.concatenate([[0], data.masked.astype(int), [0]]))
    starts: Samples = data.edges_s[np.flatnonzero(edge == 1)]
    ends: Samples = data.edges_s[np.flatnonzero(edge == -1)]
    return tuple((float(a), float(b)) for a, b in zip(starts, ends, strict=True))
