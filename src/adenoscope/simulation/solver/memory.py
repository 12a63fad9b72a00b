"""The driver's memory: an aligned block for a batch of lanes, and the table that describes a model to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from adenoscope.simulation.lowering.layout import Layout
from adenoscope.simulation.lowering.program import Program
from adenoscope.simulation.solver.tables import BLOCKS, COUNTS, HEAD, KERNELS, SECTIONS, Numbers, Whole

ALIGNMENT = 64  # bytes: one whole vector, one line of cache


def aligned(rows: int, lanes: int) -> Numbers:
    """Return zeros of shape (rows, lanes) that begin at the start of a cache line."""
    size = rows * lanes
    block = np.zeros(size + ALIGNMENT // 8)
    skipped = (-block.ctypes.data // 8) % (ALIGNMENT // 8)
    return block[skipped : skipped + size].reshape(rows, lanes)


def make_plan(
    program: Program,
    layout: Layout,
    addresses: Mapping[str, int],
    target_rows: Mapping[str, int],
    column_rows: Sequence[int],
    **counts: int,
) -> Whole:
    """Return the table that describes a model to the driver.

    ``target_rows``: the row of every state and constant. ``column_rows``: the rows that the caller's columns replace.
    ``counts``: what the program does not know, of COUNTS.
    """
    blocks = {name: layout.rows if name == "observed" else layout.first[name] for name in BLOCKS}
    known = _counts(program, layout) | {"columns": len(column_rows)} | counts
    sections = _sections(program, target_rows) | {"column_row": list(column_rows)}
    table = [*(addresses[name] for name in KERNELS), *blocks.values(), *(known[name] for name in COUNTS)]
    place = len(HEAD)
    for name in SECTIONS:
        table.append(place)
        place += len(sections[name])
    return np.array([*table, *(number for name in SECTIONS for number in sections[name])], dtype=np.int64)


def _counts(program: Program, layout: Layout) -> dict[str, int]:
    n_timed = sum(mode.timed for mode in program.modes)
    return {
        "states": len(program.states),
        "derived": len(program.derived),
        "modes": len(program.modes),
        "timed": n_timed,
        "located": len(program.modes) - n_timed,
        "events": len(program.events),
        "timed_rates": len(program.time_partials),
        "jacobian": len(program.jacobian),
        "places": layout.count["queue_event"],
        "most_assignments": max((len(event.assignments) for event in program.events), default=0),
    }


def _sections(program: Program, target_rows: Mapping[str, int]) -> dict[str, list[int]]:
    events = program.events
    return {
        "event_first": [0, *np.cumsum([len(event.assignments) for event in events], dtype=int).tolist()],
        "event_initial": [int(event.initial_value) for event in events],
        "event_persistent": [int(event.persistent) for event in events],
        "event_from_trigger": [int(event.values_from_trigger) for event in events],
        "event_target": [target_rows[a.target] for event in events for a in event.assignments],
        "jacobian_row": [row for row, _ in program.jacobian],
        "jacobian_column": [column for _, column in program.jacobian],
    }
