"""The queue: one job at a time, each in a process, stopped and resumed, and what becomes of jobs that go wrong."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from small_study import write_small_study

from adenoscope.core.errors import InputError
from adenoscope.web.jobs import runner
from adenoscope.web.jobs.catalogue import Job, add_job, change_job, list_jobs, next_job, open_catalogue, resume_job
from adenoscope.web.security.guard import cookie_name
from adenoscope.web.security.inside import OUTSIDE
from adenoscope.web.server import create_app
from adenoscope.web.site import Site, open_site


@pytest.fixture(autouse=True)
def nothing_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "COMMAND", (sys.executable, str(Path(__file__).with_name("fake_child.py"))))


def asking(site: Site) -> TestClient:
    """Return a client of a server of its own; the fixture's ends with the test."""
    origin = f"http://127.0.0.1:{site.port}"
    cookies = {cookie_name(site.port): site.token}
    return TestClient(create_app(site), base_url=origin, cookies=cookies, headers={"origin": origin})


def wait_for(client: TestClient, fits: Callable[[dict[str, Any]], bool], within_s: float = 30.0) -> dict[str, Any]:
    """Return the newest job once it fits."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        job = client.get("/api/jobs").json()["jobs"][0]
        if fits(job):
            return job
        time.sleep(0.02)
    raise AssertionError(f"after {within_s:g} s: {client.get('/api/jobs').json()}")


def is_running(job: dict[str, Any]) -> bool:
    return job["state"] == "running" and job["progress"]["done"] > 0


def has_ended(job: dict[str, Any]) -> bool:
    return job["state"] not in {"queued", "running"}


def test_a_job_says_how_far_it_is_and_which_sessions_were_refused(client: TestClient, site: Site) -> None:
    write_small_study(site.folder / "small")
    started = client.post("/api/jobs", json={"study": "small"})
    assert (started.status_code, started.json()["state"]) == (201, "queued")
    job = wait_for(client, is_running)
    assert job["progress"] | {"done": 0} == {"stage": "estimating", "done": 0, "total": 20, "words": "s1"}
    job = wait_for(client, has_ended)
    assert (job["state"], job["message"]) == ("done", "s1, s2")
    assert job["queued_at"] <= job["started_at"] <= job["ended_at"]


def test_a_job_that_is_stopped_can_be_resumed_and_one_that_waits_is_not_queued_twice(
    client: TestClient, site: Site
) -> None:
    write_small_study(site.folder / "small")
    first = client.post("/api/jobs", json={"study": "small"}).json()
    wait_for(client, is_running)
    second, third = (client.post("/api/jobs", json={"study": "small"}).json() for _ in range(2))
    assert second["id"] == third["id"] != first["id"]  # what runs may have read what was edited since
    assert client.post(f"/api/jobs/{second['id']}/stop").json()["state"] == "stopped"
    assert client.post(f"/api/jobs/{first['id']}/stop").json()["state"] == "stopped"
    assert client.post(f"/api/jobs/{first['id']}/stop").status_code == 409
    assert client.post(f"/api/jobs/{second['id']}/resume").json()["state"] == "queued"
    job = wait_for(client, has_ended)
    assert (job["id"], job["state"]) == (second["id"], "done")
    assert client.get("/api/jobs").json()["jobs"][1]["state"] == "stopped"
    assert client.post(f"/api/jobs/{job['id']}/resume").status_code == 409


def test_a_job_that_is_stopped_before_its_process_is_there_stays_stopped(
    client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_small_study(site.folder / "small")
    looked_up = runner.task_for

    def slow(site: Site, job: Job) -> dict[str, Any]:
        time.sleep(0.3)
        return looked_up(site, job)

    monkeypatch.setattr(runner, "task_for", slow)
    first = client.post("/api/jobs", json={"study": "small"}).json()
    wait_for(client, lambda job: job["state"] == "running")
    client.post(f"/api/jobs/{first['id']}/stop")
    client.post("/api/jobs", json={"study": "small"})
    wait_for(client, has_ended)
    stopped = client.get("/api/jobs").json()["jobs"][1]
    assert (stopped["state"], stopped["progress"]["done"]) == ("stopped", 0)


def test_a_mistake_of_ours_ends_its_job_and_not_the_queue(
    client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_small_study(site.folder / "small")

    def wrong(site: Site, job: Job) -> dict[str, Any]:
        raise ZeroDivisionError("a mistake")

    with monkeypatch.context() as patched:
        patched.setattr(runner, "task_for", wrong)
        client.post("/api/jobs", json={"study": "small"})
        job = wait_for(client, has_ended)
    assert (job["state"], job["message"]) == ("failed", "ZeroDivisionError('a mistake')")
    client.post("/api/jobs", json={"study": "small"})
    assert wait_for(client, has_ended)["state"] == "done"


@pytest.mark.parametrize(
    ("name", "state", "message"),
    [("wrong", "refused", "it is wrong"), ("breaks", "failed", "it broke (more in .adenoscope/job.log)")],
)
def test_a_process_that_goes_wrong_is_told_from_an_input_that_is(
    client: TestClient, site: Site, name: str, state: str, message: str
) -> None:
    write_small_study(site.folder / name)
    client.post("/api/jobs", json={"study": name})
    job = wait_for(client, has_ended)
    assert (job["state"], job["message"]) == (state, message)
    assert client.post(f"/api/jobs/{job['id']}/resume").status_code == 200


def test_a_study_that_vanishes_while_it_waits_is_refused_and_the_next_job_goes_on(
    client: TestClient, site: Site
) -> None:
    for name in ("first", "second", "third"):
        write_small_study(site.folder / name)
        client.post("/api/jobs", json={"study": name})
    (site.folder / "second").rename(site.folder / "renamed")
    job = wait_for(client, has_ended)
    assert job["study"] == "third"
    second = client.get("/api/jobs").json()["jobs"][1]
    assert (second["state"], second["message"]) == ("refused", "no study of this name lies in the folder")


def test_what_cannot_be_run_is_refused_in_words(client: TestClient, site: Site) -> None:
    folder = write_small_study(site.folder / "small")
    assert client.post("/api/jobs", json={"study": "../small"}).status_code == 404
    assert client.post("/api/jobs", json={"study": ""}).status_code == 422
    assert client.post("/api/jobs/7/stop").status_code == 404
    assert client.post(f"/api/jobs/{10**30}/resume").status_code == 404
    (folder / "sessions.csv").write_text("session,animal\ns1,m1\n")
    answer = client.post("/api/jobs", json={"study": "small"})
    assert answer.status_code == 422
    assert any("sessions.csv" in problem["words"] for problem in answer.json()["problems"])
    assert client.get("/api/jobs").json() == {"jobs": []}


def test_a_study_that_leads_out_of_the_folder_is_not_run(client: TestClient, site: Site, tmp_path: Path) -> None:
    data, table, out = (write_small_study(site.folder / name) for name in ("data", "table", "out"))
    for link in (data / "recordings" / "s1.csv", table / "sessions.csv"):
        link.rename(tmp_path / link.name)
        link.symlink_to(tmp_path / link.name)
    site.folder.joinpath("out-results").symlink_to(tmp_path, target_is_directory=True)
    for folder in (data, table, out):
        answer = client.post("/api/jobs", json={"study": folder.name})
        assert answer.status_code == 403
        assert OUTSIDE in answer.json()["refused"]


def test_a_demonstration_is_offered_where_there_is_none(client: TestClient, site: Site) -> None:
    assert client.post("/api/demo").json()["study"] == "demo-study"
    assert wait_for(client, has_ended)["kind"] == "demo"
    (site.folder / "demo-study").mkdir()
    assert client.post("/api/demo").status_code == 409


def test_a_server_that_ends_leaves_its_jobs_in_the_queue(site: Site) -> None:
    write_small_study(site.folder / "small")
    with asking(site) as client:
        client.post("/api/jobs", json={"study": "small"})
        wait_for(client, is_running)
    with asking(site) as client:
        assert wait_for(client, has_ended)["state"] == "done"


def test_a_folder_has_one_server(site: Site) -> None:
    with pytest.raises(InputError, match="another adenoscope serves this folder"), open_site(site.folder, "t", 1):
        raise AssertionError


def test_jobs_of_a_killed_server_wait_again_and_the_oldest_comes_first(tmp_path: Path) -> None:
    db = open_catalogue(tmp_path)
    first, second = add_job(db, "run", "a"), add_job(db, "run", "b")
    change_job(db, first.id, state="running")
    assert next_job(db) == second
    db.close()  # without a word, as a kill does
    again = open_catalogue(tmp_path)
    assert [job.state for job in list_jobs(again)] == ["queued", "queued"]
    assert next_job(again) == first
    change_job(again, first.id, state="stopped")
    last = add_job(again, "run", "a")
    assert resume_job(again, first) == last  # one that waits for the same is enough
    change_job(again, last.id, state="done")
    assert resume_job(again, first).state == "queued"
    assert next_job(again) == second  # what is resumed queues anew
    again.close()


@pytest.mark.parametrize("is_newer", [False, True])
def test_a_catalogue_that_is_not_ours_is_said_and_left(tmp_path: Path, is_newer: bool) -> None:
    path = tmp_path / "catalogue.sqlite"
    if is_newer:
        db = open_catalogue(tmp_path)
        db.execute("PRAGMA user_version = 99")
        db.close()
    else:
        path.write_bytes(b"no database, and longer than the head of one" * 100)
    before = path.read_bytes()
    with pytest.raises(InputError, match="delete it"):
        open_catalogue(tmp_path)
    assert path.read_bytes() == before
