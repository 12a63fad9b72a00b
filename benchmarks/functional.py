"""Bands of whole curves: how often they hold the truth at all times at once, in one command.

    uv run python benchmarks/functional.py [--studies 1000] [--trial-studies 300] [--json numbers.json]

For each simulated design prints how often the simultaneous 95 % band holds everywhere, how often the pointwise
one holds at a time, and each promise with PASS or FAIL. About twenty minutes of CPU; --studies 200 gives a glance.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

for _library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

import numpy as np  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from adenoscope.statistics.curves.functional import CurveBand, CurveGroup, curve_band  # noqa: E402
from adenoscope.statistics.curves.trial_curve import trial_contrast  # noqa: E402
from photometry_gate import Promise, print_promises  # noqa: E402

TIMES = np.linspace(0.0, 1.0, 60)
ANIMALS, KINDS = (6, 8, 12, 20, 40), ("normal", "skewed", "heavy")
DESIGNS = ("paired", "equal spread", "half spread", "third spread", "interaction")
# Animals, trials of each, and whether the effect is between animals.
TRIALS = ((7, 20, False), (12, 10, False), (10, 10, True), (24, 10, True))
LEAST, MOST = 0.93, 0.97


@dataclass(frozen=True)
class Cell:
    """A simulated design: how often the bands held, and CPU time [s] of one."""

    design: str
    n_animals: int
    amplitudes: str
    simultaneous: float
    pointwise: float
    cpu_s: float


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--studies", type=int, default=1000, help="simulated studies of each design; 0 leaves them out"
    )
    parser.add_argument(
        "--trial-studies", type=int, default=300, help="the same of each design with trials; 0 leaves them out"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the numbers there")
    return parser.parse_args()


def main() -> None:
    options = parse()
    console = Console(width=None if os.isatty(1) else 130)
    rng = np.random.default_rng(options.seed)
    curves = [
        cell(design, n, kind, options.studies, lambda seed, d=design, m=n, k=kind: one_curve(rng, d, m, k, seed))
        for design in DESIGNS
        for n in ANIMALS
        for kind in KINDS
        if options.studies
    ]
    trials = [
        cell(
            f"{count} trials, effect {'between' if between else 'within'} animals",
            n,
            kind,
            options.trial_studies,
            lambda seed, m=n, c=count, b=between, k=kind: one_of_trials(rng, m, c, b, k, seed),
        )
        for n, count, between in TRIALS
        for kind in ("normal", "heavy")
        if options.trial_studies
    ]
    print_cells([*curves, *trials], console)
    promises = [judge("one curve of each animal", curves, options.studies)]
    promises.append(judge("repeated trials", trials, options.trial_studies))
    print_promises(promises, console)
    if options.json is not None:
        numbers = {"cells": [asdict(row) for row in (*curves, *trials)], "gates": [asdict(row) for row in promises]}
        options.json.write_text(json.dumps(numbers, indent=1), encoding="utf-8")
    raise SystemExit(any(promise.kept is False for promise in promises))


def cell(design: str, n: int, kind: str, studies: int, band_of: Callable[[int], CurveBand | None]) -> Cell:
    """Return how often the band of a truth of 0 held over ``studies``."""
    everywhere, somewhere, started = 0, 0.0, time.process_time()
    for seed in range(studies):
        band = band_of(seed)
        if band is None:
            raise SystemExit(f"no band for {design} with {n} animals")
        everywhere += bool(np.all((band.low <= 0) & (band.high >= 0)))
        somewhere += float(np.mean((band.point_low <= 0) & (band.point_high >= 0)))
    return Cell(design, n, kind, everywhere / studies, somewhere / studies, (time.process_time() - started) / studies)


def draw(rng: np.random.Generator, kind: str, n: int) -> np.ndarray:
    """Return amplitudes with mean 0 and standard deviation 1: skewness 1.4 for "skewed", t with 4 for "heavy"."""
    if kind == "skewed":
        return (rng.gamma(2.0, size=n) - 2) / np.sqrt(2)
    return rng.standard_normal(n) if kind == "normal" else rng.standard_t(4, n) / np.sqrt(2)


def smooth(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return ``n`` curves with mean 0 and standard deviation 1 that decorrelate over a tenth of the trace."""
    root = np.linalg.cholesky(np.exp(-0.5 * ((TIMES[:, None] - TIMES) / 0.1) ** 2) + 1e-8 * np.eye(TIMES.size))
    return rng.standard_normal((n, TIMES.size)) @ root.T


def animals(rng: np.random.Generator, kind: str, n: int, sd: float) -> np.ndarray:
    """Return curves (n, time): each animal's amplitude of one shape, three times the size of its own course."""
    shape = 1.5 * np.exp(-(((TIMES - 0.4) / 0.25) ** 2))
    return sd * (draw(rng, kind, n)[:, None] * shape + 0.5 * smooth(rng, n))


def one_curve(rng: np.random.Generator, design: str, n: int, kind: str, seed: int) -> CurveBand | None:
    if design == "paired":
        return curve_band([CurveGroup(1.0, animals(rng, kind, n, 1.0) - animals(rng, kind, n, 0.5))], seed)
    other = {"equal spread": 1.0, "half spread": 0.5, "third spread": 1 / 3, "interaction": 0.5}[design]
    groups = [CurveGroup(1.0, animals(rng, kind, n, 1.0)), CurveGroup(-1.0, animals(rng, kind, n, other))]
    if design == "interaction":
        groups += [CurveGroup(-1.0, animals(rng, kind, n, 1.0)), CurveGroup(1.0, animals(rng, kind, n, other))]
    return curve_band(groups, seed)


def one_of_trials(
    rng: np.random.Generator, n: int, count: int, between: bool, kind: str, seed: int
) -> CurveBand | None:
    """Return the band of a cue, or of a treatment between animals, that differs between animals and averages 0."""
    member = np.repeat(np.arange(n), count)
    covariate = (member % 2 if between else np.arange(member.size) % 2).astype(float)
    fixed = np.column_stack([np.ones(member.size), covariate])
    curves = animals(rng, kind, n, 0.7)[member]
    if not between:
        curves += covariate[:, None] * animals(rng, kind, n, 0.7)[member]
    curves += 0.7 * smooth(rng, member.size) + 0.7 * rng.standard_normal(curves.shape)
    return trial_contrast(curves.T, fixed, fixed[:, : 2 - between], member.tolist(), [0, 1], seed)


def judge(name: str, cells: list[Cell], studies: int) -> Promise:
    if not cells:
        return Promise(name, "left out", None)
    slack = 2 * np.sqrt(0.95 * 0.05 / studies)
    held = [row.simultaneous for row in cells]
    text = f"{name}: 93 to 97 % of simultaneous bands hold, within two errors of simulation ({slack:.1%})"
    found = f"{min(held):.1%} to {max(held):.1%}, mean {np.mean(held):.1%}"
    return Promise(text, found, bool(LEAST - slack <= min(held) and max(held) <= MOST + slack))


def print_cells(cells: list[Cell], console: Console) -> None:
    table = Table("design", "animals in a group", "amplitudes", "simultaneous", "pointwise", "CPU [s]")
    for row in cells:
        held = f"{row.simultaneous:.1%}", f"{row.pointwise:.1%}"
        table.add_row(row.design, str(row.n_animals), row.amplitudes, *held, f"{row.cpu_s:.3f}")
    console.print(table)


if __name__ == "__main__":
    main()
