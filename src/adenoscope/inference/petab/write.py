"""A ``FitProblem`` as a PEtab folder, version 1, that PEtab's own validator accepts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from adenoscope.core.atomic import write_text
from adenoscope.inference.petab.check import load_checked
from adenoscope.inference.problem.fit_problem import FitParameter, FitProblem, Measurement, Observable, SourceValue
from adenoscope.inference.problem.priors import Prior

YAML = """format_version: 1
parameter_file: parameters.tsv
problems:
- condition_files:
  - conditions.tsv
  measurement_files:
  - measurements.tsv
  observable_files:
  - observables.tsv
  sbml_files:
  - model.xml
"""


def write_petab(folder: str | Path, problem: FitProblem) -> Path:
    """Write a problem into ``folder`` and return the path of its YAML file, which is written last.

    Raises:
        InputError: PEtab's validator does not accept the problem; all its complaints are listed.
    """
    folder = Path(folder)
    write_text(folder / "model.xml", problem.model.sbml)
    write_text(folder / "parameters.tsv", _table([_parameter(each) for each in problem.parameters]))
    write_text(folder / "observables.tsv", _table([_observable(each) for each in problem.observables.values()]))
    write_text(folder / "conditions.tsv", _table([_condition(*item) for item in problem.conditions.items()]))
    write_text(folder / "measurements.tsv", _table([_measurement(each) for each in problem.measurements]))
    path = folder / f"{problem.name}.yaml"
    write_text(path, YAML)
    load_checked(path)
    return path


def _table(rows: Sequence[Mapping[str, SourceValue | None]]) -> str:
    """Return rows as text; a column stands where any row has something for it."""
    columns = dict.fromkeys(name for row in rows for name, cell in row.items() if cell is not None)
    lines = ["\t".join(columns), *("\t".join(_cell(row.get(name)) for name in columns) for row in rows)]
    return "\n".join(lines) + "\n"


def _cell(value: SourceValue | None) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return value if isinstance(value, str) else repr(value)


def _parameter(parameter: FitParameter) -> dict[str, SourceValue | None]:
    return {
        "parameterId": parameter.name,
        "parameterScale": parameter.scale,
        "lowerBound": parameter.low,
        "upperBound": parameter.high,
        "nominalValue": parameter.nominal,
        "estimate": str(int(parameter.estimated)),
        **_prior("objective", parameter.prior),
        **_prior("initialization", parameter.start),
    }


def _prior(purpose: str, prior: Prior | None) -> dict[str, SourceValue | None]:
    numbers = None if prior is None else f"{prior.first!r};{prior.second!r}"
    return {f"{purpose}PriorType": prior and prior.kind, f"{purpose}PriorParameters": numbers}


def _observable(observable: Observable) -> dict[str, SourceValue | None]:
    return {
        "observableId": observable.name,
        "observableName": observable.label or None,
        "observableFormula": observable.formula,
        "noiseFormula": observable.noise,
        "observableTransformation": observable.scale,
        "noiseDistribution": observable.distribution,
    }


def _condition(name: str, sets: Mapping[str, SourceValue]) -> dict[str, SourceValue | None]:
    return {"conditionId": name, **sets}


def _measurement(measurement: Measurement) -> dict[str, SourceValue | None]:
    return {
        "observableId": measurement.observable,
        "preequilibrationConditionId": measurement.preequilibration,
        "simulationConditionId": measurement.condition,
        "time": measurement.time,
        "measurement": measurement.value,
        "observableParameters": _overrides(measurement.observable_parameters),
        "noiseParameters": _overrides(measurement.noise_parameters),
    }


def _overrides(sources: Sequence[SourceValue]) -> str | None:
    return ";".join(_cell(source) for source in sources) or None
