"""The ledger over HTTP: what is added, what is refused, and what each session then is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from adenoscope.io.edits import read_edits
from adenoscope.web.site import Site

HEADER = "session,animal,treatment,recording,intervention_s,control,blank,exclude\n"
ROWS = (
    "s1,m1,saline,s1.csv,100,control,,\n",
    "s2,m2,ketamine,s2.csv,100,control,,\n",
    "s3,m2,ketamine,s3.csv,100,,s2,\n",
    "s4,m3,ketamine,s4.csv,100,control,,fibre broke\n",
)


@pytest.fixture
def folder(site: Site) -> Path:
    folder = site.folder / "small"
    (folder / "recordings").mkdir(parents=True)
    (folder / "study.toml").write_text('name = "S"\nsensor = "GRAB_Ado1.0"\nvehicle = "saline"\n')
    (folder / "sessions.csv").write_text(HEADER + "".join(ROWS))
    for seed in (1, 2, 3):
        rng = np.random.default_rng(seed)
        rows = (f"{t},{a:.3f},{b:.3f}\n" for t, (a, b) in enumerate(rng.normal(100, 1, (200, 2))))
        (folder / "recordings" / f"s{seed}.csv").write_text("time_s,signal,control\n" + "".join(rows))
    return folder


def post(client: TestClient, session: str, field: str, value: str, reason: str = "seen in the video") -> Any:
    body = {"session": session, "field": field, "value": value, "reason": reason}
    return client.post("/api/studies/small/edits", json=body)


def test_an_edit_is_kept_and_the_answer_says_what_each_session_now_is(client: TestClient, folder: Path) -> None:
    bare = client.get("/api/studies/small/edits").json()
    assert (bare["ledger"], bare["edits"], [row["edited"] for row in bare["sessions"]]) == (
        *("small-edits.csv", []),
        [False] * 4,
    )
    assert bare["sessions"][3]["exclude"] == "fibre broke"
    answer = post(client, "s2", "handling_s", " -10  20 ")
    assert answer.status_code == 201
    second = answer.json()["sessions"][1]
    files = {"exclude": "", "intervention_s": [100.0], "handling_s": None}
    assert second == {"session": "s2", **files, "handling_s": [-10.0, 20.0], "files": files, "edited": True}
    post(client, "s2", "intervention_s", "90; 120")
    ledger = post(client, "s3", "exclude", "noise").json()
    assert ledger == client.get("/api/studies/small/edits").json()
    assert [edit["field"] for edit in ledger["edits"]] == ["handling_s", "intervention_s", "exclude"]
    assert ledger["sessions"][2]["exclude"] == "noise"
    assert len(read_edits(folder.with_name("small-edits.csv"))) == 3
    assert (folder / "sessions.csv").read_text() == HEADER + "".join(ROWS)


@pytest.mark.parametrize(
    ("session", "field", "value", "reason", "words"),
    [
        ("s1", "exclude", "noise", "", "column reason: found an empty cell"),
        ("s1", "exclude", "noise", " ", "column reason: found an empty cell"),
        ("s1", "exclude", "noise", "why", "no session has the treatment"),
        ("s2", "exclude", "noise", "why", 'its blank, session "s2", is excluded'),
        ("s9", "exclude", "noise", "why", 'no session "s9"'),
        ("s1", "handling_s", "10 20", "why", 'found "10 20"'),
        ("s1", "intervention_s", "soon", "why", 'found "soon"'),
        ("s1", "intervention_s", "500", "why", "lasts 199 s"),  # of 200 samples at 1 Hz
        ("s1", "intervention_s", "10", "why", "leaves 10 s of baseline"),
        ("s4", "exclude", "", "why", "s4.csv"),  # its file is lost, so it cannot be included
    ],
)
def test_a_wrong_edit_is_refused_in_the_words_of_its_problem(
    client: TestClient, folder: Path, session: str, field: str, value: str, reason: str, words: str
) -> None:
    answer = post(client, session, field, value, reason)
    assert answer.status_code == 422
    assert any(words in problem["words"] for problem in answer.json()["problems"]), answer.json()
    assert not folder.with_name("small-edits.csv").exists()


def test_bodies_of_another_form_and_other_places_are_refused(
    client: TestClient, folder: Path, tmp_path: Path
) -> None:
    for body in ({}, {"session": "s1"}, {"session": "s1", "field": "dose", "reason": "x"}, [], None):
        assert client.post("/api/studies/small/edits", json=body).status_code == 422
    assert post(client, "s1", "exclude", "x" * 501).status_code == 422
    assert client.get("/api/studies/none/edits").status_code == 404
    (tmp_path / "outside.csv").write_text("at,session,field,value,reason\n")
    folder.with_name("small-edits.csv").symlink_to(tmp_path / "outside.csv")
    assert client.get("/api/studies/small/edits").status_code == 403
    assert post(client, "s1", "handling_s", "0 0").status_code == 403
    assert (tmp_path / "outside.csv").read_text().count("\n") == 1
