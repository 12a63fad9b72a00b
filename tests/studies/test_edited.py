"""A study with a ledger of edits is the study that the same changes to its own tables would make."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from adenoscope.core.edit import Edit
from adenoscope.core.errors import InputError
from adenoscope.core.recording import Channels
from adenoscope.core.response import Control, Response
from adenoscope.core.study import Settings, Study
from adenoscope.io.edits import append_edit
from adenoscope.io.study import read_study
from adenoscope.studies import estimate_session
from adenoscope.studies.edited import edited_study, read_edited_study
from adenoscope.studies.run_study import run_study

HEADER = "session,animal,treatment,recording,intervention_s,control,blank,exclude"
ROWS = (
    "s1,m1,saline,s1.csv,100,control,,",
    "s2,m1,ketamine,s2.csv,100,control,,",
    "s3,m1,ketamine,s3.csv,100,,s1,",
    "s4,m2,saline,s4.csv,100,control,,fibre broke",
)
AT = "2026-03-14T09:26:53Z"


def edit(session: str, field: str, value: str, reason: str = "seen in the video") -> Edit:
    return Edit(AT, session, field, value, reason)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    (folder / "recordings").mkdir(parents=True)
    (folder / "study.toml").write_text('name = "S"\nsensor = "GRAB_Ado1.0"\nvehicle = "saline"\n')
    (folder / "sessions.csv").write_text("\n".join((HEADER, *ROWS)) + "\n")
    for seed in (1, 2, 3, 4):
        rng = np.random.default_rng(seed)
        rows = (f"{t},{a:.3f},{b:.3f}\n" for t, (a, b) in enumerate(rng.normal(100, 1, (200, 2))))
        (folder / "recordings" / f"s{seed}.csv").write_text("time_s,signal,control\n" + "".join(rows))
    return folder


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[float, ...], Settings]]:
    """Put a refusal in the estimator's place, and list what it was asked."""
    calls: list[tuple[tuple[float, ...], Settings]] = []

    def estimate(channels: Channels, onsets_s: tuple[float, ...], *, settings: Settings) -> Response:
        calls.append((onsets_s, settings))
        return Response("refused", "a test", Control("unusable", None, "a test"))

    monkeypatch.setattr(estimate_session, "estimate_response", estimate)
    return calls


def names_of(study: Study) -> list[str]:
    return [session.session for session in study.sessions if not session.exclude]


def test_the_last_edit_of_a_session_and_field_holds(folder: Path) -> None:
    study = read_study(folder)
    edits = (
        edit("s2", "exclude", "noise"),
        edit("s2", "intervention_s", "120; 150"),
        edit("s2", "handling_s", "-10 20"),
        edit("s2", "exclude", ""),
        edit("s4", "exclude", ""),
        edit("s1", "handling_s", "-5 5"),
        edit("s1", "handling_s", ""),
        edit("s1", "intervention_s", "90"),
        edit("s1", "intervention_s", ""),
    )
    edited = edited_study(study, edits)
    first, second, _, fourth = edited.sessions
    assert (second.exclude, second.onsets_s, second.handling_s) == ("", (120.0, 150.0), (-10.0, 20.0))
    assert fourth.exclude == ""
    assert first == study.sessions[0]
    assert edited.edits == edits
    assert edited_study(study, ()) == study


def test_edits_that_leave_no_study_are_refused_in_words(folder: Path) -> None:
    study = read_study(folder)
    with pytest.raises(InputError, match=r'no session "s9"(.|\n)*row 3(.|\n)*') as unknown:
        edited_study(study, (edit("s9", "exclude", "x"), edit("S9", "exclude", "x")))
    assert [problem.row for problem in unknown.value.problems] == [2, 3]
    with pytest.raises(InputError) as lost:
        edited_study(study, (edit("s1", "exclude", "noise"),))
    blank, vehicle = lost.value.problems
    assert 'session "s1", is excluded' in blank.found
    assert "vehicle" in vehicle.found
    both = edited_study(study, (edit("s4", "exclude", ""), edit("s3", "exclude", "x"), edit("s1", "exclude", "x")))
    assert names_of(both) == ["s2", "s4"]


def test_an_edited_session_is_estimated_again_and_the_others_are_not(
    folder: Path, tmp_path: Path, asked: list[tuple[tuple[float, ...], Settings]]
) -> None:
    ledger, out = tmp_path / "small-edits.csv", tmp_path / "out"
    run_study(read_edited_study(folder, None), out)
    asked.clear()
    append_edit(ledger, edit("s2", "handling_s", "-10 20"))
    run_study(read_edited_study(folder, ledger), out)
    assert asked == [((100.0,), Settings(handling_s=(-10.0, 20.0)))]
    asked.clear()
    append_edit(ledger, edit("s2", "intervention_s", "110"))
    append_edit(ledger, edit("s2", "handling_s", ""))
    run_study(read_edited_study(folder, ledger), out)
    assert asked == [((110.0,), Settings())]
    asked.clear()
    append_edit(ledger, edit("s2", "exclude", "noise"))
    result = run_study(read_edited_study(folder, ledger), out)
    assert asked == []
    assert result.sessions[1].response.reason == "excluded: noise"


def test_pieces_are_those_of_a_study_whose_table_says_the_same(
    folder: Path, tmp_path: Path, asked: list[tuple[tuple[float, ...], Settings]]
) -> None:
    ledger = tmp_path / "small-edits.csv"
    append_edit(ledger, edit("s2", "intervention_s", "110"))
    append_edit(ledger, edit("s3", "exclude", "noise"))
    by_ledger = run_study(read_edited_study(folder, ledger), tmp_path / "by-ledger")
    table = (folder / "sessions.csv").read_text()
    assert table == "\n".join((HEADER, *ROWS)) + "\n"  # the laboratory's own file was not touched
    changed = table.replace("s2.csv,100", "s2.csv,110").replace("s3.csv,100,,s1,", "s3.csv,100,,s1,noise")
    (folder / "sessions.csv").write_text(changed)
    by_hand = run_study(read_study(folder), tmp_path / "by-hand")
    pieces = [sorted((tmp_path / name / "pieces").iterdir()) for name in ("by-ledger", "by-hand")]
    assert [path.read_bytes() for path in pieces[0]] == [path.read_bytes() for path in pieces[1]]
    assert Counter(by_ledger.study.sessions) == Counter(by_hand.study.sessions)


def test_results_name_the_ledger_and_list_its_edits_and_say_nothing_without(
    folder: Path, tmp_path: Path, asked: list[tuple[tuple[float, ...], Settings]]
) -> None:
    ledger = tmp_path / "small-edits.csv"
    append_edit(ledger, edit("s2", "handling_s", "0 0", "nobody touched it"))
    result = run_study(read_edited_study(folder, ledger), tmp_path / "out")
    assert result.inputs[-1].path == "small-edits.csv"
    assert result.inputs[-1].bytes == ledger.stat().st_size
    text = (tmp_path / "out" / "results.json").read_text()
    assert '"edits": [' in text
    assert "nobody touched it" in text
    bare = run_study(read_edited_study(folder, None), tmp_path / "bare")
    assert "edits" not in (tmp_path / "bare" / "results.json").read_text()
    assert bare.inputs == result.inputs[:-1]
    assert replace(bare.study, folder=folder) == bare.study
