"""Sizes of trials with one look: those of published trials, of simulated ones, and the limits of the formula."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_ind

from adenoscope.statistics.sequential.fixed_size import Law, detectable_effect, power_of, size_per_arm

LAWS: list[Law] = ["t", "normal"]


def test_sizes_of_published_differences() -> None:
    """188 is Student's t at 80 %, two-sided 5 %; 240 is that (235), where 2 % of people have no outcome."""
    assert size_per_arm(3.16, 10.9) == 188
    assert size_per_arm(3.6, 13.9) == 235
    assert size_per_arm(3.6, 13.9, dropout=0.02) == 240
    assert power_of(240, 3.6 / 13.9) == pytest.approx(0.808, abs=5e-4)  # half of its last digit


def test_what_a_pilot_of_fifteen_in_each_arm_detects() -> None:
    """1.02 is the normal approximation; with Student's t, which such a pilot is tested by, it is 1.06."""
    assert detectable_effect(15, law="normal") == pytest.approx(1.02, abs=0.005)  # half of its last digit
    assert detectable_effect(15) == pytest.approx(1.06, abs=0.005)  # the same
    assert power_of(15, 1.02) == pytest.approx(0.769, abs=5e-4)  # the same


@pytest.mark.parametrize("n_per_arm", [5, 40])
def test_power_is_how_often_simulated_trials_find_the_effect(n_per_arm: int) -> None:
    rng, n_trials, effect = np.random.default_rng(2), 20_000, 0.8
    first, second = rng.standard_normal((2, n_trials, n_per_arm))
    found = ttest_ind(first + effect, second, axis=1).pvalue < 0.05
    share = power_of(n_per_arm, effect)
    assert abs(found.mean() - share) < 4 * np.sqrt(share * (1 - share) / n_trials)  # four standard errors


@pytest.mark.parametrize("law", LAWS)
def test_without_an_effect_power_is_alpha_and_with_a_huge_one_it_is_1(law: Law) -> None:
    assert power_of(10, 0.0, alpha=0.1, law=law) == pytest.approx(0.1, abs=1e-9)  # rounding
    assert power_of(3, 60.0, law=law) == 1.0
    assert power_of(12, -0.7, law=law) == power_of(12, 0.7, law=law)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("effect", [0.1, 0.5, 3.0])
def test_the_size_is_the_smallest_that_has_the_power(law: Law, effect: float) -> None:
    n = size_per_arm(effect, 1.0, power=0.9, law=law)
    assert power_of(n, effect, law=law) >= 0.9
    assert n == 2 or power_of(n - 1, effect, law=law) < 0.9


@pytest.mark.parametrize("n_per_arm", [2, 15, 400])
def test_what_is_detectable_is_found_with_the_power_asked_for(n_per_arm: int) -> None:
    assert power_of(n_per_arm, detectable_effect(n_per_arm)) == pytest.approx(0.8, abs=1e-9)  # of the root
