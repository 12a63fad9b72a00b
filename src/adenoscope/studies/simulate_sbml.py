"""One run of anybody's SBML model, as a table: what ``adenoscope sbml`` does."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adenoscope.core.atomic import write_text
from adenoscope.core.errors import Refused, input_error
from adenoscope.simulation import Model, Trajectories, read_model


@dataclass(frozen=True)
class Grid:
    """``steps`` equal intervals from ``start`` to ``end``, in the model's unit of time."""

    start: float
    end: float
    steps: int

    def times(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        if self.steps < 1 or not self.end > self.start:
            raise input_error(
                "--start, --end, --steps",
                found=f"{self.steps} steps from {self.start:g} to {self.end:g}",
                allowed="at least 1 step, and an end after the start",
                remedy="give for example --start 0 --end 100 --steps 50",
            )
        return np.linspace(self.start, self.end, self.steps + 1)


@dataclass(frozen=True)
class Columns:
    """What to write: ``variables`` in the unit the model means; ``amount`` and ``concentration`` name species."""

    variables: Sequence[str] = ()
    amount: Sequence[str] = ()
    concentration: Sequence[str] = ()


def simulate_sbml(path: Path, grid: Grid, columns: Columns, *, rtol: float, atol: float, out: Path) -> None:
    """Write the model's trajectory to ``out`` as CSV, a row for each time.

    Raises:
        InputError: the file, a name or the grid is wrong.
        Refused: the model needs something unsupported, or could not be integrated to the end.
    """
    model = read_model(path)
    asked = observables(model, columns)
    result = model.simulate(grid.times(), observables=list(asked.values()), rtol=rtol, atol=atol)
    for failure in result.failures:
        raise Refused(f"{path}: stopped at time {failure.reached:g}: {failure.reason}")
    write_text(out, table(result, list(asked)))


def observables(model: Model, columns: Columns) -> dict[str, str]:
    """Return the observable behind each column; without variables, all species and whatever else changes."""
    system = model.system
    named = [*columns.variables, *columns.amount, *columns.concentration]
    names = dict.fromkeys(named or [*system.amounts, *(name for name in system.rates if name in system.quantities)])
    asked: dict[str, str] = {}
    for name in names:
        if name in columns.amount and name in system.amounts:
            asked[name] = f"amount({name})"
        elif name in columns.concentration and name in system.concentrations:
            asked[name] = f"concentration({name})"
        else:
            asked[name] = name
    return asked


def table(result: Trajectories, names: Sequence[str]) -> str:
    """Return the first subject's trajectory as CSV; floats in their shortest exact form."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["time", *names])
    writer.writerows([time, *row] for time, row in zip(result.times.tolist(), result.values[0].tolist(), strict=True))
    return text.getvalue()
