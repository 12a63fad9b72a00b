"""The benchmark of the recording view runs, and the server stays small beside a recording that is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "page.py"


def test_the_benchmark_of_the_page_tells_first_plots_zooms_and_memory() -> None:
    # Times are told and not judged here: a machine that runs other tests beside this one proves nothing.
    command = [sys.executable, str(BENCHMARK), "--samples", "400000", "--repeats", "1", "--zooms", "3"]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert [line[9:].split(":")[0] for line in lines if line.startswith(("PASS", "FAIL"))] == [
        "first plot of a Parquet file under 1.5 s",
        "zoom under 0.3 s",
        "server under 300 MB",
    ]
    assert any(line.startswith("PASS     server under 300 MB") for line in lines)
