"""What leaves the driver: observables at the times asked for, and a report on each subject."""

from __future__ import annotations

import numpy as np

from adenoscope.core.machine_code import compiled
from adenoscope.simulation.solver import tables as t
from adenoscope.simulation.solver.call import call
from adenoscope.simulation.solver.tables import Numbers, Task, Whole


@compiled
def observe_steps(plan: Whole, w: Numbers, task: Task) -> None:
    """Write the outputs within accepted steps, for all lanes at once; those at a stop wait for the restart."""
    bent = False
    while True:
        waiting = False
        for lane in range(w.shape[1]):
            if is_due(w, lane):
                waiting = True
                share = (w[t.NEXT_TIME, lane] - w[t.TIME, lane]) / w[t.STEP, lane]
                w[t.THETA, lane] = min(max(share, 0.0), 1.0)
            else:
                w[t.THETA, lane] = -1.0
        if not waiting:
            return
        if not bent:
            call(plan[t.BEND], w.ctypes.data)
            bent = True
        call(plan[t.OBSERVE], w.ctypes.data)
        for lane in range(w.shape[1]):
            if w[t.THETA, lane] >= 0.0:
                write(plan, w, task, lane)


@compiled
def is_due(w: Numbers, lane: int) -> bool:
    """Return whether the lane's next output lies in its accepted step, before anything happens."""
    if w[t.ACCEPTED, lane] == 0.0:
        return False
    if w[t.RESTARTS, lane] != 0.0:
        return w[t.NEXT_TIME, lane] < w[t.ARRIVAL, lane]
    return w[t.NEXT_TIME, lane] <= w[t.ARRIVAL, lane]


@compiled
def write(plan: Whole, w: Numbers, task: Task, lane: int) -> None:
    """Write the lane's observed rows as its next output, and as any other output at the same time."""
    subject, n = int(w[t.SUBJECT, lane]), int(w[t.NEXT_OUTPUT, lane])
    moment = w[t.NEXT_TIME, lane]
    while n < task.times.size and task.times[n] == moment:
        for k in range(plan[t.N_OBSERVED]):
            task.values[subject, n, k] = w[plan[t.ROW_OBSERVED] + k, lane]
        n += 1
    w[t.NEXT_OUTPUT, lane] = n
    w[t.NEXT_TIME, lane] = task.times[n] if n < task.times.size else np.inf


@compiled
def report(plan: Whole, w: Numbers, task: Task, lane: int) -> None:
    """Report how the lane's subject ended; what it did not reach is NaN."""
    subject = int(w[t.SUBJECT, lane])
    task.report[subject, t.REPORT_STATUS] = w[t.STATUS, lane]
    task.report[subject, t.REPORT_REACHED] = w[t.TIME, lane]
    task.report[subject, t.REPORT_STEPS] = w[t.STEPS, lane]
    task.report[subject, t.REPORT_REJECTED] = w[t.REJECTED, lane]
    for n in range(int(w[t.NEXT_OUTPUT, lane]), task.times.size):
        for k in range(plan[t.N_OBSERVED]):
            task.values[subject, n, k] = np.nan
    task.done[0] += 1
