"""What is computed between steps: the start, modes, hoisted parts, and what events ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adenoscope.simulation.expression.graph import Graph, Node
from adenoscope.simulation.kernel.expressions import Expressions
from adenoscope.simulation.kernel.scope import constant_rows, hoisted_rows, input_rows, leaf_of, present_rows
from adenoscope.simulation.kernel.writer import Writer
from adenoscope.simulation.lowering.layout import Layout
from adenoscope.simulation.lowering.modes import Mode
from adenoscope.simulation.lowering.program import Program
from adenoscope.simulation.system import Assignment

LLVM_RELATION = {"lt": "olt", "le": "ole", "eq": "oeq"}


def between_kernels(program: Program, layout: Layout, lanes: int) -> Iterator[str]:
    """Yield the text of every kernel that runs between steps."""
    yield _begin(program, layout, Writer(lanes, layout))
    yield _switch(program, layout, Writer(lanes, layout))
    yield _hoist(program, layout, Writer(lanes, layout))
    yield _fire(program, layout, Writer(lanes, layout))
    yield _keep(program, layout, Writer(lanes, layout))


def _put_all(w: Writer, graph: Graph, rows: dict[str, int], targets: Sequence[tuple[Node, int]]) -> None:
    """Write code that stores each node in its row."""
    expressions = Expressions(w, graph, [node for node, _ in targets], leaf_of(w, graph, rows))
    for node, row in targets:
        w.store(expressions.evaluate(node), row)


def _begin(program: Program, layout: Layout, w: Writer) -> str:
    """Propose the states (in z) and derived constants that a subject starts with, from its inputs."""
    graph, rows = program.graph, input_rows(program, layout)
    starts = [program.initial.get(name, None) for name in program.states]
    nodes = [graph.symbol(name) if node is None else node for name, node in zip(program.states, starts, strict=True)]
    targets = [(node, layout.row("z", n)) for n, node in enumerate(nodes)]
    targets += [(program.initial[name], layout.row("proposed", n)) for n, name in enumerate(program.derived)]
    _put_all(w, graph, rows, targets)
    return w.function("begin", public=True)


def _switch(program: Program, layout: Layout, w: Writer) -> str:
    """Propose every mode at the present state and time, and the times at which timed modes switch."""
    graph = program.graph
    nodes = [node for mode in program.modes for node in _asked_for(mode)]
    expressions = Expressions(w, graph, nodes, leaf_of(w, graph, present_rows(program, layout)))
    first = len(program.derived)
    n_timed = 0
    for n, mode in enumerate(program.modes):
        if mode.slope is None or mode.offset is None:
            value = expressions.evaluate(mode.node)
        else:
            slope, offset = expressions.evaluate(mode.slope), expressions.evaluate(mode.offset)
            value, moment = _timed_mode(w, layout, graph.ops[mode.node], slope, offset)
            w.store(moment, layout.row("proposed", first + len(program.modes) + n_timed))
            n_timed += 1
        w.store(value, layout.row("proposed", first + n))
    return w.function("switch", public=True)


def _asked_for(mode: Mode) -> list[Node]:
    return [mode.node] if mode.slope is None or mode.offset is None else [mode.slope, mode.offset]


def _timed_mode(w: Writer, layout: Layout, relation: str, slope: str, offset: str) -> tuple[str, str]:
    """Return the mode and the time of its switch; just ``after`` that time, the line has left 0."""
    zero = w.number(0.0)
    moves = w.compare("une", slope, zero)
    moment = w.select(moves, w.div(w.neg(offset), slope), w.number(float("inf")))
    passed = w.sub(w.load(layout.row("time")), moment)
    line = w.select(w.compare("olt", slope, zero), w.neg(passed), passed)
    line = w.select(moves, line, offset)
    after = w.compare("une", w.load(layout.row("after")), zero)
    at_zero = w.put(f"and {w.mask} {after}, {w.compare('oeq', line, zero)}")
    leaving = w.put(f"and {w.mask} {at_zero}, {moves}")
    line = w.select(leaving, slope, line)
    return w.select(w.compare(LLVM_RELATION[relation], line, zero), w.number(1.0), zero), moment


def _hoist(program: Program, layout: Layout, w: Writer) -> str:
    """Compute what stays the same until the next event."""
    rows = constant_rows(program, layout)
    _put_all(w, program.graph, rows, [(node, row) for node, row in hoisted_rows(program, layout).items()])
    return w.function("hoist", public=True)


def _fire(program: Program, layout: Layout, w: Writer) -> str:
    """Compute triggers, delays, priorities and assigned values of all events at the present state and time."""
    blocks = {
        **{"triggers": program.triggers, "delays": program.delays},
        **{"priorities": program.priorities, "values": program.values},
    }
    targets = [(node, layout.row(block, n)) for block, nodes in blocks.items() for n, node in enumerate(nodes)]
    _put_all(w, program.graph, present_rows(program, layout), targets)
    return w.function("fire", public=True)


def _keep(program: Program, layout: Layout, w: Writer) -> str:
    """Compute, from the values of an event's assignments, what their targets are to hold."""
    rows = present_rows(program, layout)
    number = 0
    for event in program.events:
        numbers = range(number, number + len(event.assignments))
        own = {value_name(a): layout.row("values", n) for a, n in zip(event.assignments, numbers, strict=True)}
        _put_all(w, program.graph, {**rows, **own}, [(program.stored[n], layout.row("stored", n)) for n in numbers])
        number = numbers.stop
    return w.function("keep", public=True)


def value_name(assignment: Assignment) -> str:
    """Return the symbol that stands for an assignment's value in what its event stores."""
    return f"value:{assignment.target}"
