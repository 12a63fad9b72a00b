"""What MathML's operators mean in the expression graph: every one of SBML Level 3 Version 2 but names and calls.

Source: SBML Level 3 Version 2 Core, section 3.4; W3C MathML 2.0, section 4.4, for what the operators mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import libsbml

from adenoscope.simulation.expression.graph import Graph, Node

Build = Callable[[Graph, Sequence[Node]], Node]

# Level 3 Version 1 and 2 both fix this value, which is not today's.
AVOGADRO = 6.02214179e23
LITERALS: dict[int, float] = {
    libsbml.AST_CONSTANT_E: math.e,
    libsbml.AST_CONSTANT_PI: math.pi,
    libsbml.AST_CONSTANT_TRUE: 1.0,
    libsbml.AST_CONSTANT_FALSE: 0.0,
    libsbml.AST_NAME_AVOGADRO: AVOGADRO,
}


def _unary(name: str) -> Build:
    return lambda g, a: g.apply(name, a[0])


def _of_reciprocal(name: str) -> Build:
    """Return f(1/x): how the inverse of a secant is that of a cosine, and so on."""
    return lambda g, a: g.apply(name, g.div(g.constant(1.0), a[0]))


def _reciprocal(name: str) -> Build:
    return lambda g, a: g.div(g.constant(1.0), g.apply(name, a[0]))


def _chain(name: str, empty: float) -> Build:
    """Return a op b op c ..., and ``empty`` where there is nothing."""

    def build(g: Graph, a: Sequence[Node]) -> Node:
        result = a[0] if a else g.constant(empty)
        for node in a[1:]:
            result = g.apply(name, result, node)
        return result

    return build


def _logic(name: str, empty: float) -> Build:
    """Return a chain of conditions; one alone becomes 0 or 1, as a number there may be any."""
    chain = _chain(name, empty)
    return lambda g, a: _truth(g, a[0]) if len(a) == 1 else chain(g, a)


def _truth(g: Graph, a: Node) -> Node:
    return g.apply("not", g.apply("not", a))


def _relation(name: str, *, swapped: bool = False) -> Build:
    """Return a < b and b < c ...: true where every neighbouring pair is."""

    def build(g: Graph, a: Sequence[Node]) -> Node:
        pairs = [(b, a) if swapped else (a, b) for a, b in pairwise(a)]
        return _chain("and", 1.0)(g, [g.apply(name, *pair) for pair in pairs])

    return build


def _extreme(g: Graph, a: Sequence[Node], *, largest: bool) -> Node:
    """Return the largest or smallest, as a choice: so derivatives are those of what is chosen."""
    result = a[0]
    for node in a[1:]:
        condition = g.apply("lt", result, node) if largest else g.apply("lt", node, result)
        result = g.select(condition, node, result)
    return result


def _minus(g: Graph, a: Sequence[Node]) -> Node:
    return g.neg(a[0]) if len(a) == 1 else g.sub(a[0], a[1])


def _absolute(g: Graph, a: Sequence[Node]) -> Node:
    return g.select(g.apply("lt", a[0], g.constant(0.0)), g.neg(a[0]), a[0])


def _log(g: Graph, a: Sequence[Node]) -> Node:
    """Return the logarithm of the last argument to the base of the first, which is 10 where it is missing."""
    base = g.value(a[0]) if len(a) == 2 else 10.0
    if base in (2.0, 10.0):
        return g.apply("log2" if base == 2.0 else "log10", a[-1])
    return g.div(g.apply("log", a[-1]), g.apply("log", a[0]))


def _root(g: Graph, a: Sequence[Node]) -> Node:
    degree = a[0] if len(a) == 2 else g.constant(2.0)
    return g.pow(a[-1], g.div(g.constant(1.0), degree))


def _quotient(g: Graph, a: Sequence[Node]) -> Node:
    """Return the quotient rounded towards 0, so that the remainder has the sign of what is divided."""
    return g.apply("trunc", g.div(a[0], a[1]))


def _remainder(g: Graph, a: Sequence[Node]) -> Node:
    return g.sub(a[0], g.mul(a[1], _quotient(g, a)))


def _piecewise(g: Graph, a: Sequence[Node]) -> Node:
    """Return the first piece whose condition is true, else the last one out, else NaN."""
    result = a[-1] if len(a) % 2 else g.constant(math.nan)
    for i in range(len(a) // 2 * 2 - 2, -1, -2):
        result = g.select(a[i + 1], a[i], result)
    return result


OPERATORS: dict[int, Build] = {
    libsbml.AST_PLUS: _chain("add", 0.0),
    libsbml.AST_TIMES: _chain("mul", 1.0),
    libsbml.AST_MINUS: _minus,
    libsbml.AST_DIVIDE: lambda g, a: g.div(a[0], a[1]),
    libsbml.AST_POWER: lambda g, a: g.pow(a[0], a[1]),
    libsbml.AST_FUNCTION_POWER: lambda g, a: g.pow(a[0], a[1]),
    libsbml.AST_FUNCTION_ROOT: _root,
    libsbml.AST_FUNCTION_EXP: _unary("exp"),
    libsbml.AST_FUNCTION_LN: _unary("log"),
    libsbml.AST_FUNCTION_LOG: _log,
    libsbml.AST_FUNCTION_ABS: _absolute,
    libsbml.AST_FUNCTION_FLOOR: _unary("floor"),
    libsbml.AST_FUNCTION_CEILING: _unary("ceil"),
    libsbml.AST_FUNCTION_FACTORIAL: lambda g, a: g.apply("tgamma", g.add(a[0], g.constant(1.0))),
    libsbml.AST_FUNCTION_QUOTIENT: _quotient,
    libsbml.AST_FUNCTION_REM: _remainder,
    libsbml.AST_FUNCTION_MAX: lambda g, a: _extreme(g, a, largest=True),
    libsbml.AST_FUNCTION_MIN: lambda g, a: _extreme(g, a, largest=False),
    libsbml.AST_FUNCTION_PIECEWISE: _piecewise,
    libsbml.AST_FUNCTION_SIN: _unary("sin"),
    libsbml.AST_FUNCTION_COS: _unary("cos"),
    libsbml.AST_FUNCTION_TAN: _unary("tan"),
    libsbml.AST_FUNCTION_SEC: _reciprocal("cos"),
    libsbml.AST_FUNCTION_CSC: _reciprocal("sin"),
    libsbml.AST_FUNCTION_COT: _reciprocal("tan"),
    libsbml.AST_FUNCTION_SINH: _unary("sinh"),
    libsbml.AST_FUNCTION_COSH: _unary("cosh"),
    libsbml.AST_FUNCTION_TANH: _unary("tanh"),
    libsbml.AST_FUNCTION_SECH: _reciprocal("cosh"),
    libsbml.AST_FUNCTION_CSCH: _reciprocal("sinh"),
    libsbml.AST_FUNCTION_COTH: _reciprocal("tanh"),
    libsbml.AST_FUNCTION_ARCSIN: _unary("asin"),
    libsbml.AST_FUNCTION_ARCCOS: _unary("acos"),
    libsbml.AST_FUNCTION_ARCTAN: _unary("atan"),
    libsbml.AST_FUNCTION_ARCSEC: _of_reciprocal("acos"),
    libsbml.AST_FUNCTION_ARCCSC: _of_reciprocal("asin"),
    libsbml.AST_FUNCTION_ARCCOT: _of_reciprocal("atan"),
    libsbml.AST_FUNCTION_ARCSINH: _unary("asinh"),
    libsbml.AST_FUNCTION_ARCCOSH: _unary("acosh"),
    libsbml.AST_FUNCTION_ARCTANH: _unary("atanh"),
    libsbml.AST_FUNCTION_ARCSECH: _of_reciprocal("acosh"),
    libsbml.AST_FUNCTION_ARCCSCH: _of_reciprocal("asinh"),
    libsbml.AST_FUNCTION_ARCCOTH: _of_reciprocal("atanh"),
    libsbml.AST_RELATIONAL_LT: _relation("lt"),
    libsbml.AST_RELATIONAL_LEQ: _relation("le"),
    libsbml.AST_RELATIONAL_GT: _relation("lt", swapped=True),
    libsbml.AST_RELATIONAL_GEQ: _relation("le", swapped=True),
    libsbml.AST_RELATIONAL_EQ: _relation("eq"),
    libsbml.AST_RELATIONAL_NEQ: lambda g, a: g.apply("not", g.apply("eq", a[0], a[1])),
    libsbml.AST_LOGICAL_AND: _logic("and", 1.0),
    libsbml.AST_LOGICAL_OR: _logic("or", 0.0),
    libsbml.AST_LOGICAL_XOR: _logic("xor", 0.0),
    libsbml.AST_LOGICAL_NOT: _unary("not"),
    libsbml.AST_LOGICAL_IMPLIES: lambda g, a: g.apply("or", g.apply("not", a[0]), a[1]),
}
