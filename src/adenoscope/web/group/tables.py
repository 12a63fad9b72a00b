"""What figures of groups show as columns of a table, in the units of results.json."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from adenoscope.core.contrast import Contrast
from adenoscope.core.dose_response import DoseResponse
from adenoscope.core.interval import Interval
from adenoscope.core.verdict import Verdict

Columns = dict[str, list[Any]]


def animals_table(contrasts: Sequence[Contrast]) -> Columns:
    """Return a row for each animal of each arm."""
    rows = [
        {
            "readout": contrast.readout,
            "unit": contrast.unit,
            "animal": animal,
            "value": value,
            "arm": arm,
            "treatment": contrast.given.treatment if arm == "treated" else contrast.versus,
            "dose": contrast.given.dose if arm == "treated" else None,
            "dose_unit": contrast.given.dose_unit if arm == "treated" else "",
            **asdict(contrast.setting),
        }
        for contrast in contrasts
        for arm, animals in (("vehicle", contrast.vehicle), ("treated", contrast.treated))
        for animal, value in animals
    ]
    return _columns(rows)


def contrasts_table(contrasts: Sequence[Contrast]) -> Columns:
    """Return a row for each contrast."""
    rows = [
        {
            "readout": contrast.readout,
            "unit": contrast.unit,
            **asdict(contrast.given),
            "versus": contrast.versus,
            **asdict(contrast.setting),
            "n_treated": len(contrast.treated),
            "n_vehicle": len(contrast.vehicle),
            "design": contrast.design,
            **_interval("difference", contrast.difference),
            "p_permutation": contrast.p_permutation,
            "reason": contrast.reason or "",
        }
        for contrast in contrasts
    ]
    return _columns(rows)


def verdicts_table(verdicts: Sequence[Verdict]) -> Columns:
    """Return a row for each verdict."""
    rows = [
        {
            "manipulation": verdict.manipulation,
            "effect": verdict.effect.treatment,
            "dose": verdict.effect.dose,
            "dose_unit": verdict.effect.dose_unit,
            "readout": verdict.readout,
            "unit": verdict.unit,
            "verdict": verdict.finding,
            **_interval("reference", verdict.reference.difference if verdict.reference else None),
            **_interval("residual", verdict.residual.difference if verdict.residual else None),
            **_interval("interaction", verdict.interaction),
            **_interval("residual_90", verdict.residual_90),
            **_interval("interaction_90", verdict.interaction_90),
            "margin": None if verdict.margin is None else verdict.margin.size,
            "animals_needed": verdict.animals_needed,
            "p_interaction": verdict.p_interaction,
            "reason": verdict.reason,
        }
        for verdict in verdicts
    ]
    return _columns(rows)


def doses_table(response: DoseResponse) -> Columns:
    """Return a row for each animal; vehicle is dose 0."""
    rows = [
        {
            "readout": response.readout,
            "unit": response.unit,
            "animal": animal,
            "treatment": response.treatment,
            "dose": dose,
            "dose_unit": response.dose_unit,
            "value": value,
            **asdict(response.setting),
        }
        for animal, dose, value in response.readings
    ]
    return _columns(rows)


def _interval(name: str, interval: Interval | None) -> dict[str, float | None]:
    if interval is None:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    return {name: interval.estimate, f"{name}_low": interval.low, f"{name}_high": interval.high}


def _columns(rows: Iterable[dict[str, Any]]) -> Columns:
    columns: Columns = {}
    for row in rows:
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return columns
