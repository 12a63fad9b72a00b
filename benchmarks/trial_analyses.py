"""Analyses of trials without an effect: how often each finds one, under each way to lose persons, in one command.

    uv run python benchmarks/trial_analyses.py [--trials 10000] [--quick] [--only mmrm responder] [--json F]

Prints the share of trials with p < 0.05 and its Monte-Carlo error for every analysis and way to lose persons, what a
thousand fits of 200 persons and five visits cost, and each promise with PASS or FAIL. Where an analysis does not
have that level by its nature, its share is printed in brackets and not judged; the reasons stand below the table.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

for _library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

import numpy as np  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from adenoscope.statistics.trials.ancova import ancova_difference  # noqa: E402
from adenoscope.statistics.trials.dropout import (  # noqa: E402
    lose_at_random,
    lose_completely_at_random,
    lose_not_at_random,
    never_started,
)
from adenoscope.statistics.trials.imputation import imputed_differences  # noqa: E402
from adenoscope.statistics.trials.mmrm import mmrm_difference  # noqa: E402
from adenoscope.statistics.trials.responder import remitted, responded, responder_difference  # noqa: E402
from photometry_gate import Promise, print_promises  # noqa: E402

LEAST, MOST, MOST_S, BLOCK = 0.045, 0.055, 60.0, 500
MEANS, SDS = np.array([24.0, 22.0, 20.5, 19.0, 18.0]), np.array([5.5, 7.5, 8.5, 9.0, 9.5, 10.0])
SHARE, LOW_SHARE, HIGH_SHARE, NEVER = 0.25, 0.15, 0.35, 0.1
IMPUTATIONS = 10


@dataclass(frozen=True)
class Trials:
    """Simulated trials without an effect: y (r, n, T) with NaN, arm (n,), baseline (r, n), who started (r, n)."""

    y: np.ndarray
    arm: np.ndarray
    baseline: np.ndarray
    started: np.ndarray

    @property
    def covariates(self) -> np.ndarray:
        return self.baseline[..., None]


@dataclass(frozen=True)
class Cell:
    """One analysis under one way to lose persons: share of trials with p < 0.05, and whether that is judged."""

    losses: str
    analysis: str
    rejected: float
    error: float
    unanswered: int
    judged: bool


STRATEGIES = {
    "mar": "missing at random",
    "jump_to_reference": "jump to reference",
    "copy_increments": "copy increments",
    "copy_reference": "copy reference",
}
ANALYSES = {
    "mmrm": ("MMRM",),
    "ancova": ("ANCOVA", "ANCOVA, variances by arm"),
    "responder": (
        *("response, lost as failure", "response, of those seen", "remission, lost as failure"),
        "response, lost as failure, from counts",
    ),
    "jackknife": tuple(f"{name}, jackknife" for name in STRATEGIES.values()),
    "rubin": ("missing at random, Rubin", "jump to reference, Rubin"),
}
LOSSES = (
    "none",
    "completely at random",
    "at random",
    "not at random, both arms alike",
    "rates differ, completely at random",
    "rates differ, at random",
    "never started, then at random",
)
NOT_NULL = "To be lost is the outcome too, and arms that lose unlike shares differ in it."
BIASED = "Those seen are no fair sample of the arm that loses more."
LATTICE = "Counts leave few possible p, so that the level depends on size and risk: docs/how-to/trial-analyses.md."
CONSERVATIVE = (
    "Rubin's variance keeps the share of information lost; from a reference it is too large for repeated trials."
)
BY_NATURE = {
    ("rates differ, completely at random", "response, lost as failure"): NOT_NULL,
    ("rates differ, completely at random", "remission, lost as failure"): NOT_NULL,
    ("rates differ, at random", "response, lost as failure"): NOT_NULL,
    ("rates differ, at random", "remission, lost as failure"): NOT_NULL,
    ("rates differ, at random", "ANCOVA"): BIASED,
    ("rates differ, at random", "ANCOVA, variances by arm"): BIASED,
    ("rates differ, at random", "response, of those seen"): BIASED,
    **{(loss, "response, lost as failure, from counts"): LATTICE for loss in LOSSES},
    **{(loss, "jump to reference, Rubin"): CONSERVATIVE for loss in LOSSES if loss != "none"},
}


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=10000, help="simulated trials of each way to lose persons")
    parser.add_argument("--persons", type=int, default=150, help="in both arms together")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", nargs="+", choices=list(ANALYSES), default=list(ANALYSES), metavar="GROUP")
    parser.add_argument("--quick", action="store_true", help="1000 trials")
    parser.add_argument("--json", type=Path, help="where the numbers are written")
    return parser.parse_args()


def main() -> None:
    options, console = parse(), Console(width=150)
    n_trials = 1000 if options.quick else options.trials
    started = time.perf_counter()
    blocks = [(loss, number) for loss in range(len(LOSSES)) for number in range(-(-n_trials // BLOCK))]
    with ProcessPoolExecutor(options.workers) as pool:
        found = list(
            pool.map(partial(p_values, groups=options.only, persons=options.persons, seed=options.seed), blocks)
        )
    names = [name for group in options.only for name in ANALYSES[group]]
    cells = []
    for loss, name in enumerate(LOSSES):
        mine = [part for (which, _), part in zip(blocks, found, strict=True) if which == loss]
        for analysis in names:
            p = np.concatenate([part[analysis] for part in mine])[:n_trials]
            share = float(np.mean(p[np.isfinite(p)] < 0.05))
            error, unanswered = float(np.sqrt(share * (1 - share) / p.size)), int(np.sum(~np.isfinite(p)))
            cells.append(Cell(name, analysis, share, error, unanswered, (name, analysis) not in BY_NATURE))
    took = time.perf_counter() - started
    print_cells(cells, names, console)
    promises = judge(cells, names, speed(), n_trials)
    console.print(f"{n_trials} trials of {options.persons} persons for each column: {took / 60:.1f} min")
    print_promises(promises, console)
    if options.json is not None:
        numbers = {"cells": [asdict(cell) for cell in cells], "gates": [asdict(promise) for promise in promises]}
        options.json.write_text(json.dumps(numbers, indent=1), encoding="utf-8")
    raise SystemExit(any(promise.kept is False for promise in promises))


def simulate(loss: str, trials: int, persons: int, rng: np.random.Generator) -> Trials:
    """Return trials of two arms with the same course, MADRS at five visits, correlated 0.8 falling to 0.5."""
    apart = np.abs(np.subtract.outer(np.arange(6), np.arange(6)))
    correlation = np.where(apart == 0, 1.0, np.maximum(0.8 - 0.1 * (apart - 1), 0.5))
    course = rng.standard_normal((trials, persons, 6)) @ np.linalg.cholesky(correlation).T * SDS
    arm, baseline, y = np.arange(persons) % 2, 31 + course[..., 0], MEANS + course[..., 1:]
    by_arm = np.where(arm == 1, HIGH_SHARE, LOW_SHARE)
    started = np.ones((trials, persons), dtype=bool)
    if loss == "completely at random":
        y = lose_completely_at_random(y, SHARE, rng)
    elif loss == "at random":
        y = lose_at_random(y, baseline, SHARE, rng)
    elif loss == "not at random, both arms alike":
        y = lose_not_at_random(y, SHARE, rng)
    elif loss == "rates differ, completely at random":
        y = lose_completely_at_random(y, by_arm, rng)
    elif loss == "rates differ, at random":
        y = lose_at_random(y, baseline, by_arm, rng)
    elif loss == "never started, then at random":
        y, started = never_started(lose_at_random(y, baseline, SHARE, rng), NEVER, rng)
    return Trials(y, arm, baseline, started)


def p_values(block: tuple[int, int], groups: list[str], persons: int, seed: int) -> dict[str, np.ndarray]:
    """Return p (r,) of every analysis of the groups, for a block of trials."""
    trials = simulate(LOSSES[block[0]], BLOCK, persons, np.random.default_rng((seed, *block)))
    found = {}
    for group in groups:
        p = {
            "mmrm": lambda: [mmrm_p(trials)],
            "ancova": lambda: ancova_p(trials),
            "responder": lambda: responder_p(trials),
            "jackknife": lambda: imputed_p(trials, tuple(STRATEGIES)),
            "rubin": lambda: imputed_p(
                trials,
                ("mar", "jump_to_reference"),
                variance="rubin",
                n_imputations=IMPUTATIONS,
                seed=1 + block[1],
            ),
        }[group]()
        found |= {name: values.ravel() for name, values in zip(ANALYSES[group], p, strict=True)}
    return found


def ancova_p(trials: Trials) -> list[np.ndarray]:
    arguments = trials.y[..., -1], trials.arm, trials.covariates
    return [ancova_difference(*arguments, variances=variances).p_value for variances in ("equal", "by_arm")]


def responder_p(trials: Trials) -> list[np.ndarray]:
    arm, started = trials.arm, trials.started
    response, remission = responded(trials.y[..., -1], trials.baseline), remitted(trials.y[..., -1])
    return [
        responder_difference(response, arm, trials.covariates, started=started).p_value,
        responder_difference(response, arm, trials.covariates, missing="left_out").p_value,
        responder_difference(remission, arm, trials.covariates, started=started).p_value,
        responder_difference(response, arm, started=started).p_value,
    ]


def imputed_p(trials: Trials, strategies: tuple[str, ...], **options: object) -> list[np.ndarray]:
    found = imputed_differences(trials.y, trials.arm, trials.covariates, strategies=strategies, **options)
    return [found[strategy].p_value for strategy in strategies]


def mmrm_p(trials: Trials) -> np.ndarray:
    return mmrm_difference(trials.y, trials.arm, trials.covariates).p_value[:, -1, 0]


def speed() -> float:
    """Return the CPU time [s] of a thousand fits of 200 persons at five visits, a quarter of them lost."""
    trials = simulate("at random", 1000, 200, np.random.default_rng(1))
    started = time.process_time()
    mmrm_p(trials)
    return time.process_time() - started


def judge(cells: list[Cell], names: list[str], cpu_s: float, n_trials: int) -> list[Promise]:
    promises = []
    for analysis in names:
        mine = [cell for cell in cells if cell.analysis == analysis and cell.judged]
        if not mine:
            continue
        shares = [cell.rejected for cell in mine]
        found = f"{min(shares):.2%} to {max(shares):.2%} in {len(mine)} ways to lose persons"
        kept = all(LEAST <= share <= MOST for share in shares)
        text = f"{analysis}: 4.5 to 5.5 % of null trials rejected"
        promises.append(Promise(text, found, kept if n_trials >= 10000 else None))
    text = "a thousand repeated-measures fits of 200 persons at 5 visits in under 60 s"
    return [*promises, Promise(text, f"{cpu_s:.1f} s of CPU", cpu_s < MOST_S)]


def print_cells(cells: list[Cell], names: list[str], console: Console) -> None:
    numbers = [str(number + 1) for number in range(len(LOSSES))]
    table = Table("analysis", *numbers, title="trials with p < 0.05 [%], ± Monte-Carlo error")
    for analysis in names:
        row = []
        for cell in (cell for cell in cells if cell.analysis == analysis):
            text = f"{100 * cell.rejected:.2f} ± {100 * cell.error:.2f}"
            outside = cell.judged and not LEAST <= cell.rejected <= MOST
            text = f"[bold red]{text}[/]" if outside else text if cell.judged else f"({text})"
            row.append(text + (f", {cell.unanswered} without" if cell.unanswered else ""))
        table.add_row(analysis, *row)
    console.print(table)
    console.print("; ".join(f"{number} {name}" for number, name in zip(numbers, LOSSES, strict=True)))
    for reason in (NOT_NULL, BIASED, LATTICE, CONSERVATIVE):
        whose = sorted({name for (_, name), why in BY_NATURE.items() if why == reason} & set(names))
        if whose:
            console.print(f"({'; '.join(whose)}) {reason}")


if __name__ == "__main__":
    main()
