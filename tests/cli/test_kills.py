"""A run killed at any moment leaves nothing half written, and running again ends with the same bytes."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

Everything = Callable[[Path], dict[str, bytes]]


def assert_whole(out: Path) -> None:
    """Fail if any file that shows is not complete."""
    for path in out.rglob("*"):
        if path.name.startswith(".") or not path.is_file():
            continue
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix == ".parquet":
            with pq.ParquetFile(path) as file:
                assert file.read().num_rows > 0
        else:
            assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")


def kill_and_resume(
    start: Callable[..., subprocess.Popen[str]], study: Path, everything: Everything, n_kills: int, seed: int
) -> None:
    def run_to(out: Path) -> None:
        with start(study, "--out", out) as process:
            _, err = process.communicate(timeout=120)
        assert process.returncode in {0, 3}, err

    undisturbed, out = study.parent / "undisturbed", study.parent / "killed"
    started = time.perf_counter()
    run_to(undisturbed)
    lasts_s = time.perf_counter() - started
    for after_s in np.random.default_rng(seed).uniform(0.05, 1.05, n_kills) * lasts_s:
        with start(study, "--out", out) as process:
            time.sleep(after_s)
            process.kill()
        assert_whole(out)
        # Half of what is finished is taken away, or the later kills would find nothing left to do.
        for piece in sorted((out / "pieces").glob("*.json"))[::2]:
            piece.unlink()
    run_to(out)
    assert everything(out) == everything(undisturbed)


def test_five_kills(shell, study: Path, everything: Everything) -> None:
    table = study / "sessions.csv"
    rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(rows[:3]), encoding="utf-8")
    kill_and_resume(partial(shell.start, "run", "--no-report"), study, everything, 5, seed=1)


@pytest.mark.slow
def test_twenty_kills(shell, study: Path, everything: Everything) -> None:
    kill_and_resume(partial(shell.start, "run"), study, everything, 20, seed=20)


SIDE_BY_SIDE = """
import sys
from pathlib import Path
from adenoscope.io.study import read_study
from adenoscope.studies.run_study import run_study

if __name__ == "__main__":
    folder, _, out = sys.argv[1:]
    run_study(read_study(Path(folder)), Path(out), n_processes=2)
"""


@pytest.mark.slow
def test_twenty_kills_of_a_run_with_processes(shell, study: Path, everything: Everything, tmp_path: Path) -> None:
    script = tmp_path / "side_by_side.py"
    script.write_text(SIDE_BY_SIDE, encoding="utf-8")
    kill_and_resume(partial(shell.start, program=(str(script),)), study, everything, 20, seed=21)
