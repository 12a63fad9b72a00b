"""What one session of a schedule did to each virtual subject, in a few numbers.

Engagement is the area of the rise of a receptor's occupancy by adenosine above the subject's own rest, in occupancy
times minutes; burden that of the fall of SpO2 below its own rest, in % times minutes. Between the times looked at,
curves are straight.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from adenoscope.core.schedule import Schedule
from adenoscope.mechanism.cohort import Numbers
from adenoscope.simulation import Trajectories
from adenoscope.studies.hypoxia.session import Cohort, breathe, session_times

RAISED = 1.1  # of rest: a receptor whose occupancy is above is counted as raised
MINUTE_S, PERCENT = 60.0, 100.0


@dataclass(frozen=True)
class Outcome:
    """One session in every subject, each of shape (subject,); NaN where a subject could not be followed.

    ``spo2_nadir`` [1] is the mean over bouts of each bout's nadir, ``spo2_lowest`` the lowest of them;
    ``spo2_resumed`` the lowest reading when a bout starts after another. ``gas_fio2`` [1]: mean of what was inspired
    in the last minute of bouts. ``low_responder``: the same numbers of that one subject, by
    name; None in animals.
    """

    spo2_rest: Numbers
    spo2_nadir: Numbers
    spo2_lowest: Numbers
    spo2_resumed: Numbers
    below_floor_s: Numbers
    pto2_lowest_mmhg: Numbers
    atp_fall: Numbers
    burden_percent_min: Numbers
    a1_engagement_min: Numbers
    a2a_engagement_min: Numbers
    a1_peak_rise: Numbers
    a2a_peak_rise: Numbers
    a1_raised_min: Numbers
    a2a_raised_min: Numbers
    a1_left: Numbers
    gas_fio2: Numbers
    low_responder: dict[str, float] | None = None

    @property
    def finished(self) -> npt.NDArray[np.bool_]:
        """Return who was followed to the end, shape (subject,)."""
        return np.isfinite(self.burden_percent_min)


UNITS = {
    **dict.fromkeys(("spo2_rest", "spo2_nadir", "spo2_lowest", "spo2_resumed", "gas_fio2"), "1"),
    **{"below_floor_s": "s", "pto2_lowest_mmhg": "mmHg", "atp_fall": "share of rest", "burden_percent_min": "% min"},
    **dict.fromkeys(("a1_engagement_min", "a2a_engagement_min"), "occupancy min"),
    **dict.fromkeys(("a1_peak_rise", "a2a_peak_rise", "a1_left"), "occupancy"),
    **dict.fromkeys(("a1_raised_min", "a2a_raised_min"), "min"),
}


def outcome_of(schedule: Schedule, cohort: Cohort, spo2_floor: float | None = None) -> Outcome:
    """Return what one session of a schedule does to a cohort; without a floor nobody is below it.

    Valid: as the mechanism is; sessions on other days are alike, see ``days_interact``.
    Source: the definitions at the top.
    """
    return session_outcome(breathe(schedule, cohort), schedule, cohort, spo2_floor)


def session_outcome(
    shown: Trajectories, schedule: Schedule, cohort: Cohort, spo2_floor: float | None = None, session: int = 0
) -> Outcome:
    """Return the outcome of one of the sessions that were simulated, counted from 0."""
    times = session_times(schedule, cohort.species)
    looked = slice(1 + session * times.size, 1 + (session + 1) * times.size)
    curves = {name: shown[name][:, looked] for name in shown.observables}
    rest = {name: shown[name][:, 1:2] for name in shown.observables}
    numbers = {
        **_of_blood(times, curves, rest, schedule),
        "below_floor_s": time_beyond(times, -curves["spo2"], -(spo2_floor or 0.0)),
        "pto2_lowest_mmhg": curves["pto2"].min(axis=1),
        "atp_fall": 1 - (curves["atp_adp_ratio"] / rest["atp_adp_ratio"]).min(axis=1),
        **_of_receptor("a1", times, curves, rest),
        **_of_receptor("a2a", times, curves, rest),
        "a1_left": curves["a1_occupancy"][:, -1] - rest["a1_occupancy"][:, 0],
    }
    low = {name: float(values[-1]) for name, values in numbers.items()} if cohort.low_responder else None
    drawn = {name: np.where(shown.status == 0, values, np.nan)[: cohort.n_drawn] for name, values in numbers.items()}
    return Outcome(**drawn, low_responder=low)


def _of_blood(
    times: Numbers, curves: dict[str, Numbers], rest: dict[str, Numbers], schedule: Schedule
) -> dict[str, Numbers]:
    spo2, starts = curves["spo2"], np.array(schedule.starts_s)
    cycle = np.searchsorted(starts, times, side="right") - 1  # the air after a bout is its own
    nadirs = np.stack([spo2[:, cycle == number].min(axis=1) for number in range(starts.size)], axis=1)
    begins = np.searchsorted(times, np.round(starts, 3))
    into = times - starts[cycle]
    late = (into >= schedule.bout_s - MINUTE_S) & (into <= schedule.bout_s)
    gas, fall = curves["inspired_fio2"], PERCENT * (rest["spo2"] - spo2)
    return {
        "spo2_rest": rest["spo2"][:, 0],
        "spo2_nadir": nadirs.mean(axis=1),
        "spo2_lowest": nadirs.min(axis=1),
        "spo2_resumed": spo2[:, begins].min(axis=1),
        "burden_percent_min": area(times, np.maximum(fall, 0)) / MINUTE_S,
        "gas_fio2": gas[:, late].mean(axis=1),
    }


def _of_receptor(
    name: str, times: Numbers, curves: dict[str, Numbers], rest: dict[str, Numbers]
) -> dict[str, Numbers]:
    occupancy, before = curves[f"{name}_occupancy"], rest[f"{name}_occupancy"]
    rise = np.maximum(occupancy - before, 0)
    return {
        f"{name}_engagement_min": area(times, rise) / MINUTE_S,
        f"{name}_peak_rise": rise.max(axis=1),
        f"{name}_raised_min": time_beyond(times, occupancy / before, RAISED) / MINUTE_S,
    }


def area(times: Numbers, curves: Numbers) -> Numbers:
    """Return the area under each curve, shape (subject,)."""
    return np.asarray(np.trapezoid(curves, times, axis=1), dtype=float)


def time_beyond(times: Numbers, curves: Numbers, level: float) -> Numbers:
    """Return how long each curve is above ``level``, shape (subject,), curves being straight between times."""
    above = curves - level
    first, second = above[:, :-1], above[:, 1:]
    reach = np.abs(first) + np.abs(second)
    share = np.divide(np.maximum(first, 0) + np.maximum(second, 0), reach, out=np.zeros_like(reach), where=reach > 0)
    return (share * np.diff(times)).sum(axis=1)


NAMES = tuple(field.name for field in fields(Outcome) if field.name != "low_responder")
