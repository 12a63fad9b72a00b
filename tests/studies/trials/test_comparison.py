"""Analyses of conducted trials: the error of the first kind is kept, and signs are those of MADRS and of risks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from planned import DAY_7, TRIAL, World, roster, with_dropout

from adenoscope.core.trial import Analysis, Arm, Blinding, Endpoint, Trial
from adenoscope.studies.trials.comparison import Compared, coded_arms, compare
from adenoscope.studies.trials.conduct import Conducted, conduct
from adenoscope.studies.trials.scenario import NULL, PLANNED, Scenario

RESPONSE = Endpoint("response", 7.0)
ANALYSES = (
    Analysis("MMRM", "mmrm", DAY_7, "treatment_policy"),
    Analysis("ANCOVA", "ancova", DAY_7, "treatment_policy"),
    Analysis("jump", "ancova", DAY_7, "treatment_policy", "jump_to_reference"),
    Analysis("hypothetical", "mmrm", DAY_7, "hypothetical"),
    Analysis("composite", "responder", RESPONSE, "composite"),
    Analysis("seen", "responder", RESPONSE, "treatment_policy"),
)
N = 600
by_analysis = pytest.mark.parametrize("analysis", ANALYSES, ids=lambda analysis: analysis.name)


def run(trial: Trial, scenario: Scenario, world: World | None = None) -> Conducted:
    return conduct(trial, roster(), world or World(), scenario, range(N))


def compared(trial: Trial, analysis: Analysis, conducted: Conducted) -> Compared:
    return compare(trial, analysis, conducted, coded_arms(trial, conducted.arm))


@by_analysis
def test_without_any_difference_five_per_cent_are_rejected(analysis: Analysis) -> None:
    trial = with_dropout(0.05, 0.06, 0.05)
    found = compared(trial, analysis, run(trial, NULL))
    # 600 trials: four standard errors are 0.036. Sixty people leave responders a little below 5 %.
    assert (found.p_value <= 0.05).mean() == pytest.approx(0.05, abs=0.036)


@by_analysis
def test_an_arm_that_does_better_has_a_high_z(analysis: Analysis) -> None:
    found = compared(TRIAL, analysis, run(TRIAL, PLANNED, World(effect=8.0)))
    assert np.nanmean(found.z) > 1
    better = found.estimate > 0 if analysis.method == "responder" else found.estimate < 0
    np.testing.assert_array_equal(better[found.z > 0.1], True)


def test_the_difference_is_what_the_world_makes_it() -> None:
    world = World(effect=6.0, expectancy=0.0)
    found = compared(TRIAL, ANALYSES[0], run(TRIAL, PLANNED, world))
    # Draws of the link make the effect 1, 1.1, ... 1.6 times 6: 7.8 on average. SE of the mean: 1.4 / sqrt(600).
    assert found.estimate.mean() == pytest.approx(-7.8, abs=0.25)


def test_who_never_started_dilutes_a_treatment_policy_and_not_what_would_be() -> None:
    trial, world = with_dropout(0.4, 0.0), World(effect=8.0, expectancy=0.0)
    conducted = run(trial, PLANNED, world)
    policy = compared(trial, ANALYSES[0], conducted).estimate.mean()
    hypothetical = compared(trial, ANALYSES[3], conducted).estimate.mean()
    assert policy == pytest.approx(0.6 * hypothetical, rel=0.08)  # 600 trials of 60 people


def test_several_arms_are_each_compared_with_the_control() -> None:
    third = Arm("same", "active", blinding=Blinding(0.3, 0.3))
    trial = replace(TRIAL, arms=(*TRIAL.arms, third), block=4)
    wide = replace(roster(), patient=np.tile([0.9, 0.3, 0.3], (8, 1)), rater=np.tile([0.6, 0.3, 0.3], (8, 1)))
    conducted = conduct(trial, wide, World(effect=8.0), PLANNED, range(100))
    found = compared(trial, ANALYSES[0], conducted)
    assert found.estimate.shape == (100, 2)
    assert found.estimate[:, 0].mean() < -6
    assert abs(found.estimate[:, 1].mean()) < 1


def test_codes_put_the_control_first() -> None:
    assert coded_arms(TRIAL, np.array([[0, 1, 0]])).tolist() == [[1, 0, 1]]
