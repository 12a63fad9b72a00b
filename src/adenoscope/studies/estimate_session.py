"""One session's way from its file to its piece on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from adenoscope.core.errors import InputError, Problem, Refused
from adenoscope.core.machine_code import is_on_disk
from adenoscope.core.response import Control, Response
from adenoscope.core.result import SessionResult
from adenoscope.core.study import Session, Settings, Study
from adenoscope.io.pieces import write_piece
from adenoscope.photometry.estimate import estimate_response
from adenoscope.photometry.kernel import sample_states
from adenoscope.photometry.model import system
from adenoscope.photometry.scales import curvature, gradient, objective
from adenoscope.photometry.sensor import estimate_adenosine
from adenoscope.studies.load_session import Loaded, load_session

# Recordings that were read to be checked stay in memory up to here, so that few are read twice.
MOST_KEPT_BYTES = 300_000_000


def is_compiled() -> bool:
    """Return whether the estimator's machine code is on disk; else the first session takes half a minute longer."""
    return is_on_disk(sample_states, system, objective, gradient, curvature)


@dataclass(frozen=True, eq=False)
class Desk:
    """What the work on every session shares; it is sent to each process.

    With ``keeps``, a checked recording waits in ``kept`` for its estimate. Across processes that would help
    nobody, for the process that estimates is rarely the one that checked.
    """

    study: Study
    out: Path
    keys: Mapping[str, str]
    keeps: bool
    kept: dict[str, Loaded] = field(default_factory=dict)

    def check(self, session: Session) -> tuple[Problem, ...]:
        """Return what is wrong with a session's recording."""
        try:
            loaded = load_session(self.study, session)
        except InputError as error:
            return error.problems
        waiting = sum(other.n_bytes for other in self.kept.values())
        if self.keeps and (not waiting or waiting + loaded.n_bytes < MOST_KEPT_BYTES):
            self.kept[session.session] = loaded
        return ()

    def estimate(self, session: Session) -> None:
        """Estimate a session and write its piece."""
        loaded = self.kept.pop(session.session, None) or load_session(self.study, session)
        response = _response(loaded, settings_for(self.study, session))
        adenosine = estimate_adenosine(response, self.study.sensor)
        result = SessionResult(session, loaded.facts, response, adenosine)
        write_piece(self.out, result, self.keys[session.session])


def settings_for(study: Study, session: Session) -> Settings:
    """Return the study's settings, with what was edited for one session."""
    if session.handling_s is None:
        return study.settings
    return replace(study.settings, handling_s=session.handling_s)


def _response(loaded: Loaded, settings: Settings) -> Response:
    try:
        return estimate_response(loaded.channels, loaded.onsets_s, settings=settings)
    except Refused as refusal:
        reason = str(refusal)
        return Response("refused", reason, Control("unusable", None, reason))
