"""The search for schedules of hypoxia against brute force, in one command: a grid of 5,000, a twentieth evaluated.

    uv run python benchmarks/hypoxia.py [--cache grid.npz] [--subjects 15] [--seeds 20] [--json numbers.json]

Every schedule inside the envelope for people is simulated in one cohort; ``--cache`` keeps what came out. The front
of the grid then judges what the search of ``adenoscope hypoxia`` finds, and what two samplers of Optuna find where
that is installed (``uv run --with 'optuna>=5' ...``). Hypervolume is counted below the worst of the grid's front, so
that nothing is given for free. Prints the promise with PASS or FAIL.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

for _library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

import numpy as np  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from adenoscope.core.hypoxia_design import HypoxiaDesign, Limits, Range  # noqa: E402
from adenoscope.core.provenance import software  # noqa: E402
from adenoscope.statistics.pareto.front import Mask, Numbers, feasible, front, hypervolume  # noqa: E402
from adenoscope.statistics.pareto.search import search_front  # noqa: E402
from adenoscope.studies.hypoxia.inside import outside_by  # noqa: E402
from adenoscope.studies.hypoxia.search import Evaluation  # noqa: E402
from adenoscope.studies.hypoxia.session import draw_cohort  # noqa: E402
from photometry_gate import Promise, print_promises  # noqa: E402

BUDGETS = (60, 100, 250)
TWENTIETH = 20
SHARE = 0.97
ROWS = 100  # schedules between two lines of progress
PATIENCE = 20  # an Optuna study asks for so many times its budget, most of it outside the envelope or known

Finder = Callable[["Grid", int, int], tuple[Numbers, Numbers]]


@dataclass(frozen=True)
class Grid:
    """Every schedule, shape (schedule, quantity), in C order of levels; NaN where it is not ``allowed``."""

    levels: list[Numbers]
    points: Numbers
    allowed: Mask
    objectives: Numbers
    slacks: Numbers

    def places(self, points: Numbers) -> np.ndarray:
        steps = [np.searchsorted(own, column) for own, column in zip(self.levels, points.T, strict=True)]
        return np.ravel_multi_index(tuple(steps), tuple(len(own) for own in self.levels))

    def look_up(self, points: Numbers) -> tuple[Numbers, Numbers]:
        """Return what was simulated; a schedule outside the envelope stops the benchmark."""
        places = self.places(points)
        if not self.allowed[places].all():
            raise SystemExit("FAIL: a schedule outside the envelope was evaluated")
        return self.objectives[places], self.slacks[places]


@dataclass(frozen=True)
class Score:
    """A way to search with a budget, over seeds: share of the grid's hypervolume [1], and its own time [s]."""

    way: str
    budget: int
    lowest: float
    median: float
    own_s: float


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, help="keep what was simulated there, and use it again")
    parser.add_argument("--subjects", type=int, default=15, help="drawn subjects; a low responder comes besides")
    parser.add_argument("--seeds", type=int, default=20, help="searches of each kind")
    parser.add_argument("--json", type=Path, help="write the numbers there")
    return parser.parse_args()


def main() -> None:
    options = parse()
    console = Console(width=None if os.isatty(1) else 120)
    grid = simulated(design(options.subjects), options.cache, console)
    kept = feasible(grid.objectives, grid.slacks)
    best = front(grid.objectives, kept)
    console.print(
        f"{len(grid.points):,} schedules: {grid.allowed.sum():,} inside the envelope, of which {kept.sum():,} keep "
        f"every limit; {best.sum()} are on the front."
    )
    ways: dict[str, Finder] = {"search_front": found_here}
    if find_spec("optuna") is None:
        console.print("Optuna is not installed; it is left out.")
    else:
        ways |= {"Optuna, TPE": partial(found_by_optuna, "tpe"), "Optuna, NSGA-II": partial(found_by_optuna, "nsga")}
    scores = [scored(way, find, grid, n, options.seeds) for way, find in ways.items() for n in BUDGETS]
    print_scores(scores, console)
    promises = judge(scores, len(grid.points))
    print_promises(promises, console)
    if options.json:
        options.json.write_text(json.dumps([asdict(score) for score in scores], indent=2) + "\n", encoding="utf-8")
    raise SystemExit(0 if all(promise.kept is not False for promise in promises) else 1)


def design(subjects: int) -> HypoxiaDesign:
    """Return 10 gases x 10 lengths of bout x 5 of rest x 10 numbers of bouts."""
    return HypoxiaDesign(
        species="human",
        gas="fixed",
        fio2=Range(0.09, 0.18, 0.01),
        bout_s=Range(30, 300, 30),
        rest_s=Range(60, 300, 60),
        bouts=Range(1, 10, 1),
        sessions=Range(1, 1, 1),
        limits=Limits(spo2_floor=0.85, below_floor_s=30.0, risk=0.1),
        subjects=subjects,
    )


def simulated(asked: HypoxiaDesign, cache: Path | None, console: Console) -> Grid:
    """Return the grid by brute force, or from the cache where it is of the same design and version."""
    levels = [np.array(quantity.levels) for quantity in asked.searched]
    points = np.stack([axis.ravel() for axis in np.meshgrid(*levels, indexing="ij")], axis=1)
    label = f"{asked} {software()}"
    if cache is not None and cache.exists():
        kept = np.load(cache)
        if str(kept["label"]) == label:
            return Grid(levels, points, kept["allowed"], kept["objectives"], kept["slacks"])
    evaluate = Evaluation(asked, draw_cohort(asked.species, asked.subjects, asked.seed))
    allowed, started = outside_by(points, asked) == 0, time.perf_counter()
    chosen = points[allowed]
    parts: list[tuple[Numbers, Numbers]] = []
    for start in range(0, len(chosen), ROWS):
        parts.append(evaluate(chosen[start : start + ROWS]))
        print(f"\r{min(start + ROWS, len(chosen)):,} of {len(chosen):,} schedules", end="", flush=True)
    print()
    spent = time.perf_counter() - started
    console.print(f"Brute force took {spent:.0f} s, {1000 * spent / len(chosen):.1f} ms a schedule.")
    n_slacks = parts[0][1].shape[1]
    objectives, slacks = np.full((len(points), 2), np.nan), np.full((len(points), n_slacks), np.nan)
    objectives[allowed], slacks[allowed] = (np.concatenate(column) for column in zip(*parts, strict=True))
    if cache is not None:
        np.savez_compressed(cache, label=label, allowed=allowed, objectives=objectives, slacks=slacks)
    return Grid(levels, points, allowed, objectives, slacks)


def found_here(grid: Grid, budget: int, seed: int) -> tuple[Numbers, Numbers]:
    def allowed(points: Numbers) -> Mask:
        return grid.allowed[grid.places(points)]

    found = search_front(grid.levels, grid.look_up, budget=budget, seed=seed, allowed=allowed)
    return found.objectives, found.slacks


def found_by_optuna(kind: str, grid: Grid, budget: int, seed: int) -> tuple[Numbers, Numbers]:
    """Return what a study evaluated; what is outside the envelope is told to be infeasible, and costs nothing."""
    import warnings

    import optuna

    warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    if kind == "tpe":
        sampler = optuna.samplers.TPESampler(seed=seed, multivariate=True)
    else:
        size = max(10, budget // 8)
        sampler = optuna.samplers.NSGAIISampler(seed=seed, population_size=size)
    study = optuna.create_study(directions=["minimize", "minimize"], sampler=sampler)
    known: dict[tuple[int, ...], tuple[Numbers, Numbers]] = {}
    worst = np.nanmax(grid.objectives, axis=0).tolist()
    for _ in range(PATIENCE * budget):
        trial = study.ask()
        steps = tuple(trial.suggest_int(str(axis), 0, len(own) - 1) for axis, own in enumerate(grid.levels))
        point = np.array([[own[step] for own, step in zip(grid.levels, steps, strict=True)]])
        inside = bool(grid.allowed[grid.places(point)][0])
        objectives, slacks = worst, [1.0] * grid.slacks.shape[1]
        if inside:
            seen = known.setdefault(steps, grid.look_up(point))
            objectives, slacks = (values[0].tolist() for values in seen)
        for number, slack in enumerate(slacks):
            trial.set_constraint(str(number), slack)
        study.tell(trial, objectives)
        if len(known) == budget:
            break
    every = list(known.values())
    return np.concatenate([own for own, _ in every]), np.concatenate([own for _, own in every])


def scored(way: str, find: Finder, grid: Grid, budget: int, n_seeds: int) -> Score:
    best = grid.objectives[front(grid.objectives, feasible(grid.objectives, grid.slacks))]
    reference = best.max(axis=0)
    whole, shares = hypervolume(best, reference), []
    started = time.process_time()
    for seed in range(n_seeds):
        objectives, slacks = find(grid, budget, seed)
        own = objectives[feasible(objectives, slacks)]
        shares.append(hypervolume(own, reference) / whole)
    own_s = (time.process_time() - started) / n_seeds
    return Score(way, budget, float(np.min(shares)), float(np.median(shares)), own_s)


def print_scores(scores: list[Score], console: Console) -> None:
    table = Table("", "evaluated", "covered, median", "covered, lowest", "own CPU time [s]")
    for score in scores:
        covered = (f"{score.median:.2%}", f"{score.lowest:.2%}")
        table.add_row(score.way, str(score.budget), *covered, f"{score.own_s:.1f}")
    console.print(table)


def judge(scores: list[Score], n_schedules: int) -> list[Promise]:
    ours = next(s for s in scores if s.way == "search_front" and s.budget == n_schedules // TWENTIETH)
    text = f"a twentieth of {n_schedules:,} schedules covers {SHARE:.0%} of the hypervolume, for every seed"
    return [Promise(text, f"{ours.lowest:.2%} or more", ours.lowest >= SHARE)]


if __name__ == "__main__":
    main()
