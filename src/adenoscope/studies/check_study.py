"""Is this study folder ready to run? Every problem at once, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from adenoscope.core.errors import InputError, Problem
from adenoscope.core.study import Session
from adenoscope.io.study import recording_path, survey_study
from adenoscope.studies.load_session import load_session
from adenoscope.studies.progress import Progress, ignore


def check_study(folder: Path, *, progress: Callable[[Progress], None] = ignore) -> list[Problem]:
    """Return every problem of a study folder, its recordings included; [] when it is ready to run."""
    try:
        survey = survey_study(folder)
    except InputError as error:
        return list(error.problems)
    study, problems = survey.study, list(survey.problems)

    def can_be_opened(session: Session) -> bool:
        named = bool(session.recording.parts and session.onsets_s)
        return named and not session.exclude and recording_path(study, session).exists()

    openable = [session for session in study.sessions if can_be_opened(session)]
    for done, session in enumerate(openable):
        progress(Progress("checking", done, len(openable), session.session))
        try:
            load_session(study, session)
        except InputError as error:
            problems.extend(error.problems)
    progress(Progress("checking", len(openable), len(openable), ""))
    return list(dict.fromkeys(problems))
