"""Processes give the same answers as none, and do not outlive the one that started them."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adenoscope.studies.workers import processes_for, workers


def test_processes_are_started_where_they_save_more_than_they_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(8), raising=False)
    assert processes_for(1, 10**10) == 1
    assert processes_for(10, 10**6) == 1
    assert processes_for(4, 700_000_000) == 2
    assert processes_for(1000, 10**6) == 8


@pytest.mark.parametrize("n_processes", [1, 2])
def test_each_item_comes_with_its_result(n_processes: int) -> None:
    with workers(n_processes) as over:
        assert sorted(over(math.factorial, [3, 4, 5])) == [(3, 6), (4, 24), (5, 120)]


def test_an_error_in_a_process_is_raised_here() -> None:
    with workers(2) as over, pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        list(over(math.sqrt, [4.0, -1.0]))


def test_the_environment_is_as_before_afterwards() -> None:
    before = dict(os.environ)
    with workers(2) as over:
        threads = dict(over(os.getenv, ["OMP_NUM_THREADS"]))
    assert threads == {"OMP_NUM_THREADS": "1"}
    assert dict(os.environ) == before


WAITS_WITH_WORKERS = """
import multiprocessing
import time
from adenoscope.studies.workers import workers

if __name__ == "__main__":
    with workers(2) as over:
        list(over(time.sleep, [0.2, 0.2]))
        print(*(child.pid for child in multiprocessing.active_children()), flush=True)
        time.sleep(60)
"""


@pytest.mark.skipif(not Path("/proc").exists(), reason="asks /proc which processes are alive")
def test_processes_end_when_the_one_that_started_them_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(WAITS_WITH_WORKERS)
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        children = [int(word) for word in parent.stdout.readline().split()]
        parent.send_signal(signal.SIGKILL)
    assert children
    deadline = time.monotonic() + 10
    while any(alive(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(alive(child) for child in children)


def alive(pid: int) -> bool:
    try:
        state = (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
