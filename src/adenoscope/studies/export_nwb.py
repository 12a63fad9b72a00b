"""Every session of a study as an NWB file: raw traces, response and where they came from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from adenoscope.core.result import StudyResult
from adenoscope.io.nwb import write_nwb
from adenoscope.io.recordings import read_recording
from adenoscope.io.study import recording_path
from adenoscope.studies.progress import Progress, ignore

NWB = "nwb"


def export_nwb(result: StudyResult, out: Path, *, progress: Callable[[Progress], None] = ignore) -> tuple[Path, ...]:
    """Write ``nwb/SESSION.nwb`` into ``out`` for every session that was not excluded, and return the paths."""
    sessions = [item for item in result.sessions if not item.session.exclude]
    written: list[Path] = []
    for done, item in enumerate(sessions, start=1):
        path = out / NWB / f"{item.session.session}.nwb"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_nwb(
            path,
            study=result.study,
            result=item,
            recording=read_recording(recording_path(result.study, item.session)),
            software=result.software,
            inputs=result.inputs,
        )
        written.append(path)
        progress(Progress("writing NWB", done, len(sessions), item.session.session))
    return tuple(written)
