"""The text of all kernels of a model, and of all that observe it."""

from __future__ import annotations

from collections.abc import Sequence

from adenoscope.simulation.expression.graph import Graph, Node
from adenoscope.simulation.kernel.between import between_kernels
from adenoscope.simulation.kernel.control import control_kernels
from adenoscope.simulation.kernel.dense import observe_kernels, probe_kernel
from adenoscope.simulation.kernel.linear import linear_kernels
from adenoscope.simulation.kernel.mathematics import library
from adenoscope.simulation.kernel.step import step_kernels
from adenoscope.simulation.kernel.writer import Writer
from adenoscope.simulation.lowering.layout import Layout
from adenoscope.simulation.lowering.program import Program

# What the driver calls, in the order in which it is handed their addresses.
MODEL_KERNELS = (
    *("begin", "switch", "hoist", "fire", "keep"),
    *("linearise", "rates", "step", "decide", "commit", "first_step", "probe", "due"),
)
OBSERVE_KERNELS = ("observe", "observe_now")


def model_text(program: Program, layout: Layout, lanes: int) -> str:
    """Return the text of the kernels that move a model."""
    parts = [
        library(Writer(lanes, layout)),
        *between_kernels(program, layout, lanes),
        *linear_kernels(program, layout, lanes),
        *control_kernels(layout, lanes),
        *step_kernels(program, layout, lanes),
        probe_kernel(program, layout, lanes),
    ]
    return "\n".join(parts) + "\n"


def observe_text(program: Program, layout: Layout, lanes: int, graph: Graph, observables: Sequence[Node]) -> str:
    """Return the text of the kernels that compute the observables."""
    parts = [library(Writer(lanes, layout)), *observe_kernels(program, layout, lanes, graph, observables)]
    return "\n".join(parts) + "\n"
