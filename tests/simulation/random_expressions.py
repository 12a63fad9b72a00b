"""Random expressions: as trees, as nodes of a graph, and evaluated straight from the tree.

``exact_trees`` have whole numbers and operations that do not round on them, so that any rewriting must give the very
same value. ``smooth_trees`` have every kind of operation on positive numbers, without cancellation, so that rewriting
costs a few units in the last place.
"""

from __future__ import annotations

from hypothesis import strategies as st

from adenoscope.simulation.expression.functions import APPLY

SYMBOLS = ("x", "y", "k", "m")


def _grown(leaves, steps, most):
    return st.recursive(leaves, lambda inner: st.one_of(*(step(inner) for step in steps)), max_leaves=most)


def _of(op, n_args=2):
    return lambda inner: st.tuples(st.just(op), *([inner] * n_args))


def _leaves(numbers):
    return st.sampled_from(SYMBOLS) | numbers.map(float)


def exact_trees(most=12):
    """Return trees whose values are whole numbers."""
    steps = [_of(op) for op in ("add", "mul", "sub", "lt", "le", "eq", "and", "or", "xor")]
    steps += [_of("not", 1), _of("neg", 1), _of("abs", 1), _of("select", 3)]
    return _grown(_leaves(st.integers(-3, 3)), steps, most)


def smooth_trees(most=8):
    """Return trees whose values are positive numbers, for symbols from 0.5 to 2."""
    steps = [_of("add"), _of("mul"), _of("div"), _of("hill"), _of("less"), _of("power")]
    steps += [_of(op, 1) for op in ("decay", "log1", "sqrt", "tanh", "square")]
    return _grown(_leaves(st.floats(0.5, 2.0)), steps, most)


def whole_points():
    return st.fixed_dictionaries({name: st.integers(-4, 4).map(float) for name in SYMBOLS})


def positive_points():
    return st.fixed_dictionaries({name: st.floats(0.5, 2.0) for name in SYMBOLS})


def spelt(do, op, args):
    """Return a tree's operation in the operations of the graph; ``do(op, *args)`` makes or evaluates one."""
    one = do.number(1.0)
    match op:
        case "sub":
            return do("add", args[0], do("mul", do.number(-1.0), args[1]))
        case "neg":
            return do("mul", do.number(-1.0), args[0])
        case "hill":  # x^2.5 / (1 + x^2.5)
            power = do("pow", args[0], do.number(2.5))
            return do("mul", args[1], do("div", power, do("add", one, power)))
        case "less":
            return do("select", do("lt", args[0], args[1]), do("add", args[0], one), do("sqrt", args[1]))
        case "power":  # an exponent that varies, between 0 and 1
            return do("pow", args[0], do("tanh", args[1]))
        case "square":
            return do("pow", args[0], do.number(2.0))
        case "decay":
            return do("exp", do("mul", do.number(-1.0), do("tanh", args[0])))
        case "log1":
            return do("log", do("add", do.number(1.5), args[0]))
        case _:
            return do(op, *args)


class Building:
    """Makes nodes of a graph, through its simplifications."""

    def __init__(self, graph):
        self.graph = graph
        self.number = graph.constant
        self.symbol = graph.symbol

    def __call__(self, op, *args):
        return self.graph.apply(op, *args)


class Computing:
    """Evaluates at once: what an expression means before anything is simplified."""

    def __init__(self, point):
        self.symbol = point.__getitem__

    def number(self, value):
        return value

    def __call__(self, op, *args):
        return APPLY[op](*args)


def walk(do, tree):
    """Return what ``do`` makes of a tree."""
    if isinstance(tree, str):
        return do.symbol(tree)
    if isinstance(tree, float):
        return do.number(tree)
    return spelt(do, tree[0], [walk(do, arg) for arg in tree[1:]])


def build(graph, tree):
    return walk(Building(graph), tree)


def compute(tree, point):
    return walk(Computing(point), tree)
