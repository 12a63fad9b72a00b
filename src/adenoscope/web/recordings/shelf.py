"""Pyramids of recordings in the server's own folder: made once, found by what they were made from, few enough."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from adenoscope.core.recording import Recording, Samples, Trace
from adenoscope.core.study import Session, Study
from adenoscope.io.recordings import read_recording
from adenoscope.io.study import recording_path
from adenoscope.studies.load_session import open_session
from adenoscope.web.recordings.pyramid import (
    ABOUT,
    VERSION,
    ChannelFacts,
    RecordingAbout,
    Role,
    Span,
    open_pyramid,
    write_about,
    write_clock,
    write_values,
)

MOST_BYTES = 3_000_000_000
LONGEST_STEPS = 3.0  # of a clock, in sampling steps; more is a gap
SHORTEST_LOST_S = 1.0
MOST_LOST = 500
WARM_SAMPLES = 100_000
BLOCK = 1 << 16  # samples that are looked at together: they stay in the cache of a processor


def key_of(study: Study, session: Session) -> str:
    """Return a key of all that a pyramid is made from: path, size and time of the recording, names of channels."""
    recording = recording_path(study, session)
    blank = next((recording_path(study, one) for one in study.sessions if one.session == session.blank), None)
    made_from = {
        "version": VERSION,
        "files": [_stamps(path) for path in (recording, blank) if path is not None],
        "asked": [session.site, session.signal, session.control, session.blank],
    }
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:32]


def build(study: Study, session: Session, shelf: Path, key: str) -> None:
    """Make the pyramid of a session's recording, unless it is there; called in the process that reads.

    Raises:
        InputError: the recording, or a blank, cannot be read or lacks what sessions.csv names.
    """
    folder = shelf / key
    if open_pyramid(folder) is not None:
        return
    opened = open_session(study, session)
    recording, channels = opened.recording, opened.channels
    blank = channels.blank
    if blank is not None:  # on the clock of the signal, as the fit takes it
        shift_s = float(channels.signal.time_s[0] - blank.time_s[0])
        blank = Trace(blank.name, blank.time_s + shift_s, blank.values, saturation=blank.saturation)
    roles: tuple[tuple[Role, Trace | None], ...] = (
        ("signal", channels.signal),
        ("control", channels.control),
        ("blank", blank),
    )
    there: list[tuple[Role, Trace]] = [(role, trace) for role, trace in roles if trace is not None]
    write_about(folder, _written(folder, recording, there))
    make_room(shelf, key)


def touch(folder: Path) -> None:
    """Remember that a pyramid was looked at, so that it is among the last to be removed."""
    try:
        os.utime(folder / ABOUT)
    except OSError:  # removed meanwhile, or a disk that may not be written: it is but a hint
        return


def make_room(shelf: Path, keep: str, most_bytes: int = MOST_BYTES) -> None:
    """Remove the pyramids that were not looked at for longest, until the rest take ``most_bytes``."""
    folders = sorted((path for path in shelf.iterdir() if path.is_dir()), key=_last_used, reverse=True)
    folders.sort(key=lambda path: path.name != keep)
    taken = 0
    for folder in folders:
        taken += sum(file.stat().st_size for file in folder.iterdir())
        if taken > most_bytes and folder.name != keep:
            (folder / ABOUT).unlink(missing_ok=True)  # first, so that nobody opens what is being removed
            shutil.rmtree(folder, ignore_errors=True)


def warm() -> None:
    """Read and keep a recording of no meaning: what loads at the first one is the longest part of a first plot."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with TemporaryDirectory() as unseen:
        path, folder = Path(unseen) / "warm.parquet", Path(unseen) / "kept"
        clock, values = np.arange(WARM_SAMPLES) / 10.0, np.sin(np.arange(WARM_SAMPLES))
        pq.write_table(pa.table({"time_s": clock, "signal": values}), path)
        recording = read_recording(path)
        write_about(folder, _written(folder, recording, [("signal", recording.traces[0])]))


def _written(folder: Path, recording: Recording, there: list[tuple[Role, Trace]]) -> RecordingAbout:
    clocks: list[Samples] = []
    facts: list[ChannelFacts] = []
    for number, (role, trace) in enumerate(there):
        clock = next((at for at, one in enumerate(clocks) if one is trace.time_s), len(clocks))
        if clock == len(clocks):
            clocks.append(trace.time_s)
            write_clock(folder / f"clock-{clock}", trace.time_s)
        write_values(folder / f"channel-{number}", trace.values)
        facts.append(_facts(role, trace, f"clock-{clock}", f"channel-{number}"))
    return RecordingAbout(recording.format, recording.notes, recording.start_s, recording.end_s, tuple(facts))


def _facts(role: Role, trace: Trace, clock: str, file: str) -> ChannelFacts:
    step_s = float(np.median(np.diff(trace.time_s[:10_001])))
    lost = tuple(lost_stretches(trace, step_s))
    n = len(trace.time_s)
    return ChannelFacts(role, trace.name, n, 1 / step_s, clock, file, trace.saturation, lost)


def lost_stretches(trace: Trace, step_s: float) -> Iterator[Span]:
    """Yield stretches [s] of a second or more without a good sample: lost ones, and gaps of the clock."""
    longest_s = max(SHORTEST_LOST_S, LONGEST_STEPS * step_s)
    last_s, found = float(trace.time_s[0]), 0
    for start in range(0, trace.time_s.size, BLOCK):
        time_s, good = trace.time_s[start : start + BLOCK], np.isfinite(trace.values[start : start + BLOCK])
        seen_s = time_s if good.all() else time_s[good]
        if seen_s.size == 0:
            continue
        before_s = np.concatenate([[last_s], seen_s[:-1]])
        for at in np.flatnonzero(seen_s - before_s > longest_s)[: MOST_LOST - found]:
            yield float(before_s[at]), float(seen_s[at])
            found += 1
        last_s = float(seen_s[-1])
    if trace.time_s[-1] - last_s > longest_s:
        yield last_s, float(trace.time_s[-1])


def _stamps(path: Path) -> list[list[str | int]]:
    """Return name, size and time of a file, or of every file of a recording that is a folder."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return [[str(file), (found := file.stat()).st_size, found.st_mtime_ns] for file in files]


def _last_used(folder: Path) -> float:
    about = folder / ABOUT
    return about.stat().st_mtime if about.exists() else 0.0
