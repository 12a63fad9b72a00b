"""What the driver is handed: one table of whole numbers about the model, and the caller's task.

The table begins with the numbers named in HEAD; where one names a section (``events_first``), it is the place in the
table at which that section begins. Rows are rows of the block of memory (``lowering.layout``); the control rows have
fixed numbers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

TIME, STEP, STAGE_TIME, INVERSE_STEP, DIAGONAL, THETA, ERROR, FACTOR, RESIDUAL = range(9)
ACCEPTED, AFTER, CHANGED, RELATIVE, ABSOLUTE, FIRST_STEP = range(9, 15)
SUBJECT, NEXT_OUTPUT, NEXT_GIVEN, STOP, REST, NEXT_STEP, AFTER_REJECTION, CUT, LOW, HIGH = range(15, 25)
STEPS, REJECTED, STATUS, RANDOM, ARRIVAL, RESTARTS, NEXT_TIME, PENDING, LARGEST, MOST_STEPS = range(25, 35)

KERNELS = (
    *("begin", "switch", "hoist", "fire", "keep", "linearise", "rates", "step", "decide", "commit", "first_step"),
    *("probe", "due", "observe", "observe_now"),
)
BLOCKS = (
    *("y", "new", "k", "f", "f_time", "jacobian", "modes", "switch", "derived", "inputs", "z", "proposed"),
    *("triggers", "delays", "priorities", "values", "stored", "triggered"),
    *("queue_event", "queue_time", "queue_values", "observed"),
)
COUNTS = (
    *("states", "derived", "modes", "timed", "located", "events", "observed", "timed_rates", "jacobian"),
    *("places", "most_assignments", "columns", "together"),
)
SECTIONS = (
    *("event_first", "event_initial", "event_persistent", "event_from_trigger", "event_target"),
    *("jacobian_row", "jacobian_column", "column_row"),
)

BEGIN, SWITCH, HOIST, FIRE, KEEP, LINEARISE, RATES, STEP_KERNEL, DECIDE, COMMIT, FIRST_STEP_KERNEL, PROBE, DUE = (
    range(13)
)
OBSERVE, OBSERVE_NOW = range(13, 15)
ROW_Y, ROW_NEW, ROW_K, ROW_F, ROW_F_TIME, ROW_JACOBIAN, ROW_MODES, ROW_SWITCH, ROW_DERIVED, ROW_INPUTS = range(15, 25)
ROW_Z, ROW_PROPOSED, ROW_TRIGGERS, ROW_DELAYS, ROW_PRIORITIES, ROW_VALUES, ROW_STORED, ROW_TRIGGERED = range(25, 33)
ROW_QUEUE_EVENT, ROW_QUEUE_TIME, ROW_QUEUE_VALUES, ROW_OBSERVED = range(33, 37)
N_STATES, N_DERIVED, N_MODES, N_TIMED, N_LOCATED, N_EVENTS, N_OBSERVED, N_TIMED_RATES, N_JACOBIAN = range(37, 46)
N_PLACES, MOST_ASSIGNMENTS, N_COLUMNS, TOGETHER = range(46, 50)
EVENT_FIRST, EVENT_INITIAL, EVENT_PERSISTENT, EVENT_FROM_TRIGGER, EVENT_TARGET = range(50, 55)
JACOBIAN_ROW, JACOBIAN_COLUMN, COLUMN_ROW = range(55, 58)
HEAD = (*KERNELS, *BLOCKS, *COUNTS, *SECTIONS)

# Columns of the report, a row for each subject.
REPORT_STATUS, REPORT_REACHED, REPORT_STEPS, REPORT_REJECTED = range(4)
# What a caller does to subjects, along the last axis: at TIME, ROW is set to (ADDS: raised by) VALUE times row SCALE.
GIVEN_TIME, GIVEN_ROW, GIVEN_ADDS, GIVEN_SCALE, GIVEN_VALUE = range(5)


class Task(NamedTuple):
    """What is asked, and where the answer goes.

    ``given``: shape (1 or subject, event, 5), sorted by time. ``defaults``: all inputs. ``table``: what replaces
    them, shape (1 or subject, column). ``settings``: relative and absolute tolerance, largest step, most
    steps. ``values``: shape
    (subject, time, observable). ``report``: shape (subject, 4). ``done``: how many subjects are finished.
    """

    given: Numbers
    defaults: Numbers
    table: Numbers
    settings: Numbers
    times: Numbers
    values: Numbers
    report: Numbers
    done: Whole
