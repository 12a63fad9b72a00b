"""The table of studies: what each asks, whether its results are of its files, and what is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from adenoscope.core.atomic import write_json
from adenoscope.core.edit import Edit
from adenoscope.io.edits import append_edit
from adenoscope.studies.edited import read_edited_study
from adenoscope.studies.piece_keys import read_inputs
from adenoscope.web.security.inside import OUTSIDE
from adenoscope.web.site import Site

TOML = """\
name = "Ketamine & <A1>"
sensor = "GRAB_Ado1.0"
vehicle = "saline"
[[necessity]]
manipulation = "Adora1-KO"
effect = "ketamine"
readouts = ["mean_dff"]
"""
SESSIONS = (
    "session,animal,treatment,recording,intervention_s,genotype,exclude\n"
    "s1,m1,saline,s1.csv,100,WT,\ns2,m2,ketamine,s2.csv,100,Adora1-KO,\ns3,m3,ketamine,s3.csv,100,WT,noise\n"
)


@pytest.fixture
def folder(site: Site) -> Path:
    folder = site.folder / "small"
    (folder / "recordings").mkdir(parents=True)
    (folder / "study.toml").write_text(TOML)
    (folder / "sessions.csv").write_text(SESSIONS)
    for name in ("s1", "s2"):
        (folder / "recordings" / f"{name}.csv").write_text(f"time_s,signal\n0,1\n# {name}\n")
    return folder


def row(client: TestClient, name: str = "small") -> dict[str, Any]:
    return next(row for row in client.get("/api/studies").json()["studies"] if row["name"] == name)


def pretend_to_run(folder: Path) -> None:
    """Write the part of results.json that says which files it is of."""
    ledger = folder.with_name("small-edits.csv")
    study = read_edited_study(folder, ledger if ledger.exists() else None)
    inputs = [vars(file) for file in read_inputs(study)]
    write_json(folder.with_name("small-results") / "results.json", {"schema_version": 1, "inputs": inputs})


def later(path: Path) -> None:
    """Give a file a time after that of any result."""
    moment = path.stat().st_mtime + 100
    os.utime(path, (moment, moment))


def test_a_row_says_what_a_study_is_and_asks(client: TestClient, folder: Path) -> None:
    found = row(client)
    assert (found["title"], found["n_sessions"], found["n_excluded"], found["n_animals"]) == (
        "Ketamine & <A1>",
        3,
        1,
        3,
    )
    assert found["necessity"][0]["manipulation"] == "Adora1-KO"
    assert (found["changed"], found["has_report"], found["problems"]) == (None, False, [])
    assert found["command"] == "adenoscope run small"


def test_results_are_of_these_files_until_one_is_changed_new_or_gone(client: TestClient, folder: Path) -> None:
    pretend_to_run(folder)
    assert row(client)["changed"] == []
    recording = folder / "recordings" / "s2.csv"
    recording.write_text(recording.read_text().replace("0,1", "0,2"))
    later(recording)
    assert row(client)["changed"] == ["recordings/s2.csv"]
    pretend_to_run(folder)
    later(recording)  # touched, and the same
    assert row(client)["changed"] == []
    (folder / "study.toml").write_text(TOML.replace("mean_dff", "peak_dff"))  # of the same size
    assert row(client)["changed"] == ["study.toml"]
    pretend_to_run(folder)
    (folder / "sessions.csv").write_text(SESSIONS.replace("Adora1-KO,\n", "Adora1-KO,noise\n"))
    (folder / "study.toml").write_text(TOML)
    assert row(client)["changed"] == ["study.toml", "sessions.csv", "recordings/s2.csv"]


def test_an_edit_makes_results_out_of_date_and_is_in_the_command(client: TestClient, folder: Path) -> None:
    pretend_to_run(folder)
    append_edit(folder.with_name("small-edits.csv"), Edit("2026-03-14T09:26:53Z", "s2", "exclude", "noise", "seen"))
    found = row(client)
    assert found["changed"] == ["small-edits.csv", "recordings/s2.csv"]
    assert (found["n_excluded"], found["n_edited"]) == (2, 1)
    assert found["command"] == "adenoscope run small --edits small-edits.csv"
    pretend_to_run(folder)
    assert row(client)["changed"] == []


def test_what_is_wrong_is_said_in_place_and_other_studies_are_shown(
    client: TestClient, site: Site, folder: Path, tmp_path: Path
) -> None:
    for name in ("wrong", "leads out", "wrong ledger"):
        (site.folder / name / "recordings").mkdir(parents=True)
        (site.folder / name / "study.toml").write_text(TOML)
    (site.folder / "wrong" / "sessions.csv").write_text(SESSIONS)
    (tmp_path / "secret.csv").write_text("a secret\n")
    (site.folder / "leads out" / "sessions.csv").symlink_to(tmp_path / "secret.csv")
    (site.folder / "wrong ledger" / "behaviour.csv").write_text("animal,assay\n")
    rows = {found["name"]: found for found in client.get("/api/studies").json()["studies"]}
    assert [problem["where"] for problem in rows["wrong"]["problems"]] == [
        f"sessions.csv, row {n}, column recording" for n in (2, 3)
    ]
    (problem,) = rows["leads out"]["problems"]
    assert problem["found"] == f"leads out/sessions.csv {OUTSIDE}"
    assert rows["wrong ledger"]["command"] == "adenoscope run 'wrong ledger'"
    assert rows["small"]["problems"] == []
    append_edit(folder.with_name("small-edits.csv"), Edit("2026-03-14T09:26:53Z", "s9", "exclude", "noise", "seen"))
    assert row(client)["problems"][0]["found"] == 'no session "s9"'
    page = client.get("/")
    assert page.status_code == 200
    assert "secret" not in page.text
    assert "<A1>" not in page.text  # names are data of the script, and never markup


def test_a_report_is_served_without_rights_and_only_from_inside(
    client: TestClient, folder: Path, tmp_path: Path
) -> None:
    assert client.get("/studies/small/report").status_code == 404
    pretend_to_run(folder)
    report = folder.with_name("small-results") / "report.html"
    report.write_text("<html><script>1</script></html>")
    answer = client.get("/studies/small/report")
    assert answer.text == report.read_text()
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert row(client)["has_report"]
    (tmp_path / "outside.html").write_text("a secret")
    report.unlink()
    report.symlink_to(tmp_path / "outside.html")
    assert client.get("/studies/small/report").status_code == 403
    assert not row(client)["has_report"]
