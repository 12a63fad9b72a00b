"""Cost of a trial in virtual people, in one command: 100,000 people through the mechanism, 200 replicates of 300.

    uv run python benchmarks/trial.py [--pool 100000] [--replicates 200] [--people 300] [--workers 2] [--json FILE]

Ketamine against midazolam, four visits, MMRM, ANCOVA and responders in six worlds. Prints what each stage costs, then
the promise with PASS or FAIL. Nothing is kept: the folder that it works in is removed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import tempfile
import time
from pathlib import Path

for _library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

from rich.console import Console  # noqa: E402

from adenoscope.studies.progress import Progress  # noqa: E402
from adenoscope.studies.simulate_trial import simulate_trial  # noqa: E402
from photometry_gate import Promise, print_promises  # noqa: E402

TRIAL = Path(__file__).parents[1] / "docs" / "trials" / "ketamine-midazolam.toml"
MOST_S = 300.0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pool", type=int, default=100_000, help="virtual people through the mechanism")
    parser.add_argument("--replicates", type=int, default=200)
    parser.add_argument("--people", type=int, default=300, help="in each replicate")
    parser.add_argument("--workers", type=int, default=2, help="processes, each on a core")
    parser.add_argument("--json", type=Path, help="where the numbers go")
    return parser.parse_args()


class Stages:
    """Wall time [s] at which each stage was first and last heard of."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self.spans: dict[str, list[float]] = {}

    def __call__(self, progress: Progress) -> None:
        now = time.perf_counter() - self.began
        self.spans.setdefault(progress.stage, [now, now])[1] = now


def cpu_s() -> float:
    """Return CPU time [s] of this process and of those that it has waited for."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def main() -> None:
    asked, console, stages = parse(), Console(), Stages()
    with tempfile.TemporaryDirectory(prefix="adenoscope-") as folder:
        text = TRIAL.read_text(encoding="utf-8").replace("people = 72", f"people = {asked.people}")
        path = Path(folder) / "trial.toml"
        path.write_text(text, encoding="utf-8")
        before = cpu_s()
        found = simulate_trial(
            path, Path(folder) / "out", replicates=asked.replicates, pool=asked.pool, n_processes=asked.workers,
            progress=stages,
        )  # fmt: skip
        wall, cpu = time.perf_counter() - stages.began, cpu_s() - before
    for stage, (start, end) in stages.spans.items():
        console.print(f"  {stage:12} {end - start:7.1f} s")
    console.print(f"{asked.pool} people ({found.lost} lost), {asked.replicates} replicates of {asked.people}")
    console.print(f"wall {wall:.1f} s, CPU {cpu:.1f} s with {asked.workers} processes on {os.cpu_count()} cores")
    promise = Promise(f"F6 a trial of this size in less than {MOST_S:g} s", f"{wall:.1f} s", wall < MOST_S)
    print_promises([promise], console)
    if asked.json:
        machine = {"cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
        numbers = {"wall_s": wall, "cpu_s": cpu, "stages_s": stages.spans, "lost": found.lost, **machine}
        asked.json.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
    raise SystemExit(0 if promise.kept else 1)


if __name__ == "__main__":
    main()
