"""One session to NWB: raw traces, response with band, estimands and provenance; same inputs, same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import h5py

from adenoscope.core.atomic import appearing
from adenoscope.core.recording import Recording, Trace
from adenoscope.core.result import InputFile, SessionResult, Software
from adenoscope.core.study import Session, Study
from adenoscope.io.nwb.answer import clock, curve_series, estimand_table, provenance_table
from adenoscope.io.nwb.light import add_light_paths
from adenoscope.io.nwb.names import INTERVENTIONS, NOT_RECORDED, RESPONSE_MODULE, plain_name, unique_names

PLACEHOLDER_DATE = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where NWB demands a date and none is known; the session's description says so."""

_NAMESPACE = UUID("6f0d1c52-7a43-5a0e-9c5b-0ade05c09e00")


def write_nwb(
    path: Path,
    *,
    study: Study,
    result: SessionResult,
    recording: Recording,
    software: Software,
    inputs: Sequence[InputFile],
    session_start: datetime | None = None,
    species: str | None = None,
) -> None:
    """Write one session's recording and answer to ``path``, whole or not at all.

    ``session_start`` is when the recording's clock read 0, with its time zone, and ``species`` a Latin
    binomial such as "Mus musculus"; without them the file says that they are not recorded.
    """
    identifier = _identifier(study, result, software, inputs)
    nwbfile = _session_file(study, result, identifier, software, session_start, species)
    _add_raw(nwbfile, recording, study.sensor, result)
    _add_events(nwbfile, recording, result)
    _add_answer(nwbfile, recording, study, result, software, inputs)
    with appearing(path) as partial:
        _write(partial, nwbfile, identifier)


def _identifier(study: Study, result: SessionResult, software: Software, inputs: Sequence[InputFile]) -> str:
    """Return the SHA-256 of all that decides the content: inputs, settings, session and software."""
    decisive = {
        "study": study.name,
        "settings": asdict(study.settings),
        "session": {**asdict(result.session), "recording": result.session.recording.name},
        "software": asdict(software),
        "inputs": sorted((file.path, file.sha256) for file in inputs),
    }
    return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()


def _session_file(
    study: Study,
    result: SessionResult,
    identifier: str,
    software: Software,
    session_start: datetime | None,
    species: str | None,
) -> Any:
    """Return the NWB file with its session and subject, and no data yet."""
    from pynwb import NWBFile
    from pynwb.file import Subject

    session = result.session
    description = f"Session {session.session} of the study '{study.name}', fibre photometry with {study.sensor}."
    if study.synthetic:
        description = f"SIMULATED DATA, NOT MEASURED. {description}"
    if session_start is None:
        description += " THE DATE IS NOT RECORDED: session_start_time 1970-01-01T00:00:00+00:00 is a placeholder."
    return NWBFile(
        session_description=description,
        identifier=identifier,
        session_start_time=session_start or PLACEHOLDER_DATE,
        # The moment of writing would make every file differ from the one before.
        file_create_date=PLACEHOLDER_DATE,
        session_id=plain_name(session.session),
        experiment_description=f"Study '{study.name}': response of {study.sensor} to {session.treatment}.",
        keywords=["fibre photometry", "adenosine", study.sensor, *(["simulated"] if study.synthetic else [])],
        pharmacology=_given(session),
        was_generated_by=[[software.name, software.version]],
        subject=Subject(
            subject_id=plain_name(session.animal),
            species=species or "Not recorded",
            sex=_sex(session.sex),
            age="P0D/",  # the open range: no age is claimed
            genotype=session.genotype or NOT_RECORDED,
            description=f"Condition: {session.condition or NOT_RECORDED}. Age is {NOT_RECORDED}.",
        ),
    )


def _given(session: Session) -> str:
    """Return what the animal was given, in a sentence."""
    first = _amount(session.treatment, session.dose, session.dose_unit)
    times = ", ".join(f"{onset:g}" for onset in session.onsets_s)
    text = f"{first} at {times} s after the first sample."
    if session.pretreatment:
        before = _amount(session.pretreatment, session.pretreatment_dose, session.pretreatment_unit)
        text += f" Pretreatment: {before}."
    return text


def _amount(what: str, dose: float | None, unit: str) -> str:
    return what if dose is None else f"{what} {dose:g} {unit}".strip()


def _sex(text: str) -> str:
    """Return NWB's letter for a sex as laboratories write it; U is NWB's word for not known."""
    letters = {"m": "M", "male": "M", "f": "F", "female": "F", "o": "O", "other": "O"}
    return letters.get(text.strip().lower(), "U")


def _add_raw(nwbfile: Any, recording: Recording, sensor: str, result: SessionResult) -> None:
    """Add every trace as a series of its own, with its row of the photometry table."""
    from ndx_fiber_photometry import FiberPhotometryResponseSeries

    make: Any = FiberPhotometryResponseSeries  # its signature is made at run time
    table = add_light_paths(nwbfile, recording, sensor, result)
    names = unique_names(plain_name(trace.name) for trace in recording.traces)
    for row, (name, trace) in enumerate(zip(names, recording.traces, strict=True)):
        region = table.create_fiber_photometry_table_region(region=[row], description="Light path of the trace.")
        nwbfile.add_acquisition(
            make(
                name=name,
                description="Raw fluorescence on the clock of the acquisition file; a lost sample is NaN.",
                data=_compressed(trace.values),
                unit="a.u.",
                fiber_photometry_table_region=region,
                **_stored_clock(trace),
            )
        )


def _stored_clock(trace: Trace) -> dict[str, Any]:
    stored = clock(trace.time_s)
    return {"timestamps": _compressed(stored["timestamps"])} if "timestamps" in stored else stored


def _compressed(data: Any) -> Any:
    from hdmf.backends.hdf5 import H5DataIO

    make: Any = H5DataIO  # its signature is made at run time
    return make(data, compression="gzip", compression_opts=4, shuffle=True)


def _add_events(nwbfile: Any, recording: Recording, result: SessionResult) -> None:
    """Add the interventions, and the rising edges of each digital line that has any."""
    session = result.session
    onsets = [recording.start_s + onset for onset in session.onsets_s]
    lines = {line: list(edges) for line, edges in recording.digital.items() if len(edges)}
    names = unique_names([INTERVENTIONS, *(plain_name(line) for line in lines)])
    given = _amount(session.treatment, session.dose, session.dose_unit)
    if onsets:
        _add_table(nwbfile, names[0], "When the intervention was made, as the study says.", onsets, given)
    for name, (line, edges) in zip(names[1:], lines.items(), strict=True):
        _add_table(nwbfile, name, f"Rising edges of digital input {line}.", edges)


def _add_table(nwbfile: Any, name: str, text: str, times: Sequence[float], annotation: str | None = None) -> None:
    from pynwb.event import EventsTable

    make: Any = EventsTable  # its signature is made at run time
    table = make(name=name, description=text)
    for time in times:
        table.add_event(timestamp=float(time), **({"annotation": annotation} if annotation else {}))
    nwbfile.add_events_table(table)


def _add_answer(
    nwbfile: Any,
    recording: Recording,
    study: Study,
    result: SessionResult,
    software: Software,
    inputs: Sequence[InputFile],
) -> None:
    """Add the processing module: curve and estimands where there are any, provenance always."""
    module = nwbfile.create_processing_module(
        name=RESPONSE_MODULE, description="What the intervention did to the trace, and where that came from."
    )
    if result.response.curve is not None:
        for series in curve_series(result.response.curve, recording.start_s + result.session.onsets_s[0]):
            module.add(series)
    estimands = estimand_table(result)
    if len(estimands):
        module.add(estimands)
    module.add(provenance_table(study, result, software, inputs, recording.notes))


def _write(partial: Path, nwbfile: Any, identifier: str) -> None:
    """Write the file, and give every object an id that follows from the content and not from chance."""
    from pynwb import NWBHDF5IO

    open_nwb: Any = NWBHDF5IO  # its signature is made at run time
    with h5py.File(partial, "w") as file, open_nwb(file=file, mode="w") as io:
        io.write(nwbfile)
    with h5py.File(partial, "r+") as file:

        def name_by_place(place: str, item: Any) -> None:
            if "object_id" in item.attrs:
                item.attrs.modify("object_id", str(uuid5(_NAMESPACE, f"{identifier}/{place}")))

        name_by_place("", file["/"])
        file.visititems(name_by_place)
