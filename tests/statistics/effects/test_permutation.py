"""Permutation tests: exact where all shuffles are tried, right where the design restricts them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import ArrayLike

from adenoscope.core.recording import Samples
from adenoscope.statistics.effects.groups import Group, Term, lay_out
from adenoscope.statistics.effects.permutation import permutation_p

ONE, PAIR = np.array([1.0]), np.array([1.0, -1.0])


def group(values: ArrayLike, cohort: str = "") -> Group:
    table: Samples = np.asarray(values, dtype=np.float64)
    table = table.reshape(len(table), -1)
    labels = tuple(cohort) if cohort else ("",) * len(table)
    return Group(
        tuple(str(index) for index in range(len(table))), table, np.zeros(table.shape), labels, ("",) * len(table)
    )


def p_of(groups: list[Group], *coefficients: float) -> float:
    arms = PAIR if groups[0].values.shape[1] == 2 else ONE
    return permutation_p(groups, [Term(coefficient, arms) for coefficient in coefficients], lay_out(groups))


def test_signs_of_few_pairs_are_all_tried() -> None:
    differences = np.array([0.3, 0.5, -0.1, 0.4, 0.2, 0.6])
    every = [abs(np.dot(signs, differences)) for signs in product((-1, 1), repeat=6)]
    expected = np.mean([total >= differences.sum() - 1e-12 for total in every])
    assert p_of([group(np.column_stack([differences, np.zeros(6)]))], 1.0) == pytest.approx(expected)


@pytest.mark.parametrize("interaction", [False, True])
def test_without_an_effect_p_is_uniform_even_where_spreads_differ(interaction: bool) -> None:
    rng = np.random.default_rng(6)
    found = []
    for _ in range(300):
        groups = [group(rng.normal(shift, spread, 8)) for shift, spread in ((0, 1), (0, 2))]
        if interaction:  # both effects are 3
            groups = [group(rng.normal(shift, spread, 8)) for shift, spread in ((3, 1), (0, 2), (3, 1.5), (0, 1))]
        found.append(p_of(groups, *((1, -1, -1, 1) if interaction else (1, -1))))
    # 5 % of 300 with three standard errors; the studentised test is approximate where spreads differ.
    assert 0.01 <= np.mean(np.array(found) < 0.05) <= 0.10
    assert 0.42 <= np.mean(np.array(found) < 0.5) <= 0.60


def test_an_effect_is_found_and_cohorts_are_kept_apart() -> None:
    rng = np.random.default_rng(7)
    cohort = "aaabbbcccddd"
    level = np.repeat([0.0, 10.0, 20.0, 30.0], 3)
    treated, vehicle = rng.normal(2.0, 0.5, 12) + level, rng.normal(0, 0.5, 12) + level
    blind = p_of([group(treated), group(vehicle)], 1, -1)
    kept = p_of([group(treated, cohort), group(vehicle, cohort)], 1, -1)
    assert kept < 0.01 < blind
