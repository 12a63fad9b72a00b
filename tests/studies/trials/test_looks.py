"""Looks keep the error of the first kind, whatever they change, and stop when they should."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from adenoscope.core.trial import Looks, Reestimation
from adenoscope.studies.trials.looks import conditional_power, course, growths, kept_arms

ONE_SIDED = 0.025
N = 200_000
MONTE_CARLO = 4 * np.sqrt(ONE_SIDED * (1 - ONE_SIDED) / N)  # four standard errors
# O'Brien-Fleming-like spending at half and all of the information; published as 2.963 and 1.969.
HALFWAY = np.array([2.9626, 1.9686])


def normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(3).standard_normal(shape)


def test_two_looks_spend_what_they_may() -> None:
    went = course(normal(N, 1, 2), Looks((0.5, 1.0)), HALFWAY)
    assert went.success.mean() == pytest.approx(ONE_SIDED, abs=MONTE_CARLO)
    # At the first look O'Brien-Fleming spends 0.0015; the same four standard errors.
    assert (went.success & (went.stopped == 0)).mean() == pytest.approx(norm.sf(2.9626), abs=0.0004)


def test_one_look_is_an_ordinary_test() -> None:
    went = course(normal(N, 1, 1), Looks(), np.array([norm.isf(ONE_SIDED)]))
    assert went.success.mean() == pytest.approx(ONE_SIDED, abs=MONTE_CARLO)
    assert (went.stopped == 0).all()
    assert not went.futile.any()


def test_enlarging_the_second_stage_leaves_the_error_of_the_first_kind() -> None:
    # Under the null z of the second stage is standard normal whatever its size, so growth cannot matter; with the
    # usual pooled test it would.
    z = normal(N, 1, 2)
    looks = Looks((0.5, 1.0), reestimation=Reestimation(0.3, 0.9, 3.0))
    grown = growths(z[:, 0, 0], looks, HALFWAY[1], 0.9)
    assert (grown > 1).any()
    assert course(z, looks, HALFWAY).success.mean() == pytest.approx(ONE_SIDED, abs=MONTE_CARLO)


def test_keeping_the_best_of_three_arms_never_exceeds_the_error_of_the_first_kind() -> None:
    control = normal(N, 1, 2)
    arms = np.random.default_rng(4).standard_normal((N, 3, 2))
    z = (arms - control) / np.sqrt(2)
    went = course(z, Looks((0.5, 1.0), keep=1), HALFWAY)
    assert (went.kept.sum(axis=1) == 1).all()
    assert went.success.mean() < ONE_SIDED + MONTE_CARLO
    # Bonferroni wastes some of it, but not the most part.
    assert went.success.mean() > ONE_SIDED / 2


def test_several_arms_without_selection_never_exceed_the_error_of_the_first_kind() -> None:
    z = (np.random.default_rng(4).standard_normal((N, 3, 1)) - normal(N, 1, 1)) / np.sqrt(2)
    assert course(z, Looks(), np.array([norm.isf(ONE_SIDED)])).success.mean() < ONE_SIDED + MONTE_CARLO


def test_futility_stops_what_has_no_hope_and_takes_no_success_away_at_no_cost() -> None:
    z = normal(N, 1, 2)
    without, with_rule = course(z, Looks((0.5, 1.0)), HALFWAY), course(z, Looks((0.5, 1.0), futility=0.2), HALFWAY)
    assert with_rule.futile.mean() > 0.5
    assert (with_rule.stopped[with_rule.futile] == 0).all()
    assert not (with_rule.futile & with_rule.success).any()
    assert with_rule.success.mean() < without.success.mean()


def test_conditional_power_is_what_simulation_gives() -> None:
    z1, fraction, growth = 1.2, 0.5, 1.6
    drift = z1 / np.sqrt(fraction)
    z2 = drift * np.sqrt(growth - fraction) + normal(N)
    passed = (np.sqrt(0.5) * z1 + np.sqrt(0.5) * z2 >= HALFWAY[1]).mean()
    expected = conditional_power(np.array(z1), fraction, HALFWAY[1], growth)
    assert expected == pytest.approx(passed, abs=4 * np.sqrt(0.25 / N))


def test_trials_grow_only_in_the_zone_and_no_further_than_allowed() -> None:
    z = np.linspace(-1, 4, 101)
    looks = Looks((0.5, 1.0), reestimation=Reestimation(0.3, 0.8, 2.0))
    grown, planned = growths(z, looks, HALFWAY[1], 0.8), conditional_power(z, 0.5, HALFWAY[1])
    assert (grown[(planned < 0.3) | (planned >= 0.8)] == 1).all()
    assert grown.max() == 2.0
    assert (growths(z, Looks((0.5, 1.0)), HALFWAY[1], 0.8) == 1).all()


def test_the_best_arms_are_kept_and_an_arm_without_a_test_is_not() -> None:
    z = np.array([[0.5, 2.0, np.nan], [1.0, 0.9, 3.0]])
    assert kept_arms(z, 1).tolist() == [[False, True, False], [False, False, True]]
    assert kept_arms(z, 2).sum(axis=1).tolist() == [2, 2]
    assert kept_arms(z, None).all()
