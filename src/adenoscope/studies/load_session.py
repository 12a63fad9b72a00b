"""A session's recording, opened and checked against what sessions.csv says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from adenoscope.core.errors import InputError, Problem
from adenoscope.core.recording import Channels, Recording, Trace
from adenoscope.core.result import RecordingFacts
from adenoscope.core.study import Session, Study
from adenoscope.io.channels import select_channels
from adenoscope.io.recordings import read_recording
from adenoscope.io.sessions import FILE, RECORDINGS
from adenoscope.io.study import recording_path

SHORTEST_BASELINE_S = 60.0


@dataclass(frozen=True, eq=False)
class Loaded:
    """A session ready to be estimated; ``onsets_s`` [s] is on the recording's own clock."""

    channels: Channels
    facts: RecordingFacts
    onsets_s: tuple[float, ...]

    @property
    def n_bytes(self) -> int:
        """Memory that the traces take [bytes]."""
        traces = (self.channels.signal, self.channels.control, self.channels.blank)
        return sum(trace.time_s.nbytes + trace.values.nbytes for trace in traces if trace is not None)


@dataclass(frozen=True, eq=False)
class Opened:
    """A session's recording, and the channels of it that sessions.csv names."""

    recording: Recording
    channels: Channels


def load_session(study: Study, session: Session) -> Loaded:
    """Return the channels of a session.

    Raises:
        InputError: the recording, or a blank, cannot be read or is not what sessions.csv says.
    """
    opened = open_session(study, session)
    recording, channels = opened.recording, opened.channels
    problems = tuple(_times_outside(session, recording, channels.signal))
    if problems:
        raise InputError(*problems)
    onsets_s = tuple(recording.start_s + onset for onset in session.onsets_s)
    return Loaded(channels, _facts(recording, channels), onsets_s)


def open_session(study: Study, session: Session) -> Opened:
    """Return a session's recording, whenever its interventions are said to be.

    Raises:
        InputError: the recording, or a blank, cannot be read or lacks what sessions.csv names.
    """
    recording = _read(study, session)
    blank = _blank(study, session)
    try:
        channels = select_channels(
            recording,
            site=session.site,
            signal=session.signal,
            control=session.control,
            blank=None if blank is None else _read(study, blank),
            file=_name(session),
        )
    except InputError as error:
        raise _placed(error, study, session) from None
    return Opened(recording, channels)


def _read(study: Study, session: Session) -> Recording:
    path = recording_path(study, session)
    try:
        return read_recording(path)
    except InputError as error:
        raise _placed(error, study, session) from None


def _blank(study: Study, session: Session) -> Session | None:
    return next((other for other in study.sessions if other.session == session.blank), None)


def _placed(error: InputError, study: Study, session: Session) -> InputError:
    """Return the error with paths as sessions.csv gives them: shorter, and the same on every machine."""
    path = str(recording_path(study, session))
    return InputError(
        *(
            replace(problem, file=_name(session)) if problem.file in {path, Path(path).name} else problem
            for problem in error.problems
        )
    )


def _name(session: Session) -> str:
    return f"{RECORDINGS}/{session.recording.as_posix()}"


def _times_outside(session: Session, recording: Recording, signal: Trace) -> Iterator[Problem]:
    """Yield what makes the interventions impossible for this recording."""
    first, last = session.onsets_s[0], session.onsets_s[-1]
    lasts_s = float(signal.time_s[-1]) - recording.start_s
    baseline_s = first - (float(signal.time_s[0]) - recording.start_s)
    if last >= lasts_s:
        found = f"intervention_s {last:g}, and {session.recording.name} lasts {lasts_s:g} s"
        remedy = "count seconds from the recording's first sample"
        if recording.start_s < last <= recording.end_s:
            remedy += f"; on the file's own clock {last:g} is {last - recording.start_s:g} s after it"
    elif baseline_s < SHORTEST_BASELINE_S:
        found = f"intervention_s {first:g}, which leaves {max(baseline_s, 0):g} s of baseline"
        remedy = "correct the time, or exclude the session: there is nothing to compare with"
    else:
        return
    allowed = f"from {SHORTEST_BASELINE_S:g} s after the first sample to before the last, at {lasts_s:g} s"
    yield Problem(f"{FILE}, session {session.session}", found, allowed, remedy)


def _facts(recording: Recording, channels: Channels) -> RecordingFacts:
    signal = channels.signal
    return RecordingFacts(
        format=recording.format,
        signal=signal.name,
        control="" if channels.control is None else channels.control.name,
        n_samples=len(signal.time_s),
        rate_hz=signal.rate_hz,
        first_s=float(signal.time_s[0]),
        last_s=float(signal.time_s[-1]),
        notes=recording.notes,
    )
