"""Accuracy and speed of the response estimator beside its peers, in one command.

    uv run python benchmarks/photometry.py [--recordings 50] [--peer-python peers/bin/python] [--speed]

Recordings are simulated; seeds 0 to 999 are for development, the promises are judged from 100000 on.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
from collections.abc import Iterable
from pathlib import Path

for _library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

from rich.console import Console  # noqa: E402
from rich.progress import track  # noqa: E402

from adenoscope.photometry.synthetic import SCENARIOS  # noqa: E402
from photometry_gate import judge, print_promises  # noqa: E402
from photometry_score import Chunk, run_chunk  # noqa: E402
from photometry_speed import print_speed  # noqa: E402
from photometry_table import Row, gather, print_tables  # noqa: E402

CHUNK = 10


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", type=int, default=50, help="recordings in each condition")
    parser.add_argument("--conditions", nargs="+", choices=list(SCENARIOS), default=list(SCENARIOS), metavar="C")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--seed0", type=int, default=0, help="seed of the first recording")
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--peer-python", help="interpreter of an environment with guppy-neuro and ibl-photometry")
    parser.add_argument("--accuracy", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--speed", action="store_true", help="time 2 h and 4 h of 1 kHz, and the whole command")
    parser.add_argument("--speed-guppy", action="store_true", help="time GuPPy too: minutes, and 16 GB of memory")
    parser.add_argument("--out", type=Path, help="write every recording's scores there, as JSON")
    return parser.parse_args()


def main() -> None:
    options = parse()
    console = Console(width=None if os.isatty(1) else 200)
    if options.peers and not options.peer_python:
        console.print("GuPPy and ibl-photometry are not run (no --peer-python): published rules only.")
    if options.accuracy:
        measure_accuracy(options, console)
    if options.speed or options.speed_guppy:
        print_speed(console, options.peer_python if options.speed_guppy else None)


def measure_accuracy(options: argparse.Namespace, console: Console) -> None:
    chunks = [
        Chunk(condition, tuple(range(first, min(first + CHUNK, end))), options.peers, options.peer_python)
        for end in (options.seed0 + options.recordings,)
        for first in range(options.seed0, end, CHUNK)
        for condition in options.conditions
    ]
    rows = [row for found in track(_run(chunks, options.jobs), "Recordings", len(chunks)) for row in found]
    conditions = gather(rows)
    promises = judge(conditions)
    print_tables(conditions, console)
    print_promises(promises, console)
    if options.out is not None:
        found = [{"text": p.text, "found": p.found, "kept": p.kept} for p in promises]
        options.out.write_text(json.dumps({"promises": found, "recordings": rows}, indent=1), encoding="utf-8")


def _run(chunks: list[Chunk], jobs: int) -> Iterable[list[Row]]:
    if jobs == 1:
        yield from map(run_chunk, chunks)
        return
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap_unordered(run_chunk, chunks)


if __name__ == "__main__":
    main()
