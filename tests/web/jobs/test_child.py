"""The process of a job: it does what the command does, and ends with the server."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from small_study import write_small_study

COMMAND = (sys.executable, "-m", "adenoscope.web.jobs.child")


def start(**task: Any) -> subprocess.Popen[str]:
    argument = json.dumps({name: str(value) for name, value in task.items()})
    return subprocess.Popen([*COMMAND, argument], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def lines_of(**task: Any) -> list[dict[str, Any]]:
    with start(**task) as process:
        assert process.stdout is not None
        lines = [json.loads(line) for line in process.stdout]
        assert process.wait(timeout=60) == 0
    return lines


def test_what_is_wrong_with_a_recording_is_said_as_the_command_says_it(tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "small", 2)
    (folder / "recordings" / "s2.csv").write_text("nothing")
    *_, last = lines_of(kind="run", folder=folder, out=tmp_path / "out", ledger=tmp_path / "none.csv")
    (problem,) = last["problems"]
    assert problem.startswith("recordings/s2.csv")
    assert not (tmp_path / "out").exists()


def test_it_ends_at_once_when_nobody_listens_any_more(tmp_path: Path) -> None:
    with start(kind="demo", folder=tmp_path / "demo-study", unseen=tmp_path / "unseen") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        before = time.monotonic()
        process.stdin.close()
        process.wait(timeout=30)
        took_s = time.monotonic() - before
    assert process.returncode == 1
    assert took_s < 3  # a machine that runs other tests; alone it takes some milliseconds
    assert not (tmp_path / "demo-study").exists()


def test_the_demonstration_appears_whole_and_never_over_something_else(tmp_path: Path) -> None:
    task = {"kind": "demo", "folder": tmp_path / "demo-study", "unseen": tmp_path / "unseen"}
    (tmp_path / "unseen").mkdir()
    (tmp_path / "unseen" / "left-by-a-kill").touch()
    first, *_, last = lines_of(**task)
    assert (first["stage"], last) == ("simulating", {"done": []})
    assert {path.name for path in (tmp_path / "demo-study").iterdir()} >= {"study.toml", "sessions.csv"}
    assert not (tmp_path / "demo-study" / "left-by-a-kill").exists()
    *_, again = lines_of(**task)
    assert "it is there already" in again["problems"][0]
