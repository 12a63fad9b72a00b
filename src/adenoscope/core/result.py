"""What the main job returns: every session's answer, the group contrasts, and where it all came from."""

from __future__ import annotations

from dataclasses import dataclass

from adenoscope.core.contrast import Contrast
from adenoscope.core.curve_contrast import CurveContrast
from adenoscope.core.dose_response import DoseComparison, DoseResponse
from adenoscope.core.mediation import Mediation
from adenoscope.core.response import Adenosine, Response
from adenoscope.core.study import Session, Study
from adenoscope.core.verdict import Verdict


@dataclass(frozen=True)
class InputFile:
    """A file that was read: path relative to the study folder, SHA-256 and size [bytes]."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Software:
    """What computed the results; ``commit`` is "" where the package was not run from a checkout."""

    name: str
    version: str
    commit: str


@dataclass(frozen=True)
class RecordingFacts:
    """What the reader found in a recording: its format, and clock [s], rate [Hz] and size of the signal."""

    format: str
    signal: str
    control: str
    n_samples: int
    rate_hz: float
    first_s: float
    last_s: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class SessionResult:
    """One session with its answer."""

    session: Session
    facts: RecordingFacts
    response: Response
    adenosine: Adenosine


@dataclass(frozen=True, eq=False)
class StudyResult:
    """The main job's whole result."""

    study: Study
    software: Software
    inputs: tuple[InputFile, ...]
    sessions: tuple[SessionResult, ...]
    contrasts: tuple[Contrast, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    curves: tuple[CurveContrast, ...] = ()
    doses: tuple[DoseResponse, ...] = ()
    dose_comparisons: tuple[DoseComparison, ...] = ()
    mediations: tuple[Mediation, ...] = ()
