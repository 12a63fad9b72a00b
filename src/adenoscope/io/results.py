"""results.json: the whole result of a study in one document that other tools read."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from adenoscope.core.atomic import appearing, write_json
from adenoscope.core.result import StudyResult
from adenoscope.core.study import Study
from adenoscope.io.comparisons_json import (
    CURVES,
    contrast_json,
    curve_columns,
    curve_json,
    dose_comparison_json,
    dose_json,
    mediation_json,
    verdict_json,
)
from adenoscope.io.session_json import Json, encode

SCHEMA_VERSION = 1
RESULTS, REPORT = "results.json", "report.html"


def write_results(out: Path, result: StudyResult) -> Path:
    """Write ``results.json`` into ``out``, the curves of groups beside it, and return its path."""
    path = out / RESULTS
    if any(curve.difference is not None for curve in result.curves):
        with appearing(out / CURVES) as partial:
            pq.write_table(pa.table(curve_columns(result.curves)), partial, compression="zstd")
    else:
        (out / CURVES).unlink(missing_ok=True)
    write_json(path, results_document(result))
    return path


def results_document(result: StudyResult) -> Json:
    """Return the document; the same result gives the same keys in the same order."""
    edits = [asdict(edit) for edit in result.study.edits]
    return {
        "schema_version": SCHEMA_VERSION,
        "synthetic": result.study.synthetic,
        "software": asdict(result.software),
        "inputs": [asdict(file) for file in result.inputs],
        **({"edits": edits} if edits else {}),
        "study": _study(result.study),
        "recordings": [encode(session) for session in result.sessions],
        "contrasts": [contrast_json(contrast) for contrast in result.contrasts],
        "necessity": [verdict_json(verdict) for verdict in result.verdicts],
        "curves": [curve_json(curve, index) for index, curve in enumerate(result.curves)],
        "dose_responses": [dose_json(response) for response in result.doses],
        "dose_comparisons": [dose_comparison_json(comparison) for comparison in result.dose_comparisons],
        "mediations": [mediation_json(mediation) for mediation in result.mediations],
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
