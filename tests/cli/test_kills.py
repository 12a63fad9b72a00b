"""A run killed at any moment leaves nothing half written, and running again ends with the same bytes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
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
    shell, study: Path, everything: Everything, n_kills: int, seed: int, *options: str
) -> None:
    undisturbed = study.parent / "undisturbed"
    run = ("run", study, *options)
    started = time.perf_counter()
    assert shell.run(*run, "--out", undisturbed).returncode in {0, 3}
    lasts_s = time.perf_counter() - started
    out = study.parent / "killed"
    for after_s in np.random.default_rng(seed).uniform(0.05, 1.05, n_kills) * lasts_s:
        with shell.start(*run, "--out", out) as process:
            time.sleep(after_s)
            process.kill()
        assert_whole(out)
        # Half of what is finished is taken away, or the later kills would find nothing left to do.
        for piece in sorted((out / "pieces").glob("*.json"))[::2]:
            piece.unlink()
    assert shell.run(*run, "--out", out).returncode in {0, 3}
    assert everything(out) == everything(undisturbed)


def test_five_kills(shell, study: Path, everything: Everything) -> None:
    table = study / "sessions.csv"
    rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(rows[:3]), encoding="utf-8")
    kill_and_resume(shell, study, everything, 5, 1, "--no-report")


@pytest.mark.slow
def test_twenty_kills(shell, study: Path, everything: Everything) -> None:
    kill_and_resume(shell, study, everything, 20, 20)


@pytest.mark.slow
def test_twenty_kills_with_a_process_for_each_session(shell, study: Path, everything: Everything) -> None:
    table = study / "sessions.csv"
    more = [f"x{n},m{n},saline,s1.csv,{400 + n},,,control\n" for n in range(3)]
    table.write_text(table.read_text(encoding="utf-8") + "".join(more), encoding="utf-8")
    kill_and_resume(shell, study, everything, 20, 21)
