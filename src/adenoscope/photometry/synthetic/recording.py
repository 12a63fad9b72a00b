"""Simulated recordings with the truth beside them; never to be shown as measured.

    F = coupling · blood · lamp · [tissue + sensor · (1 + leak · (response + own activity))] + offset

for each channel, with leak 1 in the signal; the tissue's autofluorescence bleaches too. Every part draws from
its own random stream, so that switching one off leaves the others as they were, and parts are made at
10 Hz, so that the rate changes only the noise.
Valid: a single site; slow and fast responses of one sensor; no cross-talk between the lamps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from adenoscope.core.recording import Channels, Samples, Trace
from adenoscope.photometry.synthetic import parts
from adenoscope.photometry.synthetic.parts import STEP_S, Rng
from adenoscope.photometry.synthetic.responses import BOUT_EVERY_S, N_BOUTS, response_shape
from adenoscope.photometry.synthetic.scenarios import Range, Scenario

_TRUTH_EVERY = round(1.0 / STEP_S)


@dataclass(frozen=True, eq=False)
class Simulated:
    """A simulated session and its truth.

    ``onsets_s`` [s] is on the recording's clock. ``truth_dff`` [1] at ``truth_time_s`` [s after the first
    onset, every 1 s to the end] is the change *caused by* the response: fluorescence of the signal with the
    response over the same fluorescence without it, minus 1, at each moment. Bleaching of the tissue's
    autofluorescence is in it; motion, handling, blood, lamps and the detector are not.
    ``kappa`` [1] is the same change of the control over that of the signal, at the onset; None without
    control. ``parts`` holds the factors [1] of each channel ("signal bleaching", "control motion", ...),
    shape (time,), at ``parts_time_s`` [s, recording's clock, every 1 s].
    """

    scenario: Scenario
    channels: Channels
    onsets_s: tuple[float, ...]
    truth_time_s: Samples
    truth_dff: Samples
    kappa: float | None
    parts_time_s: Samples
    parts: Mapping[str, Samples]


@dataclass(frozen=True, eq=False)
class _Light:
    """One channel without noise: ``total`` in units of its start, its response ``share``, its factors."""

    total: Samples
    share: Samples
    factors: Mapping[str, Samples]


def simulate(scenario: Scenario, seed: int) -> Simulated:
    """Return the recording of ``scenario`` that belongs to ``seed``; the same arguments, the same bytes."""
    t = np.arange(0.0, scenario.duration_s + STEP_S / 2, STEP_S)
    response = _response(scenario, seed, t)
    kappa = _draw(scenario, seed, "kappa", scenario.kappa)
    signal = _light(scenario, seed, t, "signal", response, 1.0)
    control = _light(scenario, seed, t, "control", response, kappa)
    blank = _light(scenario, seed, t, "blank", np.zeros_like(t), 1.0)
    channels = Channels(
        signal=_trace(scenario, seed, t, "signal", signal),
        control=_trace(scenario, seed, t, "control", control) if scenario.has_control else None,
        blank=_trace(scenario, seed, t, "blank", blank) if scenario.has_blank else None,
    )
    first = round(scenario.baseline_s / STEP_S)
    caused = response / signal.share[first] * signal.share
    shown = {"signal": signal, "control": control} if scenario.has_control else {"signal": signal}
    return Simulated(
        scenario=scenario,
        channels=channels,
        onsets_s=_onsets(scenario),
        truth_time_s=t[first::_TRUTH_EVERY] - t[first],
        truth_dff=caused[first::_TRUTH_EVERY],
        kappa=kappa if scenario.has_control else None,
        parts_time_s=t[::_TRUTH_EVERY] + scenario.clock_start_s,
        parts={
            f"{name} {part}": factor[::_TRUTH_EVERY]
            for name, light in shown.items()
            for part, factor in light.factors.items()
        },
    )


def _stream(scenario: Scenario, seed: int, part: str) -> Rng:
    return np.random.default_rng([seed, crc32(f"{scenario.name}/{part}".encode())])


def _draw(scenario: Scenario, seed: int, part: str, within: Range) -> float:
    return float(_stream(scenario, seed, part).uniform(*within))


def _onsets(scenario: Scenario) -> tuple[float, ...]:
    first_s = scenario.clock_start_s + scenario.baseline_s
    bouts = N_BOUTS if scenario.response == "repeated" else 1
    return tuple(first_s + bout * BOUT_EVERY_S for bout in range(bouts))


def _response(scenario: Scenario, seed: int, t: Samples) -> Samples:
    """Return the response as ΔF/F [1] of the signal at the onset's share of sensor light, shape (time,)."""
    peak = _draw(scenario, seed, "peak", scenario.peak_dff)
    shape = response_shape(scenario.response, t - scenario.baseline_s, _stream(scenario, seed, "kinetics"))
    return peak * shape


def _light(scenario: Scenario, seed: int, t: Samples, channel: str, response: Samples, leak: float) -> _Light:
    """Return one channel's fluorescence; ``leak`` [1] is its ΔF/F over that of the signal."""
    sensor, tissue = _bleached(scenario, seed, t, channel)
    share = sensor / (sensor + tissue)
    first = round(scenario.baseline_s / STEP_S)
    activity = leak / share[first] * (response + _own_activity(scenario, seed, t, channel))
    factors = {
        "bleaching": sensor + tissue,
        "drift": np.exp(_lamp(scenario, seed, t, channel)),
        "motion": np.exp(_motion(scenario, seed, t, channel)),
        "handling": np.exp(_handling(scenario, seed, t, channel)),
        "blood": np.exp(-_dimming(scenario, seed, t, channel, response)),
        "activity": 1 + share * activity,
    }
    return _Light(np.prod(list(factors.values()), axis=0), share, factors)


def _bleached(scenario: Scenario, seed: int, t: Samples, channel: str) -> tuple[Samples, Samples]:
    """Return the light of the sensor and of the tissue, 1 together at the first sample.

    The blank is the signal of another day: the same family, constants within about 10 %.
    """
    lamp = "signal" if channel == "blank" else channel
    family = _stream(scenario, seed, "bleaching family")
    kind = scenario.bleaching[int(family.integers(len(scenario.bleaching)))]
    constants = parts.bleaching_constants(family, scenario.bleaching_loss)
    apart = _stream(scenario, seed, f"{lamp} bleaching").normal(0.0, scenario.bleaching_spread / 2**0.5, 6)
    if channel == "blank":
        apart = apart + _stream(scenario, seed, "blank bleaching").normal(0.0, 0.05, 6)
    constants = constants * np.exp(apart)
    constants[0], constants[1] = min(constants[0], 0.7), min(constants[1], 0.9)
    within = scenario.autofluorescence_control if lamp == "control" else scenario.autofluorescence_signal
    dim = _draw(scenario, seed, f"{lamp} autofluorescence", within)
    fading = constants * np.array([0.4, 1.0, 2.0, 1.0, 1.0, 1.0])
    return (1 - dim) * parts.bleaching(t, kind, constants), dim * parts.bleaching(t, "power", fading)


def _own_activity(scenario: Scenario, seed: int, t: Samples, channel: str) -> Samples:
    """Return what the sensor does unasked; both channels of one session see the same."""
    session = "blank" if channel == "blank" else "session"
    sd = _draw(scenario, seed, "ultradian sd", scenario.ultradian_sd)
    slow = parts.ultradian(t, sd, _stream(scenario, seed, f"{session} ultradian"))
    return slow + parts.neural(t.size, scenario.neural_sd, _stream(scenario, seed, f"{session} neural"))


def _lamp(scenario: Scenario, seed: int, t: Samples, channel: str) -> Samples:
    session = "blank" if channel == "blank" else "session"
    sd = scenario.drift_per_hour * np.sqrt(0.5)
    drift = parts.wander(t.size, sd, _stream(scenario, seed, f"{session} drift"))
    drift = drift + parts.wander(t.size, sd, _stream(scenario, seed, f"{channel} drift"))
    steps_of_lamp = _stream(scenario, seed, f"{channel} led steps")
    return drift + parts.steps(t, scenario.led_steps_per_hour, scenario.led_step, steps_of_lamp)


def _motion(scenario: Scenario, seed: int, t: Samples, channel: str) -> Samples:
    session = "blank" if channel == "blank" else "session"
    fast, slow = parts.motion(t, _stream(scenario, seed, f"{session} motion"))
    gain = np.ones(2)
    if channel == "control":
        gain = _stream(scenario, seed, "motion gain").normal(1.0, 0.1, 2)
    return scenario.motion * (gain[0] * fast + gain[1] * slow)


def _handling(scenario: Scenario, seed: int, t: Samples, channel: str) -> Samples:
    if not scenario.handling or channel == "blank":
        return np.zeros_like(t)
    shared, own = _stream(scenario, seed, "handling"), _stream(scenario, seed, f"{channel} handling")
    transient = parts.handling_transient(t, scenario.baseline_s, shared) * own.uniform(0.9, 1.1)
    step = shared.normal(0.0, scenario.handling_shared_sd) + own.normal(0.0, scenario.handling_own_sd)
    return transient + step * (t >= scenario.baseline_s)


def _dimming(scenario: Scenario, seed: int, t: Samples, channel: str, response: Samples) -> Samples:
    """Return the log of what blood takes away; violet light is absorbed 1.2 to 1.6 times as strongly."""
    session = "blank" if channel == "blank" else "session"
    share = _draw(scenario, seed, "blood share", scenario.haemodynamic_share)
    tied = share * parts.follow(response, 40.0)
    free = parts.vasomotion(t.size, scenario.vasomotion_sd, _stream(scenario, seed, f"{session} vasomotion"))
    absorption = _draw(scenario, seed, "violet absorption", (1.2, 1.6)) if channel == "control" else 1.0
    return absorption * (tied + free)


def _trace(scenario: Scenario, seed: int, t: Samples, channel: str, light: _Light) -> Trace:
    """Return the channel as the detector gives it [detector units]: noisy, clipped, with losses."""
    rng = _stream(scenario, seed, f"{channel} detector")
    n = int(scenario.duration_s * scenario.rate_hz) + 1
    frame_s = np.arange(n) / scenario.rate_hz
    lost = _stream(scenario, seed, "frames").uniform(size=n) < scenario.dropped_frames
    frame_s = frame_s[~lost]
    clean = np.interp(frame_s, t, light.total)
    faster = np.sqrt(scenario.rate_hz / 10.0)
    shot = _draw(scenario, seed, f"{channel} noise", scenario.noise) * np.sqrt(np.maximum(clean, 0.0))
    values = clean + faster * shot * rng.standard_normal(clean.size)
    values += scenario.detector_offset + faster * scenario.read_noise * rng.standard_normal(clean.size)
    ceiling = scenario.saturation if channel == "signal" else None
    if ceiling is not None:
        values = np.minimum(values, ceiling)
    session = "blank" if channel == "blank" else "session"
    for start_s, length_s in _lost_stretches(scenario, _stream(scenario, seed, f"{session} dropouts")):
        values[(frame_s >= start_s) & (frame_s < start_s + length_s)] = np.nan
    level = _draw(scenario, seed, f"{channel} level", (150.0, 900.0))
    return Trace(
        name=channel,
        time_s=frame_s + scenario.clock_start_s,
        values=level * values,
        wavelength_nm=405.0 if channel == "control" else 470.0,
        saturation=None if ceiling is None else level * ceiling,
    )


def _lost_stretches(scenario: Scenario, rng: Rng) -> list[tuple[float, float]]:
    starts = rng.uniform(0.0, scenario.duration_s, scenario.dropouts)
    return [(float(start), float(rng.uniform(5.0, 90.0))) for start in starts]
