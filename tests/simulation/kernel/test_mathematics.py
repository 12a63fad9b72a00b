"""exp, log and pow of the kernels, beside the C library's over all numbers."""

from __future__ import annotations

import itertools
import math
from functools import cache

import numpy as np
import pytest
from compiled_expressions import Compiled
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.simulation.expression.functions import APPLY
from adenoscope.simulation.expression.graph import Graph

SPECIAL = (
    *(0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 7.5, -7.5, 1e16, -1e16, 2.0**53 + 2, 1e308, -1e308),
    *(5e-324, -5e-324, 1e-310, 2.2250738585072014e-308, 2.225073858507201e-308, math.inf, -math.inf, math.nan),
)


@cache
def kernel(op, n_args):
    graph, names = Graph(), ["a", "b"][:n_args]
    return Compiled(graph, [graph._intern(op, tuple(graph.symbol(name) for name in names))], names)


def compiled(op, *columns):
    """Return what the kernels make of an operation on arrays."""
    return kernel(op, len(columns))(np.array(columns, dtype=float))[0]


def units(found, expected):
    """Return the differences in units of the expected values' last places; infinities and NaN must be the same."""
    same = (found == expected) | (np.isnan(found) & np.isnan(expected))
    with np.errstate(invalid="ignore"):
        return np.where(same, 0.0, np.abs(found - expected) / np.spacing(np.abs(expected)))


def all_doubles(n, seed):
    """Return numbers whose bits are random: every exponent and sign, infinities and NaN among them."""
    return np.random.default_rng(seed).integers(0, 2**64, n, dtype=np.uint64).view(np.float64)


def test_exp_is_right_to_two_units_from_the_smallest_denormal_to_the_largest_number():
    ends = [709.782712893384, 709.7827128933841, 709.0, -708.4, -745.13, -745.14, -745.2, -746.0, 1e-320, 1e-17]
    x = np.concatenate([np.linspace(-746, 710, 100_001), all_doubles(20_000, 1), SPECIAL, ends])
    expected = np.array([APPLY["exp"](value) for value in x])
    # One unit of 1 is two of the numbers just below it, where the polynomial's value may lie.
    assert units(compiled("exp", x), expected).max() <= 2


def test_log_is_right_to_a_unit_for_every_number():
    near = 1 + np.concatenate([np.linspace(-0.3, 0.42, 20_001), np.geomspace(1e-16, 1e-3, 2000)])
    x = np.concatenate([np.abs(all_doubles(50_000, 2)), all_doubles(2_000, 3), near, SPECIAL])
    expected = np.array([APPLY["log"](value) for value in x])
    assert units(compiled("log", x), expected).max() <= 1


def test_powers_that_models_use_are_right_to_a_part_in_10_to_the_14():
    rng = np.random.default_rng(4)
    x, y = 10 ** rng.uniform(-9, 9, 50_000), rng.uniform(-4, 4, 50_000)
    # The exponent y log x is rounded once and log x once, and exp magnifies both by |y log x|: at most 83 here.
    np.testing.assert_allclose(compiled("pow", x, y), x**y, rtol=2 * 83 * 2.0**-53 + 1e-15)


@given(st.floats(min_value=5e-324, max_value=1e308), st.floats(-1e3, 1e3))
def test_the_error_of_a_power_grows_with_its_logarithm(x, y):
    expected = APPLY["pow"](x, y)
    # As above: |y log x| is at most 745 where the power is a number of its own; denormals have fewer digits.
    error = (2 * min(abs(y * math.log(x)), 745) + 4) * 2.0**-53
    assert compiled("pow", [x], [y])[0] == pytest.approx(expected, rel=error, abs=1e-323)


def test_special_values_of_powers_are_those_of_ieee_arithmetic():
    pairs = list(itertools.product(SPECIAL, SPECIAL))
    expected = np.array([APPLY["pow"](a, b) for a, b in pairs])
    plain = [n for n, (a, _) in enumerate(pairs) if a not in (-1, -math.inf)]  # the next tests'
    found = compiled("pow", *np.array(pairs).T)
    # 745 units for the reason above.
    assert units(found, expected)[plain].max() <= 745


def test_a_negative_base_has_whole_powers_only():
    y = np.array([2.0, 3.0, -2.0, -3.0, 0.0, 1.0, 0.5, -1.5, 2.0**52 + 1, 2.0**53 + 2])
    expected = [4.0, -8.0, 0.25, -0.125, 1.0, -2.0, math.nan, math.nan, -math.inf, math.inf]
    np.testing.assert_allclose(compiled("pow", np.full(10, -2.0), y), expected, rtol=1e-15)  # a unit


def test_powers_of_minus_infinity_and_endless_powers_of_minus_one_are_those_of_ieee_arithmetic():
    bases = [-math.inf] * 4 + [-1.0] * 2
    exponents = [0.5, -0.5, 3.0, -2.0, math.inf, -math.inf]
    expected = [APPLY["pow"](a, b) for a, b in zip(bases, exponents, strict=True)]
    np.testing.assert_array_equal(compiled("pow", bases, exponents), expected)
