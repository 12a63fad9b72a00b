"""Published trials predicted by a link that has not seen them, and 100,000 virtual people through the mechanism.

    uv run python benchmarks/retrodiction.py [--people 100000] [--seed 1] [--json numbers.json]

Prints every published trial with what was predicted without it, with and without the term of small trials; how both
kinds of prediction did together, also without the two nulls; the link before and after the trials, what the mechanism
costs, then each promise with PASS or FAIL. ``--people 0`` leaves the cost out.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import asdict
from pathlib import Path

for _library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

import numpy as np  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from adenoscope.core.protocol import Protocol  # noqa: E402
from adenoscope.studies.trials.engagement import engage  # noqa: E402
from adenoscope.studies.trials.link import Link, link_draws  # noqa: E402
from adenoscope.studies.trials.people import draw_people  # noqa: E402
from adenoscope.studies.trials.published import DESIGNS, SESSIONS  # noqa: E402
from adenoscope.studies.trials.retrodict import (  # noqa: E402
    GATE,
    NULLS,
    Forecast,
    Retrodiction,
    density_gain,
    retrodict,
    score,
)
from photometry_gate import Promise, print_promises  # noqa: E402

ARMS = {"ketamine": SESSIONS["ketamine"], "hypoxia": SESSIONS["hypoxia"], "sham": Protocol("human", 0.0)}
Rows = dict[str, Retrodiction]
MOST_CPU_S, CORES, LEAST_INSIDE, MOST_POWER = 150.0, 2, 4, 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000, help="virtual people through the mechanism; 0: none")
    parser.add_argument("--seed", type=int, default=1, help="of the link's draws")
    parser.add_argument("--json", type=Path, help="write the numbers there")
    options = parser.parse_args()
    console = Console(width=None if os.isatty(1) else 180)
    names = (*GATE, *(name for name in DESIGNS if name not in GATE))
    found = {name: retrodict(name, options.seed) for name in names}
    plain = {name: retrodict(name, options.seed, selection=False) for name in names}
    print_trials(found, plain, console)
    scores = compare(options.seed, found, plain, console)
    print_link(link_draws(4000, options.seed), console)
    promises = judge(found, plain)
    if options.people:
        promises += cost(options.people, console)
    print_promises(promises, console)
    if options.json is not None:
        numbers = {"trials": {name: asdict(row) for name, row in found.items()}}
        numbers |= {"without_selection": {name: asdict(row) for name, row in plain.items()}, "scores": scores}
        numbers |= {"gates": [asdict(promise) for promise in promises]}
        options.json.write_text(json.dumps(numbers, indent=1), encoding="utf-8")
    raise SystemExit(any(promise.kept is False for promise in promises))


def print_trials(found: Rows, plain: Rows, console: Console) -> None:
    spans = ("as run: 90 %, wins", "as printed: 90 %, wins", "without the term: 90 %, wins")
    table = Table("trial", "published", *spans, "ESS, without", "log density gained in print")
    for name, row in found.items():
        without = plain[name].as_run
        said = [forecast_words(one) for one in (row.as_run, row.printed, without)]
        gain = f"{row.printed.log_density - without.log_density:+.2f}"
        worth = f"{row.effective:.0f}, {plain[name].effective:.0f}"
        table.add_row(name, f"{row.trial.difference.value:.1f}", *said, worth, gain)
    console.print(table)
    console.print("(!): what was published lies outside.")


def forecast_words(one: Forecast) -> str:
    span = one.difference
    missed = "" if one.inside else " (!)"
    return f"{span.estimate:.1f} ({span.low:.1f} to {span.high:.1f}), {one.wins:.0%}{missed}"


def compare(seed: int, found: Rows, plain: Rows, console: Console) -> dict[str, dict[str, object]]:
    """Print how predictions did together over trials that the link can leave out, and return the numbers."""
    others = [name for name in DESIGNS if name not in NULLS]
    sets: dict[str, tuple[Rows, Rows]] = {
        "all": tuple({name: rows[name] for name in DESIGNS} for rows in (found, plain)),
        "but the nulls": tuple({name: rows[name] for name in others} for rows in (found, plain)),
        "the same, nulls unseen by the link": tuple(
            {name: retrodict(name, seed, selection=selection, also_without=NULLS) for name in others}
            for selection in (True, False)
        ),
    }
    scores: dict[str, dict[str, object]] = {}
    table = Table("trials", "prediction", "inside 90 %", "mean log density", "gain (SE)", "published - predicted")
    for which, (with_it, without_it) in sets.items():
        without = [row.as_run for row in without_it.values()]
        kinds: dict[str, list[Forecast]] = {
            "without the term": without,
            "with it, as journals print": [row.printed for row in with_it.values()],
            "with it, as trials are run": [row.as_run for row in with_it.values()],
        }
        for kind, forecasts in kinds.items():
            did, (gain, error) = score(forecasts), density_gain(forecasts, without)
            gained = "" if forecasts is without else f"{gain:+.3f} ({error:.3f})"
            row = (f"{did.inside} of {did.n}", f"{did.log_density:.3f}", gained, f"{did.error:+.2f}")
            table.add_row(which, kind, *row)
            scores[f"{which}: {kind}"] = {**asdict(did), "gain": gain, "gain_error": error}
    console.print(table)
    for name in NULLS:
        row = retrodict(name, seed, also_without=NULLS)
        console.print(f"{name}, by a link that has seen neither null: {forecast_words(row.as_run)} as run")
    return scores


def print_link(link: Link, console: Console) -> None:
    table = Table("parameter", "before", "after")
    for name in link.draws:
        spans = [np.percentile(draws[name], (50, 2.5, 97.5)) for draws in (link.prior, link.draws)]
        table.add_row(name, *(f"{middle:.2f} ({low:.2f} to {high:.2f})" for middle, low, high in spans))
    console.print(table)


def judge(found: Rows, plain: Rows) -> list[Promise]:
    inside = sum(found[name].as_run.inside for name in GATE)
    promises = [
        Promise(f"at least {LEAST_INSIDE} of 5 published differences inside", f"{inside}", inside >= LEAST_INSIDE)
    ]
    for name in NULLS:
        run, printed, without = found[name].as_run, found[name].printed, plain[name].as_run
        words = f"{run.wins:.0%}; {printed.wins:.0%} as printed, {without.wins:.0%} without the term of small trials"
        promises.append(Promise(f"{name} not predicted as a win", words, run.wins < MOST_POWER))
    return promises


def cost(n: int, console: Console) -> list[Promise]:
    wall, cpu = time.perf_counter(), time.process_time()
    people = draw_people(n, 1)
    engaged = engage(people, ARMS, 1)
    wall_s, cpu_s = time.perf_counter() - wall, time.process_time() - cpu
    console.print(
        f"{n:,} people, {len(ARMS)} arms: {wall_s:.0f} s, {cpu_s:.0f} s of CPU; {engaged.failed.sum()} failed."
    )
    words = f"{n:,} people through the mechanism in {MOST_CPU_S:.0f} s of {CORES} cores"
    return [Promise(words, f"{cpu_s / CORES:.0f} s of CPU a core", cpu_s / CORES < MOST_CPU_S)]


if __name__ == "__main__":
    main()
