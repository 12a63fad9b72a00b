"""What a symbol means inside a kernel: which row it is loaded from."""

from __future__ import annotations

from collections.abc import Mapping

from adenoscope.simulation.expression.graph import Graph, Node
from adenoscope.simulation.kernel.expressions import Leaf
from adenoscope.simulation.kernel.writer import Writer
from adenoscope.simulation.lowering.layout import Layout
from adenoscope.simulation.lowering.program import Program
from adenoscope.simulation.system import TIME


def constant_rows(program: Program, layout: Layout) -> dict[str, int]:
    """Return the row of everything that is constant between events, modes included, by name."""
    rows = {name: layout.row("inputs", n) for n, name in enumerate(program.inputs)}
    rows |= {name: layout.row("derived", n) for n, name in enumerate(program.derived)}
    rows |= {mode.name: layout.row("modes", n) for n, mode in enumerate(program.modes)}
    return rows


def input_rows(program: Program, layout: Layout) -> dict[str, int]:
    """Return the rows that formulas of the start may use."""
    rows = {name: layout.row("inputs", n) for n, name in enumerate(program.inputs)}
    return {**rows, TIME: layout.row("time")}


def present_rows(program: Program, layout: Layout, *, states: str = "y", time: str = "time") -> dict[str, int]:
    """Return the row of every symbol, the states from one block and the time from one row."""
    rows = constant_rows(program, layout)
    rows |= {name: layout.row(states, n) for n, name in enumerate(program.states)}
    return {**rows, TIME: layout.row(time)}


def leaf_of(writer: Writer, graph: Graph, rows: Mapping[str, int], hoisted: Mapping[Node, int] | None = None) -> Leaf:
    """Return what loads a symbol, or a hoisted node, from its row."""

    def leaf(node: Node) -> str | None:
        if hoisted is not None and node in hoisted:
            return writer.load(hoisted[node])
        name = graph.name(node)
        return None if name is None else writer.load(rows[name])

    return leaf


def hoisted_rows(program: Program, layout: Layout) -> dict[Node, int]:
    return {node: layout.row("hoisted", n) for n, node in enumerate(program.hoisted)}
