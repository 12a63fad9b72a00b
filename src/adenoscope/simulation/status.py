"""Why a subject's integration ended: what kernels, driver and results all call it."""

from __future__ import annotations

RUNNING = -1
DONE, STEP_VANISHED, TOO_MANY_STEPS, NOT_FINITE, QUEUE_FULL, EVENTS_WITHOUT_END = range(6)
STATUS_WORDS = {
    DONE: "done",
    STEP_VANISHED: "the step length vanished: the solution has a singularity, or jumps without end",
    TOO_MANY_STEPS: "more steps than allowed: loosen the tolerances, or allow more with max_steps",
    NOT_FINITE: "the model is not finite at the start: check parameters and initial values",
    QUEUE_FULL: "more delayed events wait than there is room for",
    EVENTS_WITHOUT_END: "events trigger each other without end at one time",
}
