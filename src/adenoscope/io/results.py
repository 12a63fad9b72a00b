"""results.json: the whole result of a study in one document that other tools read."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from adenoscope.core.atomic import write_json
from adenoscope.core.contrast import Contrast
from adenoscope.core.result import StudyResult
from adenoscope.core.study import Study
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
        "necessity": [],
        "notes": _notes(result.study),
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
        "difference": None if contrast.difference is None else contrast.difference.as_json(),
        "design": contrast.design,
        "method": contrast.method,
        "p_permutation": contrast.p_permutation,
        "reason": contrast.reason,
        "treated": [{"animal": animal, "value": float(value)} for animal, value in contrast.treated],
        "vehicle": [{"animal": animal, "value": float(value)} for animal, value in contrast.vehicle],
    }


def _notes(study: Study) -> list[str]:
    notes: list[str] = []
    for question in study.necessity:
        notes.append(
            f"Whether {question.manipulation} is necessary for {question.effect} is asked and not yet judged."
        )
    if study.behaviour:
        notes.append(f"{len(study.behaviour)} rows of behaviour were read and are not yet analysed.")
    return notes
