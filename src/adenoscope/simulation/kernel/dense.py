"""The solution within a step: where modes change, and what is observed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adenoscope.simulation.expression.graph import Graph, Node
from adenoscope.simulation.kernel.expressions import Expressions
from adenoscope.simulation.kernel.scope import constant_rows, leaf_of, present_rows
from adenoscope.simulation.kernel.writer import Writer
from adenoscope.simulation.lowering.layout import Layout
from adenoscope.simulation.lowering.program import Program
from adenoscope.simulation.rodas5p import N_STAGES, H
from adenoscope.simulation.system import TIME


def probe_kernel(program: Program, layout: Layout, lanes: int) -> str:
    """Return the text of ``probe``: the state at ``theta`` goes to z, ``changed`` tells whether a mode differs."""
    w = Writer(lanes, layout)
    theta = w.load(layout.row("theta"))
    w.store(w.fma(theta, w.load(layout.row("step")), w.load(layout.row("time"))), layout.row("stage_time"))

    def row(offset: str) -> None:
        _bend(w, layout, offset)
        w.store_to(_within(w, layout, offset), w.row_at(layout.row("z"), offset))

    w.loop(len(program.states), row)
    rows = present_rows(program, layout, states="z", time="stage_time")
    located = [(number, mode.node) for number, mode in enumerate(program.modes) if not mode.timed]
    roots = [node for _, node in located]
    expressions = Expressions(w, program.graph, roots, leaf_of(w, program.graph, rows))
    changed = w.number(0.0)
    for number, node in located:
        differs = w.compare("une", expressions.evaluate(node), w.load(layout.row("modes", number)))
        changed = w.select(differs, w.number(1.0), changed)
    w.store(changed, layout.row("changed"))
    return w.function("probe", public=True)


def observe_kernels(
    program: Program, layout: Layout, lanes: int, graph: Graph, observables: Sequence[Node]
) -> Iterator[str]:
    """Yield ``bend`` (once for each step), ``observe`` (at ``theta`` within it) and ``observe_now`` (at its start).

    The observables go to the rows that follow the layout's last.
    """
    needed = set(graph.symbols(observables))
    solved = [(i, name) for i, name in enumerate(program.states) if name in needed]
    bend, within, now = (Writer(lanes, layout) for _ in range(3))
    for i, _ in solved:
        _bend(bend, layout, str(i * lanes))
    yield bend.function("bend", public=True)
    theta = within.load(layout.row("theta"))
    moment = within.fma(theta, within.load(layout.row("step")), within.load(layout.row("time")))
    ready = {name: _within(within, layout, str(i * lanes)) for i, name in solved} | {TIME: moment}
    yield _observe(within, layout, graph, observables, constant_rows(program, layout), ready, "observe")
    yield _observe(now, layout, graph, observables, present_rows(program, layout), {}, "observe_now")


def _observe(
    w: Writer,
    layout: Layout,
    graph: Graph,
    observables: Sequence[Node],
    rows: dict[str, int],
    ready: dict[str, str],
    name: str,
) -> str:
    load = leaf_of(w, graph, rows)
    expressions = Expressions(w, graph, observables, lambda node: ready.get(graph.name(node) or "") or load(node))
    for number, node in enumerate(observables):
        w.store(expressions.evaluate(node), layout.rows + number)
    return w.function(name, public=True)


def _bend(w: Writer, layout: Layout, offset: str) -> None:
    """Compute a state's c_1, c_2, c_3, ``offset`` numbers into its block."""
    n = layout.count["y"]
    k = [w.load_from(w.row_at(layout.row("k", j * n), offset)) for j in range(N_STAGES)]
    for m, weights in enumerate(H):
        total = w.mul(w.number(weights[0]), k[0])
        for weight, k_j in zip(weights[1:], k[1:], strict=True):
            total = w.fma(w.number(weight), k_j, total)
        w.store_to(total, w.row_at(layout.row("bend", m * n), offset))


def _within(w: Writer, layout: Layout, offset: str) -> str:
    """Return a state at ``theta`` within the step, ``offset`` numbers into its block."""
    n = layout.count["y"]
    theta = w.load(layout.row("theta"))
    rest = w.sub(w.number(1.0), theta)
    bend = w.load_from(w.row_at(layout.row("bend", 2 * n), offset))
    for m in (1, 0):
        bend = w.fma(theta, bend, w.load_from(w.row_at(layout.row("bend", m * n), offset)))
    end = w.fma(rest, bend, w.load_from(w.row_at(layout.row("new"), offset)))
    start = w.mul(rest, w.load_from(w.row_at(layout.row("y"), offset)))
    return w.fma(theta, end, start)
