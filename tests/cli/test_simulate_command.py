"""`adenoscope simulate` and `adenoscope mechanism` as a user has them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from adenoscope.cli.app import app
from adenoscope.simulation import read_model

PROTOCOL = """\
species = "mouse"
duration_s = 1800
subjects = 8
[[give]]
at_s = 300
compound = "ketamine"
dose = 10.0
unit = "mg/kg"
route = "ip"
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def protocol(tmp_path: Path) -> Path:
    path = tmp_path / "ketamine.toml"
    path.write_text(PROTOCOL, encoding="utf-8")
    return path


def test_a_simulation_says_what_came_out_and_how_far_to_trust_it(protocol: Path) -> None:
    answer = run("simulate", protocol)
    out = protocol.parent / "ketamine-results"
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert answer.exit_code == (3 if summary["subjects"]["failed"] else 0), answer.output
    assert answer.stderr == ""  # no progress bar in a pipe
    for words in ("ketamine.toml: mouse", "dff", "brain_ketamine_um", "unverified", "Did not move", "summary.json"):
        assert words in answer.stdout
    assert max(map(len, answer.stdout.splitlines()[:-2])) <= 120


def test_subjects_seed_and_folder_can_be_given(protocol: Path, tmp_path: Path) -> None:
    run("simulate", protocol, "--subjects", "9", "--seed", "4", "--out", tmp_path / "here")
    summary = json.loads((tmp_path / "here" / "summary.json").read_text(encoding="utf-8"))
    assert (summary["subjects"]["asked"], summary["seed"]) == (9, 4)


def test_a_wrong_protocol_is_1_and_lists_all_problems(protocol: Path) -> None:
    protocol.write_text(PROTOCOL.replace('"mouse"', '"rat"').replace("300", "-1"), encoding="utf-8")
    answer = run("simulate", protocol)
    assert answer.exit_code == 1
    assert "2 problems; nothing was written" in answer.stderr
    assert [path.name for path in protocol.parent.iterdir()] == ["ketamine.toml"]


def test_a_compound_of_compounds_csv_is_given_and_owned_up_to(protocol: Path) -> None:
    protocol.write_text(PROTOCOL.replace('"ketamine"', '"2F-DCK"'), encoding="utf-8")
    table = protocol.parent / "compounds.csv"
    table.write_text("compound,like,nmdar_ki_um,source\n2F-DCK,deschloroketamine,0.7,memory\n", encoding="utf-8")
    answer = run("simulate", protocol)
    assert "brain_2F-DCK_um" in answer.stdout
    assert "2F-DCK: its kinetics are those of deschloroketamine" in answer.stdout


def test_a_wrong_compounds_csv_is_1_and_nothing_is_written(protocol: Path) -> None:
    protocol.write_text(PROTOCOL.replace('"ketamine"', '"X"'), encoding="utf-8")
    table = protocol.parent / "compounds.csv"
    table.write_text("compound,like,a1_ki_um,source\nX,ketamine,0.7,\n", encoding="utf-8")
    answer = run("simulate", protocol)
    assert answer.exit_code == 1
    assert "2 problems; nothing was written" in answer.stderr
    assert "compounds.csv, row 2, column a1_ki_um" in answer.stderr
    assert sorted(path.name for path in protocol.parent.iterdir()) == ["compounds.csv", "ketamine.toml"]


def test_a_protocol_that_is_not_there_is_1(tmp_path: Path) -> None:
    assert run("simulate", tmp_path / "absent.toml").exit_code == 1


def test_nine_percent_for_five_minutes_in_people_is_3_with_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "thin.toml"
    bout = "[[breathe]]\nat_s = 60\nfio2 = 0.09\nduration_s = 300\n"
    path.write_text('species = "human"\nduration_s = 900\n' + bout, encoding="utf-8")
    answer = run("simulate", path)
    assert answer.exit_code == 3
    assert "at most 90 s" in answer.stderr


def test_a_subject_that_failed_makes_it_3(protocol: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from adenoscope.studies import simulate_protocol as study

    original = study.judge_simulation

    def one_failed(*arguments):
        from dataclasses import replace

        return replace(original(*arguments), failed=({"subject": 2, "reason": "made to fail", "reached_s": 7.0},))

    monkeypatch.setattr(study, "judge_simulation", one_failed)
    answer = run("simulate", protocol)
    assert answer.exit_code == 3
    assert "1 failed; subject 2: made to fail" in answer.stdout


def test_results_are_not_put_where_a_file_is(protocol: Path) -> None:
    answer = run("simulate", protocol, "--out", protocol)
    assert answer.exit_code == 1
    assert "is a file" in answer.stderr
    assert protocol.read_text(encoding="utf-8") == PROTOCOL


@pytest.mark.parametrize("species", ["mouse", "human"])
def test_the_mechanism_is_shown_with_its_sources(species: str) -> None:
    answer = run("mechanism", "show", "--species", species)
    assert answer.exit_code == 0
    for words in (f"The mechanism of a {species}", "states", "adk_neuron", "adenosine_rest", "unverified"):
        assert words in answer.stdout


def test_one_piece_is_shown_alone_and_an_unknown_one_is_bad_usage() -> None:
    answer = run("mechanism", "show", "--piece", "purines")
    assert "adenosine_rest" in answer.stdout
    assert "ketamine_clearance" not in answer.stdout
    assert run("mechanism", "show", "--piece", "soul").exit_code == 2


def test_the_mechanism_is_exported_for_other_programs(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "mouse.xml"
    answer = run("mechanism", "export", file)
    assert (answer.exit_code, answer.stdout.strip()) == (0, str(file))
    assert "dff" in read_model(file).system.quantities
    assert [path.name for path in file.parent.iterdir()] == ["mouse.xml"]


def test_an_export_to_a_folder_is_1(tmp_path: Path) -> None:
    assert run("mechanism", "export", tmp_path).exit_code == 1


def test_the_mechanism_opens_with_what_its_pieces_take_from_each_other() -> None:
    lines = run("mechanism", "show").stdout.splitlines()
    assert lines[2].startswith("pharmacokinetics  <-  protocol: doses")
    energy = next(line for line in lines if line.startswith("energy"))
    assert "oxygen: pto2 ·" in energy
    assert "ketamine_brain, norketamine_brain, and 2 more" in energy


def test_the_diagram_of_the_mechanism_is_drawn(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "mouse.svg"
    answer = run("mechanism", "show", "--piece", "sensor", "--diagram", file)
    assert (answer.exit_code, answer.stdout.splitlines()[-1]) == (0, str(file))
    assert file.read_text(encoding="utf-8").startswith("<?xml")
    assert [path.name for path in file.parent.iterdir()] == ["mouse.svg"]


def test_a_diagram_to_a_folder_or_below_a_file_is_1_and_nothing_is_shown(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for place in (tmp_path, tmp_path / "file" / "mouse.svg"):
        answer = run("mechanism", "show", "--diagram", place)
        assert (answer.exit_code, answer.stdout) == (1, "")
