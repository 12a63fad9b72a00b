"""Dose-response: an Emax curve over the doses of a treatment, with the animal as the unit."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from adenoscope.core.dose_response import DoseCurve, DoseResponse
from adenoscope.core.interval import Interval
from adenoscope.core.reading import Setting
from adenoscope.core.recording import Samples
from adenoscope.statistics.doses.curve_shapes import Fits, coordinate_interval, fit_family, linear_interval, p_misfit
from adenoscope.statistics.doses.dose_means import DoseMeans, Readings, dose_means
from adenoscope.statistics.doses.dose_trend import PERMUTATIONS, p_any_effect
from adenoscope.statistics.doses.emax_curve import emax_family, fraction, fraction_slopes
from adenoscope.statistics.doses.interval_algebra import exponential

NO_EFFECT_TOLD = 0.05
MISFIT = 0.01
CURVE_POINTS = 41


@dataclass(frozen=True)
class DoseLabels:
    """What a dose-response is of: readout with unit, treatment with the unit of its dose, where and in whom."""

    readout: str
    unit: str
    treatment: str
    dose_unit: str
    setting: Setting = field(default_factory=Setting)


def fit_dose_response(readings: Readings, of: DoseLabels, ci_prob: float = 0.95) -> DoseResponse:
    """Return the Emax curve through readings (animal, dose, value), vehicle at dose 0.

    h is fitted with at least four doses above 0 and held at 1 with fewer. Nothing is fitted unless the dose
    matters at all (p < 0.05), and nothing is said where the means stray from every such curve (p < 0.01). ED50
    and Emax are given where the interval of ED50 ends within the doses tried. An animal with several doses is one
    unit, with a random intercept.

    Valid: at least 6 animals at each dose, given at random; doses may differ in spread. Under skewed readings the
    interval of E0 holds it a little too seldom with few animals, as the t-interval of a mean does.
    Source: Kent (1982), doi:10.1093/biomet/69.1.19 (profile scaled by the covariance that is found).
    """
    means, notes = dose_means(readings)
    if means is None:
        return _answer(readings, of, notes=notes)
    p = p_any_effect(means.readings)
    answer = replace(_answer(readings, of, notes=notes), p_any_effect=p, method=_method(means))
    if p >= NO_EFFECT_TOLD:
        return _say(answer, f"Could not tell whether {of.treatment} changes {of.readout} at all (p = {p:.2g}).")
    fits = fit_family(emax_family(means.doses, means.frees_hill), means.cells)
    answer = replace(answer, p_misfit=p_misfit(fits))
    if answer.p_misfit is not None and answer.p_misfit < MISFIT:
        steepness = "" if means.frees_hill else " of steepness 1"
        return _say(answer, f"The means do not follow an Emax curve{steepness} (p = {answer.p_misfit:.2g}).")
    return _read_off(replace(answer, curve=_curve(fits, means.doses, ci_prob)), fits, means, ci_prob)


def _read_off(answer: DoseResponse, fits: Fits, means: DoseMeans, ci_prob: float) -> DoseResponse:
    unit = answer.dose_unit
    log_ed50 = coordinate_interval(fits, 0, ci_prob)
    hill = exponential(coordinate_interval(fits, 1, ci_prob)) if means.frees_hill else None
    answer = replace(answer, e0=_coefficient(fits, 0, ci_prob))
    if hill is not None:
        closed = hill.low > 0 and math.isfinite(hill.high)
        answer = replace(answer, hill=hill) if closed else _say(answer, "Could not tell how steep the curve is.")
    if log_ed50.high > math.log(means.doses[-1]):
        return _say(answer, _still_growing(means, math.exp(log_ed50.low), unit))
    answer = replace(answer, emax=_coefficient(fits, 1, ci_prob))
    if math.isinf(log_ed50.low):
        at = f"{means.doses[1]:g} {unit}"
        return _say(answer, f"Could not tell ED50: the effect may be at its ceiling at {at}, the smallest dose.")
    return replace(answer, ed50=exponential(log_ed50))


def _still_growing(means: DoseMeans, at_least: float, unit: str) -> str:
    largest = f"{means.doses[-1]:g} {unit}"
    assumed = "" if means.frees_hill else ", if the steepness is 1"
    known = f"; ED50 is above {at_least:.2g} {unit}{assumed}" if at_least > 0 else ""
    return f"Could not tell ED50 and Emax: the effect may still grow beyond {largest}, the largest dose{known}."


def _coefficient(fits: Fits, which: int, ci_prob: float) -> Interval:
    n_shapes, size = fits.linear.shape
    unit = np.eye(size)[which]
    return linear_interval(fits, np.tile(unit, (n_shapes, 1)), np.zeros((size, fits.coordinates.shape[1])), ci_prob)


def _curve(fits: Fits, doses: Samples, ci_prob: float) -> DoseCurve:
    """Return the curve with its pointwise band from 0 to the largest dose, closer together where doses are small."""
    at = doses[-1] * np.linspace(0, 1, CURVE_POINTS) ** 2
    shares = fraction(at, fits.coordinates)
    slopes = fraction_slopes(at, fits.coordinates[-1])
    ones, none = np.ones(len(shares)), np.zeros(slopes.shape[1])
    band = [
        linear_interval(fits, np.column_stack([ones, shares[:, i]]), np.vstack([none, slopes[i]]), ci_prob)
        for i in range(len(at))
    ]
    estimate, low, high = (np.array([getattr(point, name) for point in band]) for name in ("estimate", "low", "high"))
    return DoseCurve(at, estimate, low, high)


def _answer(readings: Readings, of: DoseLabels, notes: tuple[str, ...]) -> DoseResponse:
    """Return a dose-response of which nothing is known yet but what it is of."""
    return DoseResponse(
        readout=of.readout,
        unit=of.unit,
        treatment=of.treatment,
        dose_unit=of.dose_unit,
        setting=of.setting,
        readings=tuple(readings),
        e0=None,
        emax=None,
        ed50=None,
        hill=None,
        curve=None,
        p_any_effect=None,
        p_misfit=None,
        reason=" ".join(notes) or None,
        method="",
    )


def _say(answer: DoseResponse, sentence: str) -> DoseResponse:
    return replace(answer, reason=" ".join(said for said in (answer.reason, sentence) if said))


def _method(means: DoseMeans) -> str:
    steepness = "fitted" if means.frees_hill else "held at 1, as fewer than four doses were given"
    unit = (
        "animals with several doses are one unit each, with a random intercept"
        if means.repeats
        else "each animal got one dose and counts once"
    )
    return (
        f"Emax curve, steepness {steepness}; {unit}. Generalised least squares on the means of doses; profile "
        "intervals whose cutoff follows the covariance between animals (CR2, Satterthwaite's degrees of freedom). "
        f"p of any effect: best Emax curve against a flat line, {PERMUTATIONS} permutations of doses."
    )
