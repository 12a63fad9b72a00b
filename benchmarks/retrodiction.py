"""Published trials predicted by a link that has not seen them, and 100,000 virtual people through the mechanism.

    uv run python benchmarks/retrodiction.py [--people 100000] [--json numbers.json]

Prints every published trial with what was predicted without it, the link before and after the trials, what the
mechanism costs, then each promise with PASS or FAIL. ``--people 0`` leaves the cost out.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import asdict
from pathlib import Path

for _library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

import numpy as np  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from adenoscope.core.protocol import Protocol  # noqa: E402
from adenoscope.studies.trials.engagement import engage  # noqa: E402
from adenoscope.studies.trials.link import Link, link_draws  # noqa: E402
from adenoscope.studies.trials.people import draw_people  # noqa: E402
from adenoscope.studies.trials.published import DESIGNS, SESSIONS  # noqa: E402
from adenoscope.studies.trials.retrodict import GATE, NULLS, Retrodiction, retrodict  # noqa: E402
from photometry_gate import Promise, print_promises  # noqa: E402

ARMS = {"ketamine": SESSIONS["ketamine"], "hypoxia": SESSIONS["hypoxia"], "sham": Protocol("human", 0.0)}
MOST_CPU_S, CORES, LEAST_INSIDE, MOST_POWER = 150.0, 2, 4, 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000, help="virtual people through the mechanism; 0: none")
    parser.add_argument("--json", type=Path, help="write the numbers there")
    options = parser.parse_args()
    console = Console(width=None if os.isatty(1) else 140)
    names = (*GATE, *(name for name in DESIGNS if name not in GATE))
    found = {name: retrodict(name) for name in names}
    plain = {name: retrodict(name, selection=False) for name in names}
    print_trials(found, plain, console)
    print_link(link_draws(4000, 1), console)
    promises = judge(found, plain)
    if options.people:
        promises += cost(options.people, console)
    print_promises(promises, console)
    if options.json is not None:
        numbers = {"trials": {name: asdict(row) for name, row in found.items()}}
        numbers |= {"without_selection": {name: asdict(row) for name, row in plain.items()}}
        numbers |= {"gates": [asdict(promise) for promise in promises]}
        options.json.write_text(json.dumps(numbers, indent=1), encoding="utf-8")
    raise SystemExit(any(promise.kept is False for promise in promises))


def print_trials(found: dict[str, Retrodiction], plain: dict[str, Retrodiction], console: Console) -> None:
    table = Table(
        "trial", "published", "as run, 90 %", "as printed, 90 %", "inside", "power", "no selection: power", "ESS"
    )
    for name, row in found.items():
        spans = [f"{i.estimate:.1f} ({i.low:.1f} to {i.high:.1f})" for i in (row.difference, row.printed)]
        power = (f"{row.power:.0%}", f"{plain[name].power:.0%}", f"{row.effective:.0f}")
        table.add_row(name, f"{row.trial.difference.value:.1f}", *spans, "yes" if row.inside else "no", *power)
    console.print(table)


def print_link(link: Link, console: Console) -> None:
    table = Table("parameter", "before", "after")
    for name in link.draws:
        spans = [np.percentile(draws[name], (50, 2.5, 97.5)) for draws in (link.prior, link.draws)]
        table.add_row(name, *(f"{middle:.2f} ({low:.2f} to {high:.2f})" for middle, low, high in spans))
    console.print(table)


def judge(found: dict[str, Retrodiction], plain: dict[str, Retrodiction]) -> list[Promise]:
    inside = sum(found[name].inside for name in GATE)
    promises = [
        Promise(f"at least {LEAST_INSIDE} of 5 published differences inside", f"{inside}", inside >= LEAST_INSIDE)
    ]
    for name in NULLS:
        words = f"{found[name].power:.0%}; {plain[name].power:.0%} without the term of small trials"
        promises.append(Promise(f"{name} not predicted as a win", words, found[name].power < MOST_POWER))
    return promises


def cost(n: int, console: Console) -> list[Promise]:
    wall, cpu = time.perf_counter(), time.process_time()
    people = draw_people(n, 1)
    engaged = engage(people, ARMS, 1)
    wall_s, cpu_s = time.perf_counter() - wall, time.process_time() - cpu
    console.print(
        f"{n:,} people, {len(ARMS)} arms: {wall_s:.0f} s, {cpu_s:.0f} s of CPU; {engaged.failed.sum()} failed."
    )
    words = f"{n:,} people through the mechanism in {MOST_CPU_S:.0f} s of {CORES} cores"
    return [Promise(words, f"{cpu_s / CORES:.0f} s of CPU a core", cpu_s / CORES < MOST_CPU_S)]


if __name__ == "__main__":
    main()
