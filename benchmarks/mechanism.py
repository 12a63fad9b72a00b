"""Cost of the whole mechanism, in one command: 10,000 virtual mice, each followed for a day after ketamine.

    uv run python benchmarks/mechanism.py [--subjects 10000] [--rounds 5] [--threads 2] [--json numbers.json]

Mice differ in every constant that has a range. Prints what a round costs, then each promise with PASS or FAIL.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

for _library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

import numpy as np  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from adenoscope.core.protocol import Dose, Protocol  # noqa: E402
from adenoscope.mechanism.cohort import BATCH, Numbers, draw_subjects, mechanism  # noqa: E402
from adenoscope.mechanism.interventions import changes, parameters  # noqa: E402
from adenoscope.mechanism.observables import sample_times  # noqa: E402
from adenoscope.simulation import Trajectories  # noqa: E402
from photometry_gate import Promise, print_promises  # noqa: E402

KETAMINE = Dose(600.0, "ketamine", 10.0, "mg/kg", "ip")
DAY = Protocol("mouse", 86400.0, every_s=60.0, give=(KETAMINE,))
OBSERVED = ("dff", "fst_immobility_s", "adenosine_um")
RTOL, ATOL = 1e-4, 1e-7  # what the how-to advises for virtual cohorts
TIGHT_RTOL, TIGHT_ATOL, N_TIGHT = 1e-9, 1e-12, 200
MOST_S, MOST_FAILED, MOST_ERROR = 60.0, 1e-3, 5e-3


@dataclass(frozen=True)
class Round:
    """One call: wall time and the process's CPU time [s] on so many threads; for each mouse, its steps."""

    threads: int
    wall_s: float
    cpu_s: float
    us_per_mouse: float
    failed: int
    steps: float
    most_steps: int
    rejected: float


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subjects", type=int, default=10_000, help="virtual mice")
    parser.add_argument("--rounds", type=int, default=5, help="a promise is judged on the dearest round")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="threads, each on a core")
    parser.add_argument("--seed", type=int, default=1, help="seed of the cohort")
    parser.add_argument("--json", type=Path, help="write the numbers there")
    options = parser.parse_args()
    if min(options.subjects, options.rounds, options.threads) < 1:
        parser.error("--subjects, --rounds and --threads must be at least 1")
    return options


def main() -> None:
    options = parse()
    console = Console(width=None if os.isatty(1) else 140)
    wall, cpu = time.perf_counter(), time.process_time()
    drawn = draw_subjects("mouse", options.subjects, options.seed)
    draw_s = (time.perf_counter() - wall, time.process_time() - cpu)
    states = len(mechanism("mouse").system.rates)
    console.print(
        f"{options.subjects:,} mice with {len(drawn.constants)} drawn constants each ({drawn.redrawn} draws without "
        f"rest were made again): {draw_s[0]:.1f} s, {draw_s[1]:.1f} s of CPU, which is not part of what follows.\n"
        f"{states} states over {DAY.duration_s / 3600:g} h, {len(OBSERVED)} observables every {DAY.every_s:g} s; "
        f"rtol {RTOL:g}, atol {ATOL:g}."
    )
    simulate({name: values[:BATCH] for name, values in drawn.constants.items()})  # compiled before the first round
    rounds = [run_round(drawn.constants, options.threads) for _ in range(options.rounds)]
    print_rounds(rounds, console)
    error = largest_error(drawn.constants)
    promises = judge(rounds, options.subjects, error)
    print_promises(promises, console)
    if options.json is not None:
        numbers: dict[str, Any] = {"python": platform.python_version(), "machine": platform.platform()}
        numbers |= {"subjects": options.subjects, "states": states, "draw_s": draw_s, "largest_error": error}
        numbers |= {"rounds": [asdict(row) for row in rounds], "gates": [asdict(promise) for promise in promises]}
        options.json.write_text(json.dumps(numbers, indent=1), encoding="utf-8")
    raise SystemExit(any(promise.kept is False for promise in promises))


def simulate(constants: Mapping[str, Numbers], **options: float | None) -> Trajectories:
    return mechanism("mouse").simulate(
        sample_times(DAY),
        parameters={**constants, **parameters(DAY)},
        events=changes(DAY),
        observables=OBSERVED,
        **{"rtol": RTOL, "atol": ATOL, **options},
    )


def run_round(constants: Mapping[str, Numbers], threads: int) -> Round:
    wall, cpu = time.perf_counter(), time.process_time()
    found = simulate(constants, threads=threads)
    wall_s, cpu_s = time.perf_counter() - wall, time.process_time() - cpu
    return Round(
        threads=threads,
        wall_s=wall_s,
        cpu_s=cpu_s,
        us_per_mouse=1e6 * cpu_s / found.n_subjects,
        failed=len(found.failures),
        steps=float(found.steps.mean()),
        most_steps=int(found.steps.max()),
        rejected=float(found.rejected.mean()),
    )


def largest_error(constants: Mapping[str, Numbers]) -> float:
    """Return the largest distance of some mice's curves from tight ones, as a share of the range of the tight one."""
    few = {name: values[:N_TIGHT] for name, values in constants.items()}
    found, tight = simulate(few), simulate(few, rtol=TIGHT_RTOL, atol=TIGHT_ATOL)
    known = (found.status == 0) & (tight.status == 0)
    if not known.any():
        return float("inf")
    away = np.abs(found.values - tight.values)[known].max(axis=1)
    return float(np.max(away / np.ptp(tight.values[known], axis=1)))


def print_rounds(rounds: list[Round], console: Console) -> None:
    table = Table(
        "threads", "wall [s]", "CPU [s]", "CPU a core [s]", "µs a mouse", "steps", "most", "rejected", "failed"
    )
    for row in rounds:
        times = (f"{row.wall_s:.2f}", f"{row.cpu_s:.2f}", f"{row.cpu_s / row.threads:.2f}", f"{row.us_per_mouse:.0f}")
        steps = (f"{row.steps:.0f}", f"{row.most_steps}", f"{row.rejected:.1f}", f"{row.failed}")
        table.add_row(str(row.threads), *times, *steps)
    console.print(table)


def judge(rounds: list[Round], n_mice: int, error: float) -> list[Promise]:
    """Return the promises, judged on the dearest round."""
    dearest = max(row.cpu_s / row.threads for row in rounds)
    failed = max(row.failed for row in rounds) / n_mice
    cost = f"{n_mice:,} mice over a day under {MOST_S:g} s of CPU a core"
    return [
        Promise(cost, f"{dearest:.2f} s", dearest < MOST_S),
        Promise(f"at most {MOST_FAILED:.1%} of them fail", f"{failed:.2%}", failed <= MOST_FAILED),
        Promise(
            f"off by at most {MOST_ERROR:.1%} of a curve's range", f"{error:.2%}, {N_TIGHT} mice", error <= MOST_ERROR
        ),
    ]


if __name__ == "__main__":
    main()
