"""Derivatives beside differences of the values themselves."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from random_expressions import SYMBOLS, build, positive_points, smooth_trees

from adenoscope.simulation.expression.derive import RULES, gradient, gradients
from adenoscope.simulation.expression.evaluate import evaluate
from adenoscope.simulation.expression.graph import Graph

STEP = 1e-4
POINT = {"x": 0.7, "y": 1.3}
# Where a function of one argument is not defined at 0.7.
ARGUMENTS = {"acosh": 1.7}


def difference(graph, node, point, name, step=STEP):
    """Return the slope of ``node`` by a symbol, from two values on either side."""
    above, below = ({**point, name: point[name] + shift} for shift in (step, -step))
    return (evaluate(graph, [node], above)[0] - evaluate(graph, [node], below)[0]) / (2 * step)


def slope(graph, node, point, name):
    """Return the slope with its error of the second order taken out, and how large that was."""
    wide, narrow = (difference(graph, node, point, name, step) for step in (STEP, STEP / 2))
    return narrow + (narrow - wide) / 3, abs(narrow - wide)


@pytest.mark.parametrize("op", [op for op in RULES if op not in ("add", "mul", "div", "pow")])
def test_every_function_has_its_derivative(op):
    graph = Graph()
    point = {"x": ARGUMENTS.get(op, 0.7)}
    node = graph.apply(op, graph.symbol("x"))
    found = evaluate(graph, [gradient(graph, node)["x"]], point)[0]
    # The difference's own rounding: 1e-16 over the step.
    assert found == pytest.approx(slope(graph, node, point, "x")[0], rel=1e-9)


@pytest.mark.parametrize("op", ["add", "mul", "div", "pow"])
def test_every_operation_has_its_derivatives(op):
    graph = Graph()
    node = graph.apply(op, graph.symbol("x"), graph.symbol("y"))
    found = gradient(graph, node)
    for name in ("x", "y"):
        value = evaluate(graph, [found[name]], POINT)[0]
        assert value == pytest.approx(slope(graph, node, POINT, name)[0], rel=1e-9)  # rounding over the step


@given(smooth_trees(), smooth_trees(), positive_points())
def test_gradients_are_the_slopes_of_random_expressions(one, other, point):
    graph = Graph()
    first = build(graph, one)
    # The second root shares the first, and uses it twice.
    roots = [first, graph.add(graph.mul(first, build(graph, other)), first)]
    for root, partials in zip(roots, gradients(graph, roots), strict=True):
        for name in SYMBOLS:
            expected, error = slope(graph, root, point, name)
            # A jump between the points of a difference shows: halving the step doubles its slope.
            assume(error < 1e-3 * (1 + abs(expected)))
            found = evaluate(graph, [partials[name]], point)[0] if name in partials else 0.0
            scale = 1 + abs(expected) + abs(evaluate(graph, [root], point)[0])
            # What remains of the difference's error is of the fourth order; its rounding is 1e-12 of the value.
            assert found == pytest.approx(expected, abs=1e-8 * scale + 0.01 * error)


def test_an_absent_symbol_has_no_derivative():
    graph = Graph()
    x, y = graph.symbol("x"), graph.symbol("y")
    assert set(gradient(graph, graph.mul(x, x))) == {"x"}
    assert gradient(graph, graph.constant(3.0)) == {}
    assert gradient(graph, graph.apply("floor", graph.add(x, y))) == {}
    assert gradient(graph, graph.apply("lt", x, y)) == {}


def test_the_branch_that_is_not_taken_has_no_part_in_the_derivative():
    graph = Graph()
    x, zero = graph.symbol("x"), graph.constant(0.0)
    # The slope of a root at 0 is infinite, and infinity times 0 is not a number.
    node = graph.select(graph.apply("lt", zero, x), graph.apply("sqrt", x), graph.mul(graph.constant(3.0), x))
    assert evaluate(graph, [gradient(graph, node)["x"]], {"x": 0.0}) == [3.0]
    assert evaluate(graph, [gradient(graph, node)["x"]], {"x": 4.0}) == [0.25]


def test_powers_of_zero_have_finite_derivatives_where_there_are_any():
    graph = Graph()
    x, n = graph.symbol("x"), graph.symbol("n")
    partials = gradient(graph, graph.pow(x, n))
    assert evaluate(graph, [partials["x"], partials["n"]], {"x": 0.0, "n": 2.5}) == [0.0, 0.0]
    assert evaluate(graph, [partials["x"]], {"x": 0.0, "n": 1.0}) == [1.0]


def test_shared_parts_are_differentiated_once():
    graph = Graph()
    node = graph.symbol("x")
    for n in range(60):  # without sharing, 2^60 terms
        node = graph.mul(graph.add(node, graph.constant(float(n))), node)
    size = len(graph)
    gradient(graph, node)
    assert len(graph) < 10 * size


def test_a_function_applied_a_thousand_times_is_differentiated_without_recursion():
    graph = Graph()
    node = graph.symbol("x")
    for _ in range(5000):
        node = graph.apply("sin", node)
    assert evaluate(graph, [gradient(graph, node)["x"]], {"x": 0.0}) == [1.0]
