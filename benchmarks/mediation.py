"""What the intervals of a mediation hold over simulated studies, and how often nothing is said.

    uv run python benchmarks/mediation.py [--studies 400] [--seed 1] [--workers 2] [--json numbers.json]

Arms of 10 to 40 animals; residuals normal, lognormal (skewness 1.3) or Student's t with 3 degrees of freedom; in
"unlike" arms the treated animals differ twice as much. Coverage is the share of given intervals that hold the truth.
"""

from __future__ import annotations

import argparse
import json
import os
import zlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from itertools import product
from pathlib import Path

for _library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

import numpy as np  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from adenoscope.statistics.mediation import mediate  # noqa: E402
from dose_response import draw  # noqa: E402

DIRECT = 0.3
ESTIMATORS = ("total", "direct", "indirect", "share", "sensitivity")
RHO = 0.3  # where the band of the sensitivity curve is judged, with residuals that correlate by as much


@dataclass(frozen=True)
class Design:
    n: int
    noise: str
    arms: str
    to_mediator: float
    to_outcome: float


@dataclass(frozen=True)
class Row:
    """One estimator in one design: intervals given, those that hold the truth, and of how many studies."""

    design: Design
    estimator: str
    studies: int
    given: int
    held: int


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=400, help="simulated studies for each design")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path, help="write the numbers there")
    return parser.parse_args()


def main() -> None:
    options = parse()
    console = Console(width=None if os.isatty(1) else 140)
    effects = ((1.5, 0.6), (1.5, 0.0), (1.0, 0.4))
    kinds = product((10, 20, 40), ("normal", "lognormal", "t3"), ("alike", "unlike"), effects)
    designs = [Design(n, noise, arms, *effect) for n, noise, arms, effect in kinds]
    with ProcessPoolExecutor(options.workers) as pool:
        found = pool.map(partial(run_design, studies=options.studies, seed=options.seed), designs)
        rows = [row for of_design in found for row in of_design]
    print_rows(rows, console)
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")


def run_design(design: Design, studies: int, seed: int) -> list[Row]:
    counts = {name: [0, 0] for name in ESTIMATORS}
    indirect = design.to_mediator * design.to_outcome
    truths = {
        "total": DIRECT + indirect,
        "direct": DIRECT,
        "indirect": indirect,
        "share": indirect / (DIRECT + indirect),
    }
    for study in range(studies):
        rng = np.random.default_rng([seed, study, zlib.crc32(repr(design).encode())])
        found = mediate(*simulate(design, 0.0, rng), ("drug", "mediator", "outcome"))
        for name, truth in truths.items():
            interval = getattr(found, name)
            if interval is not None:
                counts[name][0] += 1
                counts[name][1] += not interval.excludes(truth)
        curve = mediate(*simulate(design, RHO, rng), ("drug", "mediator", "outcome")).sensitivity
        if curve is not None:
            counts["sensitivity"][0] += 1
            low, high = np.interp(RHO, curve.rho, curve.low), np.interp(RHO, curve.rho, curve.high)
            counts["sensitivity"][1] += bool(low <= indirect <= high)
    return [Row(design, name, studies, given, held) for name, (given, held) in counts.items()]


def simulate(design: Design, rho: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    treated = np.arange(2 * design.n) < design.n
    spread = np.where(treated & (design.arms == "unlike"), 2.0, 1.0)
    first, second = draw(design.noise, treated.shape, rng), draw(design.noise, treated.shape, rng)
    mediator = design.to_mediator * treated + spread * first
    left = spread * (rho * first + np.sqrt(1 - rho**2) * second)
    return treated, mediator, DIRECT * treated + design.to_outcome * mediator + left


def print_rows(rows: Sequence[Row], console: Console) -> None:
    """Print coverage and share refused for each design, then over all of them."""
    table = Table("n", "noise, arms", "a, b", *ESTIMATORS, title="coverage / refused [%]")
    for start in range(0, len(rows), len(ESTIMATORS)):
        found = rows[start : start + len(ESTIMATORS)]
        design = found[0].design
        effects = f"{design.to_mediator:g}, {design.to_outcome:g}"
        table.add_row(str(design.n), f"{design.noise}, {design.arms}", effects, *(_cell([row]) for row in found))
    over_all = [_cell([row for row in rows if row.estimator == name]) for name in ESTIMATORS]
    table.add_row("", "all", "", *over_all)
    console.print(table)


def _cell(rows: Sequence[Row]) -> str:
    given, studies = sum(row.given for row in rows), sum(row.studies for row in rows)
    if not given:
        return "- / 100"
    return f"{100 * sum(row.held for row in rows) / given:.1f} / {100 - 100 * given / studies:.0f}"


if __name__ == "__main__":
    main()
