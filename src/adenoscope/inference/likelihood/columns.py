"""Numbers that come from the problem's parameters: for each place, a number of its own or a parameter's value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from adenoscope.inference.problem.fit_problem import FitProblem, SourceValue
from adenoscope.inference.problem.scales import Numbers, from_scale


@dataclass(frozen=True)
class Column:
    """A source for each place: the parameter of number ``which``, or ``number`` where that is -1; shape (place,)."""

    which: npt.NDArray[np.intp]
    number: Numbers


def make_column(sources: Sequence[SourceValue], places: Mapping[str, int]) -> Column:
    """Return the column of ``sources``; ``places`` numbers the parameters."""
    which = [places[source] if isinstance(source, str) else -1 for source in sources]
    number = [0.0 if isinstance(source, str) else float(source) for source in sources]
    return Column(np.array(which, dtype=np.intp), np.array(number, dtype=float))


def fill(column: Column, table: Numbers) -> Numbers:
    """Return a column's values, shape (vector, place), from those of all parameters, shape (vector, parameter)."""
    if (column.which < 0).all():
        return np.broadcast_to(column.number, (table.shape[0], column.number.size))
    return np.where(column.which >= 0, table[:, column.which], column.number)


def parameter_table(problem: FitProblem, vectors: Numbers) -> Numbers:
    """Return all parameters' values as they are, shape (vector, parameter), from vectors of the estimated ones."""
    table = np.empty((vectors.shape[0], len(problem.parameters)))
    place = 0
    for number, parameter in enumerate(problem.parameters):
        if parameter.estimated:
            table[:, number] = from_scale(vectors[:, place], parameter.scale)
            place += 1
        else:
            table[:, number] = parameter.nominal
    return table
