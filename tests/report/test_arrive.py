"""The checklist: every point of ARRIVE 2.0 once, filled from the study where it can be, and missing where it is."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from made_results import a_result, behaviour_result, estimated

from adenoscope.core.arrive import ARRIVE_ITEMS, ARRIVE_KEYS, ArriveAnswer
from adenoscope.core.result import StudyResult
from adenoscope.report.arrive import arrive_checklist, arrive_headline

EVERYTHING = tuple((key, f"what the study says of {key}") for key, _ in ARRIVE_KEYS)


def answers(result: StudyResult) -> dict[str, ArriveAnswer]:
    return {answer.item.number: answer for answer in arrive_checklist(result)}


def found(answer: ArriveAnswer) -> str:
    return " ".join(answer.found).replace("\u00a0", " ")


def test_the_essential_ten_have_22_points_and_the_recommended_set_16() -> None:
    assert Counter(item.essential for item in ARRIVE_ITEMS) == {True: 22, False: 16}
    assert len({item.number for item in ARRIVE_ITEMS}) == 38
    numbers = [int(item.number.rstrip("abcd")) for item in ARRIVE_ITEMS]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, 22))


def test_every_key_is_explained_and_every_point_that_needs_one_has_it() -> None:
    known = {key for key, _ in ARRIVE_KEYS}
    assert len(known) == len(ARRIVE_KEYS)
    assert {key for item in ARRIVE_ITEMS for key in item.keys} | {"sex", "weight"} == known
    assert all(len(words) > 10 for _, words in ARRIVE_KEYS)


def test_every_key_stands_in_the_how_to_as_it_is_explained_here() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "verdicts.md").read_text(encoding="utf-8")
    for key, words in ARRIVE_KEYS:
        assert re.search(rf"^\| `{key}` \| \S+ \| {re.escape(words)} \|$", page, re.MULTILINE), key


def test_a_study_that_says_nothing_misses_what_no_table_holds() -> None:
    checklist = answers(behaviour_result())
    missing = {number for number, answer in checklist.items() if answer.status == "missing" and answer.item.essential}
    assert missing == {"2b", "3a", "4a", "4b", "5", "6b", "9c", "9d"}
    incomplete = {number for number, answer in checklist.items() if answer.status == "incomplete"}
    assert incomplete == {"8a", "8b", "9a", "9b", "13", "20"}
    assert arrive_headline(checklist.values()) == "8 of 22 essential points are missing, and 4 are incomplete."


def test_a_study_that_says_everything_misses_nothing() -> None:
    checklist = answers(behaviour_result(arrive=EVERYTHING))
    assert {answer.status for answer in checklist.values()} == {"answered"}
    assert arrive_headline(checklist.values()) == "All 22 essential points are answered."
    assert ("blinding", "what the study says of blinding") in checklist["5"].stated


def test_groups_animals_and_sexes_are_counted_from_the_tables() -> None:
    checklist = answers(behaviour_result())
    assert "saline, WT, CRS: 7 animals" in found(checklist["1a"])
    assert found(checklist["2a"]).startswith("42 animals in all")
    assert found(checklist["8a"]) == "Sex: 42 F."
    assert "FST immobility (s), distance moved (m)" in found(checklist["6a"])
    assert "Assays 1 h after the treatment" in found(checklist["9b"])


def test_sex_is_owed_where_the_tables_do_not_give_it() -> None:
    result = behaviour_result()
    rows = tuple(replace(row, sex="") for row in result.study.behaviour)
    silent = replace(result, study=replace(result.study, behaviour=rows))
    assert answers(silent)["8a"].lacking == ("species", "strain", "age", "sex")
    stated = replace(silent, study=replace(silent.study, arrive=(("sex", "both, not recorded"),)))
    assert answers(stated)["8a"].lacking == ("species", "strain", "age")


def test_what_was_left_out_is_listed_with_its_reason(whole_result: StudyResult) -> None:
    text = found(answers(whole_result)["3b"])
    assert "Session s07 (m6) was excluded by the laboratory: fibre came loose." in text
    assert "Session s05 was refused: The leak κ is 0.62" in text
    assert "No session was excluded by the laboratory." in found(answers(a_result(estimated()))["3b"])


def test_a_study_without_contrasts_owes_its_results() -> None:
    checklist = answers(a_result(estimated()))
    assert checklist["10b"].status == "missing"
    assert checklist["10b"].lacking == ("effect sizes with intervals",)


@pytest.mark.parametrize("key", ["species", "ethics", "funding"])
def test_one_key_answers_its_own_point_only(key: str) -> None:
    before, after = answers(behaviour_result()), answers(behaviour_result(arrive=((key, "said"),)))
    changed = {number for number in before if before[number] != after[number]}
    assert len(changed) == 1
