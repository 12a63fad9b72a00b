"""From a PEtab folder to a ``FitProblem``: petab parses and validates, and its tables become our records here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adenoscope.core.errors import Refused
from adenoscope.inference.petab.check import load_checked
from adenoscope.inference.problem.fit_problem import FitParameter, FitProblem, Measurement, Observable, SourceValue
from adenoscope.inference.problem.priors import KINDS, Prior
from adenoscope.inference.problem.scales import LIN
from adenoscope.simulation import model_from_text

Row = Mapping[str, Any]  # a row of a table of petab's, which has no types


def read_petab(path: str | Path) -> FitProblem:
    """Return the fitting problem that a PEtab YAML file describes.

    Raises:
        InputError: a file is missing or broken; every problem is listed.
        Refused: the problem needs what is not supported; the message names it.
    """
    path = Path(path)
    loaded = load_checked(path)
    if getattr(loaded, "mapping_df", None) is not None:
        raise Refused(f"{path.name}: a mapping table is not supported: use the model's own names")
    return FitProblem(
        name=path.stem,
        model=model_from_text(_sbml(loaded), file=path.stem),
        parameters=tuple(_parameter(str(name), row) for name, row in _rows(loaded.parameter_df)),
        observables={str(name): _observable(str(name), row) for name, row in _rows(loaded.observable_df)},
        measurements=tuple(_measurement(row) for _, row in _rows(loaded.measurement_df)),
        conditions={str(name): _condition(row) for name, row in _rows(loaded.condition_df)},
    )


def _sbml(loaded: Any) -> str:
    import libsbml

    return libsbml.writeSBMLToString(loaded.model.sbml_document)


def _rows(table: Any) -> list[tuple[Any, Row]]:
    return [(name, row.to_dict()) for name, row in table.iterrows()]


def _given(row: Row, column: str) -> Any:
    """Return a cell, or None where it is empty or there is no such column."""
    value = row.get(column)
    empty = value is None or (isinstance(value, float) and math.isnan(value)) or not str(value).strip()
    return None if empty else value


def _parameter(name: str, row: Row) -> FitParameter:
    estimated = int(row["estimate"]) == 1
    nominal = _given(row, "nominalValue")
    low, high = _given(row, "lowerBound"), _given(row, "upperBound")
    return FitParameter(
        name=name,
        nominal=math.nan if nominal is None else float(nominal),
        low=-math.inf if low is None else float(low),
        high=math.inf if high is None else float(high),
        scale=_given(row, "parameterScale") or LIN,
        estimated=estimated,
        prior=_prior(row, "objective") if estimated else None,
        start=_prior(row, "initialization") if estimated else None,
    )


def _prior(row: Row, purpose: str) -> Prior | None:
    kind, numbers = _given(row, f"{purpose}PriorType"), _given(row, f"{purpose}PriorParameters")
    if kind is None or numbers is None:
        return None
    if kind not in KINDS:
        raise Refused(f"prior {kind} is not supported: use one of {', '.join(KINDS)}")
    first, second = (float(number) for number in str(numbers).split(";"))
    return Prior(str(kind), first, second)


def _observable(name: str, row: Row) -> Observable:
    return Observable(
        name=name,
        formula=str(row["observableFormula"]),
        noise=str(row["noiseFormula"]),
        scale=_given(row, "observableTransformation") or LIN,
        distribution=_given(row, "noiseDistribution") or "normal",
        label=str(_given(row, "observableName") or ""),
    )


def _measurement(row: Row) -> Measurement:
    before = _given(row, "preequilibrationConditionId")
    return Measurement(
        observable=str(row["observableId"]),
        condition=str(row["simulationConditionId"]),
        time=float(row["time"]),
        value=float(row["measurement"]),
        preequilibration=None if before is None else str(before),
        observable_parameters=_overrides(_given(row, "observableParameters")),
        noise_parameters=_overrides(_given(row, "noiseParameters")),
    )


def _overrides(cell: Any) -> tuple[SourceValue, ...]:
    return () if cell is None else tuple(_source(part) for part in str(cell).split(";"))


def _condition(row: Row) -> dict[str, SourceValue]:
    cells = {str(name): _given(row, name) for name in row if name != "conditionName"}
    sources = {name: _source(cell) for name, cell in cells.items() if cell is not None}
    return {name: source for name, source in sources.items() if isinstance(source, str) or not math.isnan(source)}


def _source(cell: Any) -> SourceValue:
    try:
        return float(cell)
    except ValueError:
        return str(cell).strip()
