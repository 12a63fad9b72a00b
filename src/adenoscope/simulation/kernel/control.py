"""What a driver decides for every lane, all lanes at once: how far to step, whether a step stands, what is due.

The driver itself looks at lanes one by one only where something happens to one.
"""

from __future__ import annotations

from collections.abc import Iterator

from adenoscope.simulation.kernel.writer import Writer
from adenoscope.simulation.lowering.layout import Layout
from adenoscope.simulation.status import STEP_VANISHED, TOO_MANY_STEPS

WHOLE = 1.0 - 1e-12  # of the way to a stop counts as all of it
LARGEST_AFTER_REJECTION = 0.9


def control_kernels(layout: Layout, lanes: int) -> Iterator[str]:
    """Yield the text of the kernels that decide."""
    yield _choose(layout, Writer(lanes, layout))
    yield _decide(layout, Writer(lanes, layout))
    yield _due(layout, Writer(lanes, layout))


def _choose(layout: Layout, w: Writer) -> str:
    """Set every lane's step, stretched or halved so that no stop leaves a splinter; an idle lane steps by 1."""
    stop, time, wanted = (w.load(layout.row(name)) for name in ("stop", "time", "next_step"))
    rest = w.sub(stop, time)
    w.store(rest, layout.row("rest"))
    step = w.intrinsic("minnum", wanted, w.load(layout.row("largest")))
    half = w.mul(rest, w.number(0.5))
    shorter = w.select(w.compare("olt", half, step), half, step)
    step = w.select(w.compare("ole", w.mul(rest, w.number(WHOLE)), step), rest, shorter)
    w.store(w.select(_busy(layout, w), step, w.number(1.0)), layout.row("step"))
    return w.function("choose", public=False)


def _busy(layout: Layout, w: Writer) -> str:
    return w.compare("oge", w.load(layout.row("subject")), w.number(0.0))


def _decide(layout: Layout, w: Writer) -> str:
    """Decide which steps stand, when they arrive and whether something happens then, and how long the next one is."""
    zero, one = w.number(0.0), w.number(1.0)
    busy = _busy(layout, w)
    step, time, factor = (w.load(layout.row(name)) for name in ("step", "time", "factor"))
    steps = w.add(w.load(layout.row("steps")), w.select(busy, one, zero))
    w.store(steps, layout.row("steps"))
    many = _both(w, busy, w.compare("oge", steps, w.load(layout.row("max_steps"))))
    good = w.compare("ole", w.load(layout.row("error")), one)
    accepted = _both(w, _both(w, busy, good), _not(w, many))
    rejected = _both(w, _both(w, busy, _not(w, good)), _not(w, many))
    w.store(w.select(accepted, one, zero), layout.row("accepted"))
    w.store(w.add(w.load(layout.row("rejected")), w.select(rejected, one, zero)), layout.row("rejected"))
    careful = w.compare("une", w.load(layout.row("after_rejection")), zero)
    grown = w.select(careful, w.intrinsic("minnum", factor, one), factor)
    shrunk = w.intrinsic("minnum", factor, w.number(LARGEST_AFTER_REJECTION))
    wanted = w.mul(step, w.select(accepted, grown, shrunk))
    w.store(wanted, layout.row("next_step"))
    w.store(w.select(rejected, one, zero), layout.row("after_rejection"))
    vanished = _both(w, rejected, w.compare("oeq", w.add(time, wanted), time))
    status = w.select(vanished, w.number(float(STEP_VANISHED)), w.load(layout.row("status")))
    w.store(w.select(many, w.number(float(TOO_MANY_STEPS)), status), layout.row("status"))
    _arrive(layout, w, accepted)
    return w.function("decide", public=True)


def _arrive(layout: Layout, w: Writer, accepted: str) -> None:
    zero = w.number(0.0)
    step, time = w.load(layout.row("step")), w.load(layout.row("time"))
    at_stop = _both(w, accepted, w.compare("oge", step, w.load(layout.row("rest"))))
    arrival = w.select(at_stop, w.load(layout.row("stop")), w.add(time, step))
    w.store(w.select(accepted, arrival, time), layout.row("arrival"))
    w.store(w.select(at_stop, w.number(1.0), zero), layout.row("restarts"))
    w.store(zero, layout.row("cut"))


def _due(layout: Layout, w: Writer) -> str:
    """Set ``theta`` to where in its accepted step a lane's next output lies, -1 where it has none.

    An output at a time at which something happens waits until it has happened.
    """
    zero, one = w.number(0.0), w.number(1.0)
    next_time, arrival = w.load(layout.row("next_time")), w.load(layout.row("arrival"))
    before, at = w.compare("olt", next_time, arrival), w.compare("oeq", next_time, arrival)
    calm = w.compare("oeq", w.load(layout.row("restarts")), zero)
    accepted = w.compare("une", w.load(layout.row("accepted")), zero)
    reached = w.put(f"or {w.mask} {before}, {_both(w, at, calm)}")
    share = w.div(w.sub(next_time, w.load(layout.row("time"))), w.load(layout.row("step")))
    share = w.intrinsic("minnum", w.intrinsic("maxnum", share, zero), one)
    w.store(w.select(_both(w, accepted, reached), share, w.number(-1.0)), layout.row("theta"))
    return w.function("due", public=True)


def _both(w: Writer, a: str, b: str) -> str:
    return w.put(f"and {w.mask} {a}, {b}")


def _not(w: Writer, a: str) -> str:
    return w.put(f"xor {w.mask} {a}, splat (i1 true)")
