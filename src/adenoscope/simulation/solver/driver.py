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
from adenoscope.simulation.solver.tables import Numbers, Task, Whole

HALVINGS = 50  # of a step, to find where a mode changes: a part in 10^15 of it
LEAST_ADVANCE = 1e-15  # of a cut step, relative to the time and to the step
WHOLE = 1.0 - 1e-12  # of the way to a stop counts as all of it


@compiled
def run(plan: Whole, w: Numbers, task: Task, first: int, last: int) -> None:
    """Integrate subjects ``first`` to ``last - 1``."""
    memory = w.ctypes.data
    subject = first
    for lane in range(w.shape[1]):
        w[t.RELATIVE, lane] = task.settings[0]
        w[t.ABSOLUTE, lane] = task.settings[1]
        subject = refill(plan, w, task, lane, subject, last)
    while choose_steps(plan, w, task.settings[2]):
        call(plan[t.STEP_KERNEL], memory)
        judge(plan, w)
        if plan[t.N_LOCATED] > 0:
            locate(plan, w)
        arrive(w)
        observe_steps(plan, w, task)
        call(plan[t.COMMIT], memory)
        for lane in range(w.shape[1]):
            if w[t.CUT, lane] != 0.0:
                take_cut(plan, w, lane)
        for lane in range(w.shape[1]):
            if w[t.ACCEPTED, lane] != 0.0:
                w[t.TIME, lane] = w[t.ARRIVAL, lane]
            if w[t.RESTARTS, lane] != 0.0:
                restart(plan, w, task, lane)
            if w[t.SUBJECT, lane] >= 0.0 and w[t.STATUS, lane] >= 0.0:
                report(plan, w, task, lane)
                subject = refill(plan, w, task, lane, subject, last)


@compiled
def refill(plan: Whole, w: Numbers, task: Task, lane: int, subject: int, last: int) -> int:
    """Start the next subject that can be started in the lane, and return the one after it; the lane may stay idle."""
    while subject < last:
        w[t.SUBJECT, lane] = subject
        subject += 1
        begin(plan, w, task, lane)
        if w[t.STATUS, lane] < 0.0:
            return subject
        report(plan, w, task, lane)
    w[t.SUBJECT, lane] = -1.0
    return subject


@compiled
def begin(plan: Whole, w: Numbers, task: Task, lane: int) -> None:
    """Set a lane to its subject's start, and let happen what happens there."""
    for n in range(task.defaults.size):
        w[plan[t.ROW_INPUTS] + n, lane] = task.defaults[n]
    who = int(w[t.SUBJECT, lane]) if task.table.shape[0] > 1 else 0
    for column in range(plan[t.N_COLUMNS]):
        w[plan[plan[t.COLUMN_ROW] + column], lane] = task.table[who, column]
    w[t.TIME, lane] = task.times[0]
    w[t.AFTER, lane] = 0.0
    call(plan[t.BEGIN], w.ctypes.data)
    for n in range(plan[t.N_DERIVED]):
        w[plan[t.ROW_DERIVED] + n, lane] = w[plan[t.ROW_PROPOSED] + n, lane]
    finite = True
    for n in range(plan[t.N_STATES]):
        w[plan[t.ROW_Y] + n, lane] = w[plan[t.ROW_Z] + n, lane]
        finite = finite and np.isfinite(w[plan[t.ROW_Z] + n, lane])
    clear(plan, w, lane)
    if finite:
        restart(plan, w, task, lane)
    else:
        w[t.STATUS, lane] = t.NOT_FINITE


@compiled
def clear(plan: Whole, w: Numbers, lane: int) -> None:
    """Forget the lane's last subject."""
    for row in (t.NEXT_OUTPUT, t.NEXT_GIVEN, t.STEPS, t.REJECTED, t.ACCEPTED, t.PENDING, t.CUT, t.RESTARTS):
        w[row, lane] = 0.0
    w[t.STATUS, lane] = t.RUNNING
    w[t.RANDOM, lane] = 1.0
    w[t.NEXT_TIME, lane] = w[t.TIME, lane]
    for event in range(plan[t.N_EVENTS]):
        w[plan[t.ROW_TRIGGERED] + event, lane] = plan[plan[t.EVENT_INITIAL] + event]
    for place in range(plan[t.N_PLACES]):
        w[plan[t.ROW_QUEUE_EVENT] + place, lane] = -1.0


@compiled
def restart(plan: Whole, w: Numbers, task: Task, lane: int) -> None:
    """Let happen what happens now, write outputs due now, and prepare the next smooth piece."""
    stop = min(take_given(w, task.given, lane), task.times[task.times.size - 1])
    status = settle(plan, w, lane)
    call(plan[t.HOIST], w.ctypes.data)
    if status != t.DONE:
        w[t.STATUS, lane] = status
        return
    now = w[t.TIME, lane]
    if w[t.NEXT_TIME, lane] <= now:
        call(plan[t.OBSERVE_NOW], w.ctypes.data)
        write(plan, w, task, lane)
    if now >= task.times[task.times.size - 1]:
        w[t.STATUS, lane] = t.DONE
        return
    w[t.STOP, lane] = next_stop(plan, w, lane, stop)
    call(plan[t.FIRST_STEP_KERNEL], w.ctypes.data)
    step, rest = w[t.FIRST_STEP, lane], w[t.STOP, lane] - now
    w[t.NEXT_STEP, lane] = step if step < rest else rest  # a step that is not a number is no smaller
    w[t.AFTER_REJECTION, lane] = 0.0


@compiled
def choose_steps(plan: Whole, w: Numbers, largest: float) -> bool:
    """Set every lane's step, stretched or halved so that no stop leaves a splinter; False when all are idle."""
    busy = False
    for lane in range(w.shape[1]):
        step = 1.0
        if w[t.SUBJECT, lane] >= 0.0:
            busy = True
            leader = 0 if plan[t.TOGETHER] == 1 else lane
            step = min(w[t.NEXT_STEP, leader], largest)
            rest = w[t.STOP, lane] - w[t.TIME, lane]
            if step >= WHOLE * rest:
                step = rest
            elif step > 0.5 * rest:
                step = 0.5 * rest
            w[t.REST, lane] = rest
        w[t.STEP, lane] = step
    return busy


@compiled
def judge(plan: Whole, w: Numbers) -> None:
    """Decide for every lane whether its step stands, and how long the next one is to be."""
    for lane in range(w.shape[1]):
        w[t.CUT, lane] = 0.0
        w[t.ACCEPTED, lane] = 0.0
        if w[t.SUBJECT, lane] < 0.0:
            continue
        if w[t.RESIDUAL, lane] > 0.0:
            pivoted_step(plan, w, lane)
        leader = 0 if plan[t.TOGETHER] == 1 else lane
        step, factor = w[t.STEP, lane], w[t.FACTOR, leader]
        w[t.STEPS, lane] += 1.0
        if w[t.STEPS, lane] >= plan[t.MAX_STEPS]:
            w[t.STATUS, lane] = t.TOO_MANY_STEPS
        elif w[t.ERROR, leader] <= 1.0:
            w[t.ACCEPTED, lane] = 1.0
            w[t.NEXT_STEP, lane] = step * (min(factor, 1.0) if w[t.AFTER_REJECTION, lane] == 1.0 else factor)
            w[t.AFTER_REJECTION, lane] = 0.0
        else:
            w[t.REJECTED, lane] += 1.0
            w[t.AFTER_REJECTION, lane] = 1.0
            w[t.NEXT_STEP, lane] = step * min(factor, 0.9)
            if w[t.TIME, lane] + w[t.NEXT_STEP, lane] == w[t.TIME, lane]:
                w[t.STATUS, lane] = t.STEP_VANISHED


@compiled
def locate(plan: Whole, w: Numbers) -> None:
    """Cut accepted steps at the first place where a mode is seen to have changed; that state is then in z."""
    found = probe_all(plan, w, 1.0)
    # A mode that changes twice within a step shows, if not always, in its middle.
    found = probe_all(plan, w, 0.5) or found
    if not found:
        return
    for _ in range(HALVINGS):
        for lane in range(w.shape[1]):
            w[t.THETA, lane] = 0.5 * (w[t.LOW, lane] + w[t.HIGH, lane])
        call(plan[t.PROBE], w.ctypes.data)
        for lane in range(w.shape[1]):
            w[t.HIGH if w[t.CHANGED, lane] != 0.0 else t.LOW, lane] = w[t.THETA, lane]
    for lane in range(w.shape[1]):
        # Events that follow each other ever faster end where rounding would let time stand still.
        least = LEAST_ADVANCE * (abs(w[t.TIME, lane]) / w[t.STEP, lane] + 1.0)
        w[t.HIGH, lane] = min(max(w[t.HIGH, lane], least), 1.0)
        w[t.THETA, lane] = w[t.HIGH, lane]
    call(plan[t.PROBE], w.ctypes.data)


@compiled
def probe_all(plan: Whole, w: Numbers, theta: float) -> bool:
    """Note which accepted steps have a changed mode at ``theta``; True where any has."""
    found = False
    for lane in range(w.shape[1]):
        w[t.THETA, lane] = theta
    call(plan[t.PROBE], w.ctypes.data)
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


@compiled
def arrive(w: Numbers) -> None:
    """Note when each accepted step arrives, and whether something happens then."""
    for lane in range(w.shape[1]):
        w[t.ARRIVAL, lane] = w[t.TIME, lane] + w[t.STEP, lane]
        w[t.RESTARTS, lane] = 0.0
        if w[t.CUT, lane] != 0.0:
            w[t.ARRIVAL, lane] = w[t.STAGE_TIME, lane]  # where the last probe was
            w[t.RESTARTS, lane] = 1.0
        elif w[t.ACCEPTED, lane] != 0.0 and w[t.STEP, lane] >= w[t.REST, lane]:
            w[t.ARRIVAL, lane] = w[t.STOP, lane]
            w[t.RESTARTS, lane] = 1.0
