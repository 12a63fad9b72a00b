"""Compiled expressions beside the plain evaluator, and beside themselves over another number of lanes."""

from __future__ import annotations

import inspect
import itertools
import math

import numpy as np
import pytest
from compiled_expressions import Compiled
from hypothesis import given, settings
from hypothesis import strategies as st
from random_expressions import SYMBOLS, build, exact_trees, positive_points, smooth_trees, whole_points

from adenoscope.simulation.expression.evaluate import evaluate
from adenoscope.simulation.expression.functions import APPLY
from adenoscope.simulation.expression.graph import Graph

LANES = (1, 2, 4, 8)
NAMES = ("a", "b", "c")
SPECIAL = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 7.5, 1e-310, 1e308, 1e3, -1e3, math.inf, -math.inf, math.nan)
# pow: see its own tests. The C library's gamma function beside Python's own.
UNITS = {"exp": 2, "log": 1, "pow": 750, "tgamma": 10}


def arguments(op):
    return NAMES[: len(inspect.signature(APPLY[op]).parameters)]


def points_for(op):
    """Return ordinary and special values, shape (argument, point)."""
    n = len(arguments(op))
    rng = np.random.default_rng(5)
    ordinary = rng.normal(size=(n, 200)) * 10.0 ** rng.uniform(-3, 3, (n, 200))
    special = np.array(list(itertools.product(SPECIAL, repeat=n))).T
    if op == "pow":  # powers of -1 and of minus infinity have a test of their own
        special = special[:, (special[0] != -math.inf) & (special[0] != -1)]
    return np.concatenate([ordinary, special], axis=1)


def units_apart(found, expected):
    """Return differences in units of the last place; infinities and NaN must be the same."""
    same = (found == expected) | (np.isnan(found) & np.isnan(expected))
    with np.errstate(invalid="ignore"):
        return np.where(same, 0.0, np.abs(found - expected) / np.spacing(np.abs(expected)))


def operation(op, lanes):
    graph = Graph()
    names = arguments(op)
    return Compiled(graph, [graph._intern(op, tuple(graph.symbol(name) for name in names))], names, lanes)


@pytest.mark.parametrize("op", APPLY)
def test_every_operation_has_the_plain_evaluators_values_and_the_same_bits_for_every_number_of_lanes(op):
    points = points_for(op)
    found = [operation(op, lanes)(points)[0] for lanes in LANES]
    for other in found[1:]:
        np.testing.assert_array_equal(other.view(np.int64), found[0].view(np.int64))
    expected = np.array([APPLY[op](*point) for point in points.T.tolist()])
    assert units_apart(found[0], expected).max() <= UNITS.get(op, 0)


def points_of(trees_points):
    return np.array([[point[name] for point in trees_points] for name in SYMBOLS])


@settings(max_examples=25)
@given(st.lists(exact_trees(), min_size=1, max_size=4), st.lists(whole_points(), min_size=1, max_size=9))
def test_compiled_logic_and_whole_numbers_are_exact(trees, points):
    graph = Graph()
    roots = [build(graph, tree) for tree in trees]
    expected = np.array([evaluate(graph, roots, point) for point in points]).T
    np.testing.assert_array_equal(Compiled(graph, roots, SYMBOLS)(points_of(points)), expected)


@settings(max_examples=25)
@given(st.lists(smooth_trees(), min_size=1, max_size=4), st.lists(positive_points(), min_size=1, max_size=9))
def test_compiled_expressions_are_the_plain_evaluators_and_the_same_for_every_number_of_lanes(trees, points):
    graph = Graph()
    roots = [build(graph, tree) for tree in trees]
    found = [Compiled(graph, roots, SYMBOLS, lanes)(points_of(points)) for lanes in LANES]
    for other in found[1:]:
        np.testing.assert_array_equal(other, found[0])
    expected = np.array([evaluate(graph, roots, point) for point in points]).T
    # Some twenty operations, a few of which are fused and thus rounded less often.
    np.testing.assert_allclose(found[0], expected, rtol=1e-13)


def test_a_product_that_is_added_is_rounded_once():
    graph = Graph()
    a, b, c = (graph.symbol(name) for name in NAMES)
    point = np.array([[1 + 2.0**-30], [1 - 2.0**-30], [-1.0]])
    assert Compiled(graph, [graph.add(graph.mul(a, b), c)], NAMES)(point)[0, 0] == -(2.0**-60)
    product = graph.mul(a, b)  # asked for by itself, it is not fused
    assert Compiled(graph, [graph.add(product, c), product], NAMES)(point)[:, 0].tolist() == [0.0, 1.0]


def test_a_difference_and_a_change_of_sign_multiply_nothing():
    graph = Graph()
    a, b = graph.symbol("a"), graph.symbol("b")
    point = np.array([[math.inf, 1.0, -0.0], [0.0, math.inf, 0.0]])
    found = Compiled(graph, [graph.sub(a, b), graph.neg(a)], ("a", "b"))(point)
    np.testing.assert_array_equal(found, [[math.inf, -math.inf, 0.0], [-math.inf, -1.0, 0.0]])


def test_any_number_but_zero_is_true():
    graph = Graph()
    a, b = graph.symbol("a"), graph.symbol("b")
    roots = [
        graph.select(a, graph.constant(1.0), graph.constant(2.0)),
        graph.apply("and", a, b),
        graph.apply("not", a),
    ]
    point = np.array([[0.5, -0.0, math.nan], [2.0, 2.0, -1e-310]])
    found = Compiled(graph, roots, ("a", "b"))(point)
    np.testing.assert_array_equal(found, [[1.0, 2.0, 1.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])


def test_deep_expressions_are_written_without_recursion():
    graph = Graph()
    node = graph.symbol("a")
    for _ in range(3000):
        node = graph.add(graph.apply("abs", node), graph.constant(1.0))
    assert Compiled(graph, [node], ("a",))(np.array([[-5.0]]))[0, 0] == 3005.0
