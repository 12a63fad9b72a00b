"""A response: what the intervention did to the trace, with a band, and whether to believe it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from adenoscope.core.interval import Interval
from adenoscope.core.recording import Samples

Status = Literal["estimated", "refused"]
ControlVerdict = Literal["usable", "caution", "signal_only", "unusable"]


@dataclass(frozen=True)
class Control:
    """Whether the control channel can be trusted, its leak kappa [1], and why, in a sentence."""

    verdict: ControlVerdict
    kappa: Interval | None
    reason: str


@dataclass(frozen=True, eq=False)
class Curve:
    """ΔF/F [1] caused by the intervention, with its pointwise 95 % band, at ``time_s`` [s after it]."""

    time_s: Samples
    dff: Samples
    dff_low: Samples
    dff_high: Samples


@dataclass(frozen=True, eq=False)
class FittedParts:
    """What the model says the channels are made of, for figures; every array has shape (bin,).

    ``time_s`` [s after the intervention]. ``signal`` and ``control`` are the binned fluorescence relative
    to the baseline before the intervention [1]; masked or lost bins are NaN. ``*_fit`` is the whole model,
    ``*_background`` the same without the response: bleaching, drift and motion.
    """

    time_s: Samples
    signal: Samples
    signal_fit: Samples
    signal_background: Samples
    control: Samples | None
    control_fit: Samples | None
    control_background: Samples | None
    masked_s: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Estimands:
    """The response in numbers: ΔF/F [1], seconds after the intervention; None where no claim is made."""

    window_s: tuple[float, float]
    mean_dff: Interval
    auc_dff_s: Interval | None
    peak_dff: Interval
    time_to_peak_s: Interval
    onset_s: Interval | None
    half_decay_s: Interval | None
    minimum_detectable_dff: float | None
    placebo_dff: Interval | None


@dataclass(frozen=True, eq=False)
class Response:
    """One session's answer. A refused session has a reason and no estimands."""

    status: Status
    reason: str | None
    control: Control
    cautions: tuple[str, ...] = ()
    estimands: Estimands | None = None
    curve: Curve | None = None
    parts: FittedParts | None = None


@dataclass(frozen=True)
class Adenosine:
    """Peak extracellular adenosine [nM] as far as a trace can tell, with everything assumed to get there."""

    identified: bool
    reason: str
    nanomolar: Interval | None
    assumed: tuple[tuple[str, str], ...]
