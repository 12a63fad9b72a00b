"""Published trials are predicted by a link that did not see them: what the benchmark promises, with few draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adenoscope.core.interval import Interval
from adenoscope.studies.trials import retrodict as module
from adenoscope.studies.trials.published import published_trials
from adenoscope.studies.trials.retrodict import GATE, NULLS, Forecast, density_gain, retrodict, score

FOUND = {name: retrodict(name) for name in GATE}


def forecast(published: float, log_density: float) -> Forecast:
    return Forecast(Interval(-2.0, -4.0, 0.0, ci_prob=0.9), 0.4, published, log_density)


def test_at_least_four_of_five_published_differences_are_inside_the_intervals() -> None:
    assert sum(found.as_run.inside for found in FOUND.values()) >= 4


@pytest.mark.parametrize("name", NULLS)
def test_trials_that_failed_are_not_predicted_to_win(name: str) -> None:
    assert FOUND[name].as_run.wins < 0.5


def test_intervals_are_no_wider_than_chance_and_knowledge_ask_for() -> None:
    for found in FOUND.values():
        # Chance alone gives 1.64 standard errors on each side; three times that would say nothing.
        assert found.as_run.difference.half_width < 3 * 1.64 * found.trial.standard_error


def test_without_the_term_of_small_trials_the_nulls_look_stronger_and_print_is_what_is_run() -> None:
    plain = retrodict("karma_dep_2", selection=False)
    assert plain.as_run.wins > FOUND["karma_dep_2"].as_run.wins
    assert plain.printed == plain.as_run


def test_what_is_printed_is_further_off_than_what_is_run() -> None:
    for found in FOUND.values():
        assert found.printed.difference.estimate < found.as_run.difference.estimate
        assert found.printed.wins > found.as_run.wins


def test_the_density_is_that_of_the_draws_of_the_same_prediction() -> None:
    found = FOUND["pcn_101"].as_run
    # The interval holds 90 % of a nearly normal prediction: its density at what was published, within 5 %.
    sd = found.difference.half_width / 1.645
    normal = -0.5 * (found.error / sd) ** 2 - np.log(sd * np.sqrt(2 * np.pi))
    assert found.log_density == pytest.approx(normal, abs=0.05)


def test_pooled_trials_differ_by_less_than_one_and_are_selected_as_small_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pooled = retrodict("saline_pooled")
    trials = published_trials()
    one = {**trials, "saline_pooled": replace(trials["saline_pooled"], n_trials=1)}
    monkeypatch.setattr(module, "published_trials", lambda: one)
    single = retrodict("saline_pooled")
    assert pooled.as_run.difference.half_width < single.as_run.difference.half_width
    assert pooled.printed.difference.estimate < single.printed.difference.estimate - 1


def test_a_score_counts_what_is_inside_and_keeps_the_sign_of_errors() -> None:
    did = score([forecast(-3.0, -2.0), forecast(-6.0, -4.0)])
    assert (did.n, did.inside, did.log_density, did.error) == (2, 1, -3.0, -2.5)


def test_a_gain_of_density_has_the_standard_error_of_paired_differences() -> None:
    better = [forecast(-3.0, value) for value in (-1.0, -2.0, -2.0)]
    worse = [forecast(-3.0, value) for value in (-2.0, -2.5, -3.5)]
    gain, error = density_gain(better, worse)
    assert gain == pytest.approx(1.0)  # of 1.0, 0.5 and 1.5
    assert error == pytest.approx(0.5 / np.sqrt(3))
    assert density_gain(better, better) == (0.0, 0.0)
