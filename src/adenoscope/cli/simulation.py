"""``adenoscope simulate``: run a protocol, and say in a few lines what came out and how far to trust it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from adenoscope.cli.places import refuse_unwritable
from adenoscope.cli.progress_bar import progress_bar
from adenoscope.core.interval import Interval

if TYPE_CHECKING:
    from adenoscope.mechanism.observables import Observable
    from adenoscope.studies.simulated import Simulation

HEADER = ("observable", "unit", "at rest", "peak", "95 %", "to peak [s]", "half decay [s]")
WIDTH = 110


def run_protocol(protocol: Path, out: Path, subjects: int | None, seed: int | None) -> bool:
    """Simulate a protocol into ``out``, say what came out, and return whether any subject failed."""
    refuse_unwritable(out, folder=True)
    # Slow to import, and not needed to say that a folder cannot be written to.
    from adenoscope.studies.simulate_protocol import SUMMARY, TRAJECTORIES, simulate_protocol

    with progress_bar() as progress:
        simulation = simulate_protocol(protocol, out, subjects=subjects, seed=seed, progress=progress)
    _say(protocol.name, simulation)
    typer.echo(f"{out / TRAJECTORIES}\n{out / SUMMARY}")
    return bool(simulation.failed)


def _say(name: str, simulation: Simulation) -> None:
    protocol = simulation.protocol
    who = f"{protocol.species}, {protocol.region}, {protocol.genotype}, {protocol.condition}"
    finished = protocol.subjects - len(simulation.failed)
    typer.echo(f"{name}: {who}; {finished} of {protocol.subjects} virtual subjects, seed {protocol.seed}")
    if simulation.failed:
        first = simulation.failed[0]
        typer.echo(f"  {len(simulation.failed)} failed; subject {first['subject']}: {first['reason']}")
    moved = [
        (seen, own)
        for seen in simulation.observables
        if (own := simulation.readings[seen.name])["time_to_peak_s"] is not None
    ]
    if moved:
        typer.echo()
        for line in aligned([HEADER, *(_row(*item) for item in moved)]):
            typer.echo(line)
    still = [seen.name for seen in simulation.observables if simulation.readings[seen.name]["time_to_peak_s"] is None]
    if still:
        words = f"Did not move: {', '.join(still)}."
        typer.echo("\n" + textwrap.fill(words, WIDTH, subsequent_indent="  "))
    typer.echo(f"\nTimes count from the first thing done, at {protocol.first_s:g} s.")
    typer.echo(f"\n{100 * simulation.unverified_share:.0f} % of the constants used are unverified. Outside validity:")
    for reason in simulation.outside_validity:
        typer.echo(textwrap.fill(reason, WIDTH, initial_indent="  - ", subsequent_indent="    "))
    typer.echo()


def _row(seen: Observable, own: Mapping[str, Interval | None]) -> tuple[str, ...]:
    peak = own["peak"]
    span = "" if peak is None else f"{number(peak.low)} to {number(peak.high)}"
    times = (_seconds(own["time_to_peak_s"]), _seconds(own["half_decay_s"]))
    levels = ("-" if level is None else _level(level.estimate, seen.floor) for level in (own["at_rest"], peak))
    return (seen.name, "" if seen.unit == "1" else seen.unit, *levels, span, *times)


def _level(value: float, floor: float) -> str:
    return "0" if abs(value) < floor else number(value)


def _seconds(interval: Interval | None) -> str:
    return "-" if interval is None else f"{interval.estimate:.0f}"


def number(value: float) -> str:
    """Return a number with three digits that count."""
    return f"{value:.3g}"


def aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Return rows as lines with their columns under one another."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
