"""The driver: keeps every lane of a batch busy with a subject, each with a step of its own.

A lane steps to the next time at which something is known to happen, or to where a mode is seen to change within a
step; there it restarts. When its subject is done, or fails, the next one takes the lane. No lane knows of another.
"""

from __future__ import annotations

import numpy as np

from adenoscope.core.machine_code import compiled
from adenoscope.simulation.solver import tables as t
from adenoscope.simulation.solver.call import call
from adenoscope.simulation.solver.events import next_stop, settle, take_given
from adenoscope.simulation.solver.output import observe_steps, report, write
from adenoscope.simulation.solver.pivoted import pivoted_step
from adenoscope.simulation.solver.tables import Numbers, Whole
from adenoscope.simulation.status import DONE, NOT_FINITE, RUNNING

HALVINGS = 50  # of a step, to find where a mode changes: a part in 10^15 of it
LEAST_ADVANCE = 1e-15  # of a cut step, relative to the time and to the step


@compiled
def run(
    plan: Whole,
    w: Numbers,
    given: Numbers,
    defaults: Numbers,
    table: Numbers,
    settings: Numbers,
    times: Numbers,
    values: Numbers,
    reports: Numbers,
    done: Whole,
    first: int,
    last: int,
) -> None:
    """Integrate subjects ``first`` to ``last - 1``; the arguments between are those of ``Task``."""
    memory = w.ctypes.data
    next_subject = first
    for lane in range(w.shape[1]):
        w[t.RELATIVE, lane] = settings[0]
        w[t.ABSOLUTE, lane] = settings[1]
        w[t.LARGEST, lane] = settings[2]
        w[t.MOST_STEPS, lane] = settings[3]
        w[t.SUBJECT, lane] = -1.0
        w[t.STATUS, lane] = DONE
    while True:
        busy = False
        for lane in range(w.shape[1]):
            while w[t.STATUS, lane] >= 0.0:
                if w[t.SUBJECT, lane] >= 0.0:
                    report(plan, w, values, reports, lane)
                    w[t.SUBJECT, lane] = -1.0
                    done[0] += 1
                if next_subject >= last:
                    break
                w[t.SUBJECT, lane] = next_subject
                next_subject += 1
                if begin(plan, w, memory, defaults, table, times[0], lane):
                    restart(plan, w, memory, given, times, values, lane)
            busy = busy or w[t.SUBJECT, lane] >= 0.0
        if not busy:
            return
        step(plan, w, memory)
        observe_steps(plan, w, memory, times, values)
        call(plan[t.COMMIT], memory)
        for lane in range(w.shape[1]):
            if w[t.CUT, lane] != 0.0:
                take_cut(plan, w, lane)
        for lane in range(w.shape[1]):
            if w[t.RESTARTS, lane] != 0.0:
                restart(plan, w, memory, given, times, values, lane)


@compiled
def begin(plan: Whole, w: Numbers, memory: int, defaults: Numbers, table: Numbers, start: float, lane: int) -> bool:
    """Set a lane to its subject's start; False where that is not a state to start from."""
    for n in range(defaults.size):
        w[plan[t.ROW_INPUTS] + n, lane] = defaults[n]
    who = int(w[t.SUBJECT, lane]) if table.shape[0] > 1 else 0
    for column in range(plan[t.N_COLUMNS]):
        w[plan[plan[t.COLUMN_ROW] + column], lane] = table[who, column]
    w[t.TIME, lane] = start
    w[t.AFTER, lane] = 0.0
    call(plan[t.BEGIN], memory)
    for n in range(plan[t.N_DERIVED]):
        w[plan[t.ROW_DERIVED] + n, lane] = w[plan[t.ROW_PROPOSED] + n, lane]
    finite = True
    for n in range(plan[t.N_STATES]):
        w[plan[t.ROW_Y] + n, lane] = w[plan[t.ROW_Z] + n, lane]
        finite = finite and np.isfinite(w[plan[t.ROW_Z] + n, lane])
    clear(plan, w, lane)
    if not finite:
        w[t.STATUS, lane] = NOT_FINITE
    return finite


@compiled
def clear(plan: Whole, w: Numbers, lane: int) -> None:
    """Forget the lane's last subject."""
    for row in (t.NEXT_OUTPUT, t.NEXT_GIVEN, t.STEPS, t.REJECTED, t.ACCEPTED, t.PENDING, t.CUT, t.RESTARTS):
        w[row, lane] = 0.0
    w[t.STATUS, lane] = RUNNING
    w[t.RANDOM, lane] = 1.0
    w[t.NEXT_TIME, lane] = w[t.TIME, lane]
    for event in range(plan[t.N_EVENTS]):
        w[plan[t.ROW_TRIGGERED] + event, lane] = plan[plan[t.EVENT_INITIAL] + event]
    for place in range(plan[t.N_PLACES]):
        w[plan[t.ROW_QUEUE_EVENT] + place, lane] = -1.0


@compiled
def restart(plan: Whole, w: Numbers, memory: int, given: Numbers, times: Numbers, values: Numbers, lane: int) -> None:
    """Let happen what happens now, write outputs due now, and prepare the next smooth piece."""
    end = times[times.size - 1]
    stop = min(take_given(w, given, lane), end)
    ended = settle(plan, w, memory, lane)
    call(plan[t.HOIST], memory)
    if ended != DONE:
        w[t.STATUS, lane] = ended
        return
    now = w[t.TIME, lane]
    if w[t.NEXT_TIME, lane] <= now:
        call(plan[t.OBSERVE_NOW], memory)
        write(plan, w, times, values, lane)
    if now >= end:
        w[t.STATUS, lane] = DONE
        return
    w[t.STOP, lane] = next_stop(plan, w, lane, stop)
    call(plan[t.FIRST_STEP_KERNEL], memory)
    length, rest = w[t.FIRST_STEP, lane], w[t.STOP, lane] - now
    w[t.NEXT_STEP, lane] = length if length < rest else rest  # one that is not a number is no smaller
    w[t.AFTER_REJECTION, lane] = 0.0


@compiled
def step(plan: Whole, w: Numbers, memory: int) -> None:
    """Step all lanes, and find out which steps stand and where they end."""
    if plan[t.TOGETHER] == 1:
        follow(w, t.NEXT_STEP)
    call(plan[t.STEP_KERNEL], memory)
    for lane in range(w.shape[1]):
        if w[t.RESIDUAL, lane] > 0.0 and w[t.SUBJECT, lane] >= 0.0:
            pivoted_step(plan, w, memory, lane)
    if plan[t.TOGETHER] == 1:
        follow(w, t.ERROR)
        follow(w, t.FACTOR)
    call(plan[t.DECIDE], memory)
    if plan[t.N_LOCATED] > 0:
        locate(plan, w, memory)


@compiled
def follow(w: Numbers, row: int) -> None:
    """Let all lanes have what lane 0 has."""
    for lane in range(w.shape[1]):
        w[row, lane] = w[row, 0]


@compiled
def locate(plan: Whole, w: Numbers, memory: int) -> None:
    """Cut accepted steps at the first place where a mode is seen to have changed; that state is then in z."""
    found = probe_all(plan, w, memory, 1.0)
    # A mode that changes twice within a step shows, if not always, in its middle; one that turns back at once, near
    # its start.
    found = probe_all(plan, w, memory, 0.5) or found
    found = probe_all(plan, w, memory, 2.0**-10) or found
    if not found:
        return
    for _ in range(HALVINGS):
        for lane in range(w.shape[1]):
            w[t.THETA, lane] = 0.5 * (w[t.LOW, lane] + w[t.HIGH, lane])
        call(plan[t.PROBE], memory)
        for lane in range(w.shape[1]):
            w[t.HIGH if w[t.CHANGED, lane] != 0.0 else t.LOW, lane] = w[t.THETA, lane]
    for lane in range(w.shape[1]):
        # Events that follow each other ever faster end where rounding would let time stand still.
        least = LEAST_ADVANCE * (abs(w[t.TIME, lane]) / w[t.STEP, lane] + 1.0)
        w[t.HIGH, lane] = min(max(w[t.HIGH, lane], least), 1.0)
        w[t.THETA, lane] = w[t.HIGH, lane]
    call(plan[t.PROBE], memory)
    for lane in range(w.shape[1]):
        if w[t.CUT, lane] != 0.0:
            w[t.ARRIVAL, lane] = w[t.STAGE_TIME, lane]
            w[t.RESTARTS, lane] = 1.0


@compiled
def probe_all(plan: Whole, w: Numbers, memory: int, theta: float) -> bool:
    """Note which accepted steps have a changed mode at ``theta``; True where any has."""
    found = False
    for lane in range(w.shape[1]):
        w[t.THETA, lane] = theta
    call(plan[t.PROBE], memory)
    for lane in range(w.shape[1]):
        if w[t.ACCEPTED, lane] != 0.0 and w[t.CHANGED, lane] != 0.0:
            w[t.CUT, lane] = 1.0
            w[t.LOW, lane] = 0.0
            w[t.HIGH, lane] = theta
            found = True
    return found


@compiled
def take_cut(plan: Whole, w: Numbers, lane: int) -> None:
    """Take the state where a step was cut."""
    for n in range(plan[t.N_STATES]):
        w[plan[t.ROW_Y] + n, lane] = w[plan[t.ROW_Z] + n, lane]
