"""A protocol simulated in virtual subjects: trajectories, and a summary that says how far to trust it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from adenoscope.core.atomic import appearing, remove_partials, write_json
from adenoscope.core.errors import InputError, Problem, Refused
from adenoscope.core.interval import Interval
from adenoscope.core.protocol import Protocol
from adenoscope.core.provenance import fingerprint, software
from adenoscope.io import compounds
from adenoscope.io.protocol import survey_protocol
from adenoscope.mechanism import cohort
from adenoscope.mechanism.cohort import Numbers, Subjects, draw_subjects, mechanism
from adenoscope.mechanism.compounds import library_compound
from adenoscope.mechanism.inhibitors import is_inhibitor
from adenoscope.mechanism.interventions import changes, dose_problems, parameters
from adenoscope.mechanism.observables import READINGS, Observable, observables, readings, sample_times
from adenoscope.mechanism.own_compounds import row_problems, without_others
from adenoscope.mechanism.posterior import CONVERGED, load_posterior
from adenoscope.mechanism.rest import own_rest
from adenoscope.mechanism.validity import outside_validity, refusals
from adenoscope.simulation import Trajectories
from adenoscope.studies.progress import Progress, ignore

TRAJECTORIES, SUMMARY = "trajectories.parquet", "summary.json"
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


def simulate_protocol(
    path: Path,
    out: Path,
    *,
    subjects: int | None = None,
    seed: int | None = None,
    progress: Callable[[Progress], None] = ignore,
) -> Simulation:
    """Write ``trajectories.parquet`` and ``summary.json`` into ``out``, and return what the summary says.

    ``subjects`` and ``seed`` replace those of the protocol.

    Raises:
        InputError: the protocol, or the compounds.csv that it needs, is wrong; every problem is listed.
        Refused: what it asks for is not done, or no subject could be simulated.
    """
    protocol = _valid_protocol(path, subjects, seed)
    reasons = refusals(protocol)
    if reasons:
        raise Refused("\n".join([f"{path.name} is refused; nothing was simulated.", *reasons]))
    drawn = draw_subjects(protocol.species, protocol.subjects, protocol.seed)
    shown = observables(protocol)
    progress(Progress("simulating", 0, protocol.subjects, "subjects"))
    model = mechanism(protocol.species)
    trajectories = model.simulate(
        sample_times(protocol),
        parameters={**drawn.constants, **parameters(protocol), **own_rest(model, protocol, drawn.constants)},
        events=changes(protocol),
        observables=[observable.source for observable in shown],
        chunk=CHUNK,
        watch=lambda done, total: progress(Progress("simulating", done, total, "subjects")),
    )
    progress(Progress("simulating", protocol.subjects, protocol.subjects, "subjects"))
    simulation = _simulation(protocol, shown, trajectories, drawn)
    _write(path, out, simulation, trajectories)
    return simulation


def _valid_protocol(path: Path, subjects: int | None, seed: int | None) -> Protocol:
    survey = survey_protocol(path, subjects=subjects, seed=seed)
    protocol, problems = survey.protocol, list(survey.problems)
    if protocol is not None:
        protocol = _with_own_compounds(protocol, path.parent, problems)
        # What is wrong with `like` has been said of compounds.csv.
        problems += [fault for fault in dose_problems(protocol, path.name) if fault.column != "like"]
    if problems or protocol is None:
        raise InputError(*problems)
    return without_others(protocol)


def _with_own_compounds(protocol: Protocol, folder: Path, problems: list[Problem]) -> Protocol:
    """Return a protocol with the compounds of compounds.csv in ``folder``, where it names one the library lacks."""
    of_library = tuple(
        dose for dose in protocol.give if library_compound(dose.compound) or is_inhibitor(dose.compound)
    )
    if of_library == protocol.give or not (folder / compounds.FILE).exists():
        return protocol
    faults: list[Problem] = []
    rows = compounds.read_compounds(folder, faults)
    problems += sorted([*faults, *row_problems(rows)], key=lambda fault: fault.row or 0)
    if not rows:  # the table cannot be made out, so nothing can be said of the doses that need it
        return replace(protocol, give=of_library)
    return replace(protocol, compounds=tuple(row.compound for row in rows))


def _simulation(
    protocol: Protocol, shown: Sequence[Observable], trajectories: Trajectories, drawn: Subjects
) -> Simulation:
    finished = trajectories.status == 0
    if not finished.any():
        first = trajectories.failures[0]
        raise Refused(f"No subject could be simulated; the first stopped at {first.reached:g} s: {first.reason}.")
    numbers = {
        seen.name: readings(
            trajectories.times, trajectories.values[finished][:, :, column], protocol.first_s, seen.floor
        )
        for column, seen in enumerate(shown)
    }
    return Simulation(
        protocol=protocol,
        observables=tuple(shown),
        readings={name: {key: cohort_interval(own[key]) for key in READINGS} for name, own in numbers.items()},
        failed=tuple(
            {"subject": failure.subject, "reason": failure.reason, "reached_s": failure.reached}
            for failure in trajectories.failures
        ),
        redrawn=drawn.redrawn,
        outside_validity=(*_unconverged(), *outside_validity(protocol), *_drifts(protocol, shown)),
        unverified_share=cohort.unverified_share(cohort.used_constants(protocol).values()),
    )


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


def _drifts(protocol: Protocol, shown: Sequence[Observable]) -> list[str]:
    """Return the sentence that is due where a typical subject to whom nothing is done does not stay as it is."""
    model = mechanism(protocol.species)
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
        return []
    return [f"Rest is not at rest: with nothing done, {', '.join(moved)} by the end. Readings hold that drift."]


def _write(path: Path, out: Path, simulation: Simulation, trajectories: Trajectories) -> None:
    out.mkdir(parents=True, exist_ok=True)
    remove_partials(out)
    (out / SUMMARY).unlink(missing_ok=True)  # written last: it says that the trajectories beside it are its own
    names = [observable.name for observable in simulation.observables]
    with appearing(out / TRAJECTORIES) as partial:
        pq.write_table(_table(trajectories, names), partial)
    write_json(out / SUMMARY, summary_document(path, simulation))


def _table(trajectories: Trajectories, names: Sequence[str]) -> Any:
    """Return a row for each subject and time; NaN after a subject failed."""
    n_subjects, n_times, _ = trajectories.values.shape
    subject = np.repeat(np.arange(n_subjects, dtype=np.int32), n_times)
    columns = {"subject": _arrow(subject, pa.int32())}
    columns["time_s"] = _arrow(np.tile(trajectories.times, n_subjects), pa.float64())
    for place, name in enumerate(names):
        columns[name] = _arrow(trajectories.values[:, :, place].ravel(), pa.float64())
    return pa.table(columns)


def _arrow(values: np.ndarray[Any, Any], kind: Any) -> Any:
    # Arrow's own way from numpy imports pandas, which costs a second; see io.columns.
    contiguous = np.ascontiguousarray(values)
    return pa.Array.from_buffers(kind, len(contiguous), [None, pa.py_buffer(contiguous)])


def summary_document(path: Path, simulation: Simulation) -> dict[str, Any]:
    """Return ``summary.json``; the same simulation gives the same keys in the same order."""
    protocol = simulation.protocol
    read = [path, path.parent / compounds.FILE] if protocol.compounds else [path]
    return {
        "schema_version": 1,
        "software": asdict(software()),
        "inputs": [asdict(fingerprint(file, path.parent)) for file in read],
        "protocol": asdict(protocol),
        "seed": protocol.seed,
        "subjects": {
            "asked": protocol.subjects,
            "finished": protocol.subjects - len(simulation.failed),
            "failed": list(simulation.failed),
            "redrawn": simulation.redrawn,
        },
        "first_s": protocol.first_s,
        "spread": SPREAD,
        "observables": {
            seen.name: {"unit": seen.unit} | _as_json(simulation.readings[seen.name])
            for seen in simulation.observables
        },
        "outside_validity": list(simulation.outside_validity),
        "unverified_share": simulation.unverified_share,
    }


def _as_json(own: Mapping[str, Interval | None]) -> dict[str, Any]:
    return {key: None if interval is None else interval.as_json() for key, interval in own.items()}
