"""Whether to believe a fit: the control's verdict, the reasons to refuse, and the cautions."""

from __future__ import annotations

import numpy as np

from adenoscope.core.interval import Interval
from adenoscope.core.response import Control
from adenoscope.photometry.fit import Fit
from adenoscope.photometry.model import KAPPA, SCALES
from adenoscope.photometry.prepare import Data
from adenoscope.photometry.scales import kappa_of

LEAST_BASELINE_S = 120.0
SHORT_BASELINE_S = 300.0
KAPPA_LIMIT = 0.35  # a leak beyond this was never meant by the model's prior
KAPPA_LARGE = 0.2
KAPPA_VAGUE = 0.12  # posterior sd above which the leak is not known
KAPPA_NOTABLE = 0.05
LEAST_SEEN = 0.5  # share of the window that must have been recorded
CLIPPED_CAUTION, CLIPPED_REFUSED = 0.02, 0.3
PRIOR_SHARE = 0.7  # posterior sd over prior sd above which the recording told too little
STEP_CAUTION, STEP_REFUSED = 0.1, 0.25  # of log fluorescence, over the handling window
RESTLESS_PER_HOUR = 0.01  # own wander of the signal, and
RESTLESS = 0.003  # its own fluctuation over 20 to 60 min, from which part of a response can be mimicked

SIGNAL_ONLY = "No control channel and no blank session: bleaching and motion are known from the signal alone."
WITH_BLANK = (
    "No control channel: a drug-free session of the same animal stands in for bleaching; motion and blood are not "
    "seen."
)


def refuse_before_fit(data: Data, window_s: tuple[float, float]) -> str | None:
    """Return why no response can be estimated from these bins at all, or None."""
    time_s, width = data.design.time_s, np.diff(data.edges_s)
    seen = np.isfinite(data.Y[:, 0])
    baseline_s = float(width[seen & (time_s < 0)].sum())
    if baseline_s < LEAST_BASELINE_S:
        return (
            f"only {baseline_s:.0f} s of usable baseline before the intervention; at least "
            f"{LEAST_BASELINE_S:.0f} s are needed, and 300 s or more advised"
        )
    inside = (time_s > window_s[0]) & (time_s < window_s[1])
    length = float(width[inside].sum())
    clipped = float(data.clipped[inside, 0].mean()) if inside.any() else 0.0
    if clipped > CLIPPED_REFUSED:
        return (
            f"the signal is at the detector's ceiling for {clipped:.0%} of the window; lower the light power "
            "or the detector's gain"
        )
    if length <= 0 or float(width[inside & seen].sum()) < LEAST_SEEN * length:
        share = float(width[inside & seen].sum()) / length if length > 0 else 0.0
        return (
            f"only {share:.0%} of the window from {window_s[0]:.0f} to {window_s[1]:.0f} s was recorded and "
            f"usable; at least {LEAST_SEEN:.0%} is needed. Choose a shorter window_s in study.toml"
        )
    if data.step_seen > STEP_REFUSED:
        return (
            f"the control stands {data.step_seen:.0%} apart before and after the handling window: the patch cord was "
            "moved, and what the signal did meanwhile cannot be told from that"
        )
    if data.kind == "control" and float(width[np.isfinite(data.Y[:, 1])].sum()) < LEAST_SEEN * width.sum():
        return (
            "the control channel is missing or clipped for more than half of the recording; leave `control` "
            "empty in sessions.csv to read the signal alone"
        )
    return None


def judge_control(fit: Fit) -> Control:
    """Return whether the control can be trusted, with kappa and the reason in a sentence."""
    if fit.data.kind == "control":
        return judge_leak(fit)
    if fit.data.kind == "blank":
        return Control("caution", None, WITH_BLANK)
    return Control("signal_only", None, SIGNAL_ONLY)


def judge_leak(fit: Fit) -> Control:
    """Return the verdict on a control channel from the posterior of its leak."""
    mean, sd = kappa_of(fit.scales)
    kappa = Interval(mean, mean - 1.96 * sd, mean + 1.96 * sd)
    beyond = float(fit.scales.weight[np.abs(fit.scales.th[:, KAPPA]) > KAPPA_LIMIT].sum())
    value = f"kappa = {signed(mean)} ({signed(kappa.low)} to {signed(kappa.high)})"
    if beyond > 0.5:
        reason = (
            f"The control follows the response too closely ({value}, beyond ±{KAPPA_LIMIT}): what is response and "
            "what is artefact cannot be told apart."
        )
        return Control("unusable", kappa, reason)
    if abs(mean) > KAPPA_LARGE:
        return Control("caution", kappa, f"A large leak of the response into the control ({value}).")
    if beyond > 0.1:
        return Control("caution", kappa, f"The leak into the control may be large; it is hardly known ({value}).")
    known = "The control tells motion and drift from the response"
    if sd > KAPPA_VAGUE:
        return Control("usable", kappa, f"{known}; its leak is hardly known, and the intervals carry that ({value}).")
    return Control("usable", kappa, f"{known} ({value}).")


def signed(value: float) -> str:
    """Return a number with its sign, as it is printed in a sentence."""
    return f"{value:+.2f}".replace("-", "−")


def refuse_after_fit(control: Control, posterior_sd: float, prior_sd: float) -> str | None:
    """Return why the fitted response must not be reported, or None."""
    if control.verdict == "unusable":
        return f"{control.reason} Leave `control` empty in sessions.csv to read the signal alone."
    if posterior_sd > PRIOR_SHARE * prior_sd:
        return (
            "drift cannot be told from the response: the recording narrows the mean response from "
            f"±{2 * prior_sd:.1%} to only ±{2 * posterior_sd:.1%} ΔF/F; a longer baseline or a control would help"
        )
    return None


def cautions_of(fit: Fit, control: Control, window_s: tuple[float, float], asked_s: float) -> tuple[str, ...]:
    """Return what the reader must know before believing the numbers."""
    data = fit.data
    time_s, width = data.design.time_s, np.diff(data.edges_s)
    scales = {name: fit.scales.th[:, i] @ fit.scales.weight for i, name in enumerate(SCALES)}
    found: list[str] = []
    baseline_s = float(width[np.isfinite(data.Y[:, 0]) & (time_s < 0)].sum())
    if baseline_s < SHORT_BASELINE_S:
        found.append(f"The baseline is short ({baseline_s:.0f} s): drift before the intervention is hardly known.")
    if window_s[1] < asked_s:
        found.append(f"The recording ends {window_s[1]:.0f} s after the intervention; the window ends there.")
    for broken_s in data.breaks_s:
        side = "before" if broken_s < 0 else "after"
        found.append(
            f"The fluorescence jumps {abs(broken_s):.0f} s {side} the intervention, as when a patch cord is moved; "
            f"what lies {'before' if broken_s < 0 else 'after'} the jump is left out."
        )
    if data.step_seen > STEP_CAUTION:
        found.append(
            f"The control stands {data.step_seen:.0%} apart before and after the handling window: was the "
            "patch cord moved?"
        )
    inside = (time_s > window_s[0]) & (time_s < window_s[1])
    clipped = float(data.clipped[inside, 0].mean())
    if clipped > CLIPPED_CAUTION:
        found.append(f"The signal is at the detector's ceiling for {clipped:.0%} of the window.")
    wander, own = float(np.exp(scales["drift_signal"])), float(np.exp(scales["own_signal"]))
    if data.kind == "control" and (wander > RESTLESS_PER_HOUR or own > RESTLESS):
        found.append(
            f"The signal fluctuates slowly on its own (by {max(wander, own):.1%}): part of what looks like a "
            "response may be a rhythm of the animal."
        )
    kappa = control.kappa
    if kappa is not None and kappa.excludes(0.0) and abs(kappa.estimate) > KAPPA_NOTABLE:
        found.append(
            f"The control moves with the response (kappa = {signed(kappa.estimate)}): two channels cannot tell a "
            "leak of the sensor from blood that follows the response; if it is blood, the response is "
            "misjudged by about as much."
        )
    return tuple(found)
