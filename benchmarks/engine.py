"""Cost and accuracy of the simulation engine beside its peers, in one command.

    uv run --with libroadrunner --with antimony --with python-libsbml --with numbalsoda --with sympy \\
        python benchmarks/engine.py [--all] [--json numbers.json]

Every engine solves the same 31 states and 14 events of one stiff model for a random cohort and stores all states
at 201 times. Without flags: the tables and their gates; --startup and --scaling run those parts instead.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from dataclasses import asdict
from pathlib import Path
from typing import Any

for _library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

from rich.console import Console  # noqa: E402

from engine_gate import judge  # noqa: E402
from engine_model import draw_cohort, read_equations  # noqa: E402
from engine_reference import reference  # noqa: E402
from engine_rounds import N_PEERS, N_REFERENCE, TOLERANCES, makers, print_rows, run_rounds  # noqa: E402
from engine_scaling import judge_scaling  # noqa: E402
from engine_startup import judge_startup  # noqa: E402
from photometry_gate import Promise, print_promises  # noqa: E402


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subjects", type=int, default=10_000, help="subjects of our engine's one call")
    parser.add_argument("--rounds", type=int, default=5, help="medians are over the rounds")
    parser.add_argument("--seed", type=int, default=0, help="seed of the cohort")
    parser.add_argument("--engines", nargs="+", choices=list(makers(1)), default=list(makers(1)), metavar="E")
    parser.add_argument("--startup", action="store_true", help="time from process start to first result")
    parser.add_argument("--scaling", action="store_true", help="two threads against one, and peak memory")
    parser.add_argument("--all", action="store_true", help="run every part")
    parser.add_argument("--json", type=Path, help="write the numbers there")
    options = parser.parse_args()
    if options.subjects < 5 * N_PEERS or options.rounds < 1:
        parser.error(f"--subjects must be at least {5 * N_PEERS}, --rounds at least 1")
    return options


def main() -> None:
    options = parse()
    console = Console(width=None if os.isatty(1) else 160)
    numbers: dict[str, Any] = {"python": platform.python_version(), "machine": platform.platform()}
    promises: list[Promise] = []
    if options.all or not (options.startup or options.scaling):
        promises += compare(options, console, numbers)
    if options.all or options.startup:
        promises += judge_startup(numbers)
    if options.all or options.scaling:
        promises += judge_scaling(options.subjects, numbers)
    print_promises(promises, console)
    if options.json is not None:
        numbers["gates"] = [asdict(promise) for promise in promises]
        options.json.write_text(json.dumps(numbers, indent=1), encoding="utf-8")
    raise SystemExit(any(promise.kept is False for promise in promises))


def compare(options: argparse.Namespace, console: Console, numbers: dict[str, Any]) -> list[Promise]:
    equations = read_equations()
    cohort = draw_cohort(equations, options.subjects, options.seed)
    truth = reference(equations, cohort[:N_REFERENCE])
    made = {name: make for name, make in makers(options.subjects).items() if name in options.engines}
    found = run_rounds(equations, made, cohort, truth, options.rounds)
    console.print(
        f"{len(equations.states)} states, {len(equations.changes)} events, all states stored at 201 times; "
        f"medians of {options.rounds} rounds in one process.\n"
        "Peers solve one subject after another, so their cost does not depend on how many: a few are timed.\n"
        f"Error: |found - reference| / (0.1 % of the state's largest + |reference|), {N_REFERENCE} subjects."
    )
    for rtol, atol in TOLERANCES:
        print_rows(console, rtol, atol, found[rtol])
    numbers["engines"] = {
        f"{rtol:g}": [asdict(row) | {"cpu_us": row.cpu_us} for row in found[rtol]] for rtol in found
    }
    return judge(found)


if __name__ == "__main__":
    main()
