"""What an SBML document is made of, as small records: where libsbml's objects end and ours begin.

What is missing from the file is None, or NaN where it is a number; only formulas stay libsbml's, as trees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

# libsbml has no types: a formula is its ASTNode, alive as long as the document is.
Formula = Any
Unit = Literal["amount", "concentration"]


@dataclass(frozen=True)
class Species:
    """A species: ``means`` is what its name stands for in formulas, ``given`` what ``initial`` is given as.

    ``fixed``: reactions do not change it, as it is a boundary condition or constant.
    """

    name: str
    compartment: str
    means: Unit
    given: Unit
    initial: float
    fixed: bool
    factor: str | None


@dataclass(frozen=True)
class Participant:
    """A reactant (``sign`` -1) or product (+1); with a ``reference``, a name for its stoichiometry."""

    species: str
    sign: float
    reference: str | None
    stoichiometry: float
    formula: Formula | None


@dataclass(frozen=True)
class Reaction:
    """A reaction: its rate ``law``, and the parameters that only the law knows."""

    name: str
    law: Formula | None
    parameters: Mapping[str, float]
    participants: tuple[Participant, ...]


@dataclass(frozen=True)
class Function:
    """A function definition."""

    arguments: tuple[str, ...]
    body: Formula | None


@dataclass(frozen=True)
class EventParts:
    """An event, with its formulas as they are written; ``assignments`` by the name assigned."""

    name: str
    trigger: Formula
    delay: Formula | None
    priority: Formula | None
    assignments: Mapping[str, Formula]
    initial_value: bool
    persistent: bool
    values_from_trigger: bool


@dataclass(frozen=True)
class Parts:
    """A document. ``values``: compartments, parameters and stoichiometries that have a name, with their numbers.

    ``assigned``, ``rated`` and ``initially``: the formulas of assignment rules, rate rules and initial assignments.
    ``identifiers`` are all ids, and ``targets`` all names given a value by rules or initial assignments, as often as
    the file has them. ``renamed``: ids that had to give way to ``time``, by their new id. ``document`` is only there
    to keep the formulas alive.
    """

    name: str
    values: Mapping[str, float]
    species: Mapping[str, Species]
    reactions: Mapping[str, Reaction]
    functions: Mapping[str, Function]
    assigned: Mapping[str, Formula]
    rated: Mapping[str, Formula]
    initially: Mapping[str, Formula]
    events: tuple[EventParts, ...]
    identifiers: tuple[str, ...]
    targets: tuple[str, ...]
    renamed: Mapping[str, str]
    document: Any


def own_names(parts: Parts) -> list[str]:
    """Return all names that have a value of their own, which no assignment rule gives them."""
    local = [local_name(r.name, parameter) for r in parts.reactions.values() for parameter in r.parameters]
    return [name for name in (*parts.values, *local, *parts.species) if name not in parts.assigned]


def local_name(reaction: str, parameter: str) -> str:
    """Return what a reaction's own parameter is called from outside."""
    return f"{reaction}.{parameter}"
