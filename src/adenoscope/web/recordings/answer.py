"""What is known of a session: its answer in the report's words, and whether it is still that of the study."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from adenoscope.core.edit import Field
from adenoscope.core.result import SessionResult
from adenoscope.core.study import Session, Study
from adenoscope.io.pieces import PARTS, PIECES, TRACES, read_latest_piece
from adenoscope.io.results import RESULTS
from adenoscope.report.session_words import facts_words, session_words
from adenoscope.report.words import setting, treatment
from adenoscope.web.findings.document import Piece, RecordingEntry, Recordings
from adenoscope.web.findings.read import MOST_RESULTS, Form, read_part
from adenoscope.web.folder import StudyPlace
from adenoscope.web.security.inside import read_inside, refuse_outside
from adenoscope.web.site import Site

Json = dict[str, Any]
State = Literal["estimated", "caution", "refused", "excluded", "none"]


def latest(site: Site, place: StudyPlace, session: Session) -> SessionResult | None:
    """Return the session's last answer, if there is one, whole, and all of it lies in the folder that is served."""
    name = session.session
    refuse_outside(site.folder, *(place.results / folder / f"{name}.parquet" for folder in (TRACES, PARTS)))
    document = _read(site, place.results / PIECES / f"{name}.json", Piece)
    try:
        return None if document is None else read_latest_piece(place.results, session)
    except (ValueError, KeyError, TypeError, BufferError):  # its arrays are none of ours
        return None


def session_states(site: Site, place: StudyPlace, study: Study) -> dict[str, State]:
    """Return the state of every session, by name, as results.json has it."""
    document = _read(site, place.results / RESULTS, Recordings)
    entries = [] if document is None else document.recordings
    states: dict[str, State] = dict.fromkeys((session.session for session in study.sessions), "none")
    states |= {entry.session: _state_of(entry) for entry in entries}
    states |= {session.session: "excluded" for session in study.sessions if session.exclude}
    return states


def answer_json(session: Session, item: SessionResult | None) -> Json:
    """Return everything that is said of a session beside its traces."""
    said: Json = {
        "session": session.session,
        "animal": session.animal,
        "treatment": treatment(session),
        "setting": setting(session),
        "sex": session.sex,
        "onsets_s": list(session.onsets_s),
        "handling_s": None if session.handling_s is None else list(session.handling_s),
        "exclude": session.exclude,
        "state": "excluded" if session.exclude else "none",
        "changed": [],
    }
    if item is None:
        return said
    response, adenosine, words = item.response, item.adenosine, session_words(item)
    return said | {
        "state": "excluded" if session.exclude else response.status,
        "changed": changed(session, item),
        "refusal": (response.reason or "") if response.status == "refused" else "",
        "finding": words.finding,
        "cautions": list(response.cautions),
        "rows": [asdict(row) for row in words.rows],
        "control": {
            "verdict": response.control.verdict,
            "words": words.verdict,
            "leak": words.leak,
            "reason": response.control.reason,
        },
        "adenosine": {
            "identified": adenosine.identified,
            "nanomolar": words.nanomolar,
            "reason": adenosine.reason,
            "assumed": [list(row) for row in words.assumed],
        },
        "facts": facts_words(item),
    }


def changed(session: Session, item: SessionResult) -> list[Field]:
    """Return the fields that were edited since the session's last answer was computed."""
    now, then = session, item.session
    fields: tuple[tuple[Field, bool], ...] = (
        ("exclude", bool(now.exclude) != bool(then.exclude)),
        ("intervention_s", now.onsets_s != then.onsets_s),
        ("handling_s", now.handling_s != then.handling_s),
    )
    return [field for field, differs in fields if differs]


def _read(site: Site, path: Path, form: type[Form]) -> Form | None:
    try:
        return read_part(read_inside(path, site.folder, MOST_RESULTS), form)
    except FileNotFoundError:
        return None


def _state_of(entry: RecordingEntry) -> State:
    if entry.status != "estimated":
        return "refused"
    return "caution" if entry.cautions or entry.control.verdict != "usable" else "estimated"
