"""The link: its prior owes nobody an effect, published trials move it, and a trial left out is not seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adenoscope.core.errors import InputError
from adenoscope.core.parameter import load_values
from adenoscope.studies.trials import link as linking
from adenoscope.studies.trials.link import (
    drug_effect,
    link_draws,
    placebo_effect,
    predicted,
    prior_draws,
    remaining,
    saturate,
)
from adenoscope.studies.trials.published import DESIGNS, published_trials

ALL = link_draws(2000, 1)


def test_before_any_trial_the_drug_may_as_well_do_harm() -> None:
    assert np.mean(ALL.prior["slope"] > 0) == pytest.approx(0.5, abs=0.04)  # 4 standard errors of 2,000 draws


def test_priors_hold_what_the_table_says() -> None:
    drawn = prior_draws(40_000, np.random.default_rng(1))
    for table in linking.OF_PRIORS:
        for name, constant in load_values("madrs_link")[table].items():
            inside = np.mean((drawn[name] >= constant.low) & (drawn[name] <= constant.high))
            assert inside == pytest.approx(0.95, abs=0.006), name  # 5 standard errors of a share


def test_published_trials_narrow_the_slope_and_expectancy_and_keep_many_draws() -> None:
    assert ALL.draws["slope"].std() < 0.5 * ALL.prior["slope"].std()
    assert ALL.draws["expectancy"].std() < ALL.prior["expectancy"].std()
    assert ALL.effective > 1000


def test_what_no_trial_speaks_about_stays_as_it_was() -> None:
    for name in ("resistance", "adora2a", "ect_potency", "residual_sd"):
        assert ALL.draws[name].mean() == pytest.approx(ALL.prior[name].mean(), abs=0.2 * ALL.prior[name].std())


def test_the_same_seed_gives_the_same_draws() -> None:
    again = link_draws(2000, 1)
    np.testing.assert_array_equal(again.draws["slope"], ALL.draws["slope"])


def test_a_trial_left_out_is_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    before = link_draws(500, 2, without=("karma_dep_2",)).draws["slope"]
    trials = dict(published_trials())
    told = trials["karma_dep_2"]
    trials["karma_dep_2"] = replace(told, difference=replace(told.difference, value=-40.0, low=-41.0))
    monkeypatch.setattr(linking, "published_trials", lambda: trials)
    linking._weighed.cache_clear()
    np.testing.assert_array_equal(link_draws(500, 2, without=("karma_dep_2",)).draws["slope"], before)
    assert not np.array_equal(link_draws(500, 2).draws["slope"], before)
    linking._weighed.cache_clear()


def test_a_trial_that_calibrates_nothing_cannot_be_left_out() -> None:
    with pytest.raises(InputError, match="murrough_2013"):
        link_draws(10, 1, without=("hypoxia_pilot",))


def test_engagement_is_worth_one_at_the_reference_and_saturates() -> None:
    saturation = np.array(1.5)
    assert saturate(np.array(1.0), saturation) == 1
    assert saturate(np.array(1e6), saturation) == pytest.approx(2.5, rel=1e-4)
    assert saturate(np.array(0.0), saturation) == 0


def test_sessions_add_up_and_decay_by_half_in_a_half_life() -> None:
    assert remaining((0.0,), 5.0, np.array(5.0)) == pytest.approx(0.5)
    assert remaining((0.0, 5.0), 5.0, np.array(5.0)) == pytest.approx(1.5)
    assert remaining((0.0, 9.0), 5.0, np.array(5.0)) == pytest.approx(0.5)  # the future does not count


def test_blinding_alone_separates_arms_when_the_drug_does_nothing() -> None:
    draw = {name: values[:50] for name, values in ALL.prior.items()} | {"slope": np.zeros(50)}
    worth = draw["expectancy"] + draw["rater_bias"]
    nothing = np.zeros(50)
    difference, _ = predicted(draw, published_trials()["murrough_2013"], nothing)
    beliefs = draw["belief_ketamine"] - draw["belief_midazolam"]
    assert np.corrcoef(-difference, worth * beliefs)[0, 1] > 0.99
    masked, _ = predicted(draw, published_trials()["lii_2023"], nothing)
    np.testing.assert_allclose(masked, 0, atol=1e-9)  # both arms believe the same


def test_hypoxia_that_people_may_breathe_hardly_engages_receptors() -> None:
    draw = {name: values[:200] for name, values in ALL.draws.items()}
    hypoxia = drug_effect(draw, published_trials()["hypoxia_pilot"].design)
    assert np.median(np.abs(hypoxia)) < 0.3 * np.median(np.abs(drug_effect(draw, DESIGNS["murrough_2013"])))


def test_placebo_grows_over_weeks_of_care_alone() -> None:
    draw = {name: values[:5] for name, values in ALL.prior.items()}
    np.testing.assert_array_equal(placebo_effect(draw, 28.0, False), draw["placebo_quick"])
    assert (placebo_effect(draw, 28.0, True) > draw["placebo_quick"]).all()
