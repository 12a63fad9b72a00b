"""Regrouped expressions: the same values, with what is constant between events together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_expressions import (
    SYMBOLS,
    build,
    compute,
    exact_trees,
    positive_points,
    smooth_trees,
    whole_points,
)

from adenoscope.simulation.expression.evaluate import evaluate
from adenoscope.simulation.expression.graph import Graph
from adenoscope.simulation.lowering.regroup import ConstantTest, regroup

varying_names = st.sets(st.sampled_from(SYMBOLS))


@given(st.lists(exact_trees(), min_size=1, max_size=3), whole_points(), varying_names)
def test_sums_and_products_keep_their_values(trees, point, varying):
    source, target = Graph(), Graph()
    roots = regroup(source, [build(source, tree) for tree in trees], target, {}, varying)
    assert evaluate(target, roots, point) == [compute(tree, point) for tree in trees]


@given(smooth_trees(), smooth_trees(), positive_points(), varying_names)
def test_divisions_keep_their_values(one, other, point, varying):
    source, target = Graph(), Graph()
    shared = build(source, one)
    roots = regroup(source, [source.div(shared, build(source, other)), shared], target, {}, varying)
    expected = [compute(one, point) / compute(other, point), compute(one, point)]
    # Some thirty operations in another order, none of which magnifies a rounding more than a few times.
    assert evaluate(target, roots, point) == pytest.approx(expected, rel=1e-13)


@given(exact_trees(), whole_points(), varying_names)
def test_what_is_replaced_is_not_looked_into(tree, point, varying):
    source, target = Graph(), Graph()
    inner = source.apply("lt", source.symbol("x"), source.symbol("y"))
    node = source.add(build(source, tree), source.mul(source.symbol("k"), inner))
    mode = target.symbol("mode")
    root = regroup(source, [node], target, {inner: mode}, varying)[0]
    values = {**point, "mode": float(point["x"] < point["y"])}
    assert evaluate(target, [root], values) == evaluate(source, [node], point)


def test_constant_factors_stand_together():
    source, target = Graph(), Graph()
    k1, k2, x, K = (source.symbol(name) for name in ("k1", "k2", "x", "K"))
    rate = source.div(source.mul(source.mul(k1, x), k2), source.mul(k2, source.add(K, x)))
    root = regroup(source, [rate], target, {}, {"x"})[0]
    is_constant = ConstantTest(target, {"x"})
    constant = [n for n in target.reachable([root]) if is_constant(n) and target.args[n]]
    # k1 k2 above, k2 below, and their ratio: one number between events.
    assert [target.ops[n] for n in constant] == ["mul", "div"]
    assert target.symbols(constant) == ["k1", "k2"]


def test_everything_divided_by_one_sum_shares_its_reciprocal():
    source, target = Graph(), Graph()
    x, y, k = (source.symbol(name) for name in ("x", "y", "k"))
    below = source.add(k, x)
    roots = [source.div(x, below), source.div(y, below), source.div(k, below)]
    new = regroup(source, roots, target, {}, {"x", "y"})
    assert [target.ops[n] for n in target.reachable(new)].count("div") == 1


def test_a_constant_is_what_no_varying_symbol_is_part_of():
    graph = Graph()
    x, k = graph.symbol("x"), graph.symbol("k")
    constant, moving = graph.apply("exp", k), graph.add(graph.apply("exp", k), x)
    is_constant = ConstantTest(graph, {"x"})
    assert [is_constant(n) for n in (k, constant, x, moving)] == [True, True, False, False]
    assert not is_constant(graph.mul(k, x))  # it looks at what was added since
