"""A scoring document is read whole; the one that the documentation shows is right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from adenoscope.core.errors import InputError, Problem
from adenoscope.io.animals import read_animals
from adenoscope.io.scoring_toml import RULES, read_scoring

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "behaviour.md").read_text(encoding="utf-8")


def block(begins: str) -> str:
    return next(text for text in re.findall(r"```\w*\n(.*?)```", PAGE, flags=re.DOTALL) if text.startswith(begins))


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "scoring.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_document_of_the_page_is_right(tmp_path: Path) -> None:
    fst, field, _, nsf = read_scoring(write(tmp_path, block('animals = "')))
    assert (fst.window_s, fst.unit, fst.animals) == ((120.0, 360.0), "s", "animals.csv")
    assert (field.unit, field.files) == ("m", ("of/trial1.xlsx", "of/trial2.xlsx"))
    assert (field.gap_s, field.missing_percent) == (0.5, 5.0)
    assert nsf.never_s == 600.0


def test_the_table_of_the_page_is_right(tmp_path: Path) -> None:
    (tmp_path / "animals.csv").write_text(block("recording,"), encoding="utf-8")
    problems: list[Problem] = []
    rows = read_animals(tmp_path / "animals.csv", "animals.csv", problems)
    assert problems == []
    assert (rows[0].start_s, rows[2].subject, rows[5].exclude) == (12.4, "Arena 1", "bottle leaked")


def test_every_key_stands_on_the_page() -> None:
    assert {key for key in RULES if f"`{key}`" not in PAGE} - {"animals"} == set()


def test_a_window_lies_within_the_test(tmp_path: Path) -> None:
    text = '[[assay]]\nname = "A"\nscore = "latency"\nfiles = "a.csv"\nanimals = "b.csv"\nwindow_s = [0, 600]\n'
    with pytest.raises(InputError, match=r"assay\[1\]\.window_s: ends at 600 s, after length_s = 360"):
        read_scoring(write(tmp_path, text + "length_s = 360\n"))


def test_the_same_recording_and_subject_is_assigned_once(tmp_path: Path) -> None:
    rows = ("a.csv,m1,saline,x", "a.csv,m2,saline,x", "a.csv,x,saline,", "b.csv,m1,saline,x")
    text = "\n".join(("recording,animal,treatment,subject", *rows)) + "\n"
    (tmp_path / "animals.csv").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    read_animals(tmp_path / "animals.csv", "animals.csv", problems)
    assert [problem.row for problem in problems] == [3, 4]
