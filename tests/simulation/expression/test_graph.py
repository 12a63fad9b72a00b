"""The graph: equal parts are one node, and nothing that is simplified changes a value."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from random_expressions import build, compute, exact_trees, positive_points, smooth_trees, whole_points

from adenoscope.simulation.expression.evaluate import evaluate
from adenoscope.simulation.expression.graph import Graph


@given(exact_trees(), whole_points())
def test_simplified_expressions_have_the_same_values(tree, point):
    graph = Graph()
    assert evaluate(graph, [build(graph, tree)], point) == [compute(tree, point)]


@given(smooth_trees(), positive_points())
def test_powers_and_divisions_keep_their_values(tree, point):
    graph = Graph()
    found = evaluate(graph, [build(graph, tree)], point)[0]
    # At most 8 leaves: some twenty operations, none of which magnifies a rounding more than a few times.
    assert found == pytest.approx(compute(tree, point), rel=1e-13)


@given(exact_trees())
def test_the_same_expression_is_the_same_node(tree):
    graph = Graph()
    first = build(graph, tree)
    size = len(graph)
    assert build(graph, tree) == first
    assert len(graph) == size


@given(exact_trees())
def test_the_same_calls_give_the_same_indices_in_every_graph(tree):
    one, other = Graph(), Graph()
    assert build(one, tree) == build(other, tree)
    assert (one.ops, one.args, one.payload) == (other.ops, other.args, other.payload)


@given(exact_trees())
def test_arguments_come_before_what_is_made_of_them(tree):
    graph = Graph()
    root = build(graph, tree)
    nodes = graph.reachable([root])
    assert nodes == sorted(nodes)
    assert nodes[-1] == root
    assert all(arg < node for node in nodes for arg in graph.args[node])


@given(exact_trees(), exact_trees(), whole_points())
def test_substituted_symbols_are_replaced_all_at_once(tree, other, point):
    graph = Graph()
    root, by = build(graph, tree), build(graph, other)
    new = graph.substitute([root], {"x": graph.symbol("y"), "y": by})[0]
    swapped = {**point, "x": point["y"], "y": compute(other, point)}
    assert evaluate(graph, [new], point) == [compute(tree, swapped)]


def test_operands_of_a_sum_and_of_a_product_have_no_order():
    graph = Graph()
    x, y = graph.symbol("x"), graph.symbol("y")
    assert graph.add(x, y) == graph.add(y, x)
    assert graph.mul(x, y) == graph.mul(y, x)
    assert graph.div(x, y) != graph.div(y, x)


def test_what_adds_nothing_disappears():
    graph = Graph()
    x, zero, one = graph.symbol("x"), graph.constant(0.0), graph.constant(1.0)
    same = (graph.add(x, zero), graph.mul(one, x), graph.div(x, one), graph.pow(x, one), graph.neg(graph.neg(x)))
    assert set(same) == {x}
    assert {graph.mul(x, zero), graph.sub(x, x), graph.div(zero, x)} == {zero}
    assert graph.pow(x, zero) == one
    assert graph.select(graph.symbol("c"), x, x) == x


def test_constants_are_told_apart_by_their_bits():
    graph = Graph()
    assert graph.constant(0.0) != graph.constant(-0.0)
    assert graph.constant(math.nan) == graph.constant(math.nan)
    assert graph.constant(0.1 + 0.2) != graph.constant(0.3)


def test_small_whole_powers_become_products_and_a_half_becomes_a_root():
    graph = Graph()
    x = graph.symbol("x")
    assert {graph.ops[n] for n in graph.reachable([graph.pow(x, graph.constant(-7.0))])} >= {"mul", "div"}
    assert graph.ops[graph.pow(x, graph.constant(0.5))] == "sqrt"
    assert [graph.ops[graph.pow(x, graph.constant(p))] for p in (17.0, 2.7, math.inf, math.nan)] == ["pow"] * 4


def test_symbols_are_listed_once_in_order_of_appearance():
    graph = Graph()
    y, x = graph.symbol("y"), graph.symbol("x")
    graph.symbol("unused")
    assert graph.symbols([graph.add(x, graph.mul(y, x))]) == ["y", "x"]


def test_a_symbol_without_a_value_is_an_error():
    graph = Graph()
    with pytest.raises(KeyError, match="x"):
        evaluate(graph, [graph.symbol("x")], {"y": 1.0})


SPECIAL = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -2.0,
    3.0,
    1e-310,
    1e308,
    -1e308,
    1000.0,
    -1000.0,
    math.inf,
    -math.inf,
    math.nan,
)
NUMPY_ONE = {
    **{"sqrt": np.sqrt, "exp": np.exp, "log": np.log, "abs": np.abs, "floor": np.floor, "ceil": np.ceil},
    **{"trunc": np.trunc, "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos},
    **{"atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "asinh": np.arcsinh},
    **{"acosh": np.arccosh, "atanh": np.arctanh, "log10": np.log10, "log2": np.log2},
}
NUMPY_TWO = {
    "add": np.add,
    "div": np.divide,
    "pow": np.float_power,
    "lt": np.less,
    "le": np.less_equal,
    "eq": np.equal,
}


@pytest.mark.parametrize("op", NUMPY_ONE)
def test_functions_of_constants_fold_as_in_ieee_arithmetic(op):
    graph = Graph()
    found = [graph.value(graph.apply(op, graph.constant(a))) for a in SPECIAL]
    with np.errstate(all="ignore"):
        expected = NUMPY_ONE[op](np.array(SPECIAL))
    # numpy's own functions differ from the C library's in their last bits.
    np.testing.assert_allclose(found, expected, rtol=1e-15)


@pytest.mark.parametrize("op", NUMPY_TWO)
def test_operations_on_constants_fold_as_in_ieee_arithmetic(op):
    graph = Graph()
    pairs = [(a, b) for a in SPECIAL for b in SPECIAL if not (op == "pow" and a == 0)]
    found = [graph.value(graph.apply(op, graph.constant(a), graph.constant(b))) for a, b in pairs]
    with np.errstate(all="ignore"):
        expected = NUMPY_TWO[op](*np.array(pairs).T).astype(float)
    np.testing.assert_allclose(found, expected, rtol=1e-15)  # pow: another library's last bit


def test_the_gamma_function_has_its_poles():
    graph = Graph()
    found = [graph.value(graph.apply("tgamma", graph.constant(x))) for x in (0.0, -0.0, -1.0, -1e-310, 171.7, 5.0)]
    np.testing.assert_array_equal(found, [math.inf, -math.inf, math.nan, -math.inf, math.inf, 24.0])


@pytest.mark.parametrize(("outer", "inner", "x"), [(1e200, 1e200, 1e-300), (1e-200, 1e-200, 1e300)])
def test_constant_factors_join_only_where_their_product_is_a_number_of_its_own(outer, inner, x):
    graph = Graph()
    nested = graph.mul(graph.constant(outer), graph.mul(graph.constant(inner), graph.symbol("x")))
    assert evaluate(graph, [nested], {"x": x}) == [outer * (inner * x)]
