"""What was edited by hand, as a report lists it: every change with its reason, also those that no longer hold."""

from __future__ import annotations

from dataclasses import dataclass

from adenoscope.core.edit import Edit, Field
from adenoscope.core.result import StudyResult
from adenoscope.report.numbers import GAP, count

FIELD_WORDS: dict[Field, str] = {
    "exclude": "exclusion",
    "intervention_s": "time of the intervention",
    "handling_s": "masked handling",
}


@dataclass(frozen=True)
class EditRow:
    """One edit in words; ``replaced`` where a later one of the same session and field holds instead."""

    at: str
    session: str
    field: str
    value: str
    reason: str
    replaced: bool


@dataclass(frozen=True)
class EditPage:
    """Every edit, the sessions that they are about, and how many those are."""

    sentence: str
    sessions: frozenset[str]
    rows: tuple[EditRow, ...]


def edit_page(result: StudyResult) -> EditPage | None:
    """Return what was edited by hand; None where nothing was."""
    edits = result.study.edits
    if not edits:
        return None
    last = {(edit.session, edit.field): edit for edit in edits}
    rows = tuple(_row(edit, replaced=last[edit.session, edit.field] is not edit) for edit in edits)
    touched = frozenset(edit.session for edit in edits)
    verb = "was" if len(touched) == 1 else "were"
    return EditPage(f"{count(len(touched), 'session')} {verb} edited by hand", touched, rows)


def _row(edit: Edit, *, replaced: bool) -> EditRow:
    moment = edit.at[:19].replace("T", " ")
    return EditRow(moment, edit.session, FIELD_WORDS[edit.field], _value(edit), edit.reason, replaced)


def _value(edit: Edit) -> str:
    if edit.field == "exclude":
        return f"excluded: {edit.value}" if edit.value else "included"
    if not edit.value:
        return "as in the study’s files"
    if edit.field == "intervention_s":
        return f"{edit.value.replace(';', '; ').replace('  ', ' ')}{GAP}s"
    start, end = edit.value.split()
    if float(start) == float(end):
        return "nothing masked"
    return f"{start} to {end}{GAP}s".replace("-", "−")
