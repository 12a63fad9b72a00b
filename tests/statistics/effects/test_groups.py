"""Contrasts of groups against scipy's where scipy has them, and what they cover."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from scipy import stats

from adenoscope.statistics.effects.groups import Group, Term, between_animals, contrast, lay_out

ONE, PAIR = np.array([1.0]), np.array([1.0, -1.0])
DIFFERENCE = (Term(1.0, ONE), Term(-1.0, ONE))


def group(values: ArrayLike, error_sd: float = 0.0, cohort: str = "", sex: str = "") -> Group:
    table = np.asarray(values, dtype=np.float64).reshape(len(values), -1)  # type: ignore[arg-type]
    n = len(table)
    labels = [list(word) if word else [""] * n for word in (cohort, sex)]
    names = tuple(f"m{index}" for index in range(n))
    return Group(names, table, np.full(table.shape, error_sd), tuple(labels[0]), tuple(labels[1]))


def value_and_bounds(groups: list[Group], terms: tuple[Term, ...], ci_prob: float = 0.95) -> list[float]:
    estimate = contrast(groups, terms)
    assert estimate is not None
    interval = estimate.interval(ci_prob)
    return [estimate.value, interval.low, interval.high]


@pytest.mark.parametrize("error_sd", [0.0, 0.03])
@pytest.mark.parametrize("ci_prob", [0.9, 0.95])
def test_two_groups_are_welch_and_pairs_are_students(ci_prob: float, error_sd: float) -> None:
    rng = np.random.default_rng(1)
    treated, vehicle = rng.normal(0.15, 0.05, 8), rng.normal(0.01, 0.02, 8)
    welch = stats.ttest_ind(treated, vehicle[:5], equal_var=False).confidence_interval(ci_prob)
    ours = value_and_bounds([group(treated, error_sd), group(vehicle[:5], error_sd)], DIFFERENCE, ci_prob)
    np.testing.assert_allclose(ours[1:], [welch.low, welch.high], rtol=1e-9)
    student = stats.ttest_rel(treated, vehicle).confidence_interval(ci_prob)
    pairs = group(np.column_stack([treated, vehicle]), error_sd)
    ours = value_and_bounds([pairs], (Term(1.0, PAIR),), ci_prob)
    np.testing.assert_allclose(ours[1:], [student.low, student.high], rtol=1e-9)


def test_the_p_value_is_scipys() -> None:
    rng = np.random.default_rng(2)
    first, second = rng.normal(0, 1, 7), rng.normal(1, 2, 9)
    estimate = contrast([group(first), group(second)], DIFFERENCE)
    assert estimate is not None
    assert estimate.p_value == pytest.approx(stats.ttest_ind(first, second, equal_var=False).pvalue)


def test_an_adjusted_contrast_with_one_spread_is_that_of_least_squares() -> None:
    rng = np.random.default_rng(3)
    cohort, sex = "aabbccaabbcc", "FMFMFMMFMFMF"
    one, two = rng.normal(0, 1, 12), rng.normal(1, 1, 12)
    one, two = one + np.repeat([0, 3, 6, 0, 3, 6], 2), two + np.repeat([0, 3, 6, 0, 3, 6], 2)
    groups = [group(two, cohort=cohort, sex=sex), group(one, cohort=cohort, sex=sex)]
    layout = lay_out(groups)
    assert layout.adjusted == ("cohort", "sex")
    estimate = contrast(groups, DIFFERENCE, layout)
    assert estimate is not None
    beta = np.linalg.lstsq(layout.design, np.concatenate([two, one]), rcond=None)[0]
    assert estimate.value == pytest.approx(beta[0] - beta[1])
    unadjusted = contrast([group(two), group(one)], DIFFERENCE)
    assert unadjusted is not None
    assert estimate.error < 0.6 * unadjusted.error


@pytest.mark.parametrize(
    ("cohorts", "why"),
    [(("aaaa", "bbbb"), "confounded"), (("aabb", "aab "), "missing"), (("abcd", "abcd"), "too many")],
)
def test_a_cohort_that_cannot_be_told_from_the_groups_is_left_out_and_this_is_said(
    cohorts: tuple[str, str], why: str
) -> None:
    groups = [group([1.0, 2.0, 4.0, 3.0], cohort=word) for word in cohorts]
    if why == "missing":
        groups[1] = Group(groups[1].animals, groups[1].values, groups[1].error_sd, ("a", "a", "b", ""), groups[1].sex)
    layout = lay_out(groups)
    assert layout.adjusted == ()
    assert layout.left_out == ("cohort",)


def test_a_noisy_recording_weighs_less() -> None:
    sure, unsure = group([0.1, 0.12, 0.11, 0.5]), group([0.0, 0.01, 0.02, 0.0])
    noise = np.array([0.01, 0.01, 0.01, 0.5])[:, None]
    weighed = Group(sure.animals, sure.values, noise, sure.cohort, sure.sex)
    with_weights = value_and_bounds([weighed, group([0.0, 0.01, 0.02, 0.0], 0.01)], DIFFERENCE)[0]
    without = value_and_bounds([sure, unsure], DIFFERENCE)[0]
    assert without == pytest.approx(0.2)
    assert 0.09 < with_weights < 0.13


def test_the_spread_between_animals_is_what_noise_does_not_explain() -> None:
    rng = np.random.default_rng(4)
    noise = rng.uniform(0.5, 2.0, 4000)
    values = rng.normal(0, np.sqrt(1.5 + noise))
    # Four thousand animals pin a variance to a few per cent.
    assert between_animals(values, noise) == pytest.approx(1.5, rel=0.1)
    assert between_animals(np.array([1.0, 1.1, 0.9]), np.full(3, 4.0)) == 0.0


def test_animals_that_do_not_differ_at_all_give_no_estimate_nor_does_one_animal() -> None:
    assert contrast([group([0.5] * 4), group([0.25] * 4)], DIFFERENCE) is None
    assert contrast([group([0.5]), group([0.25, 0.3])], DIFFERENCE) is None


values = st.lists(st.floats(-1, 1), min_size=3, max_size=12).filter(lambda found: np.ptp(found) > 1e-3)


@given(first=values, second=values, shift=st.floats(-10, 10), scale=st.floats(0.1, 10))
def test_a_shift_and_a_change_of_unit_move_the_interval_and_nothing_else(
    first: list[float], second: list[float], shift: float, scale: float
) -> None:
    before = value_and_bounds([group(first), group(second)], DIFFERENCE)
    moved = [scale * (value + shift) for value in first]
    after = value_and_bounds([group(moved), group([scale * value for value in second])], DIFFERENCE)
    np.testing.assert_allclose(after, scale * (np.array(before) + shift), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("n", [6, 20])
@pytest.mark.parametrize("design", ["unpaired", "paired", "four groups", "two groups of pairs"])
def test_a_contrast_covers_the_truth_in_95_percent_of_simulated_studies(n: int, design: str) -> None:
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(1000):
        a, b, c = (group(rng.normal(0, spread, n)) for spread in (1, 2, 1.5))
        p, q = (group(rng.normal(0, spread, (n, 2)) + rng.normal(0, 2, (n, 1))) for spread in (1, 2))
        groups, terms = {
            "unpaired": ([a, b], DIFFERENCE),
            "paired": ([p], (Term(1.0, PAIR),)),
            "four groups": ([a, b, c, group(rng.normal(0, 1, n))], (*DIFFERENCE, Term(-1.0, ONE), Term(1.0, ONE))),
            "two groups of pairs": ([p, q], (Term(1.0, PAIR), Term(-1.0, PAIR))),
        }[design]
        _, low, high = value_and_bounds(groups, terms)
        covered += low <= 0 <= high
    assert 0.93 <= covered / 1000 <= 0.975  # 3 s.e. of a thousand studies are 2 %
