"""The ledger of edits: what it takes, what it refuses, and that no row is ever lost."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.core.edit import Edit
from adenoscope.core.errors import InputError
from adenoscope.io.edits import append_edit, handling_of, onsets_of, read_edits

AT = "2026-03-14T09:26:53Z"
EXCLUDE = Edit(AT, "s1", "exclude", "fibre broke", "seen at perfusion")
MOVE = Edit(AT, "s2", "intervention_s", "90; 190.5", "the syringe was late, see the notebook, page 4")
MASK = Edit(AT, "s2", "handling_s", "-10 40", 'the animal "froze", then turned')


def test_edits_come_back_as_they_were_added_and_earlier_rows_keep_their_bytes(tmp_path: Path) -> None:
    path = tmp_path / "study-edits.csv"
    before = b""
    for edit in (EXCLUDE, MOVE, MASK):
        append_edit(path, edit)
        assert path.read_bytes().startswith(before)
        before = path.read_bytes()
    assert read_edits(path) == (EXCLUDE, MOVE, MASK)
    assert before.startswith(b"at,session,field,value,reason\n2026-03-14T09:26:53Z,s1,exclude,fibre broke,seen")


words = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1, max_size=60)


@given(reason=words.filter(str.strip), value=words)
def test_any_words_on_one_line_come_back(tmp_path_factory: pytest.TempPathFactory, reason: str, value: str) -> None:
    path = tmp_path_factory.mktemp("ledger") / "edits.csv"
    append_edit(path, replace(EXCLUDE, reason=reason, value=value))
    assert read_edits(path) == (replace(EXCLUDE, reason=reason.strip(), value=value.strip()),)


def test_values_are_read_as_the_numbers_that_they_are() -> None:
    assert onsets_of(MOVE) == (90.0, 190.5)
    assert handling_of(MASK) == (-10.0, 40.0)
    assert handling_of(replace(MASK, value="0 0")) == (0.0, 0.0)
    assert onsets_of(replace(MOVE, value="")) == ()
    assert handling_of(replace(MASK, value="")) is None


@pytest.mark.parametrize(
    ("edit", "column", "found"),
    [
        (replace(EXCLUDE, reason="  "), "reason", "empty"),
        (replace(EXCLUDE, session=""), "session", "empty"),
        (replace(EXCLUDE, reason="one\ntwo"), "reason", "line's end"),
        (replace(EXCLUDE, value="x" * 501), "value", "501 characters"),
        (replace(EXCLUDE, field="dose"), "field", '"dose"'),  # type: ignore[arg-type]
        (replace(EXCLUDE, at="yesterday"), "at", "yesterday"),
        (replace(EXCLUDE, at="2026-13-14T09:26:53Z"), "at", "2026-13"),
        (replace(EXCLUDE, at="2026-03-14T09:26:53+01:00"), "at", "+01:00"),
        (replace(MOVE, value="90,5"), "value", "90,5"),
        (replace(MOVE, value="nan"), "value", "nan"),
        (replace(MOVE, value="190; 90"), "value", "190; 90"),
        (replace(MOVE, value="-5"), "value", "-5"),
        (replace(MASK, value="10 40"), "value", "10 40"),
        (replace(MASK, value="-10"), "value", "-10"),
        (replace(MASK, value="-10 soon"), "value", "soon"),
        (replace(MASK, value="-10 4000"), "value", "4000"),
    ],
)
def test_a_wrong_edit_is_refused_and_the_ledger_stays(tmp_path: Path, edit: Edit, column: str, found: str) -> None:
    path = tmp_path / "edits.csv"
    append_edit(path, MOVE)
    before = path.read_bytes()
    with pytest.raises(InputError) as caught:
        append_edit(path, edit)
    (problem,) = caught.value.problems
    assert (problem.row, problem.column) == (3, column)
    assert found in problem.found
    assert path.read_bytes() == before


def test_a_ledger_that_was_damaged_by_hand_is_said_whole_and_not_added_to(tmp_path: Path) -> None:
    path = tmp_path / "edits.csv"
    path.write_text("at,session,field,value,reason\nnow,s1,exclude,broke,\n,s1,handling_s,a b,why\n")
    for act in (lambda: read_edits(path), lambda: append_edit(path, EXCLUDE)):
        with pytest.raises(InputError) as caught:
            act()
        places = [(problem.row, problem.column) for problem in caught.value.problems]
        assert places == [(2, "at"), (2, "reason"), (3, "at"), (3, "value"), (3, "value")]
    with pytest.raises(InputError, match="no such file"):
        read_edits(tmp_path / "none.csv")


def test_a_ledger_saved_by_a_spreadsheet_is_added_to_in_its_own_order(tmp_path: Path) -> None:
    path = tmp_path / "edits.csv"
    rows = f"session,at,reason,value,field,remark\r\ns1,{AT},seen at perfusion,fibre broke,exclude,"
    path.write_bytes(b"\xef\xbb\xbf" + rows.encode())
    append_edit(path, MOVE)
    assert read_edits(path) == (EXCLUDE, MOVE)


ADDING = """
import sys
from pathlib import Path
from adenoscope.core.edit import Edit
from adenoscope.io.edits import append_edit

for number in range(100_000):
    append_edit(Path(sys.argv[1]), Edit("2026-03-14T09:26:53Z", "s1", "exclude", str(number), "a test"))
    print(number, flush=True)
"""


def test_a_kill_loses_no_row_that_was_said_to_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "edits.csv"
    for after_s in (0.03, 0.11):
        path.unlink(missing_ok=True)
        with subprocess.Popen([sys.executable, "-c", ADDING, path], stdout=subprocess.PIPE, text=True) as adding:
            assert adding.stdout is not None
            said = [adding.stdout.readline()]
            time.sleep(after_s)
            adding.kill()
            said += adding.stdout.readlines()
        kept = [edit.value for edit in read_edits(path)]
        assert kept == [str(number) for number in range(len(kept))]
        assert len(kept) >= len(said)
