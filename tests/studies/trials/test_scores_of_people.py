"""MADRS of virtual people: each term of the equation does what it says, for one trial and for many at once."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.core.people import Numbers
from adenoscope.studies.trials.link import prior_draws
from adenoscope.studies.trials.outcomes import outcomes, person_effect
from adenoscope.studies.trials.people import draw_people

PEOPLE = draw_people(4000, 2)
DRAW = {name: values[0] for name, values in prior_draws(1, np.random.default_rng(4)).items()} | {
    "slope": np.array(4.0),
    "half_life": np.array(5.0),
    "saturation": np.array(1.5),
    "adora2a": np.array(0.0),
    "resistance": np.array(0.0),
    "expectancy": np.array(3.0),
    "rater_bias": np.array(0.5),
    "placebo_quick": np.array(6.0),
}
ONES, ZEROS = np.ones(PEOPLE.n), np.zeros(PEOPLE.n)


def madrs(effect: Numbers, belief: Numbers, seed: int = 1, *, course: bool = False) -> Numbers:
    return outcomes(DRAW, PEOPLE, effect, belief, (1.0, 8.0), np.random.default_rng(seed), course=course)


def test_the_median_person_on_ketamine_gets_the_slope_and_loses_it_by_half() -> None:
    effect = person_effect(DRAW, PEOPLE, ONES, ONES, (0.0,), (1e-9, 5.0, 50.0))
    assert effect[0, 0] == pytest.approx(4.0)
    assert effect[0, 1] < effect[0, 0]
    assert effect[0, 2] < 0.02


def test_without_engagement_there_is_no_effect() -> None:
    assert (person_effect(DRAW, PEOPLE, ZEROS, ZEROS, (0.0, 3.0), (4.0,)) == 0).all()


def test_who_comes_to_fewer_sessions_keeps_less() -> None:
    attended = np.where(np.arange(PEOPLE.n) % 2, 1, 4)
    effect = person_effect(DRAW, PEOPLE, ONES, ONES, (0.0, 3.0, 7.0, 10.0), (11.0,), attended=attended)[:, 0]
    assert effect[0] > 2 * effect[1]


def test_belief_is_worth_expectancy_and_the_raters_part() -> None:
    effect = np.zeros((PEOPLE.n, 2))
    inside = madrs(effect, ZEROS) - madrs(effect, ONES)
    assert np.median(inside) == pytest.approx(3.5)


def test_scores_stay_on_the_scale_and_placebo_grows_in_a_course() -> None:
    effect = np.zeros((PEOPLE.n, 2))
    short, long = madrs(effect, ZEROS), madrs(effect, ZEROS, course=True)
    assert short.min() >= 0
    assert short.max() <= 60
    assert long[:, 1].mean() < short[:, 1].mean() - 1


def test_replicates_come_with_their_own_draws_and_people() -> None:
    draws = {name: values[:, None] for name, values in prior_draws(6, np.random.default_rng(1)).items()}
    people = PEOPLE.take(np.arange(60).reshape(6, 10))
    effect = person_effect(draws, people, np.ones((6, 10)), np.ones((6, 10)), (0.0,), (1.0, 3.0, 7.0))
    y = outcomes(draws, people, effect, np.ones((6, 10)), (1.0, 3.0, 7.0), np.random.default_rng(1), course=True)
    assert effect.shape == y.shape == (6, 10, 3)


def test_a_variant_and_failed_trials_moderate_the_drug_alone() -> None:
    moved = DRAW | {"adora2a": np.array(0.3), "resistance": np.array(0.1)}
    effect = person_effect(moved, PEOPLE, ONES, ONES, (0.0,), (1.0,))[:, 0]
    few = PEOPLE["failed_trials"] == 2
    by_alleles = [effect[few & (PEOPLE["adora2a_t"] == count)].mean() for count in (0, 1, 2)]
    assert by_alleles == sorted(by_alleles)
    typical = PEOPLE["adora2a_t"] == 1
    assert effect[typical & (PEOPLE["failed_trials"] >= 4)].mean() < effect[typical & few].mean()
