"""Time and memory on a long, fast recording: the fit, the whole command, and GuPPy's default fit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console

from adenoscope.core.study import Settings
from adenoscope.photometry.synthetic import SCENARIOS, Simulated, simulate
from photometry_gate import Promise, print_promises

RATE_HZ = 1000.0
REPEATS = 3
# A process counts the memory of the one that started it as its own peak, so a small one starts the command.
MEASURE = """
import os, subprocess, sys, time
started = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), time.perf_counter() - started, usage.ru_maxrss / 1e6)
process.returncode = 0
"""


def print_speed(console: Console, guppy_python: str | None) -> None:
    """Measure and print; GuPPy is run only where its interpreter is given."""
    short, long = (_recording(hours) for hours in (2, 4))
    fit_s, long_s = (_fit_seconds(made) for made in (short, long))
    ratio = long_s / fit_s
    with tempfile.TemporaryDirectory() as folder:
        study = _write_study(Path(folder, "study"), short)
        # The first run fills the caches of Python and of the compiler; the others are what a user waits for.
        runs = [_run_command(study, Path(folder, f"out{n}"), Path(folder, "bytecode")) for n in range(REPEATS + 1)]
        guppy = None if guppy_python is None else _time_guppy(guppy_python, short, Path(folder, "guppy.npz"))
    start_to_results_s, peak_gb = min(runs[1:])
    console.print("Speed: 2 h x 1 kHz x 2 channels")
    print_promises(
        [
            Promise("fit alone under 1 s", f"{fit_s:.2f} s", fit_s < 1),
            Promise("4 h at most 2.2 times 2 h", f"{long_s:.2f} s, {ratio:.2f} times", ratio <= 2.2),
            Promise("start to results, warm, under 5 s", f"{start_to_results_s:.2f} s", start_to_results_s < 5),
            Promise("peak memory under 1 GB", f"{peak_gb:.2f} GB", peak_gb < 1),
            _against_guppy(guppy, fit_s),
        ],
        console,
    )


def _recording(hours: int) -> Simulated:
    return simulate(replace(SCENARIOS["typical"], rate_hz=RATE_HZ, duration_s=3600.0 * hours), seed=0)


def _fit_seconds(made: Simulated) -> float:
    """Return the quickest time of a fit in memory, after one that compiles: other work on the machine only adds."""
    from adenoscope.photometry.estimate import estimate_response

    times: list[float] = []
    for _ in range(REPEATS + 1):
        started = time.perf_counter()
        estimate_response(made.channels, made.onsets_s, settings=Settings())
        times.append(time.perf_counter() - started)
    return min(times[1:])


def _write_study(folder: Path, made: Simulated) -> Path:
    """Write a study of one session, as a laboratory would have it on disk."""
    (folder / "recordings").mkdir(parents=True)
    signal, control = made.channels.signal, made.channels.control
    assert control is not None
    columns = {"time_s": signal.time_s, "signal": signal.values, "control": control.values}
    pq.write_table(pa.table(columns), folder / "recordings" / "long.parquet")
    onset_s = made.scenario.baseline_s
    (folder / "sessions.csv").write_text(
        "session,animal,treatment,recording,intervention_s,signal,control\n"
        f"long,m1,saline,long.parquet,{onset_s:g},signal,control\n",
        encoding="utf-8",
    )
    (folder / "study.toml").write_text(
        'name = "Speed"\nsensor = "GRAB_Ado1.0"\nvehicle = "saline"\nsynthetic = true\n', encoding="utf-8"
    )
    return folder


def _run_command(study: Path, out: Path, bytecode: Path) -> tuple[float, float]:
    """Return wall time [s] and peak memory [GB] of the command, from the start of its process to its end."""
    command = [sys.executable, "-m", "adenoscope", "run", str(study), "--out", str(out)]
    environment = os.environ | {"PYTHONPYCACHEPREFIX": str(bytecode), "PYTHONDONTWRITEBYTECODE": ""}
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, *command], check=True, stdout=subprocess.PIPE, env=environment, text=True
    )
    code, seconds, peak_gb = measured.stdout.split()
    if code not in ("0", "3"):
        raise SystemExit(f"adenoscope run ended with {code}; its message stands above")
    return float(seconds), float(peak_gb)


def _time_guppy(python: str, made: Simulated, source: Path) -> dict[str, float]:
    """Return ``seconds`` and ``peak_gb`` of GuPPy's step from channels to ΔF/F, with its defaults."""
    signal, control = made.channels.signal, made.channels.control
    assert control is not None
    time_s = signal.time_s - made.onsets_s[0]
    np.savez(source, **{"0_time_s": time_s, "0_signal": signal.values, "0_control": control.values})
    worker = Path(__file__).with_name("peers_worker.py")
    done = subprocess.run([python, str(worker), "time", str(source)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def _against_guppy(guppy: dict[str, float] | None, fit_s: float) -> Promise:
    text = "fit at least 100 times faster than GuPPy's default in this run"
    if guppy is None:
        return Promise(text, "GuPPy was not timed (--speed-guppy with --peer-python)", None)
    times = guppy["seconds"] / fit_s
    found = f"{guppy['seconds']:.0f} s and {guppy['peak_gb']:.1f} GB against {fit_s:.2f} s: {times:.0f} times"
    return Promise(text, found, times >= 100)
