"""The page of a study says what was found, what was left out, and whether it still holds; and gives it away."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import asdict

import pytest
from fastapi.testclient import TestClient
from finished_study import REFUSAL, a_result, write_files, write_study

from adenoscope.core.edit import Edit
from adenoscope.io.edits import append_edit
from adenoscope.io.results import RESULTS
from adenoscope.web.site import Site

HEAVY = ("numba", "matplotlib", "scipy", "pandas", "h5py", "pynwb")


def test_the_page_says_verdicts_differences_and_what_became_of_every_session(client: TestClient, site: Site) -> None:
    write_study(site.folder)
    page = client.get("/studies/ketamine").text
    assert "Simulated data" in page
    assert "16 sessions: 14 estimated, 1 refused, 1 excluded." in page
    for chip in ("necessary", "not_necessary", "could_not_tell"):
        assert f'<span class="chip {chip}">' in page
    assert "n = 30 would tell" in page
    assert "8.2 [7.0, 9.4]" in page
    assert "6.0 [2.0, ∞]" in page
    assert REFUSAL in page
    assert "the fibre came off" in page
    assert 'href="/studies/ketamine/sessions/w1_saline"' in page
    assert "no effect" not in page


def test_every_dot_of_a_recording_leads_to_its_trace_and_no_other_does(client: TestClient, site: Site) -> None:
    write_study(site.folder)
    page = client.get("/studies/ketamine").text
    data = json.loads(page.split('id="data">')[1].split("</script>")[0])
    plots = {plot["file"]: plot for plot in data["plots"]}
    assert list(plots) == ["verdict-1", "verdict-2", "verdict-3", "readout-1-1", "readout-2-1", "dose-1"]
    vehicle, treated = plots["verdict-1"]["blocks"][0]["groups"]
    assert vehicle["dots"][0]["sessions"] == [{"name": "w1_saline", "path": "/studies/ketamine/sessions/w1_saline"}]
    assert [dot["sessions"][0]["name"] for dot in treated["dots"]] == ["w1_ketamine", "w2_ketamine", "w3_ketamine"]
    assert treated["dots"][0]["value"] == pytest.approx(8.0)  # per cent, as the axis says
    assert not [
        dot for group in plots["readout-2-1"]["blocks"][0]["groups"] for dot in group["dots"] if dot["sessions"]
    ]
    assert plots["verdict-1"]["margin"] == {"size": 4.0, "given": True}
    assert plots["verdict-3"]["differences"][2]["interaction"]


def test_a_study_without_results_says_so(client: TestClient, site: Site) -> None:
    write_files(site.folder, synthetic=False)
    answer = client.get("/studies/ketamine")
    assert answer.status_code == 200
    assert "no results yet" in answer.text
    assert client.get("/api/studies/ketamine/changes").status_code == 404


def test_results_are_stale_once_a_file_or_an_edit_is_another(client: TestClient, site: Site) -> None:
    folder = write_study(site.folder)
    assert client.get("/api/studies/ketamine/changes").json()["stale"] is False
    (folder / "recordings" / "w1_saline.csv").write_text("time_s,signal\n0,1\n", encoding="utf-8")
    edit = Edit("2026-03-14T09:26:53Z", "w3_saline", "exclude", "loose fibre", "seen on the film")
    append_edit(site.folder / "ketamine-edits.csv", edit)
    found = client.get("/api/studies/ketamine/changes").json()
    assert found["files"] == ["recordings/w1_saline.csv"]
    assert found["edits"] == [asdict(edit)]
    assert found["stale"] is True
    (folder / "recordings" / "w2_saline.csv").unlink()
    assert client.get("/api/studies/ketamine/changes").status_code == 422  # no longer a study that could be run


def test_every_plot_is_saved_as_a_figure_and_its_data(client: TestClient, site: Site) -> None:
    write_study(site.folder)
    for key in ("verdict-1", "readout-1-1", "readout-2-1", "dose-1", "matrix"):
        figure = client.get(f"/api/studies/ketamine/plots/{key}.svg")
        assert figure.status_code == 200, key
        assert figure.content.startswith(b"<?xml")
        assert "simulated_ketamine" in figure.headers["content-disposition"]
        rows = list(csv.DictReader(io.StringIO(client.get(f"/api/studies/ketamine/plots/{key}.csv").text)))
        assert rows, key
        assert all(None not in row.values() for row in rows)


@pytest.mark.parametrize(
    "key", ["verdict-0", "verdict-99", "verdict-²", "verdict-1-1", "readout-1", "figure-1", "dose--1"]
)
def test_a_plot_that_the_page_has_not_is_not_there(client: TestClient, site: Site, key: str) -> None:
    write_study(site.folder)
    assert client.get(f"/api/studies/ketamine/plots/{key}.svg").status_code == 404


def test_the_report_runs_no_scripts(client: TestClient, site: Site) -> None:
    write_study(site.folder)
    answer = client.get("/studies/ketamine/report")
    assert "The report" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy


def test_names_are_text_wherever_they_stand(client: TestClient, site: Site) -> None:
    folder = write_study(site.folder)
    results = site.folder / "ketamine-results" / RESULTS
    hostile = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
    text = results.read_text(encoding="utf-8")
    document = json.loads(text.replace('"w1"', json.dumps(hostile)).replace('"mPFC"', json.dumps(hostile)))
    document["study"]["name"] = hostile
    results.write_text(json.dumps(document), encoding="utf-8")
    page = client.get(f"/studies/{folder.name}").text
    assert "<img" not in page
    assert page.count("alert(2)</script>") == 0


def test_the_server_loads_nothing_heavy() -> None:
    asked = f"import sys, adenoscope.web.server; print([name for name in {HEAVY} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_result_behind_these_tests_is_whole(site: Site) -> None:
    result = a_result(write_files(site.folder))
    assert {verdict.finding for verdict in result.verdicts} >= {"necessary", "not_necessary", "could_not_tell"}
