"""Expressions rewritten so that what is constant between events stands together and can be computed once.

``k1 * x / (k2 * (K + x))`` becomes ``(k1 / k2) * x * (1 / (K + x))``: constant factors first, one reciprocal for
each varying denominator, shared by all that divide by it (its derivative included).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from adenoscope.simulation.expression.graph import Graph, Node


def regroup(
    source: Graph, roots: Sequence[Node], target: Graph, replaced: dict[Node, Node], varying: set[str]
) -> list[Node]:
    """Return ``roots`` of ``source`` rebuilt in ``target``.

    ``replaced``: nodes of ``source`` that are already something else in ``target``. ``varying``: the names of symbols
    that change between events.
    """
    nodes = source.reachable(roots)
    uses = Counter(arg for node in nodes for arg in source.args[node])
    uses.update(roots)
    new = dict(replaced)
    is_constant = ConstantTest(target, varying)
    for node in nodes:
        if node in new:
            continue
        op, args = source.ops[node], source.args[node]
        if not args:
            new[node] = _copy_leaf(source, node, target)
        elif op in ("mul", "div", "add") and not all(is_constant(new[arg]) for arg in args):
            parts = _parts(source, node, lambda n: uses[n] == 1 and n not in replaced)
            join = _sum if op == "add" else _product
            new[node] = join(target, [(new[n], inverted) for n, inverted in parts], is_constant)
        else:
            new[node] = target.apply(op, *(new[arg] for arg in args))
    return [new[root] for root in roots]


class ConstantTest:
    """Tells whether a node of a growing graph stays the same between events."""

    def __init__(self, graph: Graph, varying: set[str]) -> None:
        self.graph = graph
        self.varying = varying
        self._known: list[bool] = []

    def __call__(self, node: Node) -> bool:
        for n in range(len(self._known), node + 1):
            constant = self.graph.name(n) not in self.varying and all(self._known[arg] for arg in self.graph.args[n])
            self._known.append(constant)
        return self._known[node]


def _copy_leaf(source: Graph, node: Node, target: Graph) -> Node:
    name, value = source.name(node), source.value(node)
    return target.symbol(name) if name is not None else target.constant(value or 0.0)


def _parts(graph: Graph, top: Node, opened: Callable[[Node], bool]) -> list[tuple[Node, bool]]:
    """Return the terms of a sum, or the factors of a product and whether each divides, left to right."""
    ops = ("add",) if graph.ops[top] == "add" else ("mul", "div")
    parts: list[tuple[Node, bool]] = []
    stack = [(top, False)]
    while stack:
        node, inverted = stack.pop()
        if graph.ops[node] not in ops or not (node == top or opened(node)):
            parts.append((node, inverted))
            continue
        left, right = graph.args[node]
        stack.append((right, inverted != (graph.ops[node] == "div")))
        stack.append((left, inverted))
    return parts


def _product(graph: Graph, factors: list[tuple[Node, bool]], is_constant: Callable[[Node], bool]) -> Node:
    """Join constant factors, then varying ones, then the reciprocal of all varying denominators at once."""
    one = graph.constant(1.0)
    above = below = varying_below = one
    varying_above: list[Node] = []
    for node, inverted in factors:
        if is_constant(node):
            above, below = (above, graph.mul(below, node)) if inverted else (graph.mul(above, node), below)
        elif inverted:
            varying_below = graph.mul(varying_below, node)
        else:
            varying_above.append(node)
    result = graph.div(above, below)
    for node in varying_above:
        result = graph.mul(result, node)
    return graph.mul(result, graph.div(one, varying_below))


def _sum(graph: Graph, terms: list[tuple[Node, bool]], is_constant: Callable[[Node], bool]) -> Node:
    constant = graph.sum(node for node, _ in terms if is_constant(node))
    total = graph.sum(node for node, _ in terms if not is_constant(node))
    return graph.add(constant, total)
