"""The fixed order of elimination, carried out in numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.simulation.lowering.factorise import factorise


def solve(plan, matrix, right):
    """Carry out the operations of a factorisation, as the kernels do."""
    m, b = matrix.copy(), right.copy()
    kept = {*plan.filled}
    for k, below, row in zip(plan.order, plan.below, plan.right, strict=True):
        m[k, k] = 1 / m[k, k]
        for i in below:
            m[i, k] *= m[k, k]
            for j in row:
                assert (i, j) in kept
                m[i, j] -= m[i, k] * m[k, j]
    for k, below in zip(plan.order, plan.below, strict=True):
        for i in below:
            b[i] -= m[i, k] * b[k]
    for k, row in zip(reversed(plan.order), reversed(plan.right), strict=True):
        for j in row:
            b[k] -= m[k, j] * b[j]
        b[k] *= m[k, k]
    return b


@st.composite
def places_of_a_matrix(draw):
    size = draw(st.integers(1, 12))
    index = st.integers(0, size - 1)
    return size, draw(st.sets(st.tuples(index, index), max_size=3 * size))


@given(places_of_a_matrix(), st.integers(0, 10_000))
def test_sparse_systems_with_a_large_diagonal_are_solved(pattern, seed):
    size, places = pattern
    rng = np.random.default_rng(seed)
    matrix = np.zeros((size, size))
    for place in sorted(places):
        matrix[place] = rng.normal()
    matrix[np.diag_indices(size)] = 1 + np.abs(matrix).sum(axis=1)
    right = rng.normal(size=size)
    found = solve(factorise(size, sorted(places)), matrix, right)
    # A dominant diagonal keeps the condition of a system of 12 equations far below 1e3.
    np.testing.assert_allclose(found, np.linalg.solve(matrix, right), rtol=1e-12, atol=1e-13)


@given(places_of_a_matrix())
def test_every_state_is_a_pivot_once_and_places_are_sorted(pattern):
    size, places = pattern
    plan = factorise(size, places)
    assert sorted(plan.order) == list(range(size))
    assert list(plan.filled) == sorted(set(plan.filled))
    assert set(plan.filled) >= places | {(i, i) for i in range(size)}


@given(places_of_a_matrix(), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_that_of_the_places(pattern, random):
    size, places = pattern
    shuffled = list(places)
    random.shuffle(shuffled)
    assert factorise(size, shuffled) == factorise(size, sorted(places))


@pytest.mark.parametrize("hub", [0, 4, 8])
def test_a_hub_is_eliminated_late_so_that_nothing_fills_in(hub):
    arrow = {(hub, i) for i in range(9)} | {(i, hub) for i in range(9)}
    plan = factorise(9, arrow)
    assert set(plan.filled) == arrow | {(i, i) for i in range(9)}


def test_a_chain_does_not_fill_in():
    chain = {(i, j) for i in range(30) for j in (i - 1, i, i + 1) if 0 <= j < 30}
    assert set(factorise(30, chain).filled) == chain
