"""What a study says between animals as JSON: contrasts, verdicts, curves, dose-responses and mediations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from adenoscope.core.contrast import Contrast
from adenoscope.core.curve_contrast import CurveContrast
from adenoscope.core.dose_response import DoseComparison, DoseResponse
from adenoscope.core.interval import Interval
from adenoscope.core.mediation import Mediation
from adenoscope.core.recording import Samples
from adenoscope.core.verdict import Verdict
from adenoscope.io.session_json import Json

CURVES = "curves.parquet"
_BANDS = ("difference", "low", "high", "point_low", "point_high")


def contrast_json(contrast: Contrast) -> Json:
    return {
        "readout": contrast.readout,
        "unit": contrast.unit,
        **asdict(contrast.given),
        **asdict(contrast.setting),
        "versus": contrast.versus,
        "n_treated": len(contrast.treated),
        "n_vehicle": len(contrast.vehicle),
        "difference": _interval(contrast.difference),
        "design": contrast.design,
        "method": contrast.method,
        "p_permutation": contrast.p_permutation,
        "reason": contrast.reason,
        "treated": [{"animal": animal, "value": float(value)} for animal, value in contrast.treated],
        "vehicle": [{"animal": animal, "value": float(value)} for animal, value in contrast.vehicle],
    }


def verdict_json(verdict: Verdict) -> Json:
    reference, residual = (
        None if contrast is None else contrast.difference for contrast in (verdict.reference, verdict.residual)
    )
    setting = None if verdict.residual is None else asdict(verdict.residual.setting)
    return {
        "readout": verdict.readout,
        "unit": verdict.unit,
        "effect": verdict.effect.treatment,
        "dose": verdict.effect.dose,
        "dose_unit": verdict.effect.dose_unit,
        "manipulation": verdict.manipulation,
        "setting": setting,
        "reference_effect": _interval(reference),
        "residual_effect": _interval(residual),
        "interaction": _interval(verdict.interaction),
        "residual_effect_90": _interval(verdict.residual_90),
        "interaction_90": _interval(verdict.interaction_90),
        "equivalence_margin": None if verdict.margin is None else verdict.margin.size,
        "margin_from": None if verdict.margin is None else ("study.toml" if verdict.margin.given else "the data"),
        "verdict": verdict.finding,
        "reason": verdict.reason,
        "animals_needed": verdict.animals_needed,
        "p_interaction": verdict.p_interaction,
        "separate_tests_would_claim_necessity": verdict.separate_tests,
        "n": _animals(verdict),
    }


def _animals(verdict: Verdict) -> Json:
    """Return how many animals each of the four arms has."""
    named = (("reference", verdict.reference), ("residual", verdict.residual))
    return {
        f"{name}_{arm}": 0 if contrast is None else len(getattr(contrast, arm))
        for name, contrast in named
        for arm in ("treated", "vehicle")
    }


def _interval(interval: Interval | None) -> Json | None:
    """Return an interval; one with an open side has a bound that JSON has no number for, and is None with it."""
    if interval is None:
        return None
    if math.isfinite(interval.low) and math.isfinite(interval.high):
        return interval.as_json()
    return {name: value if math.isfinite(value) else None for name, value in asdict(interval).items()}


def curve_json(curve: CurveContrast, index: int) -> Json:
    """Return an entry whose curve is ``contrast`` number ``index`` of curves.parquet."""
    return {
        "kind": curve.kind,
        "manipulation": curve.manipulation,
        **asdict(curve.given),
        **asdict(curve.setting),
        "versus": curve.versus,
        "n_treated": curve.n_treated,
        "n_vehicle": curve.n_vehicle,
        "design": curve.design,
        "excludes_zero_s": [list(stretch) for stretch in curve.excludes_zero_s],
        "reason": curve.reason,
        "curve": None if curve.difference is None else {"file": CURVES, "contrast": index},
    }


def curve_columns(curves: Sequence[CurveContrast]) -> dict[str, Samples]:
    """Return all curves with their bands, one below the other: ΔF/F [1] at ``time_s`` [s after the intervention]."""
    drawn = [(index, curve) for index, curve in enumerate(curves) if curve.difference is not None]
    columns = {name: np.concatenate([getattr(curve, name) for _, curve in drawn]) for name in ("time_s", *_BANDS)}
    return {"contrast": np.concatenate([np.full(curve.time_s.size, index) for index, curve in drawn]), **columns}


def dose_json(response: DoseResponse) -> Json:
    return {
        "readout": response.readout,
        "unit": response.unit,
        "treatment": response.treatment,
        "dose_unit": response.dose_unit,
        **asdict(response.setting),
        **{name: _interval(getattr(response, name)) for name in ("e0", "emax", "ed50", "hill")},
        "p_any_effect": response.p_any_effect,
        "p_misfit": response.p_misfit,
        "reason": response.reason,
        "method": response.method,
        "readings": [
            {"animal": animal, "dose": dose, "value": float(value)} for animal, dose, value in response.readings
        ],
    }


def dose_comparison_json(comparison: DoseComparison) -> Json:
    intervals = {name: _interval(getattr(comparison, name)) for name in ("shift", "ceiling", "ceiling_ratio")}
    return {**asdict(comparison), **intervals}


def mediation_json(mediation: Mediation) -> Json:
    intervals = ("to_mediator", "total", "direct", "indirect", "share")
    return {
        "exploratory": mediation.exploratory,
        **{name: getattr(mediation.setting, name) for name in ("genotype", "condition", "pretreatment")},
        **{name: getattr(mediation, name) for name in ("treatment", "mediator", "outcome", "n_treated", "n_vehicle")},
        **{name: _interval(getattr(mediation, name)) for name in intervals},
        "rho_at_which_it_vanishes": mediation.rho_zero,
        "meaning": mediation.meaning,
        "assumptions": list(mediation.assumptions),
        "reason": mediation.reason,
        "method": mediation.method,
    }
