"""A server that is killed in mid-run: the queue goes on by itself, and ends with the bytes of an undisturbed run."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from small_study import write_small_study

import adenoscope
from adenoscope.core.edit import Edit
from adenoscope.io.edits import append_edit
from adenoscope.studies.demo_study import write_demo_study

FILES = ("results.json", "report.html")
EDITS = (
    Edit("2026-03-14T09:26:53Z", "{first}", "handling_s", "-20 40", "quick hands"),
    Edit("2026-03-14T09:27:11Z", "{last}", "exclude", "noise", "seen in the raw trace"),
)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return one with a copy of the package, so that no edit or commit beside the test changes what is written."""
    root = tmp_path_factory.mktemp("package")
    shutil.copytree(Path(adenoscope.__file__).parent, root / "adenoscope")
    return os.environ | {"PYTHONPATH": str(root)}


class Server:
    """A server of its own process, and a browser's way to ask it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "adenoscope", "serve", str(folder), "--port", "0", "--no-open"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout is not None
        address = self.process.stdout.readline().split()[1]
        self.origin = address.partition("/?")[0]
        self.opener = build_opener(HTTPCookieProcessor())
        self.opener.open(address, timeout=30).close()

    def ask(self, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        headers = {"origin": self.origin, "content-type": "application/json"}
        request = Request(self.origin + path, None if body is None else json.dumps(body).encode(), headers)
        with self.opener.open(request, timeout=30) as answer:
            return json.load(answer)

    def job(self) -> dict[str, Any]:
        return self.ask("/api/jobs")["jobs"][0]

    def wait_for(self, fits: Callable[[dict[str, Any]], bool], within_s: float) -> dict[str, Any]:
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            if fits(job := self.job()):
                return job
            time.sleep(0.05)
        raise AssertionError(f"after {within_s:g} s: {self.job()}")

    def children(self) -> dict[int, str]:
        """Return the command of each process that the server has started."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        numbers = [int(pid) for task in tasks for pid in (task / "children").read_text().split()]
        return {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in numbers}


@contextmanager
def serving(folder: Path, environment: dict[str, str]) -> Iterator[Server]:
    server = Server(folder, environment)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.communicate(timeout=30)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def wait_until_gone(processes: list[int], within_s: float) -> None:
    assert processes
    end = time.monotonic() + within_s
    while not all(is_gone(pid) for pid in processes):
        assert time.monotonic() < end, "a process outlives its server"
        time.sleep(0.05)


def digests(folder: Path) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}


def kill_in_mid_run(root: Path, study: Path, environment: dict[str, str], within_s: float) -> None:
    """Run a study on a server that is killed, and compare with the command's own results."""
    with serving(root, environment) as server:
        server.ask("/api/jobs", {"study": study.name})
        server.wait_for(
            lambda job: job["progress"]["stage"] == "estimating" and job["progress"]["done"] > 0, within_s
        )
        children = server.children()
        server.process.kill()
        server.process.wait()
        # Alone they take 0.1 s and 0.5 s; on a busy machine one may still have to start before it can end.
        wait_until_gone([pid for pid, command in children.items() if "jobs.child" in command], within_s=10)
        wait_until_gone(list(children), within_s=60)
    assert not (root / f"{study.name}-results" / "results.json").exists()
    with serving(root, environment) as server:
        job = server.wait_for(lambda job: job["state"] not in {"queued", "running"}, within_s)
        assert job["state"] == "done", job
    command = [sys.executable, "-m", "adenoscope", "run", study, "--out", root / "plain"]
    ledger = root / f"{study.name}-edits.csv"
    edits = ["--edits", ledger] if ledger.exists() else []
    ran = subprocess.run([*command, *edits], env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode in {0, 3}, ran.stderr
    assert digests(root / f"{study.name}-results") == digests(root / "plain")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")
def test_after_a_kill_the_queue_goes_on_and_ends_with_the_same_bytes(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    study = write_small_study(tmp_path / "small", 3)
    for edit, session in zip(EDITS, ("s2", "s1"), strict=True):
        append_edit(tmp_path / "small-edits.csv", Edit(edit.at, session, edit.field, edit.value, edit.reason))
    kill_in_mid_run(tmp_path, study, environment, within_s=120)


@pytest.mark.slow
def test_the_demonstration_study_survives_a_kill(tmp_path: Path, environment: dict[str, str]) -> None:
    study = tmp_path / "demo-study"
    write_demo_study(study)
    kill_in_mid_run(tmp_path, study, environment, within_s=600)
