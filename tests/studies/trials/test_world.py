"""What a trial expects, in a world of few people and a made-up link: parts add up, and nothing comes from nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adenoscope.core.parameter import load_values
from adenoscope.core.people import People
from adenoscope.core.protocol import Dose
from adenoscope.core.trial import Analysis, Arm, Assumption, Blinding, Dropout, Endpoint, Purpose, Trial
from adenoscope.studies.trials.conduct import CENTRE
from adenoscope.studies.trials.expected import (
    Difference,
    expected_difference,
    individual_effects,
    single_bound,
    size_curve,
    success,
)
from adenoscope.studies.trials.exposure import Exposure
from adenoscope.studies.trials.link import Link
from adenoscope.studies.trials.tornado import swings
from adenoscope.studies.trials.world import World, assumed_draws, guess_chances, link_problems, make_world

KETAMINE = Dose(0.0, "ketamine", 0.5, "mg/kg", "iv", 2400.0)
TRIAL = Trial(
    name="made up",
    people=100,
    arms=(
        Arm("drug", "active", give=(KETAMINE,), blinding=Blinding(like="ketamine")),
        Arm("placebo", "control", blinding=Blinding(0.3, 0.2)),
    ),
    visit_days=(1.0, 7.0),
    analyses=(Analysis("primary", "ancova", Endpoint("madrs_change", 1.0), "treatment_policy"),),
    purpose=Purpose("Does it?", "a test", "low", "low"),
)
N, N_PEOPLE = 50, 80
EVERYBODY, FIRST = np.arange(N_PEOPLE), np.array([0, 1, CENTRE])


def link(**values: float) -> Link:
    """Return a link whose parameters have the values of the priors, those given in their place, in every draw."""
    known = {
        name: entry.value
        for table in ("effect", "expectation", "placebo", "belief")
        for name, entry in load_values("madrs_link")[table].items()
    }
    draws = {name: np.full(N, value) for name, value in (known | values).items()}
    return Link({}, draws, (), 1.0)


def people() -> People:
    random = np.random.default_rng(3)
    return People(
        {
            "madrs": random.uniform(38, 42, N_PEOPLE),  # so high that no score ends at 0
            "failed_trials": np.full(N_PEOPLE, 2.0),
            "adora2a_t": random.integers(0, 3, N_PEOPLE).astype(float),
        }
    )


def world(trial: Trial = TRIAL, engagement: float = 1.0, **values: float) -> World:
    rises = np.column_stack([np.full(N_PEOPLE, engagement), np.zeros(N_PEOPLE)])
    quiet = {"placebo_sd": 1.0, "residual_sd": 1.0, "placebo_tau": 0.1, "adora2a": 0.0}
    return make_world(trial, people(), Exposure(rises, rises), link(**(quiet | values)))


def expected(trial: Trial, made: World) -> Difference:
    return expected_difference(trial, made, 0, EVERYBODY, FIRST)


def test_parts_are_what_the_link_makes_them() -> None:
    made = world(slope=4.0, expectancy=3.0, rater_bias=1.0, belief_ketamine=0.8, half_life=1.0)
    found = expected(TRIAL, made)
    # One session a day before, of which half is left: g(1/2) = (1/2) (1 + c) / (1/2 + c).
    c = float(made.parameters["saturation"][0])
    assert found.specific == pytest.approx(-4.0 * 0.5 * (1 + c) / (0.5 + c), rel=1e-9)
    assert found.unblinding == pytest.approx(-(3.0 * 0.5 + 1.0 * 0.6), rel=1e-9)
    assert found.total == pytest.approx(found.specific + found.unblinding, rel=1e-12)


def test_nothing_comes_of_nothing() -> None:
    alike = replace(TRIAL, arms=(replace(TRIAL.arms[0], blinding=Blinding(0.3, 0.2)), TRIAL.arms[1]))
    assert expected(alike, world(alike, slope=0.0)).total == pytest.approx(0, abs=1e-9)
    assert expected(alike, world(alike, engagement=0.0, slope=4.0)).total == pytest.approx(0, abs=1e-9)


def test_who_never_starts_dilutes_both_parts() -> None:
    dropout = Dropout(never_started=0.25)
    diluted = replace(TRIAL, arms=tuple(replace(arm, dropout=dropout) for arm in TRIAL.arms))
    whole, part = expected(TRIAL, world(slope=4.0)), expected(diluted, world(diluted, slope=4.0))
    assert part.total == pytest.approx(0.75 * whole.total, rel=1e-9)


def test_a_floor_takes_some_of_an_effect_away() -> None:
    made = world(slope=4.0)
    low = replace(made, people=People({**made.people.covariates, "madrs": np.full(N_PEOPLE, 8.0)}))
    assert expected(TRIAL, low).specific[0] > 0.9 * expected(TRIAL, made).specific[0]


def test_people_differ_by_their_engagement_and_by_nothing_else_here() -> None:
    made = world(slope=4.0)
    assert np.ptp(individual_effects(TRIAL, made, 0, EVERYBODY)) == pytest.approx(0, abs=1e-12)
    rises = np.column_stack([np.linspace(0, 3, N_PEOPLE), np.zeros(N_PEOPLE)])
    effects = individual_effects(TRIAL, replace(made, adenosine=rises), 0, EVERYBODY)
    assert (np.diff(effects) > 0).all()


def test_success_is_the_error_of_the_first_kind_where_there_is_no_difference() -> None:
    none = success(np.zeros(1), np.zeros(1), np.array([2.0]), single_bound(TRIAL))
    assert none == pytest.approx(TRIAL.alpha / 2, rel=1e-9)


def test_sizes_are_those_of_the_textbook() -> None:
    # 188 people an arm tell 3.16 points at an SD of 10.9 with 80 % by Student's t, 187 by the normal distribution.
    error = 10.9 * np.sqrt(4 / TRIAL.people)
    difference = Difference(np.full(3, -3.16), np.zeros(3), np.zeros(3))
    curve = size_curve(TRIAL, difference, np.full(3, error), difference, error)
    assert curve.for_power == pytest.approx(2 * 187, abs=1)
    assert curve.for_assurance == curve.for_power
    assert curve.limit == pytest.approx(1)
    assert (np.diff(curve.power) > 0).all()


def test_no_size_is_found_for_what_may_be_nothing() -> None:
    drawn = Difference(np.array([-3.0, 0.0, 1.0]), np.zeros(3), np.zeros(3))
    centre = Difference(np.zeros(1), np.zeros(1), np.zeros(1))
    curve = size_curve(TRIAL, drawn, np.full(3, 2.0), centre, 2.0)
    assert curve.for_power is None
    assert curve.for_assurance is None
    assert curve.limit < 0.5


def test_the_tornado_holds_what_moves_the_answer_and_nothing_else() -> None:
    made = world(slope=4.0)
    wide = {**made.parameters, "slope": np.append(np.linspace(0, 8, N), 4.0)}
    wide["belief_hypoxia"] = np.append(np.linspace(0, 1, N), 0.5)
    found = swings(TRIAL, replace(made, parameters=wide), 0, EVERYBODY, 2.0)
    assert [swing.name for swing in found] == ["slope"]
    assert found[0].at_low > found[0].at_high
    assert found[0].power_low < found[0].power_high


def test_an_assumption_replaces_the_links_draws() -> None:
    assumed = replace(TRIAL, assumptions=(Assumption("expectancy", 0.0, 0.0, 0.0, "nobody believes anything"),))
    made = world(assumed, expectancy=5.0, rater_bias=0.0)
    assert expected(assumed, made).unblinding == pytest.approx(0, abs=1e-9)


def test_assumed_draws_hold_what_was_assumed() -> None:
    drawn = assumed_draws(Assumption("placebo_quick", 7.0, 4.0, 12.0, "a test"), 20_000, np.random.default_rng(1))
    # 2.5 and 97.5 % of 20,000 draws, within 4 standard errors of a quantile.
    assert np.quantile(drawn, (0.025, 0.5, 0.975)) == pytest.approx([4.0, 7.0, 12.0], rel=0.04)


def test_guesses_are_given_or_are_the_links() -> None:
    made = world(belief_ketamine=0.8)
    patient, rater = guess_chances(TRIAL, made.parameters)
    assert patient[0].tolist() == [0.8, 0.3]
    assert rater[-1].tolist() == [0.8, 0.2]
    given = replace(TRIAL, arms=(replace(TRIAL.arms[0], blinding=Blinding(None, 0.6, "ketamine")), TRIAL.arms[1]))
    assert guess_chances(given, made.parameters)[1][0].tolist() == [0.6, 0.2]


def test_names_that_the_link_does_not_have_are_problems() -> None:
    wrong = replace(TRIAL, assumptions=(Assumption("expectancie", 1.0, 0.0, 2.0, "a test"),))
    (problem,) = link_problems(wrong, "trial.toml")
    assert 'did you mean "expectancy"' in problem.remedy


def test_values_of_the_link_that_no_trial_draws_cannot_be_assumed() -> None:
    (problem,) = link_problems(assuming("nasal_share", 0.5, 0.4, 0.6), "trial.toml")
    assert problem.found == "assume: nasal_share"


@pytest.mark.parametrize(
    ("name", "value", "low", "high", "allowed"),
    [
        ("belief_ketamine", 0.9, 0.5, 1.2, "high below 1"),
        ("adenosine_share", 0.5, 0.0, 0.9, "low above 0"),
        ("half_life", 3.0, 0.0, 6.0, "low above 0"),
        ("belief_sham_air", 1.1, 1.1, 1.1, "from 0 to 1"),
    ],
)
def test_ranges_that_a_parameter_cannot_have_are_problems(
    name: str, value: float, low: float, high: float, allowed: str
) -> None:
    (problem,) = link_problems(assuming(name, value, low, high), "trial.toml")
    assert name in problem.found
    assert allowed in problem.allowed


@pytest.mark.parametrize("exact", [0.0, 0.3, 1.0])
def test_a_share_may_be_assumed_exactly(exact: float) -> None:
    trial = assuming("adenosine_share", exact, exact, exact)
    assert link_problems(trial, "trial.toml") == []
    assert set(assumed_draws(trial.assumptions[0], 5, np.random.default_rng(1)).tolist()) == {exact}


def test_a_range_of_points_is_drawn_in_points_though_it_lies_between_0_and_1() -> None:
    drawn = assumed_draws(Assumption("rater_bias", 0.9, 0.5, 0.99, "a test"), 20_000, np.random.default_rng(1))
    assert drawn.max() > 1  # the tail of a log-normal; drawn by its odds it would end at 1


def assuming(name: str, value: float, low: float, high: float) -> Trial:
    return replace(TRIAL, assumptions=(Assumption(name, value, low, high, "a test"),))
