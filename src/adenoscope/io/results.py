"""results.json: the whole result of a study in one document that other tools read."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from adenoscope.core.atomic import write_json
from adenoscope.core.contrast import Contrast
from adenoscope.core.interval import Interval
from adenoscope.core.result import StudyResult
from adenoscope.core.study import Study
from adenoscope.core.verdict import Verdict
from adenoscope.io.session_json import Json, encode

SCHEMA_VERSION = 1
RESULTS = "results.json"


def write_results(out: Path, result: StudyResult) -> Path:
    """Write ``results.json`` into ``out`` and return its path."""
    path = out / RESULTS
    write_json(path, results_document(result))
    return path


def results_document(result: StudyResult) -> Json:
    """Return the document; the same result gives the same keys in the same order."""
    return {
        "schema_version": SCHEMA_VERSION,
        "synthetic": result.study.synthetic,
        "software": asdict(result.software),
        "inputs": [asdict(file) for file in result.inputs],
        "study": _study(result.study),
        "recordings": [encode(session) for session in result.sessions],
        "contrasts": [_contrast(contrast) for contrast in result.contrasts],
        "necessity": [_verdict(verdict) for verdict in result.verdicts],
    }


def _study(study: Study) -> Json:
    settings = study.settings
    return {
        "name": study.name,
        "sensor": study.sensor,
        "vehicle": study.vehicle,
        "photometry": {
            "window_s": list(settings.window_s),
            "handling_s": None if settings.handling_s is None else list(settings.handling_s),
            "seed": settings.seed,
        },
    }


def _contrast(contrast: Contrast) -> Json:
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


def _verdict(verdict: Verdict) -> Json:
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
    return None if interval is None else interval.as_json()
