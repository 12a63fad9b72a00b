"""Where each number lies: a block of memory for a batch of subjects, with rows of quantities and lanes of subjects.

What a step reads and writes comes first, so that it stays together in the processor's nearest cache.
"""

from __future__ import annotations

from dataclasses import dataclass

from adenoscope.simulation.lowering.program import Program
from adenoscope.simulation.rodas5p import N_STAGES

# One row each, first of all: what the driver and the kernels tell each other, and what the driver knows of a lane.
CONTROL = (
    *("time", "step", "stage_time", "inverse_step", "diagonal", "theta", "error", "factor", "residual"),
    *("accepted", "after", "changed", "relative", "absolute", "first_step"),
    *("subject", "next_output", "next_given", "stop", "rest", "next_step", "after_rejection", "cut", "low", "high"),
    *("steps", "rejected", "status", "random", "arrival", "restarts", "next_time", "pending", "largest", "max_steps"),
)


@dataclass(frozen=True)
class Layout:
    """The first row of each block of rows, and how many rows there are in all.

    ``proposed``: what a kernel proposes for rows that persist (states are proposed in ``z``); the driver copies the
    lanes it wants. Kernels themselves change nothing that persists.
    """

    first: dict[str, int]
    count: dict[str, int]

    @property
    def rows(self) -> int:
        return max(self.first[name] + self.count[name] for name in self.first)

    def row(self, block: str, number: int = 0) -> int:
        return self.first[block] + number


def make_layout(program: Program, queue: int = 32) -> Layout:
    """Return the layout of a program's rows; ``queue`` events of a subject may wait to be executed at once."""
    most = max((len(event.assignments) for event in program.events), default=0)
    places = queue if program.events else 0
    n, n_events = len(program.states), len(program.events)
    n_persistent = len(program.derived) + len(program.modes) + sum(mode.timed for mode in program.modes)
    counts = {
        **dict.fromkeys(CONTROL, 1),
        **{"y": n, "new": n, "k": N_STAGES * n, "f": n, "f_time": n if program.time_partials else 0},
        **{"jacobian": len(program.jacobian), "factors": len(program.factorisation.filled)},
        **{"hoisted": len(program.hoisted), "modes": len(program.modes)},
        **{"switch": sum(mode.timed for mode in program.modes), "derived": len(program.derived)},
        **{"inputs": len(program.inputs), "z": n, "proposed": n_persistent},
        **{"triggers": n_events, "delays": n_events, "priorities": n_events},
        **{"values": len(program.values), "stored": len(program.stored), "triggered": n_events},
        **{"queue_event": places, "queue_time": places, "queue_values": places * most},
    }
    first: dict[str, int] = {}
    row = 0
    for name, count in counts.items():
        first[name] = row
        row += count
    return Layout(first, counts)
