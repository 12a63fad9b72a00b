"""The queue: one job at a time, each in a process, stopped and resumed, and what becomes of jobs that go wrong."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from small_study import write_small_study

from adenoscope.core.errors import InputError
from adenoscope.web.jobs import runner
from adenoscope.web.jobs.catalogue import add_job, change_job, list_jobs, next_job, open_catalogue, resume_job
from adenoscope.web.security.guard import cookie_name
from adenoscope.web.server import create_app
from adenoscope.web.site import Site, open_site

ACTIVE = {"queued", "running"}


def asking(site: Site) -> TestClient:
    """Return a client of a server of its own; see conftest."""
    cookies = {cookie_name(site.port): site.token}
    origin = f"http://127.0.0.1:{site.port}"
    return TestClient(create_app(site), base_url=origin, cookies=cookies, headers={"origin": origin})


def latest(client: TestClient) -> dict[str, Any]:
    return client.get("/api/jobs").json()["jobs"][0]


def wait_for(client: TestClient, fits: Callable[[dict[str, Any]], bool], within_s: float = 90.0) -> dict[str, Any]:
    """Return the newest job once it fits."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        job = latest(client)
        if fits(job):
            return job
        time.sleep(0.05)
    raise AssertionError(f"after {within_s:g} s: {latest(client)}")


def ended(job: dict[str, Any]) -> bool:
    return job["state"] not in ACTIVE


def test_a_run_writes_results_and_report_and_says_how_far_it_is(client: TestClient, site: Site) -> None:
    write_small_study(site.folder / "small")
    started = client.post("/api/jobs", json={"study": "small"})
    assert (started.status_code, started.json()["state"]) == (201, "queued")
    job = wait_for(client, lambda job: job["progress"]["stage"] == "estimating")
    assert job["progress"]["total"] == 3
    job = wait_for(client, ended)
    assert (job["state"], job["message"]) == ("done", "")
    assert job["queued_at"] <= job["started_at"] <= job["ended_at"]
    results = json.loads((site.folder / "small-results" / "results.json").read_text())
    assert len(results["recordings"]) == 3
    assert (site.folder / "small-results" / "report.html").exists()


def test_a_job_that_is_stopped_can_be_resumed_and_one_that_waits_is_not_queued_twice(
    client: TestClient, site: Site
) -> None:
    write_small_study(site.folder / "small")
    first = client.post("/api/jobs", json={"study": "small"}).json()
    wait_for(client, lambda job: job["state"] == "running")
    second, third = (client.post("/api/jobs", json={"study": "small"}).json() for _ in range(2))
    assert second["id"] == third["id"] != first["id"]
    assert client.post(f"/api/jobs/{second['id']}/stop").json()["state"] == "stopped"
    assert client.post(f"/api/jobs/{first['id']}/stop").json()["state"] == "stopped"
    assert client.post(f"/api/jobs/{first['id']}/stop").status_code == 409
    assert not (site.folder / "small-results" / "results.json").exists()
    assert client.post(f"/api/jobs/{second['id']}/resume").json()["state"] == "queued"
    job = wait_for(client, ended)
    assert (job["id"], job["state"]) == (second["id"], "done")
    assert client.post(f"/api/jobs/{job['id']}/resume").status_code == 409


def test_what_cannot_be_run_is_refused_in_words(client: TestClient, site: Site) -> None:
    folder = write_small_study(site.folder / "small")
    assert client.post("/api/jobs", json={"study": "../small"}).status_code == 404
    assert client.post("/api/jobs", json={"study": ""}).status_code == 422
    assert client.post("/api/jobs/7/stop").status_code == 404
    assert client.post(f"/api/jobs/{10**30}/resume").status_code == 404
    (folder / "recordings" / "s2.csv").write_text("nothing")
    client.post("/api/jobs", json={"study": "small"})
    job = wait_for(client, ended)
    assert job["state"] == "refused"
    assert "recordings/s2.csv" in job["message"]
    (folder / "sessions.csv").write_text("session,animal\ns1,m1\n")
    answer = client.post("/api/jobs", json={"study": "small"})
    assert answer.status_code == 422
    assert any("sessions.csv" in problem["words"] for problem in answer.json()["problems"])
    assert len(client.get("/api/jobs").json()["jobs"]) == 1


def test_a_study_that_leads_out_of_the_folder_is_not_run(client: TestClient, site: Site, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    for name, link in (("data", "recordings/s1.csv"), ("out", "")):
        folder = write_small_study(site.folder / name)
        if link:
            (folder / link).rename(outside)
            (folder / link).symlink_to(outside)
    (site.folder / "out-results").symlink_to(tmp_path, target_is_directory=True)
    for name in ("data", "out"):
        answer = client.post("/api/jobs", json={"study": name})
        assert answer.status_code == 403
        assert "leads out of the folder" in answer.json()["refused"]


def test_a_process_that_fails_is_said_to_have_failed(
    client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_small_study(site.folder / "small")
    monkeypatch.setattr(runner, "CHILD", "adenoscope.no_such_module")
    client.post("/api/jobs", json={"study": "small"})
    job = wait_for(client, ended)
    assert job["state"] == "failed"
    assert "no_such_module" in job["message"]


def test_a_folder_has_one_server(site: Site) -> None:
    with pytest.raises(InputError, match="another adenoscope serves this folder"), open_site(site.folder, "t", 1):
        raise AssertionError


def test_jobs_of_a_killed_server_wait_again_and_the_oldest_comes_first(site: Site) -> None:
    site.hidden.mkdir(exist_ok=True)
    db = open_catalogue(site.hidden)
    first, second = add_job(db, "run", "a"), add_job(db, "run", "b")
    change_job(db, first.id, state="running")
    assert next_job(db) == second
    db.close()  # without a word, as a kill does
    again = open_catalogue(site.hidden)
    assert [job.state for job in list_jobs(again)] == ["queued", "queued"]
    assert next_job(again) == first
    change_job(again, first.id, state="stopped")
    last = add_job(again, "run", "a")
    assert resume_job(again, first) == last  # one that waits for the same is enough
    change_job(again, last.id, state="done")
    assert resume_job(again, first).state == "queued"
    assert next_job(again) == second  # what is resumed queues anew
    again.close()


@pytest.mark.parametrize("damage", [b"not a database, and long enough to be read as one" * 100, None])
def test_a_damaged_catalogue_is_said(site: Site, damage: bytes | None) -> None:
    site.hidden.mkdir(exist_ok=True)
    path = site.hidden / "catalogue.sqlite"
    if damage is None:
        db = open_catalogue(site.hidden)
        db.execute("PRAGMA user_version = 99")
        db.close()
    else:
        path.write_bytes(damage)
    with pytest.raises(InputError, match="delete it"):
        open_catalogue(site.hidden)


def test_a_server_that_ends_leaves_its_jobs_in_the_queue(site: Site) -> None:
    write_small_study(site.folder / "small")
    with asking(site) as client:
        client.post("/api/jobs", json={"study": "small"})
        wait_for(client, lambda job: job["state"] == "running")
    with asking(site) as client:
        assert wait_for(client, ended)["state"] == "done"


def test_the_demonstration_is_made_once_and_only_when_it_is_whole(client: TestClient, site: Site) -> None:
    assert client.post("/api/demo").json()["study"] == "demo-study"
    wait_for(client, lambda job: job["progress"]["stage"] == "simulating" and job["progress"]["done"] > 2)
    assert not (site.folder / "demo-study").exists()
    job = wait_for(client, ended)
    assert job["state"] == "done"
    assert (site.folder / "demo-study" / "study.toml").exists()
    assert client.post("/api/demo").status_code == 409
