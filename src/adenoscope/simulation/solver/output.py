"""What leaves the driver: observables at the times asked for, and a report on each subject."""

from __future__ import annotations

import numpy as np

from adenoscope.core.machine_code import compiled
from adenoscope.simulation.solver import tables as t
from adenoscope.simulation.solver.call import call
from adenoscope.simulation.solver.tables import Numbers, Whole


@compiled
def observe_steps(plan: Whole, w: Numbers, memory: int, times: Numbers, values: Numbers) -> None:
    """Write the outputs within accepted steps, for all lanes at once; those at a stop wait for the restart."""
    while True:
        call(plan[t.DUE], memory)
        waiting = False
        for lane in range(w.shape[1]):
            waiting = waiting or w[t.THETA, lane] >= 0.0
        if not waiting:
            return
        call(plan[t.OBSERVE], memory)
        for lane in range(w.shape[1]):
            if w[t.THETA, lane] >= 0.0:
                write(plan, w, times, values, lane)


@compiled
def write(plan: Whole, w: Numbers, times: Numbers, values: Numbers, lane: int) -> None:
    """Write the lane's observed rows as its next output, and as any other output at the same time."""
    subject, n = int(w[t.SUBJECT, lane]), int(w[t.NEXT_OUTPUT, lane])
    moment = w[t.NEXT_TIME, lane]
    while n < times.size and times[n] == moment:
        for k in range(plan[t.N_OBSERVED]):
            values[subject, n, k] = w[plan[t.ROW_OBSERVED] + k, lane]
        n += 1
    w[t.NEXT_OUTPUT, lane] = n
    w[t.NEXT_TIME, lane] = times[n] if n < times.size else np.inf


@compiled
def report(plan: Whole, w: Numbers, values: Numbers, table: Numbers, lane: int) -> None:
    """Report how the lane's subject ended; what it did not reach is NaN."""
    subject = int(w[t.SUBJECT, lane])
    table[subject, t.REPORT_STATUS] = w[t.STATUS, lane]
    table[subject, t.REPORT_REACHED] = w[t.TIME, lane]
    table[subject, t.REPORT_STEPS] = w[t.STEPS, lane]
    table[subject, t.REPORT_REJECTED] = w[t.REJECTED, lane]
    for n in range(int(w[t.NEXT_OUTPUT, lane]), values.shape[1]):
        for k in range(plan[t.N_OBSERVED]):
            values[subject, n, k] = np.nan
