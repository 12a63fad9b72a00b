"""A session over time in a cohort: what the oximeter reads, oxygen of brain tissue, and receptors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from adenoscope.core.schedule import Schedule
from adenoscope.mechanism.cohort import Numbers
from adenoscope.simulation import Trajectories
from adenoscope.studies.hypoxia.session import Cohort, breathe, session_times
from adenoscope.studies.simulated import cohort_band

RISES = ("a1_occupancy", "a2a_occupancy", "adenosine_um")  # shown as change from the subject's own rest
SHOWN = {"inspired_fio2": "1", "spo2": "1", "pto2": "mmHg", "a1_occupancy": "1", "a2a_occupancy": "1"}
AFTER_S = 1800.0  # of the hour that follows the last bout


@dataclass(frozen=True)
class SessionCurves:
    """Median and central 95 % of subjects, each of shape (3, time); occupancies less each subject's own rest.

    ``time_s`` [s] counts from the first bout.
    """

    schedule: Schedule
    time_s: Numbers
    bands: Mapping[str, Numbers]


def session_curves(schedule: Schedule, cohort: Cohort) -> SessionCurves:
    """Return one session of a schedule over time, in the subjects who could be followed.

    Valid: as the mechanism is.
    Source: ``mechanism``.
    """
    return drawn_curves(breathe(schedule, cohort), schedule, cohort)


def drawn_curves(
    shown: Trajectories, schedule: Schedule, cohort: Cohort, names: Iterable[str] = SHOWN
) -> SessionCurves:
    """Return some of what was looked at in the first session of a schedule that was simulated."""
    times = session_times(schedule, cohort.species)
    looked = times <= schedule.session_s + AFTER_S
    drawn = np.flatnonzero(shown.status[: cohort.n_drawn] == 0)
    bands: dict[str, Numbers] = {}
    for name in names:
        curves = shown[name][drawn, 1 : 1 + times.size]
        change = curves - curves[:, :1] if name in RISES else curves
        bands[name] = cohort_band(change[:, looked])
    return SessionCurves(schedule, times[looked], bands)


def session_header() -> tuple[str, ...]:
    """Return the columns of a session over time."""
    words = ("", "_low", "_high")
    rises = {name: f"{name}_rise" for name in RISES}
    names = (f"{rises.get(name, name)}{word}" for name in SHOWN for word in words)
    return ("schedule", "time_s", *names)


def session_rows(label: str, curves: SessionCurves) -> Iterator[list[object]]:
    """Yield a row for each time; see ``session_header``."""
    table = np.concatenate([curves.bands[name] for name in SHOWN]).T
    for time, values in zip(curves.time_s.tolist(), table.tolist(), strict=True):
        yield [label, time, *(float(f"{value:.5g}") for value in values)]
