"""The calibration as a fitting problem, and as the folder that holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from adenoscope.core.atomic import write_text
from adenoscope.inference.calibration.folder.model import Doses, before_name, calibration_model, dose_name
from adenoscope.inference.calibration.folder.priors import fit_parameter, is_share
from adenoscope.inference.calibration.folder.readme import readme_text
from adenoscope.inference.calibration.folder.rows import LeftOut, Row, as_id, condition_name, make_row
from adenoscope.inference.calibration.posterior import Target
from adenoscope.inference.petab import write_petab
from adenoscope.inference.problem.fit_problem import FitProblem, Measurement, Observable
from adenoscope.inference.problem.formulas import require_petab

NAME = "calibration"


@dataclass(frozen=True)
class Calibration:
    """A calibration as a fitting problem; ``left_out``: the reason for every observation that is not in it, by id."""

    target: Target
    problem: FitProblem
    rows: tuple[Row, ...]
    left_out: Mapping[str, str]


def make_calibration(target: Target) -> Calibration:
    """Return a calibration as a fitting problem, whose measurements are the target's observations in their order."""
    rows: list[Row] = []
    left_out: dict[str, str] = {}
    for o in target.observations:
        try:
            if as_id(o.id) in {as_id(row.observation.id) for row in rows}:
                raise LeftOut("another observation has the same id, but for signs")
            rows.append(make_row(o))
        except LeftOut as reason:
            left_out[o.id] = str(reason)
    return Calibration(target, _problem(target, rows), tuple(rows), left_out)


def write_calibration(folder: Path, calibration: Calibration, provenance: Mapping[str, str]) -> Path:
    """Write a calibration's folder, with a README, and return the path of its YAML file.

    Raises:
        InputError: petab is not installed, or does not accept the problem.
    """
    require_petab(folder)
    text = readme_text(calibration.target.priors, calibration.rows, calibration.left_out, provenance)
    write_text(folder / "README.md", text)
    return write_petab(folder, calibration.problem)


def _problem(target: Target, rows: Sequence[Row]) -> FitProblem:
    sets = dict.fromkeys(name for row in rows for name in row.sets)
    doses = Doses(_ending(sets, dose_name("")), _ending(sets, before_name("")))
    model = calibration_model(doses, [name for name, prior in target.priors.items() if is_share(prior)])
    usual = {name: model.system.inputs[name] for name in sets}
    return FitProblem(
        name=NAME,
        model=model,
        parameters=tuple(fit_parameter(name, prior) for name, prior in target.priors.items()),
        observables={as_id(row.observation.id): _observable(row) for row in rows},
        measurements=tuple(_measurement(row) for row in rows),
        conditions={condition_name(row.observation): {**usual, **row.sets} for row in rows},
    )


def _ending(names: Mapping[str, None], end: str) -> tuple[str, ...]:
    return tuple(name.removesuffix(end) for name in names if name.endswith(end))


def _observable(row: Row) -> Observable:
    return Observable(as_id(row.observation.id), row.formula, repr(row.sd), label=row.how)


def _measurement(row: Row) -> Measurement:
    o = row.observation
    return Measurement(as_id(o.id), condition_name(o), row.time_s, o.mean)
