"""One step of Rodas5P for all lanes, and how good it was."""

from __future__ import annotations

from collections.abc import Iterator

from adenoscope.simulation.kernel.writer import Writer
from adenoscope.simulation.lowering.layout import Layout
from adenoscope.simulation.lowering.program import Program
from adenoscope.simulation.rodas5p import (
    FIRST_STEP_SHARE,
    GAMMA,
    LARGEST_FACTOR,
    LEAST_FACTOR,
    N_STAGES,
    ORDER,
    SAFETY,
    STAGE_TIME,
    TIME_WEIGHT,
    A,
    C,
)


def step_kernels(program: Program, layout: Layout, lanes: int) -> Iterator[str]:
    """Yield the text of the step, of its acceptance, and of the first step's length."""
    yield _stage_arguments(program, layout, lanes)
    yield _step(program, layout, Writer(lanes, layout))
    yield _commit(program, layout, Writer(lanes, layout))
    yield _first_step(program, layout, Writer(lanes, layout))


def _step(program: Program, layout: Layout, w: Writer) -> str:
    """Step every lane: ``new`` is the result, ``error`` <= 1 is good, ``factor`` is for the next step."""
    w.kernel("choose")
    inverse = w.div(w.number(1.0), w.load(layout.row("step")))
    w.store(inverse, layout.row("inverse_step"))
    w.store(w.mul(inverse, w.number(1 / GAMMA)), layout.row("diagonal"))
    w.kernel("linearise")
    w.kernel("factor")
    for s in range(N_STAGES):
        target = w.address(layout.row("k", s * len(program.states)))
        w.kernel(f"stage{s}")
        if s:
            w.say(f"call void @rates(ptr align 64 %w, ptr align 64 {target})")
        w.say(f"call void @solve(ptr align 64 %w, ptr align 64 {target})")
        if s == 0:
            w.kernel("doubt")
    w.forget()
    _judge(program, layout, w)
    return w.function("step", public=True)


def _stage_arguments(program: Program, layout: Layout, lanes: int) -> str:
    return "\n".join(_stage(program, layout, Writer(lanes, layout), s) for s in range(N_STAGES))


def _stage(program: Program, layout: Layout, w: Writer, s: int) -> str:
    """Compute a stage's argument (in ``new``), its time, and what its right-hand side has beside the rates (in k)."""
    n = len(program.states)
    step, inverse = w.load(layout.row("step")), w.load(layout.row("inverse_step"))
    if program.time_partials:
        moment = w.fma(w.number(STAGE_TIME[s]), step, w.load(layout.row("time")))
        w.store(moment, layout.row("stage_time"))
    time_weight = w.mul(w.number(TIME_WEIGHT[s]), step) if program.time_partials and TIME_WEIGHT[s] else None
    follows = s > 1 and A[s][:-1] == A[s - 1]
    weights: tuple[float, ...] = C[s]

    def row(offset: str) -> None:
        k = [w.load_from(w.row_at(layout.row("k", j * n), offset)) for j in range(s)]
        if s:
            argument = w.load_from(w.row_at(layout.row("new" if follows else "y"), offset))
            for a, k_j in [(A[s][-1], k[-1])] if follows else list(zip(A[s], k, strict=True)):
                argument = w.add(argument, k_j) if a == 1 else w.fma(w.number(a), k_j, argument)
            w.store_to(argument, w.row_at(layout.row("new"), offset))
        right = w.load_from(w.row_at(layout.row("f"), offset)) if s == 0 else None
        if s:
            total = w.mul(w.number(weights[0]), k[0])
            for c, k_j in zip(weights[1:], k[1:], strict=True):
                total = w.fma(w.number(c), k_j, total)
            right = w.mul(total, inverse)
        if time_weight is not None:
            right = w.fma(time_weight, w.load_from(w.row_at(layout.row("f_time"), offset)), right or "")
        w.store_to(right or "", w.row_at(layout.row("k", s * n), offset))

    w.loop(n, row)
    return w.function(f"stage{s}", public=False)


def _judge(program: Program, layout: Layout, w: Writer) -> None:
    """Finish the step, and compute its error and the factor for the next one."""
    n = len(program.states)
    relative, absolute = w.load(layout.row("relative")), w.load(layout.row("absolute"))

    def row(offset: str, total: str) -> str:
        k = w.load_from(w.row_at(layout.row("k", (N_STAGES - 1) * n), offset))
        place = w.row_at(layout.row("new"), offset)
        new = w.add(w.load_from(place), k)
        w.store_to(new, place)
        old = w.load_from(w.row_at(layout.row("y"), offset))
        size = w.intrinsic("maxnum", w.intrinsic("fabs", old), w.intrinsic("fabs", new))
        share = w.div(k, w.fma(relative, size, absolute))
        return w.fma(share, share, total)

    error = w.mul(w.gather(n, w.number(0.0), row), w.number(1 / n))
    w.store(error, layout.row("error"))
    power = w.call("vexp", w.mul(w.call("vlog", error), w.number(-0.5 / ORDER)))
    factor = w.intrinsic("maxnum", w.mul(power, w.number(SAFETY)), w.number(LEAST_FACTOR))
    w.store(w.intrinsic("minnum", factor, w.number(LARGEST_FACTOR)), layout.row("factor"))


def _commit(program: Program, layout: Layout, w: Writer) -> str:
    """Make the new state and time the present ones in the lanes that are ``accepted``."""
    w.store(w.load(layout.row("arrival")), layout.row("time"))
    accepted = w.compare("une", w.load(layout.row("accepted")), w.number(0.0))

    def row(offset: str) -> None:
        place = w.row_at(layout.row("y"), offset)
        new = w.load_from(w.row_at(layout.row("new"), offset))
        w.store_to(w.select(accepted, new, w.load_from(place)), place)

    w.loop(len(program.states), row)
    return w.function("commit", public=True)


def _first_step(program: Program, layout: Layout, w: Writer) -> str:
    """Propose the length of a step after a restart: a share of the time in which a state changes by itself."""
    w.store(w.load(layout.row("time")), layout.row("stage_time"))

    def copy(offset: str) -> None:
        w.store_to(w.load_from(w.row_at(layout.row("y"), offset)), w.row_at(layout.row("new"), offset))
        w.store_to(w.number(0.0), w.row_at(layout.row("f"), offset))

    w.loop(len(program.states), copy)
    w.say(f"call void @rates(ptr align 64 %w, ptr align 64 {w.address(layout.row('f'))})")
    relative, absolute = w.load(layout.row("relative")), w.load(layout.row("absolute"))

    def slope(offset: str, fastest: str) -> str:
        size = w.intrinsic("fabs", w.load_from(w.row_at(layout.row("y"), offset)))
        f = w.intrinsic("fabs", w.load_from(w.row_at(layout.row("f"), offset)))
        return w.intrinsic("maxnum", w.div(f, w.fma(relative, size, absolute)), fastest)

    fastest = w.gather(len(program.states), w.number(0.0), slope)
    relative = w.load(layout.row("relative"))
    tolerance = w.call("vexp", w.mul(w.call("vlog", relative), w.number(1 / ORDER)))
    duration = w.div(w.number(1.0), w.mul(relative, fastest))
    w.store(w.mul(w.mul(tolerance, w.number(FIRST_STEP_SHARE)), duration), layout.row("first_step"))
    return w.function("first_step", public=True)
