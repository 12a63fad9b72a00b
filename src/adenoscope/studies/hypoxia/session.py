"""One session of a schedule, simulated in a drawn cohort; in people a low responder breathes along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from adenoscope.core.protocol import Protocol, Region, Species
from adenoscope.core.schedule import Schedule
from adenoscope.mechanism.clamp import CLAMP, clamped_mechanism
from adenoscope.mechanism.cohort import Numbers, draw_subjects, fitted_constants, known_constants, mechanism
from adenoscope.mechanism.envelope import LOW_RESPONDER
from adenoscope.mechanism.interventions import parameters
from adenoscope.mechanism.pieces import constants
from adenoscope.simulation import Change, Trajectories

RTOL, ATOL = 1e-4, 1e-7  # what the how-to advises for virtual cohorts
CHUNK = 40  # subjects that a thread takes: two threads share the default cohort
LOOKED_AT = ("spo2", "pto2", "atp_adp_ratio", "a1_occupancy", "a2a_occupancy", "inspired_fio2")
SETTLES_S = 1200.0  # in air before the first bout: draws rest to 1e-4 of occupancy only
RECOVERY_S = 3600.0  # after the last bout: adenosine is back at rest
EVERY_S, AFTER_S = 5.0, 60.0  # in bouts and the air between them; in the hour after them
TURNS: Mapping[Species, tuple[float, float]] = {"human": (2.0, 40.0), "mouse": (1.0, 20.0)}
# ``TURNS``: how often, and how long after gas changes, curves are looked at more closely: there are the nadirs.


@dataclass(frozen=True)
class Cohort:
    """Virtual subjects who breathe: constants by name, each of shape (subject,).

    ``low_responder``: whether the last of them is that of ``LOW_RESPONDER``, and no draw.
    """

    species: Species
    constants: Mapping[str, Numbers]
    n_drawn: int
    redrawn: int
    low_responder: bool
    region: Region = "mPFC"


def draw_cohort(species: Species, n_subjects: int, seed: int, region: Region = "mPFC") -> Cohort:
    """Return ``n_subjects`` drawn subjects, and for people a low responder of typical constants besides."""
    drawn = draw_subjects(species, n_subjects, seed)
    if species != "human":
        return Cohort(species, drawn.constants, n_subjects, drawn.redrawn, low_responder=False, region=region)
    typical = {name: known_constants(species)[name].value for name in drawn.constants}
    typical |= {name: float(np.median(values)) for name, values in fitted_constants(species).items()}
    typical |= LOW_RESPONDER
    joined = {name: np.append(values, typical[name]) for name, values in drawn.constants.items()}
    return Cohort(species, joined, n_subjects, drawn.redrawn, low_responder=True, region=region)


def some_of(cohort: Cohort, n_subjects: int) -> Cohort:
    """Return the first subjects of a cohort, without the low responder."""
    first = {name: values[:n_subjects] for name, values in cohort.constants.items()}
    return replace(cohort, constants=first, n_drawn=n_subjects, low_responder=False)


def breathe(
    schedule: Schedule, cohort: Cohort, sessions: int = 1, looked_at: tuple[str, ...] = LOOKED_AT
) -> Trajectories:
    """Return what ``looked_at`` does in every subject over sessions of a schedule, and an hour after each.

    The first time is the start of a while in air; ``session_times`` count from its end.

    Valid: sessions of one day lie a day apart, divided by how many they are.
    Source: ``mechanism``.
    """
    clamped = schedule.spo2_target is not None
    model = clamped_mechanism(cohort.species) if clamped else mechanism(cohort.species)
    times = session_times(schedule, cohort.species)
    apart = session_gap(schedule)
    starts = [SETTLES_S + number * apart for number in range(sessions)]
    given = {"spo2_target": schedule.spo2_target, "clamp_least": schedule.fio2} if schedule.spo2_target else {}
    return model.simulate(
        np.concatenate([[0.0], *(start + times for start in starts)]),
        parameters={**cohort.constants, **parameters(_protocol(cohort)), **given},
        events=[change for start in starts for change in gas_changes(schedule, cohort.species, start)],
        observables=looked_at,
        rtol=RTOL,
        atol=ATOL,
        chunk=CHUNK,
    )


def session_times(schedule: Schedule, species: Species) -> Numbers:
    """Return the times looked at in a session [s], from its first bout to an hour after its last."""
    every, wide = TURNS[species]
    turns = np.array([time for start in schedule.starts_s for time in (start, start + schedule.bout_s)])
    end = schedule.session_s + EVERY_S * np.ceil(wide / EVERY_S)
    close = (turns[:, None] + np.arange(0.0, wide, every)).ravel()
    after = np.arange(end, schedule.session_s + RECOVERY_S, AFTER_S)
    within = np.concatenate([np.arange(0.0, end, EVERY_S), turns, close])
    return np.unique(np.round([*within[within < end], *after, schedule.session_s + RECOVERY_S], 3))


def session_gap(schedule: Schedule) -> float:
    """Return the time from one session's start to the next [s]: a day, or its part where it has several."""
    return max(86400.0 / schedule.sessions_per_day, schedule.session_s + RECOVERY_S)


def gas_changes(schedule: Schedule, species: Species, start_s: float = 0.0) -> list[Change]:
    """Return what is done to the gas in a session that begins at ``start_s`` [s]."""
    air = constants("oxygen", species)["fio2"].value
    target, given, back = ("clamping", 1.0, 0.0) if schedule.spo2_target else ("fio2", schedule.fio2, air)
    ends = [(start_s + start, start_s + start + schedule.bout_s) for start in schedule.starts_s]
    if schedule.rest_s == 0:  # without air between them, bouts are one
        ends = [(ends[0][0], ends[-1][1])]
    turns = [Change(time, target, value) for both in ends for time, value in zip(both, (given, back), strict=True)]
    if schedule.spo2_target is None:
        return turns
    return [Change(start_s, "clamp_bias", constants(CLAMP, species)["clamp_start"].value), *turns]


def _protocol(cohort: Cohort) -> Protocol:
    return Protocol(cohort.species, RECOVERY_S, region=cohort.region)
