"""Two threads against one, and the peak memory of a large cohort."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from engine_model import FIXED, MODEL, TIMES, Equations, draw_cohort, read_equations
from photometry_gate import Promise
from photometry_speed import MEASURE

REPEATS = 3
FASTER = 1.7
N_LARGE, PEAK_GB = 100_000, 1.5
CHILD = """
import sys
from pathlib import Path
import numpy as np
from adenoscope.simulation import read_model
names, drawn = sys.argv[3].split(","), np.load(sys.argv[2], mmap_mode="r")
read_model(Path(sys.argv[1])).simulate(
    np.linspace(0, 1440, 201),
    parameters={name: drawn[place] for place, name in enumerate(names)},
    observables=["Ae", "BDNF", "Mood"],
    rtol=1e-4,
    atol=1e-7,
    threads=2,
)
"""


def judge_scaling(n_subjects: int, numbers: dict[str, Any]) -> list[Promise]:
    """Measure both and return the promises."""
    equations = read_equations()
    one_s, two_s = _threads(equations, n_subjects)
    wall_s, peak_gb = _memory(equations)
    numbers["threads_s"] = {"1": one_s, "2": two_s}
    numbers["memory"] = {"subjects": N_LARGE, "wall_s": wall_s, "peak_gb": peak_gb}
    times = one_s / two_s
    found = f"{one_s:.2f} against {two_s:.2f} s, {times:.2f} times"
    return [
        Promise(f"two threads at least {FASTER:g} times faster, {n_subjects:,} subjects", found, times >= FASTER),
        Promise(
            f"{N_LARGE:,} subjects with 3 observables under {PEAK_GB:g} GB",
            f"{peak_gb:.2f} GB, {wall_s:.0f} s",
            peak_gb < PEAK_GB,
        ),
    ]


def _threads(equations: Equations, n_subjects: int) -> tuple[float, float]:
    """Return the quickest wall time [s] of one and of two threads, taken in turn: other work only adds."""
    from adenoscope.simulation import read_model

    model = read_model(MODEL)
    cohort = draw_cohort(equations, n_subjects)
    parameters = {name: cohort[:, k].copy() for k, name in enumerate(equations.parameters) if name not in FIXED}
    times: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(REPEATS + 1):
        for threads, found in times.items():
            started = time.perf_counter()
            model.simulate(
                TIMES,
                parameters=parameters,
                observables=list(equations.states),
                rtol=1e-4,
                atol=1e-7,
                threads=threads,
            )
            found.append(time.perf_counter() - started)
    return min(times[1][1:]), min(times[2][1:])


def _memory(equations: Equations) -> tuple[float, float]:
    """Return wall time [s] and peak memory [GB] of a process that simulates the large cohort."""
    names = [name for name in equations.parameters if name not in FIXED]
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder, "drawn.npy")
        cohort = draw_cohort(equations, N_LARGE)
        np.save(drawn, np.stack([cohort[:, equations.parameters.index(name)] for name in names]))
        del cohort
        command = [sys.executable, "-c", CHILD, str(MODEL), str(drawn), ",".join(names)]
        measured = subprocess.run(
            [sys.executable, "-c", MEASURE, *command], check=True, stdout=subprocess.PIPE, text=True
        )
    code, wall_s, peak_gb = measured.stdout.split()
    if code != "0":
        raise SystemExit(f"the large cohort's process ended with {code}; its message stands above")
    return float(wall_s), float(peak_gb)
