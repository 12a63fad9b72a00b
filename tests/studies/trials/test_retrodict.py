"""Published trials are predicted by a link that did not see them: what the benchmark promises, with few draws."""

from __future__ import annotations

import pytest

from adenoscope.studies.trials.retrodict import GATE, NULLS, retrodict

FOUND = {name: retrodict(name) for name in GATE}


def test_at_least_four_of_five_published_differences_are_inside_the_intervals() -> None:
    assert sum(found.inside for found in FOUND.values()) >= 4


@pytest.mark.parametrize("name", NULLS)
def test_trials_that_failed_are_not_predicted_to_win(name: str) -> None:
    assert FOUND[name].power < 0.5


def test_intervals_are_no_wider_than_chance_and_knowledge_ask_for() -> None:
    for found in FOUND.values():
        # Chance alone gives 1.64 standard errors on each side; three times that would say nothing.
        assert found.difference.half_width < 3 * 1.64 * found.trial.standard_error


def test_without_the_term_of_small_trials_the_nulls_look_stronger() -> None:
    assert retrodict("karma_dep_2", selection=False).power > FOUND["karma_dep_2"].power
