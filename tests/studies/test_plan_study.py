"""Planning: a study.toml in, the animals that each question needs out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adenoscope.cli.app import app
from adenoscope.core.errors import InputError
from adenoscope.io.study_toml import read_head
from adenoscope.studies.plan_study import plan_study, write_plan

HEAD = 'name = "Planned"\nsensor = "GRAB_Ado1.0"\nvehicle = "saline"\n'
FST = '[[plan]]\nreadout = "FST immobility"\nunit = "s"\neffect = -40\nsd = 21\n'


def document(folder: Path, text: str) -> Path:
    path = folder / "study.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def test_each_question_has_its_number_of_animals_and_the_hard_ones_need_more(tmp_path: Path) -> None:
    path = document(tmp_path, '[equivalence_margin]\n"FST immobility" = 20\n' + FST + "attrition = 0.1\n")
    (item,) = plan_study(path)
    sizes = [need.n or 0 for need in item.needs]
    assert item.plan.margin == 20
    # d = 1.9 and a margin of half the effect: see test_planning for where these come from.
    assert sizes == sorted(sizes)
    assert sizes[2] == pytest.approx(20, abs=2)
    assert sizes[3] == pytest.approx(38, abs=3)
    assert item.needs[2].total == 4 * sizes[2]
    assert (item.needs[2].start_with or 0) * 0.9 >= 4 * sizes[2]
    for need in item.needs:
        before = [chance for size, chance in need.curve if size < 0.8 * (need.n or 0)]
        after = [chance for size, chance in need.curve if size > 1.2 * (need.n or 0)]
        assert max(before, default=0) < 0.8 < min(after)


def test_the_same_file_is_a_valid_study(tmp_path: Path) -> None:
    problems: list = []
    document(tmp_path, FST)
    read_head(tmp_path, problems)
    assert problems == []


def test_a_folder_stands_for_its_study_toml(tmp_path: Path) -> None:
    document(tmp_path, FST + 'design = "paired"\nmargin = 20\n')
    assert plan_study(tmp_path) == plan_study(tmp_path / "study.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no [[plan]]"),
        (FST.replace("sd = 21", "sd = 0"), "plan[1].sd: found 0"),
        (FST.replace("effect = -40\n", ""), "plan[1].effect: missing"),
        (FST + 'design = "cross"\n', 'did you mean "crossed"?'),
        (FST + "marign = 20\n", "marign: an unknown key"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_with_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        plan_study(document(tmp_path, text))
    assert said in str(caught.value)


def test_the_command_prints_and_writes_the_same_numbers(tmp_path: Path) -> None:
    path = document(tmp_path, FST + "margin = 30\n")
    answer = CliRunner().invoke(app, ["power", str(path), "--out", str(tmp_path / "plan")])
    assert answer.exit_code == 0, answer.output
    written = json.loads((tmp_path / "plan" / "power.json").read_text())
    for need in written["plans"][0]["needs"]:
        assert f"{need['question']}: {need['n']} in each group, {need['total']} in all" in answer.output


def test_an_effect_that_no_study_could_tell_is_said_to_be_so(tmp_path: Path) -> None:
    path = document(tmp_path, FST.replace("effect = -40", "effect = -1") + "margin = 0.5\n")
    answer = CliRunner().invoke(app, ["power", str(path)])
    assert "more animals than were tried" in answer.output
    planned = plan_study(path)
    assert json.loads(write_plan(tmp_path, planned).read_text())["plans"][0]["needs"][3]["n"] is None
