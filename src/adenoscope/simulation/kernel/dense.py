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
    place = Place(w, layout)
    w.loop(len(program.states), lambda offset: w.store_to(place.state(offset), w.row_at(layout.row("z"), offset)))
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
    """Yield ``observe`` (at ``theta`` within the step) and ``observe_now`` (at its start).

    The observables go to the rows that follow the layout's last.
    """
    within, now = Writer(lanes, layout), Writer(lanes, layout)
    place = Place(within, layout)
    moment = within.fma(place.theta, within.load(layout.row("step")), within.load(layout.row("time")))
    needed = set(graph.symbols(observables))
    solved = [(i, name) for i, name in enumerate(program.states) if name in needed]
    ready = {name: place.state(str(i * lanes)) for i, name in solved} | {TIME: moment}
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


class Place:
    """A place ``theta`` within the step, and the weight there of each stage's increment.

    y(t + x h) = y + x (y_new - y + sum_j b_j k_j),   b_j = (1 - x) (H_1j + x (H_2j + x H_3j))

    In this form what is near the start of a step is no further from y than it should be: rounding moves no state that
    rests, and none backwards over a level that it has just crossed.
    """

    def __init__(self, w: Writer, layout: Layout) -> None:
        self.w = w
        self.layout = layout
        self.theta = w.load(layout.row("theta"))
        rest = w.sub(w.number(1.0), self.theta)
        self.weights = [w.mul(rest, self._polynomial(j)) for j in range(N_STAGES)]

    def _polynomial(self, j: int) -> str:
        total = self.w.number(H[-1][j])
        for weights in reversed(H[:-1]):
            total = self.w.fma(self.theta, total, self.w.number(weights[j]))
        return total

    def state(self, offset: str) -> str:
        """Return the register with a state there, ``offset`` numbers into its block."""
        w, n = self.w, self.layout.count["y"]
        start = w.load_from(w.row_at(self.layout.row("y"), offset))
        total = w.sub(w.load_from(w.row_at(self.layout.row("new"), offset)), start)
        for j, weight in enumerate(self.weights):
            total = w.fma(weight, w.load_from(w.row_at(self.layout.row("k", j * n), offset)), total)
        return w.fma(self.theta, total, start)
