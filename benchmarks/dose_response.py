"""What the intervals of a dose-response hold over simulated designs: coverage, and how often nothing is said.

    uv run python benchmarks/dose_response.py [--studies 400] [--seed 1] [--workers 2] [--json numbers.json]

Coverage is the share of given intervals that hold the truth; "wrong" is the share of all studies in which one was
given and missed. Where the doses do not reach the ceiling only "wrong" is judged: an interval given there is chance.
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

from adenoscope.core.dose_response import DoseResponse  # noqa: E402
from adenoscope.core.interval import Interval  # noqa: E402
from adenoscope.statistics.doses.dose_comparison import compare_dose_responses  # noqa: E402
from adenoscope.statistics.doses.dose_response import DoseLabels, fit_dose_response  # noqa: E402

LABELS = DoseLabels("readout", "u", "drug", "mg/kg")
E0, EMAX, SD = 1.0, 4.0, 1.0  # a ceiling of four times the spread between animals; SCIENCE finds about five
SHIFT = 2.0
COMPARED = 3  # every so many studies a second curve is simulated and compared
LOG_SD = 0.4  # skewness 1.3, a spread of 42 % between animals
ESTIMATORS = ("e0", "emax", "ed50", "hill", "curve", "shift", "ceiling", "ceiling_ratio")


@dataclass(frozen=True)
class Doses:
    """Doses that were tried, where the curve truly is, and whether they reach its ceiling."""

    name: str
    doses: tuple[float, ...]
    ed50: float
    hill: float
    reaches: bool = True
    emax: float = EMAX


THREE = Doses("three doses, h held", (0, 3, 10, 60), 6.0, 1.0)
FIVE = Doses("five doses, h free", (0, 5, 10, 20, 30, 50), 11.8, 2.6)
SHORT = Doses("three doses, short of ED50", (0, 3, 6, 12), 15.0, 1.0, reaches=False)
FLAT = Doses("five doses, no effect", (0, 5, 10, 20, 30, 50), 11.8, 2.6, reaches=False, emax=0.0)


@dataclass(frozen=True)
class Design:
    doses: Doses
    n: int
    noise: str
    spread: str  # "equal" or "growing", from half to twice SD over the doses
    animals: str  # "independent", or "crossover" where every animal gets every dose


@dataclass(frozen=True)
class Row:
    """One estimator in one design: intervals given, those that hold the truth, and of how many studies."""

    design: Design
    estimator: str
    studies: int
    given: int
    held: int

    @property
    def coverage(self) -> float:
        return self.held / self.given if self.given else np.nan

    @property
    def wrong(self) -> float:
        return (self.given - self.held) / self.studies


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=400, help="simulated studies for each design")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path, help="write the numbers there")
    return parser.parse_args()


def main() -> None:
    options = parse()
    console = Console(width=None if os.isatty(1) else 180)
    work = partial(run_design, studies=options.studies, seed=options.seed)
    with ProcessPoolExecutor(options.workers) as pool:
        rows = [row for found in pool.map(work, designs()) for row in found]
    print_rows(rows, console)
    print_summary(rows, console)
    if options.json is not None:
        numbers = [asdict(row) | {"coverage": row.coverage, "wrong": row.wrong} for row in rows]
        options.json.write_text(json.dumps(numbers, indent=1), encoding="utf-8")


def designs() -> list[Design]:
    kinds = list(
        product((6, 12, 40), ("normal", "lognormal", "t3"), ("equal", "growing"), ("independent", "crossover"))
    )
    return [
        *(Design(doses, *kind) for doses in (THREE, FIVE) for kind in kinds),
        *(Design(doses, *kind) for doses in (SHORT, FLAT) for kind in kinds if kind[0] == 12),
    ]


def run_design(design: Design, studies: int, seed: int) -> list[Row]:
    counts = {name: [0, 0, 0] for name in ESTIMATORS}
    for study in range(studies):
        rng = np.random.default_rng([seed, study, zlib.crc32(repr(design).encode())])
        first = fit_dose_response(simulate(design, design.doses.ed50, "a", rng), LABELS)
        said = parts(first, design.doses)
        if study % COMPARED == 0:
            second = fit_dose_response(simulate(design, SHIFT * design.doses.ed50, "b", rng), LABELS)
            said += compared(first, second)
        for name, interval, truth in said:
            counts[name][0] += 1
            if interval is not None:
                counts[name][1] += 1
                counts[name][2] += not interval.excludes(truth)
    return [Row(design, name, *count) for name, count in counts.items()]


def simulate(design: Design, ed50: float, tag: str, rng: np.random.Generator) -> list[tuple[str, float, float]]:
    doses = np.array(design.doses.doses, dtype=np.float64)
    hill = design.doses.hill
    means = E0 + design.doses.emax * doses**hill / (ed50**hill + doses**hill)
    spread = SD * (np.linspace(0.5, 2, len(doses)) if design.spread == "growing" else np.ones(len(doses)))
    shape = (design.n, len(doses))
    if design.animals == "crossover":  # half of the variance is the animal's own
        own, left = draw(design.noise, (design.n, 1), rng), draw(design.noise, shape, rng)
        values = means + SD * np.sqrt(0.5) * own + spread * np.sqrt(0.5) * left
        names = [[f"{tag}{i}"] * len(doses) for i in range(design.n)]
    else:
        values = means + spread * draw(design.noise, shape, rng)
        names = [[f"{tag}{i}-{j}" for j in range(len(doses))] for i in range(design.n)]
    return [
        (names[i][j], float(doses[j]), float(values[i, j])) for i, j in product(range(design.n), range(len(doses)))
    ]


def draw(noise: str, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Return noise of mean 0 and standard deviation 1."""
    if noise == "normal":
        return rng.normal(size=shape)
    if noise == "t3":
        return rng.standard_t(3, size=shape) / np.sqrt(3)
    variance = np.exp(LOG_SD**2)
    return (np.exp(LOG_SD * rng.normal(size=shape)) - np.sqrt(variance)) / np.sqrt((variance - 1) * variance)


def parts(found: DoseResponse, truth: Doses) -> list[tuple[str, Interval | None, float]]:
    """Return what one curve says beside the truth; of the curve, its band at the middle dose of the grid."""
    band, true_curve = None, np.nan
    if found.curve is not None:
        i = len(found.curve.dose) // 2
        dose = found.curve.dose[i]
        band = Interval(found.curve.estimate[i], found.curve.low[i], found.curve.high[i])
        true_curve = E0 + truth.emax * dose**truth.hill / (truth.ed50**truth.hill + dose**truth.hill)
    return [
        ("e0", found.e0, E0),
        ("emax", found.emax, truth.emax),
        ("ed50", found.ed50, truth.ed50),
        ("hill", found.hill, truth.hill),
        ("curve", band, true_curve),
    ]


def compared(first: DoseResponse, second: DoseResponse) -> list[tuple[str, Interval | None, float]]:
    found = compare_dose_responses(first, second, "first", "second")
    return [
        ("shift", found.shift, SHIFT),
        ("ceiling", found.ceiling, 0.0),
        ("ceiling_ratio", found.ceiling_ratio, 1.0),
    ]


def print_rows(rows: Sequence[Row], console: Console) -> None:
    """Print, for each design and estimator, coverage, share refused and, of all studies, share given and wrong."""
    by_design: dict[Design, list[Row]] = {}
    for row in rows:
        by_design.setdefault(row.design, []).append(row)
    for doses in (THREE, FIVE, SHORT, FLAT):
        table = Table(
            "n", "noise, spread, animals", *ESTIMATORS, title=f"{doses.name}: coverage / refused (wrong) [%]"
        )
        for design, found in by_design.items():
            if design.doses == doses:
                about = f"{design.noise}, {design.spread}, {design.animals}"
                table.add_row(str(design.n), about, *(_cell(row) for row in found))
        console.print(table)


def _about(design: Design) -> str:
    return f"{design.doses.name}, n = {design.n}, {design.noise}, {design.spread}, {design.animals}"


def _cell(row: Row) -> str:
    if not row.given:
        return "- / 100"
    return f"{100 * row.coverage:.0f} / {100 - 100 * row.given / row.studies:.0f} ({100 * row.wrong:.1f})"


def print_summary(rows: Sequence[Row], console: Console) -> None:
    """Print each estimator over the designs that reach the ceiling, and its worst where half of studies are told."""
    table = Table("estimator", "coverage", "refused", "lowest coverage with half of the studies answered")
    for name in ESTIMATORS:
        of = [row for row in rows if row.estimator == name and row.design.doses.reaches]
        given, studies = sum(row.given for row in of), sum(row.studies for row in of)
        often = [row for row in of if row.given >= row.studies / 2]
        lowest = min(often, key=lambda row: row.coverage, default=None)
        held = f"{sum(row.held for row in of) / given:.1%}" if given else "-"
        where = f"{lowest.coverage:.1%} {_about(lowest.design)}" if lowest else "-"
        table.add_row(name, held, f"{1 - given / studies:.0%}", where)
    console.print(table)
    short = [row for row in rows if not row.design.doses.reaches and row.estimator in {"ed50", "emax"}]
    for name in (SHORT.name, FLAT.name):
        wrong = max((row.wrong for row in short if row.design.doses.name == name), default=np.nan)
        console.print(f"{name}: ED50 or Emax given and wrong in at most {wrong:.1%} of studies of a design")


if __name__ == "__main__":
    main()
