"""A session over HTTP: its windows, what was fitted, its words, its files; and what is refused."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from adenoscope.web.site import Site

BASE = "/api/studies/fit/sessions/s2"


@pytest.fixture
def folder(site: Site, fitted: Path) -> Path:
    shutil.copytree(fitted, site.folder, dirs_exist_ok=True)
    return site.folder


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.usefixtures("folder")
def test_the_page_shows_the_session_and_marks_simulated_data(client: TestClient) -> None:
    page = client.get("/studies/fit/sessions/s2")
    assert page.status_code == 200
    assert 'class="band"' in page.text
    assert "<h1>s2</h1>" in page.text


@pytest.mark.usefixtures("folder")
def test_windows_are_of_the_asked_span_and_finer_when_closer(client: TestClient) -> None:
    whole = client.get(f"{BASE}/window", params={"pixels": 200}).json()
    assert (whole["start_s"], whole["end_s"], whole["last_s"]) == (0, 899.5, 899.5)
    assert [channel["role"] for channel in whole["channels"]] == ["signal", "control"]
    assert len(whole["channels"][0]["time_s"]) == 200
    assert None in whole["channels"][0]["low"]  # where samples are lost
    close = client.get(f"{BASE}/window", params={"pixels": 200, "start_s": 100, "end_s": 150}).json()
    assert close["channels"][0]["is_whole"]
    assert "high" not in close["channels"][0]
    assert len(close["channels"][0]["time_s"]) == pytest.approx(102, abs=2)  # 2 Hz, and a neighbour on either side


@pytest.mark.usefixtures("folder")
def test_what_was_fitted_lies_on_the_traces(client: TestClient) -> None:
    told = client.get(f"{BASE}/fit").json()
    fitted = told["fitted"]
    assert fitted["levels"]["signal"] == pytest.approx(880, rel=0.03)  # 900, bleached for 200 s
    assert max(fitted["parts"]["signal"][:5]) == pytest.approx(890, rel=0.03)
    assert fitted["curve"]["time_s"][0] > 400
    assert {one["why"] for one in fitted["left_out"]} >= {"handling"}
    assert [one["channel"] for one in told["lost"]] == ["signal"]


@pytest.mark.usefixtures("folder")
def test_the_answer_is_in_the_words_of_the_report(client: TestClient) -> None:
    answer = client.get(f"{BASE}/answer").json()
    assert answer["state"] == "estimated"
    assert answer["finding"].startswith("ΔF/F rose by")
    assert [row["unit"] for row in answer["rows"]][:2] == ["%", "%\N{NO-BREAK SPACE}min"]
    assert answer["control"]["reason"]
    assert not answer["adenosine"]["identified"]
    assert answer["changed"] == []
    assert {one["name"]: one["state"] for one in answer["sessions"]}.keys() == {"s1", "s2"}
    assert answer["command"].startswith("adenoscope run ")


def test_an_answer_that_an_edit_left_behind_says_so(client: TestClient, folder: Path) -> None:
    for field, value in (("intervention_s", "420"), ("handling_s", "-10 20")):
        body = {"session": "s2", "field": field, "value": value, "reason": "seen in the video"}
        assert client.post("/api/studies/fit/edits", json=body).status_code == 201
    answer = client.get(f"{BASE}/answer").json()
    assert answer["changed"] == ["intervention_s", "handling_s"]
    assert (answer["onsets_s"], answer["handling_s"]) == ([420], [-10, 20])
    assert answer["finding"]
    assert "--edits" in answer["command"]
    assert client.get(f"{BASE}/fit").json()["fitted"]["onsets_s"] == [400]


def test_without_results_the_traces_are_shown_alone(client: TestClient, folder: Path) -> None:
    shutil.rmtree(folder / "fit-results")
    assert client.get(f"{BASE}/answer").json()["state"] == "none"
    told = client.get(f"{BASE}/fit").json()
    assert told["fitted"] is None
    assert told["lost"] == [{"channel": "signal", "start_s": 699.5, "end_s": 720.0, "why": "lost"}]
    assert client.get(f"{BASE}/fitted.csv").status_code == 404
    assert client.get(f"{BASE}/raw.csv").status_code == 200


@pytest.mark.usefixtures("folder")
def test_the_window_on_the_screen_can_be_taken_away(client: TestClient) -> None:
    params: dict[str, Any] = {"start_s": 300, "end_s": 500}
    raw = client.get(f"{BASE}/raw.csv", params=params)
    assert 'filename="simulated_fit_s2_raw.csv"' in raw.headers["content-disposition"]
    rows = table(raw.text)
    assert {row["channel"] for row in rows} == {"signal", "control"}
    assert all(row["low"] == row["high"] for row in rows)
    assert float(rows[1]["time_s"]) == pytest.approx(-100)
    fitted = table(client.get(f"{BASE}/fitted.csv", params=params).text)
    assert {"signal_fit", "control_background", "dff", "dff_low"} <= fitted[0].keys()
    assert all(-100 <= float(row["time_s"]) <= 100 for row in fitted)
    svg = client.get(f"{BASE}/figure.svg", params={**params, "hidden": "bins,mean"})
    assert svg.status_code == 200
    assert svg.content.startswith(b"<?xml")
    png = client.get(f"{BASE}/figure.png", params=params)
    assert png.content.startswith(b"\x89PNG")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/studies/fit/sessions/s9", 404),
        ("/studies/nothing/sessions/s2", 404),
        (f"{BASE}/window?pixels=1000000", 422),
        (f"{BASE}/window?pixels=ten", 422),
        (f"{BASE}/window?start_s=nan", 422),
        (f"{BASE}/window?start_s=500&end_s=400", 422),
        (f"{BASE}/window?start_s=1e300", 422),
        (f"{BASE}/figure.exe", 422),
        (f"{BASE}/figure.png?start_s=5000&end_s=6000", 422),
        (f"{BASE}/figure.png?hidden={'a' * 500}", 422),
        ("/api/studies/fit/sessions/..%2f..%2fs2/answer", 404),
    ],
)
def test_what_makes_no_sense_is_refused(client: TestClient, address: str, code: int) -> None:
    assert client.get(address).status_code == code


def test_a_wrong_recording_is_explained_and_the_page_stands(client: TestClient, folder: Path) -> None:
    (folder / "fit" / "recordings" / "s2.csv").write_text("time_s,signal,control\n0,1,2\n")
    assert client.get("/studies/fit/sessions/s2").status_code == 200
    answer = client.get(f"{BASE}/window")
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["words"].startswith("recordings/s2.csv")


def test_nothing_outside_the_folder_is_shown_or_written(client: TestClient, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    shutil.copytree(folder / "fit-results" / "traces", outside / "traces")
    shutil.copy(folder / "fit" / "recordings" / "s2.csv", outside / "s2.csv")
    shutil.rmtree(folder / "fit-results" / "traces")
    (folder / "fit-results" / "traces").symlink_to(outside / "traces")
    assert "finding" not in client.get(f"{BASE}/answer").json()
    (folder / ".adenoscope" / "recordings").symlink_to(outside)
    assert client.get(f"{BASE}/window").status_code == 403
    assert client.get("/studies/fit/sessions/s2").status_code == 403
    assert sorted(path.name for path in outside.iterdir()) == ["s2.csv", "traces"]
    (folder / ".adenoscope" / "recordings").unlink()
    shutil.rmtree(folder / "fit-results")
    (folder / "fit-results").symlink_to(outside / "results")
    answer = client.get(f"{BASE}/answer")
    assert answer.status_code == 403
    assert "finding" not in answer.json()
    (folder / "fit-results").unlink()
    (folder / "fit" / "recordings" / "s2.csv").unlink()
    (folder / "fit" / "recordings" / "s2.csv").symlink_to(outside / "s2.csv")
    assert client.get(f"{BASE}/window").status_code == 403
    assert client.get("/studies/fit/sessions/s2").status_code == 403


def test_an_excluded_session_without_a_recording_has_its_page(client: TestClient, folder: Path) -> None:
    row = "s3,m3,ketamine,s3.csv,400,10,mg/kg,control,fibre broke\n"
    text = (folder / "fit" / "sessions.csv").read_text().splitlines()
    (folder / "fit" / "sessions.csv").write_text(
        "\n".join([f"{text[0]},exclude", *(f"{one}," for one in text[1:]), row])
    )
    assert client.get("/studies/fit/sessions/s3").status_code == 200
    answer = client.get("/api/studies/fit/sessions/s3/window")
    assert (answer.status_code, answer.json()["refused"]) == (
        404,
        "the recording of this session is not there: recordings/s3.csv",
    )


def test_the_server_never_loads_what_draws_or_computes(fitted: Path) -> None:
    heavy = ("matplotlib", "numba", "scipy", "pandas", "h5py", "pynwb")
    code = f"import sys, adenoscope.web.server\nprint([name for name in {heavy!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
