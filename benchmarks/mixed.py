"""Mixed models: published statistics, time, and whether intervals cover, in one command.

    uv run python benchmarks/mixed.py [--data FOLDER] [--studies 4000] [--json numbers.json]

Prints the published criteria beside ours, what 125 time points cost, then for each simulated design how often
the 95 % intervals hold the truth, and each promise with PASS or FAIL.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

for _library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from adenoscope.statistics.mixed.fit import fit_mixed  # noqa: E402
from adenoscope.statistics.mixed.satterthwaite import fixed_contrast  # noqa: E402
from photometry_gate import Promise, print_promises  # noqa: E402

DATA = Path(__file__).parents[1] / ".." / "shared" / "data" / "photometry" / "FLMM_csv"
# Table, random effects, published AIC and BIC, and their decimals.
PUBLISHED = (
    ("binary", 1, 1588.326, 1606.472, 3),
    ("binary", 2, 1482.376, 1509.596, 3),
    ("corr_data", 1, 2425.134708, 2444.899469, 6),
    ("corr_data", 2, 2426.559477, 2456.206618, 6),
    ("anova_data", 1, 3338.504917, 3380.504322, 6),
    ("anova_data", 6, 3347.747803, 3494.745718, 6),
)
ANIMALS, KINDS = (6, 8, 12, 20, 40), ("normal", "skewed", "heavy")
# Standard deviation between animals, of that between sessions of one.
RATIOS = (0.0, 0.25, 0.5, 1.0, 2.0)
MOST_S, LEAST, MOST = 2.0, 0.93, 0.97


@dataclass(frozen=True)
class Model:
    """A published model beside ours: criteria, mean over time points, and CPU time [s] of the dearest round."""

    table: str
    n_random: int
    published_aic: float
    published_bic: float
    aic: float
    bic: float
    same: bool
    singular: int
    cpu_s: float


@dataclass(frozen=True)
class Cell:
    """A simulated design: how often the intervals of two effects held 0, and the share of singular fits."""

    design: str
    n_animals: int
    ratio: float
    errors: str
    singular: float
    between: float
    within: float


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the trials of seven mice")
    parser.add_argument("--studies", type=int, default=4000, help="simulated studies of each design")
    parser.add_argument("--rounds", type=int, default=3, help="time is that of the dearest round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the numbers there")
    return parser.parse_args()


def main() -> None:
    options = parse()
    console = Console(width=None if os.isatty(1) else 130)
    models = [published(options.data, *row, options.rounds) for row in PUBLISHED] if options.data.is_dir() else []
    print_models(models, console)
    rng = np.random.default_rng(options.seed)
    cells = [
        simulate(rng, design, n, ratio, kind, options.studies)
        for design in ("even", "uneven", "random slope")
        for n in ANIMALS
        for ratio in RATIOS
        for kind in KINDS
    ]
    print_cells(cells, console)
    promises = judge(models, cells, options.studies)
    print_promises(promises, console)
    if options.json is not None:
        numbers = {"models": [asdict(row) for row in models], "cells": [asdict(row) for row in cells]}
        numbers |= {"gates": [asdict(promise) for promise in promises]}
        options.json.write_text(json.dumps(numbers, indent=1), encoding="utf-8")
    raise SystemExit(any(promise.kept is False for promise in promises))


def published(data: Path, name: str, n_random: int, aic: float, bic: float, decimals: int, rounds: int) -> Model:
    rows = pd.read_csv(data / f"{name}.csv")
    rows = rows if name == "binary" else rows[rows["cs"] == 0]
    covariate = {
        "binary": rows["cs"].to_numpy(float)[:, None],
        "corr_data": (rows["trial"].to_numpy(float)[:, None] - 1) / 50,
        "anova_data": (rows["session"].to_numpy()[:, None] == np.arange(2, 7)).astype(float),
    }[name]
    fixed = np.column_stack([np.ones(len(rows)), covariate])
    responses = rows[[f"photometry.{point}" for point in range(1, 126)]].to_numpy().T
    costs = []
    for _ in range(rounds):
        started = time.process_time()
        found = fit_mixed(responses, fixed, fixed[:, :n_random], rows["id"].tolist())
        costs.append(time.process_time() - started)
    ours = found.aic.mean(), found.bic.mean()
    same = all(round(value, decimals) == known for value, known in zip(ours, (aic, bic), strict=True))
    return Model(name, n_random, aic, bic, *map(float, ours), same, int(found.singular.sum()), max(costs))


def draw(rng: np.random.Generator, kind: str, shape: tuple[int, ...]) -> np.ndarray:
    """Return errors with mean 0 and standard deviation 1: skewness 1.4 for "skewed", t with 4 for "heavy"."""
    if kind == "skewed":
        return (rng.gamma(2.0, size=shape) - 2) / np.sqrt(2)
    return rng.standard_normal(shape) if kind == "normal" else rng.standard_t(4, shape) / np.sqrt(2)


def simulate(rng: np.random.Generator, design: str, n: int, ratio: float, kind: str, studies: int) -> Cell:
    """Return how often intervals held effects of 0: half of the animals treated, and every other session.

    "even" has four sessions of each animal, "uneven" two to six; with "random slope" sessions' effect differs
    between animals, six sessions each, and the model knows.
    """
    sessions = {"even": [4], "uneven": [2, 3, 4, 5, 6], "random slope": [6]}[design]
    per_animal = np.resize(sessions, n)
    animals = np.repeat(np.arange(n), per_animal)
    between = (animals >= n // 2).astype(float)
    within = np.concatenate([np.arange(count) % 2 for count in per_animal]).astype(float)
    fixed = np.column_stack([np.ones(animals.size), between, within])
    responses = ratio * draw(rng, kind, (studies, n))[:, animals] + draw(rng, kind, (studies, animals.size))
    if design == "random slope":
        responses += ratio * draw(rng, kind, (studies, n))[:, animals] * within
    random = fixed[:, [0, 2]] if design == "random slope" else fixed[:, :1]
    fit = fit_mixed(responses, fixed, random, animals.tolist())
    held = []
    for weights in ([0, 1, 0], [0, 0, 1]):
        contrast = fixed_contrast(fit, weights)
        held.append(float(np.mean((contrast.low <= 0) & (contrast.high >= 0))))
    return Cell(design, n, ratio, kind, float(fit.singular.mean()), *held)


def judge(models: list[Model], cells: list[Cell], studies: int) -> list[Promise]:
    slack = 2 * np.sqrt(0.95 * 0.05 / studies)
    promises = []
    for slopes in (False, True):
        of_interest = [cell for cell in cells if cell.ratio > 0 and (cell.design == "random slope") == slopes]
        for name in ("between", "within"):
            held = [getattr(cell, name) for cell in of_interest]
            text = f"random {'slope' if slopes else 'intercept'}, effect {name} animals that differ: 93 to 97 % of "
            text += f"intervals hold, within two errors of simulation ({slack:.1%})"
            kept = bool(LEAST - slack <= min(held) and max(held) <= MOST + slack)
            promises.append(Promise(text, f"{min(held):.1%} to {max(held):.1%}, mean {np.mean(held):.1%}", kept))
    for model in models:
        random = {1: "intercept", 2: "intercept and slope", 6: "intercept and five sessions"}[model.n_random]
        text = f"{model.table}, random {random}: published AIC and BIC to the digit"
        # lme4 did not end at the minimum of the models with more than an intercept.
        kept = model.same if model.n_random == 1 else None
        promises.append(Promise(text, f"{model.aic:.6f} and {model.bic:.6f}", kept))
    dearest = max((m.cpu_s for m in models if m.table == "binary"), default=None)
    found = "no data" if dearest is None else f"{dearest:.3f} s of CPU"
    kept = None if dearest is None else dearest < MOST_S
    return [*promises, Promise("125 time points of 690 trials in under 2 s, either model", found, kept)]


def print_models(models: list[Model], console: Console) -> None:
    table = Table("table", "random effects", "published AIC", "ours", "published BIC", "ours", "singular", "CPU [s]")
    for m in models:
        criteria = f"{m.published_aic:.6f}", f"{m.aic:.6f}", f"{m.published_bic:.6f}", f"{m.bic:.6f}"
        table.add_row(m.table, str(m.n_random), *criteria, f"{m.singular} of 125", f"{m.cpu_s:.3f}")
    console.print(table)


def print_cells(cells: list[Cell], console: Console) -> None:
    table = Table("design", "animals", "animals' sd", "errors", "singular", "between animals", "within animals")
    for c in cells:
        held = f"{c.between:.1%}", f"{c.within:.1%}"
        table.add_row(c.design, str(c.n_animals), f"{c.ratio:g}", c.errors, f"{c.singular:.0%}", *held)
    console.print(table)


if __name__ == "__main__":
    main()
