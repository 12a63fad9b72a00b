"""What happens to one lane at one moment: modes switch, events trigger, wait and are executed.

At a moment t, first what holds *at* t counts (``time >= t``), then what holds just *after* it (``time > t``). Due
events are executed one by one, the highest priority first, a tie by lot (the same lots for all subjects); after each,
all triggers are looked at again. A pending event that is not persistent vanishes when its trigger turns false.

Source: SBML Level 3 Version 2 Core, section 4.11.
"""

from __future__ import annotations

import numpy as np

from adenoscope.core.machine_code import compiled
from adenoscope.simulation.solver import tables as t
from adenoscope.simulation.solver.call import call
from adenoscope.simulation.solver.tables import Numbers, Whole
from adenoscope.simulation.status import DONE, EVENTS_WITHOUT_END, QUEUE_FULL

MOST_ROUNDS = 10_000


@compiled
def settle(plan: Whole, w: Numbers, memory: int, lane: int) -> int:
    """Let everything happen that happens at the lane's present time; return a status."""
    for after in range(2):
        w[t.AFTER, lane] = after
        for round_ in range(MOST_ROUNDS):
            call(plan[t.SWITCH], memory)
            take_modes(plan, w, lane)
            if plan[t.N_EVENTS] == 0:
                break
            call(plan[t.FIRE], memory)
            if not watch_triggers(plan, w, lane):
                return QUEUE_FULL
            place = due(plan, w, lane)
            if place < 0:
                break
            execute(plan, w, memory, lane, place)
            if round_ == MOST_ROUNDS - 1:
                return EVENTS_WITHOUT_END
    return DONE


@compiled
def take_modes(plan: Whole, w: Numbers, lane: int) -> None:
    """Take the proposed modes and switching times over for one lane."""
    first = plan[t.ROW_PROPOSED] + plan[t.N_DERIVED]
    for n in range(plan[t.N_MODES]):
        w[plan[t.ROW_MODES] + n, lane] = w[first + n, lane]
    first += plan[t.N_MODES]
    for n in range(plan[t.N_TIMED]):
        w[plan[t.ROW_SWITCH] + n, lane] = w[first + n, lane]


@compiled
def watch_triggers(plan: Whole, w: Numbers, lane: int) -> bool:
    """Queue the events whose triggers turned true, drop those that do not persist; False where the queue is full."""
    for event in range(plan[t.N_EVENTS]):
        now = w[plan[t.ROW_TRIGGERS] + event, lane] != 0.0
        before = w[plan[t.ROW_TRIGGERED] + event, lane] != 0.0
        w[plan[t.ROW_TRIGGERED] + event, lane] = 1.0 if now else 0.0
        if not now and w[t.PENDING, lane] > 0.0 and plan[plan[t.EVENT_PERSISTENT] + event] == 0:
            for place in range(plan[t.N_PLACES]):
                if w[plan[t.ROW_QUEUE_EVENT] + place, lane] == event:
                    leave_queue(plan, w, lane, place)
        if now and not before and not enqueue(plan, w, lane, event):
            return False
    return True


@compiled
def enqueue(plan: Whole, w: Numbers, lane: int, event: int) -> bool:
    """Put an event in the queue, with the values it has now; False where there is no place left."""
    first = plan[plan[t.EVENT_FIRST] + event]
    last = plan[plan[t.EVENT_FIRST] + event + 1]
    for place in range(plan[t.N_PLACES]):
        if w[plan[t.ROW_QUEUE_EVENT] + place, lane] < 0.0:
            w[plan[t.ROW_QUEUE_EVENT] + place, lane] = event
            w[plan[t.ROW_QUEUE_TIME] + place, lane] = w[t.TIME, lane] + w[plan[t.ROW_DELAYS] + event, lane]
            row = plan[t.ROW_QUEUE_VALUES] + place * plan[t.MOST_ASSIGNMENTS]
            for n in range(last - first):
                w[row + n, lane] = w[plan[t.ROW_VALUES] + first + n, lane]
            w[t.PENDING, lane] += 1.0
            return True
    return False


@compiled
def leave_queue(plan: Whole, w: Numbers, lane: int, place: int) -> None:
    w[plan[t.ROW_QUEUE_EVENT] + place, lane] = -1.0
    w[t.PENDING, lane] -= 1.0


@compiled
def due(plan: Whole, w: Numbers, lane: int) -> int:
    """Return the place in the queue of the event to be executed now, or -1."""
    best, best_event, best_priority, ties = -1, -1, -np.inf, 0
    if w[t.PENDING, lane] == 0.0:
        return best
    for place in range(plan[t.N_PLACES]):
        event = int(w[plan[t.ROW_QUEUE_EVENT] + place, lane])
        if event < 0 or w[plan[t.ROW_QUEUE_TIME] + place, lane] > w[t.TIME, lane]:
            continue
        priority = w[plan[t.ROW_PRIORITIES] + event, lane]
        if best < 0 or priority > best_priority:
            best, best_event, best_priority, ties = place, event, priority, 1
        elif priority == best_priority and priority > -np.inf:
            ties += 1
            if draw(w, lane, ties) == 0:
                best, best_event = place, event
        elif priority == best_priority and event < best_event:
            best, best_event = place, event
    return best


@compiled
def draw(w: Numbers, lane: int, n: int) -> int:
    """Return one of 0 to n - 1, by the generator of Park & Miller (1988), doi:10.1145/63039.63042."""
    w[t.RANDOM, lane] = (int(w[t.RANDOM, lane]) * 48271) % 2147483647
    return int(w[t.RANDOM, lane] / 2147483647.0 * n)


@compiled
def execute(plan: Whole, w: Numbers, memory: int, lane: int, place: int) -> None:
    """Make the assignments of a queued event, all from the values before it, and free its place."""
    event = int(w[plan[t.ROW_QUEUE_EVENT] + place, lane])
    first = plan[plan[t.EVENT_FIRST] + event]
    last = plan[plan[t.EVENT_FIRST] + event + 1]
    if plan[plan[t.EVENT_FROM_TRIGGER] + event] == 1:
        row = plan[t.ROW_QUEUE_VALUES] + place * plan[t.MOST_ASSIGNMENTS]
        for n in range(last - first):
            w[plan[t.ROW_VALUES] + first + n, lane] = w[row + n, lane]
    call(plan[t.KEEP], memory)
    for n in range(first, last):
        w[plan[plan[t.EVENT_TARGET] + n], lane] = w[plan[t.ROW_STORED] + n, lane]
    leave_queue(plan, w, lane, place)


@compiled
def next_stop(plan: Whole, w: Numbers, lane: int, end: float) -> float:
    """Return the next time at which something in the model is known to happen to the lane, at most ``end``."""
    now = w[t.TIME, lane]
    stop = end
    for n in range(plan[t.N_TIMED]):
        moment = w[plan[t.ROW_SWITCH] + n, lane]
        if now < moment < stop:
            stop = moment
    if w[t.PENDING, lane] == 0.0:
        return stop
    for place in range(plan[t.N_PLACES]):
        moment = w[plan[t.ROW_QUEUE_TIME] + place, lane]
        if w[plan[t.ROW_QUEUE_EVENT] + place, lane] >= 0.0 and now < moment < stop:
            stop = moment
    return stop


@compiled
def take_given(w: Numbers, given: Numbers, lane: int) -> float:
    """Do to the lane's subject what the caller wants done by now; return when there is more to do."""
    who = int(w[t.SUBJECT, lane]) if given.shape[0] > 1 else 0
    n = int(w[t.NEXT_GIVEN, lane])
    while n < given.shape[1] and given[who, n, t.GIVEN_TIME] <= w[t.TIME, lane]:
        value = given[who, n, t.GIVEN_VALUE]
        if given[who, n, t.GIVEN_SCALE] >= 0.0:
            value *= w[int(given[who, n, t.GIVEN_SCALE]), lane]
        row = int(given[who, n, t.GIVEN_ROW])
        w[row, lane] = w[row, lane] + value if given[who, n, t.GIVEN_ADDS] != 0.0 else value
        n += 1
    w[t.NEXT_GIVEN, lane] = n
    return given[who, n, t.GIVEN_TIME] if n < given.shape[1] else np.inf
