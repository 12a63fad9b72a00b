"""Differences after imputation: against the model they come from, refits without each person, and Rubin's draws."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from simulated_trials import simulate

from adenoscope.statistics.trials.ancova import ancova_difference
from adenoscope.statistics.trials.imputation import imputed_differences
from adenoscope.statistics.trials.imputing.reference import Strategy
from adenoscope.statistics.trials.mmrm import mmrm_difference

STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)


def test_at_random_the_imputed_difference_is_that_of_the_model() -> None:
    trial = simulate(4, 60, seed=1, effect=-5.0)
    found = imputed_differences(trial.y, trial.arm, trial.baseline, strategies=["mar"])["mar"]
    model = mmrm_difference(trial.y, trial.arm, trial.baseline)
    # The same number by another way; searches end at a decrement of 1e-10
    np.testing.assert_allclose(found.estimate, model.estimate[:, -1], rtol=1e-6)


def test_where_nobody_is_lost_every_strategy_is_the_analysis_of_covariance() -> None:
    trial = simulate(2, 60, seed=2, lost=0.0)
    alone = ancova_difference(trial.y[..., -1], trial.arm, trial.baseline)
    for found in imputed_differences(trial.y, trial.arm, trial.baseline, strategies=STRATEGIES).values():
        np.testing.assert_allclose(found.estimate, alone.estimate, rtol=1e-9)
        # The jackknife of a covariance analysis is a little above its textbook error
        np.testing.assert_allclose(found.standard_error, alone.standard_error, rtol=0.1)
    drawn = imputed_differences(trial.y, trial.arm, trial.baseline, strategies=["mar"], variance="rubin")["mar"]
    np.testing.assert_allclose(drawn.standard_error, alone.standard_error, rtol=1e-9)


def test_strategies_lie_between_the_reference_and_the_own_arm() -> None:
    trial = simulate(50, 80, seed=3, effect=-8.0)
    found = imputed_differences(trial.y, trial.arm, trial.baseline, strategies=STRATEGIES)
    mean = {strategy: found[strategy].estimate.mean() for strategy in STRATEGIES}
    assert mean["mar"] < mean["copy_increments"] < mean["copy_reference"] < 0
    assert mean["mar"] < mean["copy_reference"] < mean["jump_to_reference"] < 0


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_jackknife_is_that_of_refits_without_each_person(strategy: Strategy) -> None:
    trial = simulate(1, 80, seed=4, effect=-5.0)
    found = imputed_differences(trial.y, trial.arm, trial.baseline, strategies=[strategy])[strategy]
    arm = np.where(np.eye(80, dtype=bool), -1, trial.arm)
    y, baseline = (np.repeat(values, 80, axis=0) for values in (trial.y, trial.baseline))
    without = imputed_differences(y, arm, baseline, strategies=[strategy])[strategy].estimate
    refitted = np.sqrt(79 / 80 * np.sum((without - without.mean()) ** 2))
    # What one step leaves out is of the order of one over the persons, of whom 28 were seen to the end in an arm
    assert found.standard_error[0, 0] == pytest.approx(refitted, rel=0.05)


@pytest.mark.parametrize("strategy", ["mar", "jump_to_reference"])
def test_draws_scatter_about_the_conditional_mean(strategy: Strategy) -> None:
    trial = simulate(3, 80, seed=5, effect=-5.0)
    mean = imputed_differences(trial.y, trial.arm, trial.baseline, strategies=[strategy])[strategy]
    drawn = imputed_differences(
        *(trial.y, trial.arm, trial.baseline),
        strategies=[strategy],
        variance="rubin",
        n_imputations=400,
    )[strategy]
    # Draws of a difference scatter by less than its error; 400 leave a twentieth of that
    assert (np.abs(drawn.estimate - mean.estimate) < 0.15 * mean.standard_error).all()


def test_errors_are_the_spread_of_repeated_trials_and_rubins_from_a_reference_are_wider() -> None:
    trial = simulate(300, 80, seed=6)
    found = imputed_differences(trial.y, trial.arm, trial.baseline, strategies=STRATEGIES)
    for contrast in found.values():
        # 300 trials know a standard deviation to 4 %, and the jackknife is a percent or two wide
        assert np.sqrt(np.mean(contrast.standard_error**2)) == pytest.approx(contrast.estimate.std(), rel=0.1)
    first = slice(100)
    rubin = imputed_differences(
        *(trial.y[first], trial.arm, trial.baseline[first]), strategies=["jump_to_reference"], variance="rubin"
    )["jump_to_reference"]
    assert (rubin.standard_error / found["jump_to_reference"].standard_error[first]).mean() > 1.2


def test_a_trial_that_cannot_be_fitted_has_no_answer() -> None:
    trial = simulate(2, 60, seed=7)
    y = trial.y.copy()
    y[0, trial.arm == 1, 2] = np.nan
    found = imputed_differences(y, trial.arm, trial.baseline, strategies=["copy_reference"])["copy_reference"]
    assert found.answered[:, 0].tolist() == [False, True]
    alone = imputed_differences(y[:1], trial.arm, trial.baseline[:1], strategies=["copy_reference"])["copy_reference"]
    assert not alone.answered.any()
