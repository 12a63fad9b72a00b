"""From a formula's tree to a node of the graph: numbers, names, calls of the model's own functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import libsbml

from adenoscope.simulation.expression.graph import Graph, Node
from adenoscope.simulation.sbml.document.parts import Formula, Function
from adenoscope.simulation.sbml.document.tree import children
from adenoscope.simulation.sbml.operators import LITERALS, OPERATORS
from adenoscope.simulation.system import TIME


class World(Protocol):
    """What names mean: while the model runs, or at its start."""

    @property
    def graph(self) -> Graph: ...

    @property
    def functions(self) -> Mapping[str, Function]: ...

    def mean(self, name: str) -> Node:
        """Return what a name of the model stands for."""
        ...

    def rate_of(self, formula: Formula, bindings: Bindings) -> Node:
        """Return the derivative of a formula by time."""
        ...


@dataclass(frozen=True)
class Argument:
    """What a function is called with: a formula, and what names mean where the call is written."""

    formula: Formula
    bindings: Bindings
    known: dict[World, Node] = field(default_factory=dict)


# Names that hide those of the model: a function's arguments, and the parameters of one reaction.
Bindings = Mapping[str, Argument | Node]


def translate(world: World, formula: Formula, bindings: Bindings) -> Node:
    """Return the node of a formula that was checked; ``bindings`` hide names of the model."""
    kind = formula.getType()
    number = formula.getValue() if formula.isNumber() else LITERALS.get(kind)
    if number is not None:
        return world.graph.constant(number)
    if kind == libsbml.AST_NAME_TIME:
        return world.graph.symbol(TIME)
    if kind == libsbml.AST_NAME:
        return _name(world, formula.getName(), bindings)
    if kind == libsbml.AST_FUNCTION:
        return _call(world, formula, bindings)
    if kind == libsbml.AST_FUNCTION_RATE_OF:
        return world.rate_of(formula.getChild(0), bindings)
    arguments = [translate(world, child, bindings) for child in children(formula)]
    return OPERATORS[kind](world.graph, arguments)


def _name(world: World, name: str, bindings: Bindings) -> Node:
    bound = bindings.get(name)
    if bound is None:
        return world.mean(name)
    if not isinstance(bound, Argument):
        return bound
    if world not in bound.known:
        bound.known[world] = translate(world, bound.formula, bound.bindings)
    return bound.known[world]


def _call(world: World, formula: Formula, bindings: Bindings) -> Node:
    """Put a function's body in; one without a body has no value."""
    function = world.functions[formula.getName()]
    if function.body is None:
        return world.graph.constant(float("nan"))
    arguments = (Argument(child, bindings) for child in children(formula))
    return translate(world, function.body, dict(zip(function.arguments, arguments, strict=True)))
