"""Derivatives of expressions: backwards through what is used once, forwards through what is shared.

A part used in several places is differentiated once, and its gradient is put in wherever it is used; within what is
used once, the sweep goes backwards, which costs a few operations for each node however many symbols there are.
Jumps (relations, floor) count as constant: the solver stops where they happen.

Source: Griewank & Walther (2008), Evaluating Derivatives, 2nd ed., chapters 3 and 9 (cross-country elimination).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from adenoscope.simulation.expression.graph import Graph, Node

Gradient = dict[str, Node]
GAMMA_STEP = 1e-6  # the derivative of tgamma is a central difference: relative error about 1e-10


def gradient(graph: Graph, node: Node) -> Gradient:
    """Return the partial derivatives of ``node`` by the name of the symbol; absent means 0."""
    return gradients(graph, [node])[0]


def gradients(graph: Graph, roots: Sequence[Node]) -> list[Gradient]:
    """Return the gradient of each root; parts that roots share are differentiated once."""
    nodes = graph.reachable(roots)
    uses = Counter(arg for node in nodes for arg in graph.args[node])
    branches = {arg for node in nodes if graph.ops[node] == "select" for arg in graph.args[node][1:]}
    shared = {n for n in nodes if graph.args[n] and (uses[n] > 1 or n in branches or graph.ops[n] == "select")}
    known: dict[Node, Gradient] = {}
    for node in sorted(shared | set(roots)):
        if graph.ops[node] == "select":
            known[node] = _select_gradient(graph, node, known)
        else:
            known[node] = _sweep(graph, node, shared - {node}, known)
    return [known[root] for root in roots]


def _select_gradient(graph: Graph, node: Node, known: dict[Node, Gradient]) -> Gradient:
    """Choose between the gradients of both branches: a product with 0 would let the other's infinities through."""
    condition, yes, no = graph.args[node]
    zero = graph.constant(0.0)
    a, b = (known.get(branch) or _leaf_gradient(graph, branch) for branch in (yes, no))
    return {name: graph.select(condition, a.get(name, zero), b.get(name, zero)) for name in {**a, **b}}


def _leaf_gradient(graph: Graph, node: Node) -> Gradient:
    name = graph.name(node)
    return {} if name is None else {name: graph.constant(1.0)}


def _sweep(graph: Graph, root: Node, cuts: set[Node], known: dict[Node, Gradient]) -> Gradient:
    """Go backwards from ``root`` to symbols and cuts, and put the cuts' gradients in."""
    adjoint: dict[Node, Node] = {root: graph.constant(1.0)}
    waiting = {root}
    result: Gradient = {}
    while waiting:
        node = max(waiting)
        waiting.discard(node)
        seed = adjoint.pop(node)
        inner = known[node] if node in cuts else _leaf_gradient(graph, node)
        for name, partial in inner.items():
            term = graph.mul(seed, partial)
            result[name] = graph.add(result[name], term) if name in result else term
        if node in cuts:
            continue
        for arg, partial in zip(graph.args[node], _partials(graph, node), strict=True):
            if partial is not None and graph.value(arg) is None:
                term = graph.mul(seed, partial)
                adjoint[arg] = graph.add(adjoint[arg], term) if arg in adjoint else term
                waiting.add(arg)
    return {name: node for name, node in result.items() if graph.value(node) != 0}


def _partials(graph: Graph, node: Node) -> tuple[Node | None, ...]:
    """Return the derivative of a node by each of its arguments; None where it is 0 everywhere but at jumps."""
    rule = RULES.get(graph.ops[node])
    return rule(graph, node, *graph.args[node]) if rule else (None,) * len(graph.args[node])


def _div(g: Graph, node: Node, a: Node, b: Node) -> tuple[Node, Node]:
    inverse = g.div(g.constant(1.0), b)
    return inverse, g.neg(g.mul(node, inverse))


def _pow(g: Graph, node: Node, a: Node, b: Node) -> tuple[Node, Node]:
    by_base = g.mul(b, g.pow(a, g.sub(b, g.constant(1.0))))
    # 0 to a varying power stays 0, and its logarithm must not be multiplied in.
    by_exponent = g.select(g.apply("lt", g.constant(0.0), a), g.mul(node, g.apply("log", a)), g.constant(0.0))
    return by_base, by_exponent


def _tgamma(g: Graph, node: Node, x: Node) -> tuple[Node]:
    step = g.constant(GAMMA_STEP)
    rise = g.sub(g.apply("tgamma", g.add(x, step)), g.apply("tgamma", g.sub(x, step)))
    return (g.mul(g.constant(0.5 / GAMMA_STEP), rise),)


def _one_minus_square(g: Graph, x: Node) -> Node:
    return g.sub(g.constant(1.0), g.mul(x, x))


def _one_plus_square(g: Graph, x: Node) -> Node:
    return g.add(g.constant(1.0), g.mul(x, x))


def _square_minus_one(g: Graph, x: Node) -> Node:
    return g.sub(g.mul(x, x), g.constant(1.0))


def _inverse(g: Graph, node: Node, scale: float = 1.0) -> Node:
    return g.div(g.constant(scale), node)


def _inverse_root(g: Graph, node: Node, scale: float = 1.0) -> Node:
    return g.div(g.constant(scale), g.pow(node, g.constant(0.5)))


LN10, LN2 = 2.302585092994046, 0.6931471805599453
_ONE: dict[str, Callable[[Graph, Node, Node], tuple[Node]]] = {
    "sqrt": lambda g, node, x: (g.div(g.constant(0.5), node),),
    "exp": lambda g, node, x: (node,),
    "log": lambda g, node, x: (_inverse(g, x),),
    "log10": lambda g, node, x: (_inverse(g, x, 1 / LN10),),
    "log2": lambda g, node, x: (_inverse(g, x, 1 / LN2),),
    "abs": lambda g, node, x: (g.select(g.apply("lt", x, g.constant(0.0)), g.constant(-1.0), g.constant(1.0)),),
    "sin": lambda g, node, x: (g.apply("cos", x),),
    "cos": lambda g, node, x: (g.neg(g.apply("sin", x)),),
    "tan": lambda g, node, x: (_one_plus_square(g, node),),
    "asin": lambda g, node, x: (_inverse_root(g, _one_minus_square(g, x)),),
    "acos": lambda g, node, x: (_inverse_root(g, _one_minus_square(g, x), -1.0),),
    "atan": lambda g, node, x: (_inverse(g, _one_plus_square(g, x)),),
    "sinh": lambda g, node, x: (g.apply("cosh", x),),
    "cosh": lambda g, node, x: (g.apply("sinh", x),),
    "tanh": lambda g, node, x: (_one_minus_square(g, node),),
    "asinh": lambda g, node, x: (_inverse_root(g, _one_plus_square(g, x)),),
    "acosh": lambda g, node, x: (_inverse_root(g, _square_minus_one(g, x)),),
    "atanh": lambda g, node, x: (_inverse(g, _one_minus_square(g, x)),),
    "tgamma": _tgamma,
}
_TWO: dict[str, Callable[[Graph, Node, Node, Node], tuple[Node, Node]]] = {
    "add": lambda g, node, a, b: (g.constant(1.0), g.constant(1.0)),
    "mul": lambda g, node, a, b: (b, a),
    "div": _div,
    "pow": _pow,
}
RULES: dict[str, Callable[..., tuple[Node, ...]]] = {**_ONE, **_TWO}
