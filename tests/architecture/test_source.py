"""What every source file owes its reader: an opening line, a bearable length, a name that says something."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "adenoscope"
FILES = sorted(SOURCE.rglob("*.py"))
LONGEST_FILE = 300
UNFINISHED = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error")

every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))


@every_file
def test_a_file_opens_by_saying_what_it_is(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, "no docstring"
    first_line = docstring.splitlines()[0]
    assert first_line.endswith((".", ":", "?")), f"the first line is not a sentence: {first_line}"


@every_file
def test_a_file_is_short_enough_to_hold_one_idea(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines < LONGEST_FILE, f"{lines} lines; look for the second idea in it"


@every_file
def test_a_file_is_finished(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not [mark for mark in UNFINISHED if mark in text]


def test_no_file_is_a_drawer_for_the_rest() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}
    assert not [path for path in FILES if path.stem in drawers or path.parent.name in drawers]
