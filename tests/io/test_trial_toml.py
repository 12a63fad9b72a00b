"""A trial is read whole, and everything that is wrong with it is said at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from trial_text import RIGHT

from adenoscope.core.errors import InputError
from adenoscope.core.people import Population
from adenoscope.core.trial import Criterion, Endpoint, Looks, Reestimation, Trial
from adenoscope.io.trial_toml import criterion, read_trial


def read(tmp_path: Path, text: str) -> Trial:
    path = tmp_path / "trial.toml"
    path.write_text(text, encoding="utf-8")
    return read_trial(path)


def faults(tmp_path: Path, text: str) -> str:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    return "\n".join(map(str, caught.value.problems))


def test_a_right_trial_is_what_it_says(tmp_path: Path) -> None:
    trial = read(tmp_path, RIGHT)
    assert [arm.name for arm in trial.arms] == ["ketamine", "midazolam"]
    assert (trial.control, trial.active) == (1, (0,))
    ketamine, midazolam = trial.arms
    assert ketamine.give[0].duration_s == 2400
    assert (ketamine.weight, ketamine.blinding.patient, ketamine.dropout.never_started) == (2, 0.9, 0.05)
    assert midazolam.is_inert
    assert trial.primary.endpoint == Endpoint("madrs_change", 1.0)
    assert trial.analyses[1].estimand == "composite"
    assert trial.population == Population(madrs_mean=32.0, age_low=21.0)
    assert trial.looks == Looks()


def test_what_is_given_instead_replaces_the_files(tmp_path: Path) -> None:
    path = tmp_path / "trial.toml"
    path.write_text(RIGHT, encoding="utf-8")
    trial = read_trial(path, replicates=9, pool=None, seed=3)
    assert (trial.replicates, trial.pool, trial.seed) == (9, 200, 3)


def test_looks_are_read(tmp_path: Path) -> None:
    looks = "fractions = [0.5, 1.0]\nfutility = 0.1\nkeep = 1\nreestimate_low = 0.3\nreestimate_high = 0.8\n"
    trial = read(tmp_path, f"{RIGHT}\n[looks]\n{looks}reestimate_most = 2.0\n")
    assert trial.looks == Looks((0.5, 1.0), "obrien_fleming", 0.1, Reestimation(0.3, 0.8, 2.0), 1)


def test_rules_of_eligibility_are_read() -> None:
    assert criterion("caffeine_mg_per_day <= 100") == Criterion("caffeine_mg_per_day", "<=", 100.0)
    assert criterion("age>=18.5").text == "age >= 18.5"


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = RIGHT.replace("people = 72", 'people = "many"').replace('kind = "active"', 'kind = "activ"')
    text = text.replace("dose = 0.5", "dose = -0.5").replace('method = "mmrm"', 'method = "mmmr"')
    said = faults(tmp_path, text + '\n[published]\narm = "ketamine"\n')
    for part in ("people: found 'many'", "arm[1].kind", "arm[1].give[1].dose", "analysis[1].method"):
        assert part in said
    assert 'did you mean "active"' in said
    assert "published.difference: missing" in said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('kind = "control"', 'kind = "active"', "0 control and 2 active arms"),
        ("block = 3", "block = 4", "a multiple of the arms' weights, 3"),
        ("day = 1\n\n", "day = 2\n\n", "a visit: 1, 3, 7"),
        ('name = "midazolam"', 'name = "ketamine"', 'arm "ketamine" stands 2 times'),
        ('measure = "response"\n', "", "responder of madrs_change"),
        ('method = "mmrm"', 'method = "mmrm"\nestimand = "composite"', "composite with responder alone"),
        ('method = "mmrm"', 'method = "mmrm"\nimputation = "jump_to_reference"', "with ancova"),
        ("pool = 200", "pool = 20", "at least people, 72"),
        ("weight = 2", "weight = 2\nsession_days = [0, 9]", "after the last visit"),
        ("guess_rater = 0.6\n", "", "arm ketamine: nothing says what is guessed"),
        ("[purpose]", "[purpos]", "the headings of ICH M15"),
        ("visit_days = [1, 3, 7]", "visit_days = [3, 1]", "in rising order"),
        ("age_low = 21", "age_high = 17", "age_low 18 to age_high 17"),
        ("seed = 7", 'seed = 7\nenrich = ["little caffeine"]', "caffeine_mg_per_day <= 100"),
    ],
)
def test_contradictions_are_found(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert RIGHT.count(before) >= 1
    assert said in faults(tmp_path, RIGHT.replace(before, after, 1))


def test_a_file_that_is_not_there_is_one_problem(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_trial(tmp_path / "none.toml")
