"""Jumps in a model's formulas: held still during a step, and located in time.

A relation or a floor is replaced by a *mode*, a number that is constant between restarts, so that within a step the
right-hand side is smooth. A mode that depends on time alone, linearly, switches at a time that is computed (a dose, a
change of gas). Any other is looked for on the dense output of each step.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from adenoscope.simulation.expression.derive import gradient
from adenoscope.simulation.expression.functions import RELATIONS, STAIRS
from adenoscope.simulation.expression.graph import Graph, Node
from adenoscope.simulation.lowering.regroup import ConstantTest
from adenoscope.simulation.system import TIME


@dataclass(frozen=True)
class Mode:
    """One jump. ``node``: the relation or floor itself, all symbols at their present values.

    A timed relation ``slope * time + offset (relation) 0`` has its ``slope`` and ``offset``; a located one has None.
    """

    name: str
    node: Node
    slope: Node | None = None
    offset: Node | None = None

    @property
    def timed(self) -> bool:
        return self.slope is not None


def jumps(graph: Graph, roots: Iterable[Node], varying: set[str]) -> list[Node]:
    """Return the outermost relations and stairs in ``roots`` that depend on a varying symbol, in order."""
    is_constant = ConstantTest(graph, varying)
    found: set[Node] = set()
    seen: set[Node] = set()
    stack = list(roots)
    while stack:
        node = stack.pop()
        if node in seen or is_constant(node):
            continue
        seen.add(node)
        if graph.ops[node] in RELATIONS or graph.ops[node] in STAIRS:
            found.add(node)
        else:
            stack.extend(graph.args[node])
    return sorted(found)


def make_mode(graph: Graph, number: int, node: Node, varying: set[str]) -> Mode:
    """Return the mode of a jump, timed where its time can be computed."""
    name = f"mode:{number}"
    if graph.ops[node] not in RELATIONS:
        return Mode(name, node)
    left, right = graph.args[node]
    difference = graph.sub(left, right)
    if any(symbol in varying and symbol != TIME for symbol in graph.symbols([difference])):
        return Mode(name, node)
    slope = gradient(graph, difference).get(TIME, graph.constant(0.0))
    # A branch or a floor that depends on time makes the difference more than a line.
    if not ConstantTest(graph, varying)(slope) or jumps(graph, [difference], varying):
        return Mode(name, node)
    offset = graph.substitute([difference], {TIME: graph.constant(0.0)})[0]
    return Mode(name, node, slope, offset)
