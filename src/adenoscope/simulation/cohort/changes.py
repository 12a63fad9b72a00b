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
            remedy="change what the rule is made of; for a species in a volume that a rule fixes, use amount(S)",
        )
    time, value = _moments(change, n_subjects)
    column = np.empty((max(time.size, value.size), 5))
    column[:, GIVEN_TIME], column[:, GIVEN_VALUE] = time, value
    column[:, GIVEN_ROW], column[:, GIVEN_ADDS] = rows[target], float(change.adds)
    column[:, GIVEN_SCALE] = UNSCALED if scale is None else rows[scale]
    return column


def _moments(change: Change, n_subjects: int) -> tuple[Numbers, Numbers]:
    """Return a change's times and values, checked."""
    parts = [np.asarray(part, dtype=float) for part in (change.time, change.value)]
    time, value = (np.atleast_1d(part) for part in parts)
    if any(part.ndim > 1 or part.size not in (1, n_subjects) for part in parts):
        raise input_error(
            "events",
            found=f"times of shape {parts[0].shape}, values of shape {parts[1].shape} for `{change.target}`",
            allowed=f"one number, or one for each of {n_subjects} subjects",
            remedy="give arrays of that length",
        )
    if not (np.isfinite(time).all() and np.isfinite(value).all()):
        raise input_error(
            "events",
            found=f"a time or a value for `{change.target}` is not finite",
            allowed="finite numbers",
            remedy="leave the change out for subjects that do not have it, or set it to what they have",
        )
    return time, value


def _target(name: str, system: System) -> tuple[str, str | None]:
    """Return the state or constant that a name stands for, and what its value is to be multiplied by."""
    if name.startswith("amount(") and name.endswith(")"):
        return name[len("amount(") : -1], None
    node = system.quantities.get(name)
    if node is None or system.graph.name(node) is not None:
        return name, None
    return _concentration(system, name, node)


def _concentration(system: System, name: str, node: Node) -> tuple[str, str | None]:
    """A species' concentration is its amount over its compartment; any other formula cannot be set."""
    if name not in system.amounts or system.graph.ops[node] != "div":
        return "", None
    amount, size = (system.graph.name(arg) for arg in system.graph.args[node])
    return amount or "", size or ""
