"""Expressions evaluated one number at a time: slow, plain, and what compiled code is tested against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adenoscope.simulation.expression.functions import APPLY
from adenoscope.simulation.expression.graph import Graph, Node


def evaluate(graph: Graph, roots: Sequence[Node], symbols: Mapping[str, float]) -> list[float]:
    """Return the values of ``roots`` where ``symbols`` have the values given.

    Raises:
        KeyError: a symbol has no value.
    """
    values: dict[Node, float] = {}
    for node in graph.reachable(roots):
        constant, name = graph.value(node), graph.name(node)
        if constant is not None:
            values[node] = constant
        elif name is not None:
            values[node] = float(symbols[name])
        else:
            values[node] = APPLY[graph.ops[node]](*(values[arg] for arg in graph.args[node]))
    return [values[root] for root in roots]
