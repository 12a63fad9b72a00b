"""Observations made up for tests: ketamine in wild type but for what a test says."""

from __future__ import annotations

from dataclasses import replace

from adenoscope.inference.predict.observations import Observation

KETAMINE = Observation(
    **{"id": "made", "readout": "peak_dff", "unit": "percent", "region": "mPFC", "stress": "naive"},
    **{"genotype": "WT", "pretreatment": "", "intervention": "ketamine", "dose": 10.0, "dose_unit": "mg/kg"},
    **{"statistic": "peak", "time_after_h": None, "mean": 1.0, "low": 0.0, "high": 2.0},
    **{"source": "made up", "status": "made up"},
)


def observed(**words: object) -> Observation:
    return replace(KETAMINE, **words)
