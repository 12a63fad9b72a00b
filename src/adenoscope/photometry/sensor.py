"""From ΔF/F to adenosine: a saturating sensor whose constants are known only roughly.

    F ∝ 1 + D θ(a),   θ(a) = aⁿ / (aⁿ + Kⁿ),   ΔF/F = D (θ(a) - θ(b)) / (1 + D θ(b))

with a the adenosine, b its baseline, K the EC50, n the Hill coefficient and D the ΔF/F from an empty to a
full sensor. A trace measures ΔF/F alone: D and θ(b) must come from the same animal for a to be identified.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from adenoscope.core.interval import Interval
from adenoscope.core.parameter import Parameter, load_values
from adenoscope.core.recording import Samples
from adenoscope.core.response import Adenosine, Response

DRAWS = 20_000
SEED = 60
NANOMOLAR_PER_UM = 1000.0


@dataclass(frozen=True)
class Calibration:
    """ΔF/F [1] of the same animal at the agonist's maximum and under an antagonist that silences the sensor.

    Both relative to the same baseline as the response, so that ``dff_zero`` <= 0 < ``dff_max``.
    """

    dff_max: Interval
    dff_zero: Interval

    def __post_init__(self) -> None:
        if self.dff_max.estimate <= max(self.dff_zero.estimate, 0.0):
            raise ValueError(
                f"the agonist's ΔF/F {self.dff_max.estimate} is not above the antagonist's "
                f"{self.dff_zero.estimate} and 0; give fractions relative to the baseline (0.9, not 90 %)"
            )


@dataclass(frozen=True, eq=False)
class Sensor:
    """Constants of a sensor and its surroundings, one or many draws: [µM], [µM], [1], [1], shape (draw,)."""

    baseline_um: Samples
    ec50_um: Samples
    dff_max: Samples
    hill: Samples


def occupancy(adenosine_um: Samples, sensor: Sensor) -> Samples:
    """Return the bound share θ [1] of the sensor at ``adenosine_um`` [µM], shape (draw,).

    Valid: equilibrium; slower than the sensor's off-rate of seconds.
    Source: Hill (1910), J. Physiol. 40, iv.
    """
    bound = (adenosine_um / sensor.ec50_um) ** sensor.hill
    return bound / (1 + bound)


def dff_of(adenosine_um: Samples, sensor: Sensor) -> Samples:
    """Return ΔF/F [1] relative to the baseline at ``adenosine_um`` [µM], shape (draw,)."""
    resting = occupancy(sensor.baseline_um, sensor)
    bound = occupancy(adenosine_um, sensor)
    return sensor.dff_max * (bound - resting) / (1 + sensor.dff_max * resting)


def occupancy_from(dff: Samples, sensor: Sensor) -> Samples:
    """Return θ [1] that shows as ``dff`` [1], shape (draw,); outside (0, 1) the sensor cannot show it.

    θ = θ(b) + ΔF/F (1/D + θ(b))
    """
    resting = occupancy(sensor.baseline_um, sensor)
    return resting + dff * (1 / sensor.dff_max + resting)


def adenosine_at(bound: Samples, sensor: Sensor) -> Samples:
    """Return adenosine [µM] at occupancy ``bound`` [1], NaN outside (0, 1), shape (draw,).

    a = K (θ / (1 - θ))^(1/n)
    """
    possible = np.where((bound > 0) & (bound < 1), bound, np.nan)
    return sensor.ec50_um * (possible / (1 - possible)) ** (1 / sensor.hill)


def draw_constant(constant: Parameter, rng: np.random.Generator) -> Samples:
    """Return draws from the log-normal whose central 95 % is the constant's range, shape (draw,)."""
    centre = (np.log(constant.low) + np.log(constant.high)) / 2
    sd = (np.log(constant.high) - np.log(constant.low)) / (2 * ndtri(0.975))
    return rng.lognormal(centre, sd, DRAWS)


def draw_measured(interval: Interval, rng: np.random.Generator) -> Samples:
    """Return draws from two half normals that meet at the estimate and span the interval, shape (draw,)."""
    z = rng.standard_normal(DRAWS) / ndtri((1 + interval.ci_prob) / 2)
    above, below = max(interval.high - interval.estimate, 0.0), max(interval.estimate - interval.low, 0.0)
    return interval.estimate + np.where(z > 0, z * above, z * below)


def estimate_adenosine(response: Response, sensor: str, *, calibration: Calibration | None = None) -> Adenosine:
    """Return the peak extracellular adenosine [nM] behind the peak ΔF/F, with what was assumed to get there.

    The constants and the peak are drawn from their ranges; draws that no sensor could show are left out and
    counted in the reason. A calibration replaces D and θ(b): θ = (ΔF/F - zero) / (max - zero).

    Valid: equilibrium, slower than seconds. The peak is a maximum and so has a floor above the baseline.
    Source: the equations at the top; the identification problem, Yue et al. (2025),
        doi:10.1038/s41586-025-09755-9, which reports no in-vivo calibration.
    """
    constants = load_values("sensors").get(sensor)
    if response.estimands is None:
        return _no_answer(f"No adenosine without a response: {response.reason or 'it was refused'}.")
    if constants is None:
        known = ", ".join(load_values("sensors"))
        return _no_answer(f"No constants for the sensor {sensor!r}; values/sensors.toml knows {known}.")
    rng = np.random.default_rng(SEED)
    drawn = Sensor(**{name: draw_constant(constant, rng) for name, constant in constants.items()})
    peak = draw_measured(response.estimands.peak_dff, rng)
    bound = occupancy_from(peak, drawn) if calibration is None else _calibrated(peak, calibration, rng)
    nanomolar = NANOMOLAR_PER_UM * adenosine_at(bound, drawn)
    impossible = float(np.mean(np.isnan(nanomolar)))
    answered = impossible <= 0.5
    return Adenosine(
        identified=calibration is not None and answered,
        reason=f"{_grounds(calibration)} {_excluded(bound, answered)}".strip(),
        nanomolar=_interval(nanomolar) if answered else None,
        assumed=_assumed(constants, calibration),
    )


def _calibrated(peak: Samples, calibration: Calibration, rng: np.random.Generator) -> Samples:
    zero, full = draw_measured(calibration.dff_zero, rng), draw_measured(calibration.dff_max, rng)
    return np.divide(peak - zero, full - zero, out=np.full_like(peak, np.nan), where=full > zero)


def _interval(nanomolar: Samples) -> Interval:
    low, middle, high = np.nanpercentile(nanomolar, [2.5, 50, 97.5])
    return Interval(float(middle), float(low), float(high))


def _no_answer(reason: str) -> Adenosine:
    return Adenosine(identified=False, reason=reason, nanomolar=None, assumed=())


def _grounds(calibration: Calibration | None) -> str:
    if calibration is None:
        return (
            "A trace alone does not identify adenosine: its baseline and the sensor's EC50 and maximum "
            "are assumed, not measured in this animal."
        )
    return "The sensor's empty and full fluorescence were measured in this animal; its EC50 is assumed."


def _excluded(bound: Samples, answered: bool) -> str:
    above, below = float(np.mean(bound >= 1)), float(np.mean(bound <= 0))
    parts: list[str] = []
    if above >= 0.005:
        parts.append(f"In {above:.0%} of what is plausible this response would exceed the sensor.".replace("%", " %"))
    if below >= 0.005:
        parts.append(f"In {below:.0%} it would lie below an empty sensor.".replace("%", " %"))
    if not answered:
        parts.append("The constants do not fit this recording, so no number is given; calibrate in the same animal.")
    return " ".join(parts)


def _assumed(constants: dict[str, Parameter], calibration: Calibration | None) -> tuple[tuple[str, str], ...]:
    measured = () if calibration is None else ("baseline_um", "dff_max")
    return tuple((name, _in_words(constant)) for name, constant in constants.items() if name not in measured)


def _in_words(constant: Parameter) -> str:
    unit = "" if constant.unit == "1" else f" {constant.unit}"
    standing = "verified" if constant.verified else "not verified"
    return f"{constant.value:g}{unit} ({constant.low:g} to {constant.high:g}), {standing}: {constant.source}"
