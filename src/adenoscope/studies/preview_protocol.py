"""A protocol as one turns its knobs: bands over virtual subjects in a moment, and how two protocols differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from adenoscope.core.errors import InputError, Refused
from adenoscope.core.interval import Interval
from adenoscope.core.protocol import Protocol
from adenoscope.io.protocol import survey_document
from adenoscope.mechanism.cohort import Numbers, Subjects, draw_subjects
from adenoscope.mechanism.interventions import dose_problems
from adenoscope.mechanism.pieces import Species
from adenoscope.mechanism.validity import refusals
from adenoscope.studies.simulated import (
    Simulation,
    SubjectReadings,
    cohort_band,
    cohort_interval,
    follow_protocol,
    judge_simulation,
    subject_readings,
)

FEWEST = 64  # subjects of a band
KEPT = 32  # protocols whose answer is remembered
COMPARED = ("peak", "auc")
ROUNDING = 1e-2  # of what counts as still: a difference below is the solver's


@dataclass(frozen=True)
class Preview:
    """A protocol's answer for the eye.

    ``bands``: median and central 95 % over the ``finished`` subjects by observable, each of shape (3, time) in its
    unit. ``simulation`` says the rest. Where there are ``refusals`` nothing was simulated, and it is None.
    """

    protocol: Protocol
    refusals: tuple[str, ...]
    time_s: Numbers
    bands: Mapping[str, Numbers]
    finished: int
    simulation: Simulation | None


@dataclass(frozen=True)
class Difference:
    """A reading under two protocols, and its difference in the same subject, ``second`` less ``first``.

    ``share_above`` [1]: of the subjects with both, in whom the second is above. None: most subjects have no value.
    """

    observable: str
    unit: str
    reading: str
    first: Interval | None
    second: Interval | None
    difference: Interval | None
    share_above: float | None
    n_subjects: int


@dataclass(frozen=True)
class _Followed:
    """What is kept of a simulation: readings of those who finished, by observable and reading."""

    simulation: Simulation
    time_s: Numbers
    bands: Mapping[str, Numbers]
    numbers: SubjectReadings
    finished: npt.NDArray[np.bool_]


def protocol_of(document: Mapping[str, Any], file: str) -> Protocol:
    """Return the protocol that a document says, with subjects enough for a band.

    Raises:
        InputError: something is wrong with it; every problem is listed.
    """
    survey = survey_document(document, file)
    problems = list(survey.problems)
    if survey.protocol is not None:
        problems += dose_problems(survey.protocol, file)
    if problems or survey.protocol is None:
        raise InputError(*problems)
    return replace(survey.protocol, subjects=max(survey.protocol.subjects, FEWEST))


def preview_protocol(protocol: Protocol) -> Preview:
    """Return a protocol's bands and readings, the same that ``simulate_protocol`` gives for it.

    Valid: as the mechanism is; ``simulation.outside_validity`` says where it is not.
    Source: ``mechanism``.
    """
    reasons = refusals(protocol)
    if not reasons:
        try:
            done = _followed(protocol)
        except Refused as refused:
            reasons = [str(refused)]
        else:
            return Preview(protocol, (), done.time_s, done.bands, int(done.finished.sum()), done.simulation)
    return Preview(protocol, tuple(reasons), np.empty(0), {}, 0, None)


def compare_protocols(first: Protocol, second: Protocol) -> tuple[Difference, ...]:
    """Return how two protocols differ in the same virtual subjects, in the observables that both have.

    Raises:
        Refused: one of them is not simulated, or they are of different subjects.

    Valid: constants that are wrong for all subjects are not in the intervals.
    Source: ``mechanism``.
    """
    if (first.species, first.seed, first.subjects) != (second.species, second.seed, second.subjects):
        raise Refused("The protocols are of different virtual subjects, so no subject has both: nothing is compared.")
    for protocol in (first, second):
        if reasons := refusals(protocol):
            raise Refused("\n".join(reasons))
    return tuple(_differences(_followed(first), _followed(second)))


@lru_cache(maxsize=8)
def drawn_subjects(species: Species, n_subjects: int, seed: int) -> Subjects:
    """Return subjects as ``draw_subjects`` does; a draw that was made before is remembered."""
    return draw_subjects(species, n_subjects, seed)


@lru_cache(maxsize=KEPT)
def _followed(protocol: Protocol) -> _Followed:
    drawn = drawn_subjects(protocol.species, protocol.subjects, protocol.seed)
    trajectories = follow_protocol(protocol, drawn)
    numbers = subject_readings(protocol, trajectories)
    simulation = judge_simulation(protocol, numbers, trajectories, drawn)
    finished = trajectories.status == 0
    bands = cohort_band(trajectories.values[finished])
    names = [seen.name for seen in simulation.observables]
    return _Followed(
        simulation=simulation,
        time_s=trajectories.times,
        bands={name: bands[:, :, column] for column, name in enumerate(names)},
        numbers=numbers,
        finished=finished,
    )


def _differences(first: _Followed, second: _Followed) -> Iterator[Difference]:
    both = first.finished & second.finished
    for seen in first.simulation.observables:
        if seen.name not in second.numbers:
            continue
        for reading in COMPARED:
            before, after = (_of(both, done, seen.name, reading) for done in (first, second))
            span = float(first.time_s[-1]) if reading == "auc" else 1.0
            change = after - before
            change[np.abs(change) < ROUNDING * seen.floor * span] = 0.0
            known = change[np.isfinite(change)]
            yield Difference(
                observable=seen.name,
                unit=seen.unit,
                reading=reading,
                first=cohort_interval(before),
                second=cohort_interval(after),
                difference=cohort_interval(change),
                share_above=float((known > 0).mean()) if known.size else None,
                n_subjects=int(both.sum()),
            )


def _of(both: npt.NDArray[np.bool_], done: _Followed, name: str, reading: str) -> Numbers:
    """Return a reading of the subjects who finished under both protocols."""
    return done.numbers[name][reading][both[done.finished]]
