"""The main job: from a study to every session's adenosine response, the group contrasts and results.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from adenoscope.core.errors import InputError, Problem
from adenoscope.core.provenance import software
from adenoscope.core.response import Adenosine, Control, Response
from adenoscope.core.result import InputFile, SessionResult, StudyResult
from adenoscope.core.study import Session, Study
from adenoscope.io.pieces import has_piece, read_piece, tidy
from adenoscope.io.results import RESULTS, write_results
from adenoscope.io.session_json import UNREAD
from adenoscope.studies.compare import compare
from adenoscope.studies.estimate_session import Desk
from adenoscope.studies.piece_keys import UNREADABLE, piece_keys, read_inputs
from adenoscope.studies.progress import Progress, ignore
from adenoscope.studies.workers import Mapper, processes_for, workers


def run_study(
    study: Study, out: Path, *, progress: Callable[[Progress], None] = ignore, n_processes: int | None = None
) -> StudyResult:
    """Return the result of a study, written piece by piece into ``out`` and at the end as ``results.json``.

    A piece that ``out`` already holds, computed from the same bytes, settings and software, is used again;
    so a run that was stopped goes on where it was, and ends with the same bytes.

    Raises:
        InputError: recordings are wrong; all their problems are listed, and nothing has been written.
    """
    _refuse_place(study, out)
    inputs = read_inputs(study)
    keys = piece_keys(study, inputs)
    included = [session for session in study.sessions if not session.exclude]
    missing = [session for session in included if not has_piece(out, session, keys[session.session])]
    if missing:
        n_bytes = sum(file.bytes for file in inputs)
        count = n_processes or processes_for(len(missing), n_bytes)
        with workers(count) as over:
            desk = Desk(study, out, keys, keeps=count == 1)
            _check(desk, missing, over, progress)
            _refuse_unreadable(inputs)
            _clear(out, study)
            _estimate(desk, missing, over, progress)
    else:
        _clear(out, study)
    progress(Progress("comparing", len(included), len(included), ""))
    sessions = tuple(_result(out, session, keys) for session in study.sessions)
    result = compare(StudyResult(study, software(), inputs, sessions))
    write_results(out, result)
    return result


def _refuse_place(study: Study, out: Path) -> None:
    """Raise where writing would mix results with what the laboratory recorded."""
    place, folder = out.resolve(), study.folder.resolve()
    allowed = "a folder of its own for the results"
    remedy = f"leave --out away, or give another folder such as {folder.name}-results"
    if place == folder or place.is_relative_to(folder / "recordings"):
        raise InputError(Problem(str(out), "the study's own folder", allowed, remedy))
    if place.exists() and not place.is_dir():
        raise InputError(Problem(str(out), "a file", allowed, remedy))


def _check(desk: Desk, sessions: list[Session], over: Mapper, progress: Callable[[Progress], None]) -> None:
    """Raise with the problems of all recordings before any of them is estimated."""
    problems: dict[str, tuple[Problem, ...]] = {}
    for done, (session, found) in enumerate(over(desk.check, sessions), start=1):
        problems[session.session] = found
        progress(Progress("checking", done, len(sessions), session.session))
    in_order = [problem for session in sessions for problem in problems[session.session]]
    if in_order:
        raise InputError(*dict.fromkeys(in_order))


def _refuse_unreadable(inputs: tuple[InputFile, ...]) -> None:
    unread = [file.path for file in inputs if file.sha256 == UNREADABLE]
    if unread:
        remedy = "allow reading it, and run again"
        raise InputError(*(Problem(path, "it cannot be read", "a readable file", remedy) for path in unread))


def _estimate(desk: Desk, sessions: list[Session], over: Mapper, progress: Callable[[Progress], None]) -> None:
    progress(Progress("estimating", 0, len(sessions), ""))
    for done, (session, _) in enumerate(over(desk.estimate, sessions), start=1):
        progress(Progress("estimating", done, len(sessions), session.session))


def _clear(out: Path, study: Study) -> None:
    """Remove what a stopped run left, and a results.json that the pieces are about to outdate."""
    (out / RESULTS).unlink(missing_ok=True)
    tidy(out, (session.session for session in study.sessions if not session.exclude))


def _result(out: Path, session: Session, keys: Mapping[str, str]) -> SessionResult:
    """Return a session's answer, always as read from its piece: a resumed run must not differ by a bit."""
    if session.exclude:
        return excluded(session)
    result = read_piece(out, session, keys[session.session])
    if result is None:
        raise RuntimeError(f"the piece of session {session.session} in {out} vanished during the run")
    return result


def excluded(session: Session) -> SessionResult:
    """Return the answer for a session that the laboratory took out; its recording is never opened."""
    reason = f"excluded: {session.exclude}"
    return SessionResult(
        session=session,
        facts=UNREAD,
        response=Response("refused", reason, Control("unusable", None, f"Not assessed, {reason}.")),
        adenosine=Adenosine(identified=False, reason=f"No response, {reason}.", nanomolar=None, assumed=()),
    )
