"""A protocol followed in virtual subjects who were drawn: readings of every observable, and how far to trust them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from adenoscope.core.errors import Refused
from adenoscope.core.interval import Interval
from adenoscope.core.protocol import Protocol
from adenoscope.mechanism import cohort
from adenoscope.mechanism.cohort import Numbers, Subjects, mechanism
from adenoscope.mechanism.interventions import changes, parameters
from adenoscope.mechanism.observables import READINGS, Observable, observables, readings, sample_times
from adenoscope.mechanism.posterior import CONVERGED, load_posterior
from adenoscope.mechanism.rest import own_rest
from adenoscope.mechanism.validity import outside_validity
from adenoscope.simulation import Trajectories
from adenoscope.simulation.cohort.threads import Watch

SubjectReadings = Mapping[str, Mapping[str, Numbers]]  # by observable and reading
CHUNK = 64  # subjects at a time, so that progress shows and threads share the work
PERCENTILES = (50.0, 2.5, 97.5)
DRIFT = 0.01  # of rest, over the whole protocol, that a subject left alone may drift without a word
SPREAD = (
    "Median and central 95 % over virtual subjects. Constants that observations speak about are drawn from the "
    "posterior, the others from plausible ranges; both hold how subjects differ and what is not known, which cannot "
    "be told apart yet."
)
UNCONVERGED = (
    "The posterior that subjects are drawn from has not converged (R-hat up to {:.2f}): intervals may be too narrow."
)


@dataclass(frozen=True)
class Simulation:
    """What came out: readings of each observable by name (None: undefined in most subjects), and what to know.

    ``failed``: subjects that could not be followed to the end; they are in no reading. ``redrawn``: draws without a
    resting state.
    """

    protocol: Protocol
    observables: tuple[Observable, ...]
    readings: Mapping[str, Mapping[str, Interval | None]]
    failed: tuple[Mapping[str, Any], ...]
    redrawn: int
    outside_validity: tuple[str, ...]
    unverified_share: float


def follow_protocol(protocol: Protocol, drawn: Subjects, watch: Watch | None = None) -> Trajectories:
    """Return every observable of every subject at the protocol's times; ``watch`` is told who is done."""
    model = mechanism(protocol.species)
    return model.simulate(
        sample_times(protocol),
        parameters={**drawn.constants, **parameters(protocol), **own_rest(model, protocol, drawn.constants)},
        events=changes(protocol),
        observables=[observable.source for observable in observables(protocol)],
        chunk=CHUNK,
        watch=watch,
    )


def judge_simulation(
    protocol: Protocol, numbers: SubjectReadings, trajectories: Trajectories, drawn: Subjects
) -> Simulation:
    """Return what subjects' readings say of a protocol, and what is to be known of them."""
    return Simulation(
        protocol=protocol,
        observables=observables(protocol),
        readings={name: {key: cohort_interval(own[key]) for key in READINGS} for name, own in numbers.items()},
        failed=tuple(
            {"subject": failure.subject, "reason": failure.reason, "reached_s": failure.reached}
            for failure in trajectories.failures
        ),
        redrawn=drawn.redrawn,
        outside_validity=(*_unconverged(), *outside_validity(protocol), *_drifts(protocol)),
        unverified_share=cohort.unverified_share(cohort.used_constants(protocol).values()),
    )


def subject_readings(protocol: Protocol, trajectories: Trajectories) -> SubjectReadings:
    """Return the readings of each observable by name, each of shape (subject,), of those who could be followed.

    Raises:
        Refused: there is nobody.
    """
    finished = trajectories.status == 0
    if not finished.any():
        first = trajectories.failures[0]
        raise Refused(f"No subject could be simulated; the first stopped at {first.reached:g} s: {first.reason}.")
    curves = trajectories.values[finished]
    return {
        seen.name: readings(trajectories.times, curves[:, :, column], protocol.first_s, seen.floor)
        for column, seen in enumerate(observables(protocol))
    }


def cohort_interval(values: Numbers) -> Interval | None:
    """Return the median and central 95 % of subjects, or None where most of them have no value."""
    known = values[np.isfinite(values)]
    if 2 * known.size < values.size or known.size == 0:
        return None
    middle, low, high = (float(bound) for bound in np.percentile(known, PERCENTILES))
    return Interval(middle, low, high)


def _unconverged() -> list[str]:
    worst = load_posterior().worst_r_hat
    return [] if worst < CONVERGED else [UNCONVERGED.format(worst)]


def _drifts(protocol: Protocol) -> tuple[str, ...]:
    """Return the sentence that is due where a typical subject to whom nothing is done does not stay as it is."""
    nothing = tuple(replace(dose, at_s=0.0, dose=0.0, duration_s=None) for dose in protocol.give)
    return _drifts_alone(replace(protocol, give=nothing, breathe=(), subjects=1, every_s=protocol.duration_s))


@lru_cache(maxsize=64)
def _drifts_alone(protocol: Protocol) -> tuple[str, ...]:
    model, shown = mechanism(protocol.species), observables(protocol)
    alone = model.simulate(
        [0.0, protocol.duration_s],
        parameters={**parameters(protocol), **own_rest(model, protocol, {})},
        observables=[observable.source for observable in shown],
        n_subjects=cohort.BATCH,
    )
    start, end = alone.values[0]
    moved = [
        f"{seen.name} from {before:.3g} to {after:.3g}"
        for seen, before, after in zip(shown, start.tolist(), end.tolist(), strict=True)
        if not abs(after - before) <= DRIFT * abs(before) + seen.floor
    ]
    if not moved:
        return ()
    return (f"Rest is not at rest: with nothing done, {', '.join(moved)} by the end. Readings hold that drift.",)


def cohort_band(curves: Numbers) -> Numbers:
    """Return the median and central 95 % over the first axis, shape (3, ...), as ``cohort_interval`` has them."""
    ordered = np.sort(curves, axis=0)  # several times as fast as numpy's percentile
    place = np.array(PERCENTILES) / 100 * (len(ordered) - 1)
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, len(ordered) - 1)
    share = (place - below).reshape(-1, *(1,) * (curves.ndim - 1))
    return ordered[below] + share * (ordered[above] - ordered[below])
