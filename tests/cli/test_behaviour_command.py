"""``adenoscope behaviour``: from exports to a behaviour.csv that a study is checked with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adenoscope.cli.app import app
from behaviour_exports import (
    anymaze_segments,
    boris_aggregated,
    boris_tabular_7,
    boris_tabular_8,
    deeplabcut,
    ethovision_track,
    intake,
    write_text,
    write_workbook,
)

Everything = Callable[[Path], dict[str, bytes]]

SCORING = """\
animals = "animals.csv"

[[assay]]
name = "FST immobility"
score = "immobility"
files = "fst/*.csv"
behaviour = "immobile"
window_s = [120, 360]

[[assay]]
name = "Open field"
score = "distance"
unit = "cm"
files = ["of/trial1.xlsx"]
missing_percent = 10

[[assay]]
name = "Sucrose preference"
score = "preference"
files = "spt.csv"

[[assay]]
name = "NSF latency"
score = "latency"
files = "nsf.csv"
behaviour = "eat"
window_s = [0, 600]
never_s = 600
"""
ANIMALS = """\
recording,animal,treatment,subject,start_s,dose,dose_unit,genotype,sex,cohort,exclude
fst/m1.csv,m1,ketamine,,10,10,mg/kg,WT,F,a,
fst/m2.csv,m2,saline,,,,,Adora1-KO,M,a,
of/trial1.xlsx,m1,ketamine,,,10,mg/kg,WT,F,a,
of/trial1.xlsx,m2,saline,Track-Arena 2-Subject 1,,,,Adora1-KO,M,a,
spt.csv,m1,ketamine,,,10,mg/kg,WT,F,a,
spt.csv,m2,saline,,,,,Adora1-KO,M,a,bottle leaked
nsf.csv,m1,ketamine,,,10,mg/kg,WT,F,a,
"""
WRITTEN = """\
animal,assay,value,unit,treatment,dose,dose_unit,genotype,condition,pretreatment,time_h,sex,cohort
m1,FST immobility,59.75,s,ketamine,10,mg/kg,WT,,,,F,a
m2,FST immobility,60.25,s,saline,,,Adora1-KO,,,,M,a
m1,Open field,25,cm,ketamine,10,mg/kg,WT,,,,F,a
m2,Open field,25,cm,saline,,,Adora1-KO,,,,M,a
m1,Sucrose preference,75,%,ketamine,10,mg/kg,WT,,,,F,a
m1,NSF latency,10.5,s,ketamine,10,mg/kg,WT,,,,F,a
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a study folder that lacks behaviour.csv, with exports of five programs beside study.toml."""
    study = tmp_path / "study"
    for name in ("fst", "of"):
        (study / name).mkdir(parents=True)
    head = 'name = "S"\nsensor = "GRAB_Ado1.0"\nvehicle = "saline"\n'
    (study / "study.toml").write_text(head, encoding="utf-8")
    (study / "scoring.toml").write_text(SCORING, encoding="utf-8")
    (study / "animals.csv").write_text(ANIMALS, encoding="utf-8")
    write_text(study / "fst" / "m1.csv", boris_tabular_7())
    write_text(study / "fst" / "m2.csv", [row for row in boris_aggregated() if row[0] != "m1"])
    sheets = {f"Track-Arena {n}-Subject 1": ethovision_track(f"m{n}" if n == 1 else "9") for n in (1, 2)}
    write_workbook(study / "of" / "trial1.xlsx", sheets)
    write_text(study / "spt.csv", intake())
    write_text(study / "nsf.csv", boris_tabular_8())
    return study


def call(*arguments: str | Path):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def refused(folder: Path, *arguments: str) -> str:
    answer = call("behaviour", folder / "scoring.toml", *arguments)
    assert answer.exit_code == 1, answer.output
    assert "nothing was written" in answer.stderr
    return answer.stderr


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_exports_of_five_programs_become_a_table_that_passes_the_check(folder, everything: Everything) -> None:
    before = everything(folder)
    answer = call("behaviour", folder / "scoring.toml")
    assert answer.exit_code == 0, answer.stderr
    assert (folder / "behaviour.csv").read_text(encoding="utf-8") == WRITTEN
    after = everything(folder)
    assert after.pop("behaviour.csv")
    assert after == before
    checked = call("check", folder)
    assert checked.exit_code == 0, checked.stderr
    assert "FST immobility: 2 rows, 59.75 to 60.25 s (immobility of immobile, 120 to 360 s)" in answer.stdout
    assert "excluded m2 (spt.csv): bottle leaked" in answer.stdout


def test_the_same_again_changes_nothing_and_is_no_error(folder) -> None:
    call("behaviour", folder / "scoring.toml")
    written = (folder / "behaviour.csv").stat().st_mtime_ns
    assert call("behaviour", folder / "scoring.toml").exit_code == 0
    assert (folder / "behaviour.csv").stat().st_mtime_ns == written


def test_a_table_that_says_something_else_is_not_overwritten(folder, everything: Everything) -> None:
    call("behaviour", folder / "scoring.toml")
    change(folder / "scoring.toml", "window_s = [120, 360]", "window_s = [150, 360]")
    before = everything(folder)
    said = refused(folder)
    assert "with 6 rows, and it says something else" in said
    assert "keeps the 0 rows of other assays and replaces the other 6" in said
    assert everything(folder) == before


def test_force_replaces_the_rows_of_these_assays_and_keeps_all_others_with_their_columns(folder) -> None:
    own = (
        "animal,assay,value,unit,treatment,observer\nm1,Rotarod,31.50,s,ketamine,Anna\nm1,Open field,1,cm,saline,Bo\n"
    )
    (folder / "behaviour.csv").write_text(own, encoding="utf-8")
    assert "keeps the 1 rows of other assays" in refused(folder)
    assert call("behaviour", folder / "scoring.toml", "--force").exit_code == 0
    lines = (folder / "behaviour.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1].startswith("m1,Rotarod,31.50,s,ketamine,Anna,")
    assert len(lines) == 1 + 1 + 6
    assert not any("Bo" in line for line in lines)
    assert call("check", folder).exit_code == 0


@pytest.mark.parametrize("name", ["animals.csv", "scoring.toml", "spt.csv"])
def test_no_input_is_ever_overwritten(folder, everything: Everything, name: str) -> None:
    before = everything(folder)
    refused(folder, "--out", str(folder / name), "--force")
    assert everything(folder) == before


def test_all_problems_are_said_at_once(folder, everything: Everything) -> None:
    (folder / "fst" / "m1.csv").write_bytes(b"")
    (folder / "fst" / "m3.csv").write_bytes((folder / "fst" / "m2.csv").read_bytes())
    change(folder / "animals.csv", "spt.csv,m1", "spt.csv,m7")
    change(folder / "animals.csv", "nsf.csv,m1,ketamine", "nfs.csv,m1,Ketamine")
    change(folder / "scoring.toml", "missing_percent = 10", "missing_percent = 1\ngap_s = 0.1")
    before = everything(folder)
    said = refused(folder)
    for words in (
        "fst/m1.csv: an empty file",
        '"fst/m3.csv" of "FST immobility" is assigned to no animal',
        'animals.csv, row 6, column subject: "spt.csv" has no "m7"',
        'animals.csv, row 8, column recording: no assay has one file "nfs.csv"',
        'did you mean "nsf.csv"?',
        'two spellings: "Ketamine" here',
        "of/trial1.xlsx (Track-Arena 1-Subject 1): ",
        "of/trial1.xlsx (Track-Arena 2-Subject 1): ",
    ):
        assert words in said, said
    assert everything(folder) == before


def test_a_behaviour_that_no_recording_has_is_a_slip(folder) -> None:
    change(folder / "scoring.toml", 'behaviour = "immobile"', 'behaviour = "imobile"')
    said = refused(folder)
    assert 'assay[1].behaviour: no recording has "imobile"' in said
    assert 'did you mean "immobile"?' in said


def test_an_animal_has_one_value_in_an_assay(folder) -> None:
    change(folder / "animals.csv", "fst/m2.csv,m2,saline,,,,,Adora1-KO,M", "fst/m2.csv,m1,ketamine,,,10,mg/kg,WT,F")
    assert 'animal "m1" has "FST immobility" from row 2 already' in refused(folder)


def test_segments_and_body_parts_are_chosen_by_the_document(folder) -> None:
    (folder / "scoring.toml").write_text(
        'animals = "animals.csv"\n'
        '[[assay]]\nname = "FST"\nscore = "immobility"\nfiles = "am.csv"\nmeasure = "Time immobile (s)"\n'
        "window_s = [120, 360]\n"
        '[[assay]]\nname = "OF"\nscore = "distance"\nunit = "m"\nfiles = "dlc.csv"\nbodypart = "nose"\n'
        "fps = 30\npx_per_cm = 10\nlikelihood = 0.9\n",
        encoding="utf-8",
    )
    rows = "am.csv,m1,saline\nam.csv,m2,saline\ndlc.csv,m1,saline\n"
    (folder / "animals.csv").write_text(f"recording,animal,treatment\n{rows}", encoding="utf-8")
    write_text(folder / "am.csv", anymaze_segments())
    write_text(folder / "dlc.csv", deeplabcut())
    assert call("behaviour", folder / "scoring.toml").exit_code == 0
    lines = (folder / "behaviour.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[2] for line in lines[1:]] == ["111", "111", "0.177"]  # 59 steps of 3 px
    change(folder / "scoring.toml", 'bodypart = "nose"\n', "")
    assert 'write bodypart = "nose", or another of nose, tailbase' in refused(folder)


def test_a_stage_is_chosen_with_where(folder) -> None:
    rows = [
        ["Test", "Animal", "Stage", "Time immobile (s)"],
        ["1", "m1", "Pre", "200.5"],
        ["2", "m1", "Test", "99.5"],
    ]
    write_text(folder / "am.csv", rows)
    scoring = '[[assay]]\nname = "FST"\nscore = "immobility"\nfiles = "am.csv"\nmeasure = "Time immobile (s)"\n'
    (folder / "scoring.toml").write_text(f'animals = "animals.csv"\n{scoring}', encoding="utf-8")
    (folder / "animals.csv").write_text("recording,animal,treatment\nam.csv,m1,saline\n", encoding="utf-8")
    said = refused(folder)
    assert '"am.csv" holds 2 records of "m1"' in said
    assert "Stage" in said
    change(folder / "scoring.toml", "[[assay]]", '[[assay]]\nwhere = { Stage = "Test" }')
    assert call("behaviour", folder / "scoring.toml").exit_code == 0
    assert ",99.5,s," in (folder / "behaviour.csv").read_text(encoding="utf-8")


def test_the_bare_name_of_a_file_is_enough_where_it_is_the_only_one(folder) -> None:
    change(folder / "animals.csv", "fst/m1.csv", "m1.csv")
    assert call("behaviour", folder / "scoring.toml").exit_code == 0


def test_the_shell_gives_the_same(shell, folder) -> None:
    out = folder / "other.csv"
    answer = shell.run("behaviour", folder / "scoring.toml", "--out", out)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert out.read_text(encoding="utf-8") == WRITTEN
    assert shell.run("behaviour").returncode == 2


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('score = "distance"', 'score = "distanse"', 'did you mean "distance"?'),
        ('unit = "cm"\n', "", "assay[2].unit: missing"),
        ('unit = "cm"\n', 'unit = "km"\n', "for the score distance one of m, cm"),
        ("window_s = [120, 360]", "window_s = [360, 120]", "two increasing times"),
        ("never_s = 600", "never_s = 300", "300 s is less than the window of 600 s"),
        ("never_s = 600", "neverr_s = 600", 'did you mean "never_s"?'),
        ('animals = "animals.csv"', "", "assay[1].animals: missing"),
        ('animals = "animals.csv"', 'animals = "other.csv"', "other.csv: not found"),
        ('files = "spt.csv"', 'files = "sqt.csv"', 'assay[3].files: no file "sqt.csv"'),
        ('name = "NSF latency"', 'name = "Open Field"', '"Open Field" is assay[2] already'),
        ("[[assay]]", "[[assays]]", "no assay"),
        ('animals = "animals.csv"', 'animals = "animals.csv', "not TOML"),
        ('files = "spt.csv"', 'files = "spt.csv"\nformat = "boris"', 'spt.csv, row 1: no layout of "boris"'),
        ('files = "spt.csv"', "files = 3", "a file, a pattern, or a list of them"),
    ],
)
def test_a_document_is_checked_whole(folder, old: str, new: str, words: str) -> None:
    change(folder / "scoring.toml", old, new)
    assert words in refused(folder)


def test_a_missing_document_is_refused(tmp_path) -> None:
    assert "no such file" in refused(tmp_path)
