"""Steady states: integrated until nothing changes any more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from adenoscope.inference.likelihood.cohort import Accuracy, Answer, Cohort, simulate_cohort
from adenoscope.inference.problem.scales import Numbers
from adenoscope.simulation import Model

HORIZONS = (1e5, 1e8)  # times the time of the measurements; a step grows as rest comes near, so they cost little
STILL, STILL_FLOOR = 1e-6, 1e-9  # change over the second half of a horizon, relative and absolute


def steady_states(
    model: Model, cohort: Cohort, observables: Sequence[str], time_scale: float, accuracy: Accuracy
) -> Answer:
    """Return the observables where subjects come to rest, shape (subject, 1, observable).

    NaN, and the reason, where a subject failed or still changed at the last horizon.
    """
    states = list(model.system.rates)
    names = [*states, *(name for name in observables if name not in states)]
    values = np.full((cohort.n_subjects, len(names)), np.nan)
    reasons: dict[int, str] = {}
    waiting = np.arange(cohort.n_subjects)
    for horizon in HORIZONS:
        if waiting.size == 0:
            break
        some = Cohort({name: column[waiting] for name, column in cohort.inputs.items()}, waiting.size)
        end = horizon * time_scale
        answer = simulate_cohort(model, some, [0.0, 0.5 * end, end], names, accuracy)
        still = _is_still(answer.values[:, 1, : len(states)], answer.values[:, 2, : len(states)])
        values[waiting[still]] = answer.values[still, 2]
        reasons = {int(waiting[subject]): reason for subject, reason in answer.reasons.items()}
        waiting = waiting[~still]
    reasons |= {int(n): "no steady state was reached" for n in waiting if int(n) not in reasons}
    wanted = [names.index(name) for name in observables]
    return Answer(values[:, None, wanted], {n: reason for n, reason in reasons.items() if n in set(waiting.tolist())})


def _is_still(before: Numbers, after: Numbers) -> npt.NDArray[np.bool_]:
    return np.all(np.abs(after - before) <= STILL * np.abs(after) + STILL_FLOOR, axis=1)
