"""From the model's quantities to simulated measurements and their noise: the problem's formulas, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from adenoscope.core.errors import input_error
from adenoscope.inference.likelihood.columns import Column, fill, make_column
from adenoscope.inference.likelihood.runs import Rows
from adenoscope.inference.likelihood.simulate import Seen
from adenoscope.inference.problem.fit_problem import FitProblem, Measurement, Observable
from adenoscope.inference.problem.formulas import Formula, read_formula
from adenoscope.inference.problem.scales import Numbers

TIME = "time"


@dataclass(frozen=True)
class Readout:
    """One observable: its formulas, its measurements, and where the names come from that are not the model's."""

    observable: Observable
    rows: Rows
    times: Numbers
    measured: Numbers
    formula: Formula
    noise: Formula
    columns: dict[str, Column]

    @property
    def quantities(self) -> list[str]:
        """Return the names of the model that the formulas need."""
        own = {*self.columns, TIME, self.observable.name}
        return [name for name in dict.fromkeys((*self.formula.names, *self.noise.names)) if name not in own]


@lru_cache(64)
def make_readouts(problem: FitProblem) -> tuple[Readout, ...]:
    """Return a readout for each observable that was measured.

    Raises:
        InputError: a formula is broken, or has a name that nothing defines.
    """
    rows: dict[str, list[int]] = {}
    for number, measurement in enumerate(problem.measurements):
        rows.setdefault(measurement.observable, []).append(number)
    return tuple(_readout(problem, problem.observables[name], own) for name, own in rows.items())


def read_out(readout: Readout, seen: Seen, table: Numbers) -> tuple[Numbers, Numbers]:
    """Return simulated measurements and their noise, shape (vector, row of the readout) each."""
    shape = (table.shape[0], readout.rows.size)
    values = {name: seen[name][:, readout.rows] for name in readout.quantities}
    values |= {name: fill(column, table) for name, column in readout.columns.items()}
    values[TIME] = np.broadcast_to(readout.times, shape)
    simulated = np.broadcast_to(readout.formula(values), shape)
    values[readout.observable.name] = simulated
    return simulated, np.broadcast_to(readout.noise(values), shape)


def _readout(problem: FitProblem, observable: Observable, rows: list[int]) -> Readout:
    formula, noise = read_formula(observable.formula), read_formula(observable.noise)
    own = [problem.measurements[row] for row in rows]
    names = dict.fromkeys((*formula.names, *noise.names))
    known = {TIME, *problem.model.system.quantities, *([observable.name] if observable.name in noise.names else [])}
    return Readout(
        observable=observable,
        rows=np.array(rows, dtype=np.intp),
        times=np.array([measurement.time for measurement in own]),
        measured=np.array([measurement.value for measurement in own]),
        formula=formula,
        noise=noise,
        columns={name: _column(problem, observable, name, own) for name in names if name not in known},
    )


def _column(problem: FitProblem, observable: Observable, name: str, measurements: list[Measurement]) -> Column:
    """Return where a name that is not the model's comes from, for each measurement of an observable."""
    places = {parameter.name: number for number, parameter in enumerate(problem.parameters)}
    for prefix in ("observable", "noise"):
        stem, _, suffix = name.partition("_")
        number = stem.removeprefix(f"{prefix}Parameter")
        if suffix == observable.name and number.isdigit():
            lists = [getattr(measurement, f"{prefix}_parameters") for measurement in measurements]
            if any(len(each) < int(number) for each in lists):
                raise _undefined(problem, observable, name, f"give {prefix}Parameters for every measurement of it")
            return make_column([each[int(number) - 1] for each in lists], places)
    sources = [problem.conditions[m.condition].get(name, name) for m in measurements]
    if any(isinstance(source, str) and source not in places for source in sources):
        raise _undefined(problem, observable, name, "add it to the parameters, or to every condition")
    return make_column(sources, places)


def _undefined(problem: FitProblem, observable: Observable, name: str, remedy: str) -> Exception:
    return input_error(
        problem.name,
        found=f"a formula of {observable.name} uses `{name}`, which has no value",
        allowed="names of the model, of parameters, of conditions, and what measurements give",
        remedy=remedy,
    )
