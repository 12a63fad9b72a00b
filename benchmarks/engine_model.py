"""The benchmark's model as plain formulas, read from its SBML without any part of adenoscope, and its cohort."""

from __future__ import annotations

import re
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
MODEL = Path(__file__).parents[2] / "shared" / "evidence" / "engine" / "qsp.ant"
TIMES = np.linspace(0.0, 1440.0, 201)
SPREAD = 0.2
# Equilibrium constants, fractions, totals and exponents do not vary between subjects; events set the last two.
FIXED = ("KeqAK", "KeqCK", "F", "Crt", "npool", "kadeg", "nH", "fio", "seiz")
NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Change:
    """What an event does at ``time`` to a state or a parameter: x becomes ``keep`` · x + ``add``."""

    time: float
    target: str
    keep: float
    add: float


@dataclass(frozen=True)
class Equations:
    """A model of rate rules, with formulas in Python's spelling; ``assigned`` is in order of evaluation."""

    text: str
    sbml: str
    states: tuple[str, ...]
    initial: Array
    parameters: tuple[str, ...]
    nominal: Array
    assigned: tuple[tuple[str, str], ...]
    rates: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Segment:
    """A stretch without events; output rows ``first`` to ``last`` are in ``knots`` at ``picked``."""

    changes: tuple[Change, ...]
    knots: Array
    first: int
    last: int
    picked: NDArray[np.int64]


def read_equations(path: Path = MODEL) -> Equations:
    """Read an Antimony file of rate rules, assignment rules and events at fixed times."""
    import antimony
    import libsbml

    text = path.read_text(encoding="utf-8")
    if antimony.loadAntimonyString(text) < 0:
        raise SystemExit(antimony.getLastError())
    sbml = antimony.getSBMLString()
    document = libsbml.readSBMLFromString(sbml)
    model = document.getModel()
    rules = {rule.getVariable(): rule for rule in model.getListOfRules()}
    rates = {name: _python(rule.getMath()) for name, rule in rules.items() if rule.isRate()}
    assigned = {name: _python(rule.getMath()) for name, rule in rules.items() if rule.isAssignment()}
    # SBML scatters the states; the file's order is what a reader of the results expects.
    states = tuple(name for name in re.findall(r"^\s*(\w+)'\s*=", text, re.MULTILINE) if name in rates)
    values = {p.getId(): p.getValue() for p in model.getListOfParameters()}
    parameters = tuple(name for name in values if name not in rules)
    return Equations(
        text,
        sbml,
        states,
        np.array([values[name] for name in states]),
        parameters,
        np.array([values[name] for name in parameters]),
        _in_order(assigned),
        tuple(rates[name] for name in states),
        tuple(sorted(_changes(model), key=lambda change: change.time)),
    )


def draw_cohort(equations: Equations, n_subjects: int, seed: int = 0) -> Array:
    """Return every parameter of every subject, shape (subject, parameter): lognormal but for ``FIXED``."""
    sd = np.array([0.0 if name in FIXED else SPREAD for name in equations.parameters])
    normal = np.random.default_rng(seed).standard_normal((n_subjects, len(sd)))
    return equations.nominal * np.exp(sd * normal)


def segments(equations: Equations, times: Array = TIMES) -> tuple[Segment, ...]:
    """Cut ``times`` at the events; an output time that is an event's shows the value after it."""
    starts = [float(times[0]), *sorted({change.time for change in equations.changes})]
    ends = [*starts[1:], float(times[-1])]
    made: list[Segment] = []
    for start, end in zip(starts, ends, strict=True):
        first = int(np.searchsorted(times, start))
        last = len(times) if end == times[-1] else int(np.searchsorted(times, end))
        knots = np.unique(np.concatenate([[start], times[first:last], [end]]))
        changes = tuple(change for change in equations.changes if change.time == start)
        made.append(Segment(changes, knots, first, last, np.searchsorted(knots, times[first:last])))
    return tuple(made)


def apply_changes(equations: Equations, segment: Segment, state: Array, parameters: Array) -> None:
    """Change ``state`` and ``parameters`` in place as the events at the start of ``segment`` say."""
    for change in segment.changes:
        values, names = (
            (state, equations.states) if change.target in equations.states else (parameters, equations.parameters)
        )
        place = names.index(change.target)
        values[place] = change.keep * values[place] + change.add


def relative_error(values: Array, reference: Array) -> float:
    """Return the largest |value - reference| / (0.001 max over time |reference| + |reference|) of all."""
    scale = 1e-3 * np.abs(reference).max(axis=-2, keepdims=True) + np.abs(reference)
    return float((np.abs(values - reference) / scale).max())


def _python(tree: Any) -> str:
    import libsbml

    return libsbml.formulaToL3String(tree).replace("^", "**")


def _in_order(assigned: dict[str, str]) -> tuple[tuple[str, str], ...]:
    needs = {name: set(NAME.findall(formula)) & assigned.keys() for name, formula in assigned.items()}
    return tuple((name, assigned[name]) for name in TopologicalSorter(needs).static_order())


def _changes(model: Any) -> list[Change]:
    return [
        _change(float(event.getTrigger().getMath().getChild(1).getValue()), assignment)
        for event in model.getListOfEvents()
        for assignment in event.getListOfEventAssignments()
    ]


def _change(time: float, assignment: Any) -> Change:
    """Read ``x = number`` or ``x = x + number``; the benchmark's model has no other."""
    target, math = assignment.getVariable(), assignment.getMath()
    if math.isNumber():
        return Change(time, target, 0.0, float(math.getValue()))
    left, right = math.getChild(0), math.getChild(1)
    if math.getNumChildren() != 2 or left.getName() != target or not right.isNumber():
        raise SystemExit(f"the event at {time:g} sets {target} to {_python(math)}; only constants and sums are read")
    return Change(time, target, 1.0, float(right.getValue()))
