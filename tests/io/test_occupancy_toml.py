"""A question of occupancy is read whole: what is right becomes a design, what is wrong is said at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from adenoscope.io.occupancy_toml import OccupancySurvey, survey_occupancy

COFFEE = """\
species = "human"
duration_h = 48
[[give]]
compound = "caffeine"
dose = 200
unit = "mg"
route = "oral"
"""


def survey(folder: Path, text: str) -> OccupancySurvey:
    path = folder / "design.toml"
    path.write_text(text, encoding="utf-8")
    return survey_occupancy(path)


def faults(found: OccupancySurvey) -> str:
    return "\n".join(str(problem) for problem in found.problems)


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    design = survey(tmp_path, COFFEE).design
    assert design is not None
    assert (design.subjects, design.every_min, design.region, design.groups) == (200, 15.0, "mPFC", ("reference",))
    assert (design.first_s, design.last_s, design.challenge_s) == (0.0, 0.0, None)


def test_a_repeated_dose_is_so_many_single_ones(tmp_path: Path) -> None:
    design = survey(tmp_path, COFFEE + "at_h = 8\nrepeat = 3\nevery_h = 4\n").design
    assert design is not None
    assert [dose.at_s / 3600 for dose in design.give] == [8, 12, 16]


def test_what_raises_adenosine_stands_apart(tmp_path: Path) -> None:
    text = COFFEE + '[[challenge.give]]\nat_h = 2\ncompound = "ketamine"\ndose = 0.5\nunit = "mg/kg"\nroute = "iv"\n'
    text += "[[challenge.breathe]]\nat_h = 1\nfio2 = 0.1\nduration_s = 60\nrepeat = 3\nrest_s = 60\n"
    design = survey(tmp_path, text).design
    assert design is not None
    assert [dose.compound for dose in design.challenge] == ["ketamine"]
    assert design.challenge_s == 3600
    assert len(design.breathe[0].bouts) == 3


def test_a_half_life_alone_leaves_the_reference_out_and_beside_groups_it_joins_them(tmp_path: Path) -> None:
    alone = survey(tmp_path, "half_life_h = 5\n" + COFFEE).design
    beside = survey(tmp_path, 'half_life_h = [5, 10]\ngroups = ["reference", "smoker"]\n' + COFFEE).design
    assert alone is not None
    assert beside is not None
    assert (alone.groups, alone.half_lives_h) == ((), (5.0,))
    assert (beside.groups, beside.half_lives_h) == (("reference", "smoker"), (5.0, 10.0))


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = 'duration = 3\nspecies = "rat"\ngroups = ["smokers"]\nhalf_life_h = -1\n[[give]]\ncompund = "caffeine"\n'
    said = faults(survey(tmp_path, text))
    for words in ("duration: an unknown key", "species", "groups", "half_life_h", "compund", "dose: missing"):
        assert words in said
    assert 'did you mean "duration_h"?' in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("duration_h = 48", "duration_h = 4\nevery_min = 300"), "every_min"),
        (('"oral"', '"oral"\nat_h = 50'), "after the end"),
        (("duration_h = 48", "duration_h = 48\nsubjects = 100000\nevery_min = 1"), "at most"),
        (('species = "human"', 'species = "mouse"\ngroups = ["smoker"]'), "in mice"),
        (("[[give]]", "challenge = 3\n[[give]]"), "challenge"),
        (("[[give]]", "[[challenge.gve]]\nat_h = 3\n[[give]]"), 'did you mean "give"?'),
    ],
)
def test_entries_that_contradict_each_other_are_told(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    assert words in faults(survey(tmp_path, COFFEE.replace(*change)))


def test_one_half_life_cannot_be_that_of_two_compounds(tmp_path: Path) -> None:
    second = COFFEE[COFFEE.index("[[give]]") :].replace("caffeine", "theophylline")
    assert "2 compounds" in faults(survey(tmp_path, "half_life_h = 5\n" + COFFEE + second))


def test_bouts_that_overlap_are_told_in_the_words_of_a_protocol(tmp_path: Path) -> None:
    bouts = "[[challenge.breathe]]\nat_h = 1\nfio2 = 0.12\nduration_s = 120\nrepeat = 3\n"
    assert "no rest between them" in faults(survey(tmp_path, COFFEE + bouts))


def test_nothing_given_is_a_problem_with_an_example(tmp_path: Path) -> None:
    assert 'compound = "caffeine"' in faults(survey(tmp_path, 'species = "human"\nduration_h = 4\n'))
    assert "no such file" in faults(survey_occupancy(tmp_path / "absent.toml"))
