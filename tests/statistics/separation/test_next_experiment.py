"""The value of a group of animals before it is measured."""

from __future__ import annotations

import numpy as np
import pytest
from made_posteriors import arrays, posterior, spread
from scipy.stats import norm

from adenoscope.core.ranking import NextExperiment, Weights
from adenoscope.core.recording import Samples
from adenoscope.statistics.separation.next_experiment import choice_of, next_experiments

CERTAIN = 1.0001


def judged(ed50: Samples, n_animals: int, sd: float = 0.5) -> tuple[float, list[NextExperiment]]:
    data = arrays(2, sd)
    choice = choice_of(data, posterior(ed50), Weights())
    return choice.at_stake, next_experiments(data, choice, n_animals, 1, lambda *_: None)


def test_what_is_at_stake_is_the_expected_loss_of_two_normals() -> None:
    # the same middle; the difference of ln indices is normal with this spread, and its positive part has this mean
    spread_of = np.log(1.5)
    at_stake, _ = judged(spread([3.0, 3.0, 9.0, 9.0], [CERTAIN, CERTAIN, CERTAIN, 1.5]), 8)
    assert at_stake == pytest.approx(spread_of * norm.pdf(0), rel=0.1)  # 2,000 draws


def test_only_the_arm_that_is_in_doubt_is_worth_measuring() -> None:
    _, found = judged(spread([3.0, 3.0, 9.0, 9.0], [CERTAIN, CERTAIN, CERTAIN, 1.5]), 8)
    assert (found[0].compound, found[0].arm, found[0].n) == ("c1", "side_effect", 8)
    assert found[0].gain.low > 0
    assert found[1].gain.estimate == pytest.approx(0.0, abs=1e-3)


def test_more_animals_gain_more_and_very_many_gain_all_that_is_at_stake() -> None:
    ed50 = spread([3.0, 3.0, 9.0, 9.0], [CERTAIN, CERTAIN, CERTAIN, 1.5])
    at_stake, few = judged(ed50, 4)
    _, many = judged(ed50, 64)
    _, all_but_endless = judged(ed50, 10**7)
    assert few[0].gain.estimate < many[0].gain.estimate <= at_stake * 1.1  # Monte-Carlo error of 1,000 results
    assert all_but_endless[0].share == pytest.approx(1.0, abs=0.1)


def test_a_compound_that_cannot_be_the_best_is_not_worth_measuring() -> None:
    at_stake, found = judged(spread([3.0, 3.0, 9.0, 3.0], [1.1, 1.1, 1.1, 1.1]), 8)
    assert at_stake == pytest.approx(0.0, abs=1e-6)
    assert all(one.gain.estimate < 1e-6 for one in found)


def test_the_dose_asked_for_lies_where_the_curve_is_steep() -> None:
    _, found = judged(spread([3.0, 3.0, 9.0, 9.0], [CERTAIN, CERTAIN, CERTAIN, 1.3]), 8)
    assert 3.0 <= found[0].dose <= 30.0


def test_doses_asked_for_are_those_given_or_one_step_beyond() -> None:
    _, found = judged(spread([3.0, 3.0, 9.0, 200.0], [1.5, 1.5, 1.5, 2.0]), 8)
    assert {one.dose for one in found} <= {0.33, 1.0, 3.0, 10.0, 30.0, 90.0}
