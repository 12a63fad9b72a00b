"""Time from the start of a process to its first result, with compiled code kept from before and without."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from engine_model import MODEL
from photometry_gate import Promise

REPEATS = 3
N_SUBJECTS = 1
WARM_S, COLD_S, SECOND_S = 2.5, 10.0, 5.0
# What a user's script does, and then the same with a model that no cache has seen.
CHILD = """
import sys, time
from pathlib import Path
import numpy as np
from adenoscope.simulation import read_model
def count_states(path):
    found = read_model(Path(path)).simulate(np.linspace(0, 1440, 201), parameters={"ka": np.full(N, 0.02)})
    assert found.values.shape[:2] == (N, 201) and np.isfinite(found.values).all()
    return found.values.shape[2]
N = int(sys.argv[3])
assert count_states(sys.argv[1]) == 31
print("first", flush=True)
started = time.perf_counter()
assert count_states(sys.argv[2]) == 32
print(time.perf_counter() - started, flush=True)
"""


def judge_startup(numbers: dict[str, Any]) -> list[Promise]:
    """Measure with empty caches and with full ones, and return the promises; other work only adds to a time."""
    cold: list[tuple[float, float]] = []
    warm: list[tuple[float, float]] = []
    for attempt in range(REPEATS):
        with tempfile.TemporaryDirectory() as folder:
            cache = Path(folder, "cache")
            cache.mkdir()
            cold.append(_start(cache, _changed(Path(folder, "second.ant"), 2 * attempt)))
            warm.append(_start(cache, _changed(Path(folder, "third.ant"), 2 * attempt + 1)))
    numbers["startup_s"] = {"cold": cold, "warm": warm}
    cold_s, warm_s = (min(first for first, _ in runs) for runs in (cold, warm))
    second_s = min(second for _, second in (*cold, *warm))
    return [
        Promise(f"process start to first result, warm, at most {WARM_S:g} s", f"{warm_s:.2f} s", warm_s <= WARM_S),
        Promise(f"and with empty caches at most {COLD_S:g} s", f"{cold_s:.2f} s", cold_s <= COLD_S),
        Promise(f"a second model at most {SECOND_S:g} s", f"{second_s:.2f} s", second_s <= SECOND_S),
    ]


def _changed(file: Path, number: int) -> Path:
    """Write the model with one more state, different for each ``number``, so that nothing of it is kept."""
    body = MODEL.read_text(encoding="utf-8").rstrip().removesuffix("end")
    power = 2 + number
    added = f"  Trace' = ktrace*(Mood^{power}/(1+Mood^{power}) - Trace);\n  Trace = 0.5;\n  ktrace = 0.01;\n"
    file.write_text(body + added + "end\n", encoding="utf-8")
    return file


def _start(cache: Path, second: Path) -> tuple[float, float]:
    """Return seconds to the first result of a new process, and those of the second model in it."""
    # numba keeps its own code elsewhere where this is set; the engine's folder is what is to be empty or full.
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    environment["ADENOSCOPE_CACHE_DIR"] = str(cache)
    started = time.perf_counter()
    command = [sys.executable, "-c", CHILD, str(MODEL), str(second), str(N_SUBJECTS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        first_s = time.perf_counter() - started
        second_text = process.stdout.readline()
    if process.returncode != 0:
        raise SystemExit(f"the engine's process ended with {process.returncode}; its message stands above")
    return first_s, float(second_text)
