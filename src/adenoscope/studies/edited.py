"""A study as its ledger of edits leaves it; its own files are read, and never written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from adenoscope.core.edit import Edit
from adenoscope.core.errors import InputError, Problem
from adenoscope.core.study import Session, Study
from adenoscope.io import sessions
from adenoscope.io.edits import handling_of, onsets_of, read_edits
from adenoscope.io.nearest import did_you_mean
from adenoscope.io.study import missing_vehicle, read_study


def read_edited_study(folder: Path, ledger: Path | None) -> Study:
    """Return the study in ``folder`` as the edits in the file ``ledger`` leave it; None means no edits.

    Raises:
        InputError: the study, the ledger or what the two say together is wrong.
    """
    study = read_study(folder)
    return study if ledger is None else replace(edited_study(study, read_edits(ledger)), ledger=ledger)


def edited_study(study: Study, edits: tuple[Edit, ...]) -> Study:
    """Return a study with edits applied: the last of each session and field holds.

    Raises:
        InputError: an edit names no session, or what is left is no study that could be run.
    """
    names = [session.session for session in study.sessions]
    unknown = [_unknown(row, edit, names) for row, edit in enumerate(edits, start=2) if edit.session not in names]
    if unknown:
        raise InputError(*unknown)
    last = {(edit.session, edit.field): edit for edit in edits}
    changed = tuple(_edited(session, last) for session in study.sessions)
    edited = replace(study, sessions=changed, edits=(*study.edits, *edits))
    problems = (*_lost_blanks(edited), *missing_vehicle(edited))
    if edits and problems:
        raise InputError(*problems)
    return edited


def _edited(session: Session, last: dict[tuple[str, str], Edit]) -> Session:
    exclude = last.get((session.session, "exclude"))
    onsets = last.get((session.session, "intervention_s"))
    handling = last.get((session.session, "handling_s"))
    return replace(
        session,
        exclude=session.exclude if exclude is None else exclude.value,
        onsets_s=(onsets_of(onsets) if onsets else ()) or session.onsets_s,
        handling_s=handling_of(handling) if handling else session.handling_s,
    )


def _unknown(row: int, edit: Edit, names: list[str]) -> Problem:
    remedy = did_you_mean(edit.session, names) or "name a session of sessions.csv, or take the row out"
    found = f'no session "{edit.session}"'
    return Problem("the ledger of edits", found, "a session of the study", remedy, row, "session")


def _lost_blanks(study: Study) -> Iterator[Problem]:
    """Yield each session whose blank was excluded, which would leave it without."""
    left_out = {session.session for session in study.sessions if session.exclude}
    for session in study.sessions:
        if session.blank in left_out and not session.exclude:
            found = f'its blank, session "{session.blank}", is excluded'
            remedy = f'exclude session "{session.session}" first, or include its blank'
            allowed = "a blank that is included"
            yield Problem(f"{sessions.FILE}, session {session.session}", found, allowed, remedy)
