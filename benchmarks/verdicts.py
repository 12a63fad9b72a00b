"""How often verdicts of necessity are wrong, and how often separate tests in each genotype are.

``uv run python benchmarks/verdicts.py [STUDIES]`` prints the table; 500 studies of each truth by default. The exit
code is 1 if a limit is missed.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "statistics" / "verdicts"))
from simulated_studies import MARGIN_S, TRUTHS, Truth, judge_study, separate_tests_claim, simulate

from adenoscope.core.verdict import Finding
from adenoscope.statistics.verdicts.decision import FINDINGS
from adenoscope.statistics.verdicts.planning import Truth as Planned
from adenoscope.statistics.verdicts.planning import verdict_rates

SEED = 1
STUDIES = 500
SIZES = (8, 20)
MARGINS = {"given": MARGIN_S, "half of the effect seen": None}
AT_MOST, AT_LEAST = 0.05, 0.80
SHRUNK_TO_NOTHING = ("removed", "removed, unequal variances", "removed, noisy readout")
Rates = dict[Finding | str, float]


def main() -> int:
    """Print the tables and return the exit code."""
    n_studies = int(sys.argv[1]) if len(sys.argv) > 1 else STUDIES
    console = Console(width=150)
    rates: dict[tuple[str, str, int], Rates] = {}
    cells = [(margin, truth, n) for margin in MARGINS for n in SIZES for truth in TRUTHS]
    for margin, truth, n in track(cells, "simulating", console=Console(stderr=True)):
        rates[margin, truth, n] = simulated(TRUTHS[truth], n, MARGINS[margin], n_studies)
    for margin in MARGINS:
        console.print(table_of(margin, rates, n_studies))
    lines = list(limits(rates))
    for met, line in lines:
        console.print(f"{'PASS' if met else 'FAIL'}     {line}")
    console.print(f"in the limit of many studies of normal readouts, n = 20, margin given: {expected()}")
    return 0 if all(met for met, _ in lines) else 1


def simulated(truth: Truth, n: int, margin_s: float | None, n_studies: int) -> Rates:
    """Return how often each verdict came out, and how often separate tests claimed necessity."""
    rng = np.random.default_rng(SEED)
    counts: Counter[str] = Counter()
    for _ in range(n_studies):
        judged = judge_study(simulate(truth, n, rng), margin_s)
        counts[judged.finding] += 1
        counts["separate tests"] += separate_tests_claim(judged)
    return {name: counts[name] / n_studies for name in (*FINDINGS, "separate tests")}


def table_of(margin: str, rates: dict[tuple[str, str, int], Rates], n_studies: int) -> Table:
    """Return the table of one kind of margin."""
    table = Table(title=f"{n_studies} studies of each truth, margin: {margin}")
    for column in ("n", "truth", *FINDINGS, 'separate tests claim "necessary"'):
        table.add_column(column, justify="left" if column == "truth" else "right")
    for (kind, truth, n), found in rates.items():
        if kind == margin:
            table.add_row(str(n), truth, *(f"{100 * rate:.1f} %" for rate in found.values()))
    return table


def limits(rates: dict[tuple[str, str, int], Rates]) -> list[tuple[bool, str]]:
    """Return each limit with whether it is met, and the rate."""
    lines: list[tuple[bool, str]] = []
    for (margin, truth, n), found in rates.items():
        where = f"n = {n}, {truth}, margin {margin}"
        if truth in ("untouched", "halved"):
            lines.append(
                (found["necessary"] <= AT_MOST, f'false "necessary" {100 * found["necessary"]:.1f} %: {where}')
            )
        if truth in SHRUNK_TO_NOTHING:
            rate = found["not_necessary"]
            lines.append((rate <= AT_MOST, f'false "not_necessary" {100 * rate:.1f} %: {where}'))
    power = rates["given", "removed", 20]["necessary"]
    lines.append((power >= AT_LEAST, f'"necessary" found in {100 * power:.1f} % of removed effects at n = 20'))
    return lines


def expected() -> str:
    """Return the rates of many more studies, from means and variances alone."""
    cells = {"removed": 0.0, "halved": 0.5, "untouched": 1.0}
    rates = {
        name: verdict_rates(Planned(1.9, 1.9 * left, (1.0,) * 4, 0.95), 20, 400_000)["necessary"]
        for name, left in cells.items()
    }
    return ", ".join(f'{name} {100 * rate:.2f} % "necessary"' for name, rate in rates.items())


if __name__ == "__main__":
    sys.exit(main())
