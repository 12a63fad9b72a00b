"""A protocol simulated in virtual subjects: trajectories, and a summary that says how far to trust it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
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
from adenoscope.mechanism.cohort import draw_subjects
from adenoscope.mechanism.compounds import library_compound
from adenoscope.mechanism.inhibitors import is_inhibitor
from adenoscope.mechanism.interventions import dose_problems
from adenoscope.mechanism.own_compounds import row_problems, without_others
from adenoscope.mechanism.validity import refusals
from adenoscope.simulation import Trajectories
from adenoscope.studies.progress import Progress, ignore
from adenoscope.studies.simulated import SPREAD, Simulation, follow_protocol, judge_simulation, subject_readings

TRAJECTORIES, SUMMARY = "trajectories.parquet", "summary.json"


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
    progress(Progress("simulating", 0, protocol.subjects, "subjects"))
    trajectories = follow_protocol(
        protocol, drawn, lambda done, total: progress(Progress("simulating", done, total, "subjects"))
    )
    progress(Progress("simulating", protocol.subjects, protocol.subjects, "subjects"))
    simulation = judge_simulation(protocol, subject_readings(protocol, trajectories), trajectories, drawn)
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
