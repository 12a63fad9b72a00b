"""How often intervals of therapeutic indices hold, and what ranking says where doses do not bracket an ED50.

    uv run python benchmarks/ranking.py [--panels 24] [--processes 2] [--seed 1] [--json numbers.json]

Panels of 20 compounds with known indices, simulated from truths that the model does not assume. Prints a table for
panels whose doses bracket every ED50 and one for those where they do not, then each promise with PASS or FAIL.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import combinations
from multiprocessing import Pool
from pathlib import Path

for _library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

import numpy as np  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.progress import track  # noqa: E402
from rich.table import Table  # noqa: E402

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "statistics" / "separation"))
from simulated_panels import BEYOND, BRACKETED, Truth, simulate_panel  # noqa: E402

from adenoscope.core.interval import Interval  # noqa: E402
from adenoscope.core.ranking import CompoundIndex, Ranking  # noqa: E402
from adenoscope.statistics.separation.rank import rank_compounds  # noqa: E402
from photometry_gate import Promise, print_promises  # noqa: E402

DESIGNS = {**BRACKETED, **BEYOND}
LOWEST, HIGHEST = 0.86, 0.94
OFF, BIN = 0.05, 0.2
FEW = 100  # of a bin of chances that is too small to be judged
MOST_WRONG = 0.05
MOST_S = 30.0
INSIDE = "bracketed"
Pairs = np.ndarray[tuple[int, int], np.dtype[np.float64]]


@dataclass(frozen=True)
class Compound:
    """One compound of a panel: what was true, and what was said of it."""

    design: str
    panel: int
    told: bool
    held: bool | None
    width: float | None
    bound_held: bool | None
    arms_bracketed: tuple[bool, bool]
    arms_flat: tuple[bool, bool]
    arms_told: tuple[bool, bool]
    ed50_held: tuple[bool | None, bool | None]
    beyond: tuple[float, float]


@dataclass(frozen=True)
class Panel:
    """One ranking: its compounds, whether its chains agreed, and its CPU time [s]."""

    design: str
    compounds: list[Compound]
    chances: list[tuple[float, bool]]
    converged: bool
    worst_r_hat: float
    cpu_s: float


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--panels", type=int, default=24, help="panels of each design")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="panels at a time")
    parser.add_argument("--seed", type=int, default=1, help="seed of the panels")
    parser.add_argument("--json", type=Path, help="write what was said of every compound there")
    return parser.parse_args()


def main() -> int:
    options = parse()
    console = Console(width=None if os.isatty(1) else 150)
    run_panel(("typical", options.seed, 0))  # compiled before any is timed
    jobs = [(name, options.seed, panel) for panel in range(options.panels) for name in DESIGNS]
    with Pool(options.processes) as pool:
        rounds = pool.imap_unordered(run_panel, jobs)
        panels = list(track(rounds, "ranking", total=len(jobs), console=Console(stderr=True)))
    console.print(bracketed_table(panels))
    console.print(beyond_table(panels))
    console.print(chances_table(panels))
    promises = judge(panels)
    print_promises(promises, console)
    if options.json is not None:
        numbers = {"panels": [asdict(panel) for panel in panels], "gates": [asdict(promise) for promise in promises]}
        options.json.write_text(json.dumps(numbers, default=lambda value: value.item()), encoding="utf-8")
    return int(any(promise.kept is False for promise in promises))


def run_panel(job: tuple[str, int, int]) -> Panel:
    """Return the ranking of one simulated panel beside its truth."""
    name, seed, number = job
    rng = np.random.default_rng([seed, list(DESIGNS).index(name), number])
    panel, truth = simulate_panel(DESIGNS[name], rng)
    start = time.process_time()
    ranking = rank_compounds(panel, reference="c0", seed=number, top=0)
    cpu_s = time.process_time() - start
    said = {one.compound: one for one in ranking.compounds}
    compounds = list[Compound]()
    for i, log_index in enumerate(truth.log_index):
        one, logs = said[f"c{i}"], truth.log_ed50[i]
        arms = (one.effect, one.side_effect)
        outside = np.maximum(np.maximum(logs - truth.high[i], truth.low[i] - logs), 0.0)
        compounds.append(
            Compound(
                design=name,
                panel=number,
                told=one.standing == "told",
                held=holds(one.index, log_index),
                width=None if one.index is None else float(np.log(one.index.high / one.index.low) / 2),
                bound_held=bound_holds(one, float(log_index)) if not truth.flat[i].any() else None,
                arms_bracketed=tuple(truth.bracketed[i].tolist()),
                arms_flat=tuple(truth.flat[i].tolist()),
                arms_told=tuple(arm.ed50 is not None for arm in arms),
                ed50_held=tuple(holds(arm.ed50, log) for arm, log in zip(arms, logs, strict=True)),
                beyond=tuple(np.exp(outside).tolist()),
            )
        )
    return Panel(
        name,
        compounds,
        chances(ranking, truth),
        bool(ranking.convergence.converged),
        ranking.convergence.worst_r_hat,
        cpu_s,
    )


def holds(interval: Interval | None, log_truth: float) -> bool | None:
    return None if interval is None else bool(interval.low <= np.exp(log_truth) <= interval.high)


def bound_holds(one: CompoundIndex, log_index: float) -> bool | None:
    if one.index_above is not None:
        return bool(np.exp(log_index) > one.index_above)
    return None if one.index_below is None else bool(np.exp(log_index) < one.index_below)


def chances(ranking: Ranking, truth: Truth) -> list[tuple[float, bool]]:
    """Return the chance that a compound is better than another and whether it is, for every pair that was told."""
    told = {one.compound: one.log_index for one in ranking.compounds if one.log_index is not None}
    pairs = combinations([i for i in range(len(truth.log_index)) if f"c{i}" in told], 2)
    return [
        (float(np.mean(told[f"c{i}"] > told[f"c{j}"])), bool(truth.log_index[i] > truth.log_index[j]))
        for i, j in pairs
    ]


def share(flags: Iterable[bool | None]) -> float:
    """Return how often a flag is set, of those that are not None."""
    known = [flag for flag in flags if flag is not None]
    return float(np.mean(known)) if known else float("nan")


def bracketed_table(panels: list[Panel]) -> Table:
    columns = ("index told", "intervals that hold", "median half-width, factor", "bounds that hold", "arms told")
    table = Table("doses bracket every ED50", *columns, "ED50 intervals that hold")
    for name in [*BRACKETED, "all"]:
        rows = [
            row
            for panel in panels
            for row in panel.compounds
            if row.design in BRACKETED and name in (row.design, "all")
        ]
        widths = [row.width for row in rows if row.width is not None]
        table.add_row(
            name,
            f"{share(row.told for row in rows):.1%}",
            f"{share(row.held for row in rows):.1%}",
            f"{np.exp(np.median(widths)):.2f}",
            f"{share(row.bound_held for row in rows):.1%}",
            f"{share(arm for row in rows for arm in row.arms_told):.1%}",
            f"{share(arm for row in rows for arm in row.ed50_held):.1%}",
        )
    return table


def beyond_table(panels: list[Panel]) -> Table:
    """Return how often an arm was told by how far its ED50 lies beyond the doses."""
    kinds = (INSIDE, "up to 2 x beyond", "2 to 5 x", "5 to 10 x", "did nothing")
    table = Table("arms told where", *kinds, "intervals that hold", "bounds that hold")
    for name in [*BEYOND, "all"]:
        rows = [
            row for panel in panels for row in panel.compounds if row.design in BEYOND and name in (row.design, "all")
        ]
        told = {kind: [arm for row in rows for arm in arms_of(row) if arm[0] == kind] for kind in kinds}
        cells = [f"{share(arm[1] for arm in arms):.1%} of {len(arms)}" for arms in told.values()]
        table.add_row(
            name, *cells, f"{share(row.held for row in rows):.1%}", f"{share(row.bound_held for row in rows):.1%}"
        )
    return table


def arms_of(row: Compound) -> list[tuple[str, bool]]:
    """Return where the ED50 of each arm lies, and whether it was told."""

    def kind(flat: bool, beyond: float) -> str:
        if flat:
            return "did nothing"
        if beyond <= 1:
            return INSIDE
        return "up to 2 x beyond" if beyond <= 2 else "2 to 5 x" if beyond <= 5 else "5 to 10 x"

    return [(kind(*of), told) for *of, told in zip(row.arms_flat, row.beyond, row.arms_told, strict=True)]


def pairs_of(panels: list[Panel]) -> Pairs:
    """Return the chance to be better and whether it came true, for all pairs of compounds, shape (pair, 2)."""
    return np.array([pair for panel in panels if panel.design in BRACKETED for pair in panel.chances], dtype=float)


def chance_bins(panels: list[Panel]) -> list[tuple[float, float, int]]:
    """Return mean chance, how often it came true and how many pairs, by fifths of the chance."""
    pairs = pairs_of(panels)
    places = np.minimum((pairs[:, 0] / BIN).astype(int), round(1 / BIN) - 1)
    groups = [pairs[places == place] for place in range(round(1 / BIN))]
    return [(*group.mean(axis=0).tolist(), len(group)) for group in groups if len(group)]


def chances_table(panels: list[Panel]) -> Table:
    table = Table("chance to be better", "came true", "pairs")
    for said, came_true, n in chance_bins(panels):
        table.add_row(f"{said:.1%}", f"{came_true:.1%}", f"{n:,}")
    return table


def judge(panels: list[Panel]) -> list[Promise]:
    """Return the promises about ranking."""
    outside = [told for panel in panels for row in panel.compounds for kind, told in arms_of(row) if kind != INSIDE]
    cpu_s = max(panel.cpu_s for panel in panels)
    agree = share(panel.converged for panel in panels)
    return [
        *coverage_promises(panels),
        *chance_promises(panels),
        Promise(
            f"where doses do not bracket, could_not_tell in at least {1 - MOST_WRONG:.0%} of arms",
            f"{1 - share(outside):.1%} of {len(outside)}",
            share(outside) <= MOST_WRONG,
        ),
        Promise("chains agree in every panel", f"{agree:.1%} of {len(panels)}", agree == 1),
        Promise(f"20 compounds under {MOST_S:g} s of one core", f"{cpu_s:.1f} s at most", cpu_s < MOST_S),
    ]


def coverage_promises(panels: list[Panel]) -> Iterator[Promise]:
    rows = [row for panel in panels for row in panel.compounds if row.design in BRACKETED]
    covers = share(row.held for row in rows)
    yield Promise("90 % intervals of the index cover in 86 to 94 %", f"{covers:.1%}", LOWEST <= covers <= HIGHEST)
    by_design = {name: share(row.held for row in rows if row.design == name) for name in BRACKETED}
    low, high = (choose(by_design, key=by_design.__getitem__) for choose in (min, max))
    found = f"{by_design[low]:.1%} ({low}) to {by_design[high]:.1%} ({high})"
    yield Promise("and in no design outside of it", found, by_design[low] >= LOWEST and by_design[high] <= HIGHEST)


def chance_promises(panels: list[Panel]) -> Iterator[Promise]:
    worst, said, came_true = max((abs(said - true), said, true) for said, true, n in chance_bins(panels) if n >= FEW)
    text = f"chances to be better are right within {OFF:.0%}, in each fifth"
    yield Promise(text, f"{said:.1%} came true in {came_true:.1%}", worst <= OFF)
    # which of a pair is called the first is chance, so the mean tells nothing; how sure one is does
    chance, better = pairs_of(panels).T
    sure, right = float(np.maximum(chance, 1 - chance).mean()), float(np.mean((chance > 0.5) == (better == 1)))
    yield Promise(f"and over all within {OFF:.0%}", f"sure {sure:.1%}, right {right:.1%}", abs(sure - right) <= OFF)


if __name__ == "__main__":
    sys.exit(main())
