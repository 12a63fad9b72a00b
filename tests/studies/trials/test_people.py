"""Virtual people: the same person whoever else is drawn, with the spreads and correlations of their sources."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.core.parameter import load_values
from adenoscope.core.people import Population
from adenoscope.studies.trials.people import SCORES, correlations, draw_people

MANY = draw_people(60_000, 3)


def test_a_person_depends_on_the_seed_and_their_number_alone() -> None:
    few, more = draw_people(50, 7), draw_people(9_000, 7)
    for name in few.covariates:
        np.testing.assert_array_equal(few[name], more[name][:50])


def test_another_seed_gives_other_people() -> None:
    assert not np.array_equal(draw_people(20, 1)["age"], draw_people(20, 2)["age"])


def test_correlations_fit_together() -> None:
    assert np.linalg.eigvalsh(correlations()).min() > 0.1  # far from a matrix that no variables have
    assert correlations().shape == (len(SCORES), len(SCORES))


def test_limits_of_inclusion_are_kept() -> None:
    people = draw_people(5_000, 1, Population(age_low=65, age_high=80, age_mean=70, madrs_low=28, failed_low=2))
    assert people["age"].min() >= 65
    assert people["age"].max() <= 80
    assert people["madrs"].min() >= 28
    assert people["failed_trials"].min() == 2
    assert np.mean(people["madrs"] == 28) < 0.01  # cut off, not moved to the edge


@pytest.mark.parametrize(
    ("name", "table", "entry"),
    [("female", "recruited", "female_share"), ("smoker", "recruited", "smoker_share")],
)
def test_shares_are_those_of_the_source(name: str, table: str, entry: str) -> None:
    # Four standard errors of a share in 60,000 people.
    assert MANY[name].mean() == pytest.approx(load_values("people")[table][entry].value, abs=0.008)


def test_caffeine_is_as_in_the_survey_and_higher_in_men_and_smokers() -> None:
    drinkers = MANY["caffeine_mg_per_day"] > 0
    daily, female = MANY["caffeine_mg_per_day"][drinkers], MANY["female"][drinkers] == 1
    # Means that were read, 224 and 170; 5 % for the correlation with age and Monte Carlo.
    assert daily[~female].mean() == pytest.approx(224, rel=0.05)
    assert daily[female].mean() == pytest.approx(170, rel=0.05)
    smokes = MANY["smoker"][drinkers] == 1
    assert np.median(daily[smokes]) > 1.2 * np.median(daily[~smokes])


def test_smoking_speeds_and_contraceptives_slow_caffeine() -> None:
    smokes, pill = MANY["smoker"] == 1, MANY["contraceptive"] == 1
    plain = np.median(MANY["cyp1a2"][~smokes & ~pill])
    assert plain == pytest.approx(1.0, rel=0.03)
    assert np.median(MANY["cyp1a2"][smokes & ~pill]) == pytest.approx(1.55, rel=0.04)
    assert np.median(MANY["cyp1a2"][~smokes & pill]) == pytest.approx(0.55, rel=0.05)
    assert MANY["female"][pill].min() == 1


def test_abstinence_lengthens_the_time_since_caffeine() -> None:
    people = draw_people(500, 1, Population(caffeine_abstinence_h=24))
    assert people["caffeine_h"].min() == 24


def test_alleles_are_in_hardy_weinberg_proportion() -> None:
    share = load_values("people")["receptor"]["adora2a_t"].value
    found = [np.mean(MANY["adora2a_t"] == count) for count in (0, 1, 2)]
    assert found == pytest.approx([(1 - share) ** 2, 2 * share * (1 - share), share**2], abs=0.008)


def test_people_can_be_taken_more_than_once() -> None:
    taken = MANY.take([5, 5, 2])
    assert taken.n == 3
    assert taken["age"][0] == taken["age"][1] == MANY["age"][5]
