"""What is done to subjects while they are simulated: a dose, a change of gas, a pulse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from adenoscope.core.errors import input_error
from adenoscope.simulation.expression.graph import Node
from adenoscope.simulation.solver.tables import GIVEN_ADDS, GIVEN_ROW, GIVEN_SCALE, GIVEN_TIME, GIVEN_VALUE, Numbers
from adenoscope.simulation.system import System

UNSCALED = -1.0


@dataclass(frozen=True)
class Change:
    """At ``time``, ``target`` is set to ``value``, or raised by it where it ``adds``.

    ``time`` and ``value`` are numbers, or arrays with one for each subject; ``value`` is in the unit in which the
    model uses the name (a concentration for most species); ``amount(S)`` as a target means the amount. The
    integration stops there and starts anew, so nothing is smeared over a step.
    """

    time: float | npt.ArrayLike
    target: str
    value: float | npt.ArrayLike
    adds: bool = False


def given_table(changes: Sequence[Change], system: System, rows: Mapping[str, int], n_subjects: int) -> Numbers:
    """Return the driver's table of changes, sorted by time; its first axis is 1 where all subjects share it.

    ``rows``: the row of every state and constant.

    Raises:
        InputError: a target is unknown, or fixed by a rule; an array has another length than there are subjects.
    """
    columns = [_column(change, system, rows, n_subjects) for change in changes]
    n = max((column.shape[0] for column in columns), default=1)
    table = np.empty((n, len(columns), 5))
    for place, column in enumerate(columns):
        table[:, place] = column
    order = np.argsort(table[:, :, GIVEN_TIME], axis=1, kind="stable")
    return np.take_along_axis(table, order[:, :, None], axis=1)


def _column(change: Change, system: System, rows: Mapping[str, int], n_subjects: int) -> Numbers:
    target, scale = _target(change.target, system)
    if target not in rows or (scale is not None and scale not in rows):
        raise input_error(
            "events",
            found=f"`{change.target}` cannot be changed at a time",
            allowed="a species, compartment or parameter that no assignment rule fixes",
            remedy="change what the rule is made of",
        )
    time, value = (np.atleast_1d(np.asarray(part, dtype=float)) for part in (change.time, change.value))
    n = max(time.size, value.size)
    if n not in (1, n_subjects) or {time.size, value.size} - {1, n}:
        raise input_error(
            "events",
            found=f"{n} times or values for `{change.target}`",
            allowed=f"one number, or one for each of {n_subjects} subjects",
            remedy="give arrays of that length",
        )
    column = np.empty((n, 5))
    column[:, GIVEN_TIME], column[:, GIVEN_VALUE] = time, value
    column[:, GIVEN_ROW], column[:, GIVEN_ADDS] = rows[target], float(change.adds)
    column[:, GIVEN_SCALE] = UNSCALED if scale is None else rows[scale]
    return column


def _target(name: str, system: System) -> tuple[str, str | None]:
    """Return the state or constant that a name stands for, and what its value is to be multiplied by."""
    if name.startswith("amount(") and name.endswith(")"):
        return name[len("amount(") : -1], None
    node = system.quantities.get(name)
    if node is None:
        return name, None
    return _ratio(system, node) if system.graph.ops[node] == "div" else (name, None)


def _ratio(system: System, node: Node) -> tuple[str, str | None]:
    """A concentration is an amount over a compartment."""
    above, below = (system.graph.name(arg) for arg in system.graph.args[node])
    return above or "", below
