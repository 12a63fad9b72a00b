"""The right-hand side, its Jacobian, and the linear system of a Rosenbrock step, all places known in advance."""

from __future__ import annotations

from collections.abc import Iterator

from adenoscope.simulation.expression.graph import Node
from adenoscope.simulation.kernel.expressions import Expressions
from adenoscope.simulation.kernel.scope import hoisted_rows, leaf_of, present_rows
from adenoscope.simulation.kernel.writer import Writer
from adenoscope.simulation.lowering.layout import Layout
from adenoscope.simulation.lowering.program import Program
from adenoscope.simulation.rodas5p import TIME_WEIGHT

# The backward error of a solve, relative to its largest terms, above which elimination without pivots is not trusted.
TRUSTED_BACKWARD_ERROR = 1e-9
TARGET = ", ptr noalias align 64 %to"


def linear_kernels(program: Program, layout: Layout, lanes: int) -> Iterator[str]:
    """Yield the text of every kernel of the linear system."""
    yield _rates(program, layout, Writer(lanes, layout))
    yield _linearise(program, layout, Writer(lanes, layout))
    yield _factor(program, layout, Writer(lanes, layout))
    yield _solve(program, layout, Writer(lanes, layout))
    yield _doubt(program, layout, Writer(lanes, layout))


def _rates(program: Program, layout: Layout, w: Writer) -> str:
    """Add the rates at a stage's argument to the rows at ``to``."""
    rows = present_rows(program, layout, states="new", time="stage_time")
    expressions = _expressions(program, layout, w, rows, list(program.rates))
    for i, node in enumerate(program.rates):
        place = w.row_in("%to", i)
        w.store_to(w.add(expressions.evaluate(node), w.load_from(place)), place)
    return w.function("rates", public=True, arguments=TARGET)


def _linearise(program: Program, layout: Layout, w: Writer) -> str:
    """Compute rates, their derivatives by time and the Jacobian at the present state."""
    targets = [(node, layout.row("f", i)) for i, node in enumerate(program.rates)]
    targets += [(node, layout.row("f_time", i)) for i, node in enumerate(program.time_partials)]
    targets += [(node, layout.row("jacobian", n)) for n, node in enumerate(program.jacobian.values())]
    rows = present_rows(program, layout)
    expressions = _expressions(program, layout, w, rows, [node for node, _ in targets])
    for node, row in targets:
        w.store(expressions.evaluate(node), row)
    return w.function("linearise", public=True)


def _expressions(program: Program, layout: Layout, w: Writer, rows: dict[str, int], roots: list[Node]) -> Expressions:
    return Expressions(w, program.graph, roots, leaf_of(w, program.graph, rows, hoisted_rows(program, layout)))


def _factor(program: Program, layout: Layout, w: Writer) -> str:
    """Factorise I / (h g) - J without pivoting."""
    plan = program.factorisation
    diagonal = w.load(layout.row("diagonal"))
    entry = {place: w.load(layout.row("jacobian", n)) for n, place in enumerate(program.jacobian)}
    m = {place: w.neg(value) for place, value in entry.items() if place[0] != place[1]}
    for i in range(len(program.states)):
        m[i, i] = w.sub(diagonal, entry[i, i]) if (i, i) in entry else diagonal
    for k, below, right in zip(plan.order, plan.below, plan.right, strict=True):
        m[k, k] = w.div(w.number(1.0), m[k, k])
        for i in below:
            m[i, k] = w.mul(m[i, k], m[k, k])
            minus = w.neg(m[i, k])
            for j in right:
                m[i, j] = w.fma(minus, m[k, j], m[i, j]) if (i, j) in m else w.mul(minus, m[k, j])
    for n, place in enumerate(plan.filled):
        w.store(m[place], layout.row("factors", n))
    return w.function("factor", public=False)


def _solve(program: Program, layout: Layout, w: Writer) -> str:
    """Solve for the right-hand side in the rows at ``to``, in place."""
    plan = program.factorisation
    row = {place: layout.row("factors", n) for n, place in enumerate(plan.filled)}
    b = [w.load_from(w.row_in("%to", i)) for i in range(len(program.states))]
    for k, below in zip(plan.order, plan.below, strict=True):
        for i in below:
            b[i] = w.fma(w.neg(w.load(row[i, k])), b[k], b[i])
    for k, right in zip(reversed(plan.order), reversed(plan.right), strict=True):
        for j in right:
            b[k] = w.fma(w.neg(w.load(row[k, j])), b[j], b[k])
        b[k] = w.mul(b[k], w.load(row[k, k]))
        w.store_to(b[k], w.row_in("%to", k))
    return w.function("solve", public=False, arguments=TARGET)


def _doubt(program: Program, layout: Layout, w: Writer) -> str:
    """Compute how far the first stage is from solving its system, beyond what is trusted: above 0 asks for pivots."""
    by_row: list[list[tuple[int, int]]] = [[] for _ in program.states]
    for n, (i, j) in enumerate(program.jacobian):
        by_row[i].append((n, j))
    diagonal = w.load(layout.row("diagonal"))
    worst = w.number(-1.0)
    for i, entries in enumerate(by_row):
        head = w.mul(diagonal, w.load(layout.row("k", i)))
        right = _first_right_side(program, layout, w, i)
        rest, size = w.sub(head, right), w.add(w.intrinsic("fabs", head), w.intrinsic("fabs", right))
        for n, j in entries:
            term = w.mul(w.load(layout.row("jacobian", n)), w.load(layout.row("k", j)))
            rest, size = w.sub(rest, term), w.add(size, w.intrinsic("fabs", term))
        excess = w.fma(w.number(-TRUSTED_BACKWARD_ERROR), size, w.intrinsic("fabs", rest))
        worst = w.intrinsic("maxnum", worst, excess)
    w.store(worst, layout.row("residual"))
    return w.function("doubt", public=False)


def _first_right_side(program: Program, layout: Layout, w: Writer, i: int) -> str:
    f = w.load(layout.row("f", i))
    if not program.time_partials:
        return f
    weighted = w.mul(w.number(TIME_WEIGHT[0]), w.load(layout.row("step")))
    return w.fma(weighted, w.load(layout.row("f_time", i)), f)
