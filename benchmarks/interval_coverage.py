"""What share of 95 % intervals holds the truth: every estimator of an effect, over designs, sizes and distributions.

``uv run python benchmarks/interval_coverage.py [STUDIES]`` prints the table; 2,000 studies of each design by default.
The exit code is 1 if an estimator covers less than 93 or more than 97 % over its designs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

for _library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

import numpy as np  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.progress import track  # noqa: E402
from rich.table import Table  # noqa: E402

from adenoscope.core.recording import Samples  # noqa: E402
from adenoscope.statistics.effects.groups import Group, Term, contrast  # noqa: E402

SEED = 1
STUDIES = 2000
SIZES = (6, 10, 20, 40)
LOW, HIGH = 0.93, 0.97
ONE, PAIR = np.array([1.0]), np.array([1.0, -1.0])
Draw = Callable[[np.random.Generator, tuple[int, ...]], Samples]
LOG_SD = 0.7  # a log-normal with a skewness of 2.9
DISTRIBUTIONS: Mapping[str, Draw] = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "log-normal": lambda rng, shape: _standard(np.exp(LOG_SD * rng.standard_normal(shape)), *_log_normal()),
    "t, 3 degrees": lambda rng, shape: rng.standard_t(3, shape) / np.sqrt(3),
    "exponential": lambda rng, shape: rng.exponential(size=shape) - 1,
}


@dataclass(frozen=True)
class Study:
    """One simulated study: its groups, the contrast asked, and the truth."""

    groups: list[Group]
    terms: list[Term]
    truth: float = 0.0


def main() -> int:
    """Print the table and return the exit code."""
    n_studies = int(sys.argv[1]) if len(sys.argv) > 1 else STUDIES
    cells = [(name, size, shape) for name in ESTIMATORS for size in SIZES for shape in DISTRIBUTIONS]
    found = {cell: covered(*cell, n_studies) for cell in track(cells, "simulating", console=Console(stderr=True))}
    table = Table(title=f"95 % intervals that hold the truth, {n_studies} studies of each design")
    for column in ("estimator", "n", *DISTRIBUTIONS):
        table.add_column(column, justify="left" if column == "estimator" else "right")
    for name in ESTIMATORS:
        for size in SIZES:
            rates = (f"{100 * found[name, size, shape]:.1f} %" for shape in DISTRIBUTIONS)
            table.add_row(name, str(size), *rates, end_section=size == SIZES[-1])
    console = Console(width=110)
    console.print(table)
    met = True
    for name in ESTIMATORS:
        rates = [rate for (estimator, *_), rate in found.items() if estimator == name]
        good = LOW <= np.mean(rates) <= HIGH
        met &= bool(good)
        span = f"{100 * min(rates):.1f} to {100 * max(rates):.1f} % in single designs"
        console.print(f"{'PASS' if good else 'FAIL'}     {name}: {100 * np.mean(rates):.2f} % over designs, {span}")
    return 0 if met else 1


def covered(estimator: str, n: int, distribution: str, n_studies: int) -> float:
    """Return the share [1] of studies whose interval holds the truth."""
    rng = np.random.default_rng(SEED)
    hits = 0
    for _ in range(n_studies):
        study = ESTIMATORS[estimator](rng, n, DISTRIBUTIONS[distribution])
        estimate = contrast(study.groups, study.terms)
        if estimate is None:
            raise RuntimeError("simulated animals vary")
        hits += not estimate.interval().excludes(study.truth)
    return hits / n_studies


def _group(values: Samples, error_sd: Samples | None = None, cohort: str = "", sex: str = "") -> Group:
    table = values.reshape(len(values), -1)
    n = len(table)
    labels = [tuple(word) if word else ("",) * n for word in (cohort, sex)]
    noise = np.zeros_like(table) if error_sd is None else error_sd.reshape(table.shape)
    return Group(tuple(str(index) for index in range(n)), table, noise, labels[0], labels[1])


def _unpaired(rng: np.random.Generator, n: int, draw: Draw) -> Study:
    """Two groups, one with one and a half times the spread of the other."""
    groups = [_group(1.5 * draw(rng, (n,))), _group(draw(rng, (n,)))]
    return Study(groups, [Term(1, ONE), Term(-1, ONE)])


def _paired(rng: np.random.Generator, n: int, draw: Draw) -> Study:
    """Animals with levels of their own, under treatment and vehicle."""
    return Study([_group(_pairs(rng, n, draw))], [Term(1, PAIR)])


def _pairs(rng: np.random.Generator, n: int, draw: Draw) -> Samples:
    return 2 * draw(rng, (n, 1)) + draw(rng, (n, 2)) * np.array([1.5, 1.0])


def _interaction(rng: np.random.Generator, n: int, draw: Draw) -> Study:
    """Four groups of different spread."""
    groups = [_group(spread * draw(rng, (n,))) for spread in (1.0, 1.5, 0.7, 1.2)]
    return Study(groups, [Term(sign, ONE) for sign in (1, -1, -1, 1)])


def _interaction_of_pairs(rng: np.random.Generator, n: int, draw: Draw) -> Study:
    """Two genotypes, each animal under treatment and vehicle."""
    return Study([_group(_pairs(rng, n, draw)) for _ in range(2)], [Term(1, PAIR), Term(-1, PAIR)])


def _crossed(rng: np.random.Generator, n: int, draw: Draw) -> Study:
    """The same animals under all four arms."""
    values = 2 * draw(rng, (n, 1)) + draw(rng, (n, 4))
    return Study([_group(values)], [Term(1, np.array([1.0, -1.0, -1.0, 1.0]))])


def _adjusted(rng: np.random.Generator, n: int, draw: Draw) -> Study:
    """Four groups in two cohorts of both sexes, all of which differ."""
    cohort = "ab" * n
    sex = "FFMM" * n
    shift = np.array([3.0 * (label == "b") for label in cohort[:n]]) + [(label == "M") for label in sex[:n]]
    groups = [
        _group(spread * draw(rng, (n,)) + shift, cohort=cohort[:n], sex=sex[:n]) for spread in (1.0, 1.5, 0.7, 1.2)
    ]
    return Study(groups, [Term(sign, ONE) for sign in (1, -1, -1, 1)])


def _weighed(rng: np.random.Generator, n: int, draw: Draw) -> Study:
    """Pairs of recordings that are precise to very different degrees."""
    noise = rng.uniform(0.2, 2.0, (n, 2))
    return Study([_group(_pairs(rng, n, draw) + noise * rng.standard_normal((n, 2)), noise)], [Term(1, PAIR)])


def _standard(values: Samples, mean: float, sd: float) -> Samples:
    return (values - mean) / sd


def _log_normal() -> tuple[float, float]:
    mean = float(np.exp(LOG_SD**2 / 2))
    return mean, mean * float(np.sqrt(np.expm1(LOG_SD**2)))


ESTIMATORS: Mapping[str, Callable[[np.random.Generator, int, Draw], Study]] = {
    "difference, different animals": _unpaired,
    "difference, pairs": _paired,
    "interaction, four groups": _interaction,
    "interaction, two groups of pairs": _interaction_of_pairs,
    "interaction, animals under all arms": _crossed,
    "interaction, adjusted for cohort and sex": _adjusted,
    "difference, pairs weighed by precision": _weighed,
}

if __name__ == "__main__":
    sys.exit(main())
