"""Trials are carried out as planned: the same by number, with the chances that the plan gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from planned import N_DRAWS, TRIAL, World, roster, with_dropout

from adenoscope.core.trial import Dropout, Looks, Reestimation, Trial
from adenoscope.studies.trials.conduct import CENTRE, UNTREATED, Conducted, conduct, guess_probabilities, most_people
from adenoscope.studies.trials.scenario import (
    BLINDED,
    CENTRAL,
    ENRICHED,
    NULL,
    PLANNED,
    SHUFFLED,
    UNBLINDED,
    Scenario,
)


def run(
    trial: Trial, scenario: Scenario = PLANNED, numbers: range = range(20), world: World | None = None
) -> Conducted:
    return conduct(trial, roster(), world or World(), scenario, numbers)


def test_a_replicate_is_the_same_whatever_others_are_simulated() -> None:
    some, all_of_them = run(TRIAL, numbers=range(3, 5)), run(TRIAL)
    for name in ("y", "person", "arm", "belief", "left", "draw"):
        np.testing.assert_array_equal(getattr(some, name), getattr(all_of_them, name)[3:5])


def test_nobody_is_in_a_trial_twice_and_arms_have_their_weights() -> None:
    conducted = run(TRIAL)
    assert all(len(set(people)) == TRIAL.people for people in conducted.person.tolist())
    drug = (conducted.arm == 0).mean(axis=1)
    # Two strata each end in a block that may be cut short by two of its three people.
    assert np.abs(drug - 2 / 3).max() <= 2 / TRIAL.people + 1e-12


def test_worlds_share_people_allocation_and_noise() -> None:
    planned, null = run(TRIAL, PLANNED), run(TRIAL, NULL)
    np.testing.assert_array_equal(planned.person, null.person)
    np.testing.assert_array_equal(planned.arm, null.arm)


def test_each_replicate_has_its_own_draw_and_the_central_world_the_centre() -> None:
    assert run(TRIAL).draw.tolist() == [number % N_DRAWS for number in range(20)]
    assert set(run(TRIAL, CENTRAL).draw.tolist()) == {CENTRE}


def test_guesses_follow_the_arm_or_are_alike() -> None:
    numbers = range(200)
    planned, alike = run(TRIAL, PLANNED, numbers), run(TRIAL, BLINDED, numbers)
    # 8,000 and 4,000 guesses: 5 standard deviations are below 0.04.
    assert planned.belief[planned.arm == 0].mean() == pytest.approx(0.9, abs=0.04)
    assert planned.belief[planned.arm == 1].mean() == pytest.approx(0.3, abs=0.04)
    patient, rater = guess_probabilities(TRIAL, roster(), BLINDED, CENTRE)
    assert patient == pytest.approx([0.7, 0.7])
    assert rater == pytest.approx([0.5, 0.5])
    assert alike.belief[alike.arm == 0].mean() == pytest.approx(0.7, abs=0.04)


def test_without_a_specific_effect_everybody_has_the_controls_sessions() -> None:
    for scenario, arms in ((PLANNED, {0, 1}), (NULL, {1}), (UNBLINDED, {1})):
        world = World()
        run(TRIAL, scenario, range(2), world)
        assert set(np.concatenate([treated.under for treated in world.seen]).tolist()) == arms


def test_exchanged_engagement_stays_within_an_arm() -> None:
    world = World()
    conducted = run(TRIAL, SHUFFLED, range(3), world)
    for treated, arm in zip(world.seen, conducted.arm, strict=True):
        assert (treated.engaged != treated.person).any()
        for one in (0, 1):
            assert sorted(treated.engaged[arm == one]) == sorted(treated.person[arm == one])


def test_enriched_trials_ask_only_those_who_meet_the_rules() -> None:
    assert run(TRIAL, ENRICHED).person.max() < 100


def test_who_never_started_is_untreated_and_followed() -> None:
    world = World()
    conducted = run(with_dropout(0.3, 0.0), world=world)
    # 1,200 people: 5 standard deviations are 0.066.
    assert 1 - conducted.started.mean() == pytest.approx(0.3, abs=0.066)
    under = np.stack([treated.under for treated in world.seen])
    np.testing.assert_array_equal(under == UNTREATED, conducted.started == 0)
    assert np.isfinite(conducted.y).all()
    assert conducted.belief[conducted.started == 0].sum() == 0


def test_people_leave_for_good_at_the_planned_rate() -> None:
    conducted = run(with_dropout(0.0, 0.2), numbers=range(100))
    missing = np.isnan(conducted.y)
    assert (np.diff(missing.astype(int), axis=2) >= 0).all()
    np.testing.assert_array_equal((~missing).sum(axis=2), conducted.left)
    # 6,000 people: 5 standard deviations are below 0.033.
    assert missing[:, :, 2].mean() == pytest.approx(1 - 0.8**3, abs=0.033)


def test_who_is_worse_leaves_more_often_where_the_plan_says_so() -> None:
    conducted = run(with_dropout(0.0, 0.2, 0.3), numbers=range(50))
    stayed = conducted.left > 0
    assert conducted.baseline[~stayed].mean() > conducted.baseline[stayed].mean() + 1


def test_nobody_leaves_where_the_hazard_is_zero_and_all_do_where_it_is_one() -> None:
    assert np.isfinite(run(TRIAL).y).all()
    arms = tuple(replace(arm, dropout=Dropout(0.0, 1.0)) for arm in TRIAL.arms)
    assert np.isnan(run(replace(TRIAL, arms=arms)).y).all()


def test_a_trial_that_may_grow_has_people_to_grow_by() -> None:
    growing = replace(TRIAL, looks=Looks((0.5, 1.0), reestimation=Reestimation(0.3, 0.8, 1.5)))
    assert most_people(growing) == 90
    assert run(growing).y.shape == (20, 90, 3)
