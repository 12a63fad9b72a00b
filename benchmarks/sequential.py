"""Group-sequential bounds and sizes of trials against what was promised of them, in one command.

    uv run python benchmarks/sequential.py [--trials 1000000] [--seed 1]

Trials without an effect are simulated as the normal statistic that each look sees. Prints how often they reject under
each kind of spending, then each promise with PASS or FAIL.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass

for _library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

import numpy as np  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from adenoscope.statistics.sequential.bounds import efficacy_bounds  # noqa: E402
from adenoscope.statistics.sequential.fixed_size import detectable_effect, power_of, size_per_arm  # noqa: E402
from adenoscope.statistics.sequential.monitoring import stopped  # noqa: E402
from adenoscope.statistics.sequential.spending import Numbers, Spending  # noqa: E402
from photometry_gate import Promise, print_promises  # noqa: E402

ALPHA = 0.025
FIVE = np.linspace(0.2, 1, 5)
LOOKS = {"even": FIVE, "uneven": np.array([0.1, 0.45, 0.5, 0.9, 1.0])}
PUBLISHED = (4.8769, 3.3570, 2.6803, 2.2898, 2.0310)
ERRORS = 3.0  # standard errors of the simulation
MOST_S = 30.0
PART = 100_000


@dataclass(frozen=True)
class Rate:
    """How often trials without an effect reject, and how far that is from alpha in standard errors."""

    spending: Spending
    looks: str
    rate: float
    errors: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=1_000_000, help="simulated without an effect")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    console = Console(width=None if os.isatty(1) else 120)
    started = time.process_time()
    upper = efficacy_bounds(FIVE).upper
    first = rate("obrien_fleming", "even", options.trials, options.seed)
    spent_s = time.process_time() - started
    others = [
        rate(spending, looks, options.trials, options.seed)
        for spending, looks in (("pocock", "even"), ("hwang_shih_decani", "even"), ("obrien_fleming", "uneven"))
    ]
    print_rates([first, *others], console)
    promises = [of_bounds(upper), *of_rates(first, others, options.trials, spent_s), *of_sizes()]
    print_promises(promises, console)
    raise SystemExit(0 if all(promise.kept is not False for promise in promises) else 1)


def rate(spending: Spending, looks: str, n_trials: int, seed: int) -> Rate:
    information = LOOKS[looks]
    bounds = efficacy_bounds(information, ALPHA, spending)
    rng, rejected = np.random.default_rng(seed), 0
    for start in range(0, n_trials, PART):
        z = statistics(information, min(PART, n_trials - start), rng)
        rejected += int(stopped(z, bounds).efficacy.sum())
    found = rejected / n_trials
    return Rate(spending, looks, found, (found - ALPHA) / np.sqrt(ALPHA * (1 - ALPHA) / n_trials))


def statistics(information: Numbers, n_trials: int, rng: np.random.Generator) -> Numbers:
    steps = np.diff(information, prepend=0.0)
    sums = np.cumsum(np.sqrt(steps) * rng.standard_normal((n_trials, len(steps))), axis=1)
    return sums / np.sqrt(information)


def print_rates(rates: list[Rate], console: Console) -> None:
    table = Table("spending", "looks", "type I error", "away from 0.025 [errors]")
    for row in rates:
        table.add_row(row.spending, row.looks, f"{row.rate:.5f}", f"{row.errors:+.2f}")
    console.print(table)


def of_bounds(upper: Numbers) -> Promise:
    near = np.round(upper, 4).tolist() == list(PUBLISHED)
    return Promise("five looks: 4.8769, 3.3570, 2.6803, 2.2898, 2.0310", ", ".join(f"{z:.4f}" for z in upper), near)


def of_rates(first: Rate, others: list[Rate], n_trials: int, spent_s: float) -> list[Promise]:
    error = f"type I error 0.025 within {ERRORS:g} Monte Carlo errors in {n_trials:,} trials"
    worst = max(others, key=lambda row: abs(row.errors))
    return [
        Promise(error, f"{first.rate:.5f}", abs(first.errors) < ERRORS),
        Promise(f"in under {MOST_S:g} s", f"{spent_s:.1f} s of CPU", spent_s < MOST_S),
        Promise(
            "the same of the other spendings and looks", f"{worst.errors:+.2f} errors", abs(worst.errors) < ERRORS
        ),
    ]


def of_sizes() -> list[Promise]:
    """Return what was promised of sizes, each with the assumption under which it is true."""
    first, second = size_per_arm(3.16, 10.9), size_per_arm(3.6, 13.9)
    with_dropout = size_per_arm(3.6, 13.9, dropout=0.02)
    power = power_of(240, 3.6 / 13.9)
    exact, approximate = detectable_effect(15), detectable_effect(15, law="normal")
    return [
        Promise("188 for each arm at 3.16, SD 10.9 (80 %, two-sided 5 %, t)", f"{first}", first == 188),
        Promise(
            "240 at 3.6, SD 13.9, with 2 % of people without an outcome",
            f"{with_dropout}; {second} complete ones have 80 %, 240 have {power:.1%}",
            with_dropout == 240,
        ),
        Promise(
            "15 for each arm detect d >= 1.02 (normal approximation)",
            f"{approximate:.2f}; by t {exact:.2f}",
            round(approximate, 2) == 1.02,
        ),
    ]


if __name__ == "__main__":
    main()
