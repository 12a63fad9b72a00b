"""sessions.csv: one row for each recording session."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath

from adenoscope.core.errors import Problem
from adenoscope.core.study import Session
from adenoscope.io.nearest import nearest
from adenoscope.io.table import Columns, Row, read_rows

FILE = "sessions.csv"
RECORDINGS = "recordings"
COLUMNS = Columns(
    required=("session", "animal", "treatment", "recording", "intervention_s"),
    optional=(
        *("dose", "dose_unit", "region", "genotype", "condition"),
        *("pretreatment", "pretreatment_dose", "pretreatment_unit"),
        *("sex", "cohort", "site", "signal", "control", "blank", "exclude"),
    ),
)
SEXES = {"f": "F", "female": "F", "m": "M", "male": "M"}
# Sessions name result files, so a name must be a file name on every system.
_NAME = re.compile(r"[\w][\w .+=@()-]{0,99}")


@dataclass(frozen=True)
class SessionRow:
    """A session with its row in the file; a cell that was wrong has its default."""

    number: int
    session: Session

    def problem(self, column: str, found: str, allowed: str, remedy: str) -> Problem:
        return Problem(FILE, found, allowed, remedy, self.number, column)


def read_sessions(folder: Path, problems: list[Problem]) -> list[SessionRow]:
    """Return every row of sessions.csv, adding to ``problems`` what is wrong in a row or between rows."""
    rows = [SessionRow(row.number, _session(row)) for row in read_rows(folder / FILE, FILE, COLUMNS, problems)]
    problems.extend(_repeated_names(rows))
    problems.extend(_missing_recordings(folder / RECORDINGS, rows))
    problems.extend(_wrong_blanks(rows))
    return rows


def _session(row: Row) -> Session:
    name = row.required_text("session")
    if name and not _NAME.fullmatch(name):
        allowed = "letters, digits, spaces and _ - . + = @ ( ), not starting with a mark: it names result files"
        row.complain("session", f'found "{name}"', allowed, "rename the session")
    return Session(
        session=name,
        animal=row.required_text("animal"),
        treatment=row.required_text("treatment"),
        recording=_recording(row),
        onsets_s=read_onsets(row, "intervention_s"),
        dose=dose(row, "dose", "dose_unit"),
        dose_unit=row.text("dose_unit"),
        region=row.text("region"),
        genotype=row.text("genotype", "WT"),
        condition=row.text("condition"),
        pretreatment=row.text("pretreatment"),
        pretreatment_dose=dose(row, "pretreatment_dose", "pretreatment_unit"),
        pretreatment_unit=row.text("pretreatment_unit"),
        sex=sex(row),
        cohort=row.text("cohort"),
        site=row.text("site"),
        signal=row.text("signal"),
        control=row.text("control"),
        blank=row.text("blank"),
        exclude=row.text("exclude"),
    )


def dose(row: Row, column: str, unit_column: str) -> float | None:
    """Return the dose of a row; it is not negative, and above zero it has a unit."""
    amount = row.figure(column)
    if amount is None:
        return None
    if amount < 0:
        row.complain(column, f"found {amount:g}", "0 or more", "write the dose that was given")
    if amount > 0 and not row.text(unit_column):
        remedy = "write the unit, for example mg/kg"
        row.complain(unit_column, f"a dose of {amount:g} without a unit", "a unit for every dose", remedy)
    return amount


def sex(row: Row) -> str:
    """Return "F", "M" or ""."""
    text = row.text("sex")
    if text and text.casefold() not in SEXES:
        row.complain("sex", f'found "{text}"', "F, M, female, male, or empty", "leave it empty if unknown")
    return SEXES.get(text.casefold(), "")


def _recording(row: Row) -> Path:
    text = row.required_text("recording")
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts or (text and not path.parts):
        remedy = "put the file into recordings/ and write its name alone"
        row.complain("recording", f'found "{text}"', "a path inside recordings/", remedy)
        return Path()
    return Path(path)


def read_onsets(row: Row, column: str) -> tuple[float, ...]:
    """Return the interventions [s], counted from the first sample; () after a complaint."""
    text = row.required_text(column)
    if not text:
        return ()
    parsed = [row.parse(column, part.strip()) for part in text.split(";")]
    onsets = [onset for onset in parsed if onset is not None]
    if len(onsets) < len(parsed):
        return ()
    if any(later <= earlier for earlier, later in pairwise(onsets)):
        row.complain(column, f'found "{text}"', "increasing times separated by ;", "put them in order")
        return ()
    if onsets[0] < 0:
        remedy = "count seconds from the first sample of the recording"
        row.complain(column, f"found {onsets[0]:g}", "0 or more", remedy)
        return ()
    return tuple(onsets)


def _repeated_names(rows: Sequence[SessionRow]) -> Iterator[Problem]:
    first: dict[str, SessionRow] = {}
    for row in rows:
        name = row.session.session
        # Two names that differ in case alone are one file on some systems.
        earlier = first.setdefault(name.casefold(), row)
        if name and earlier is not row:
            found = f'session "{name}" stands already in row {earlier.number}'
            yield row.problem("session", found, "each session once", "rename one, or delete the copy")


def _missing_recordings(folder: Path, rows: Sequence[SessionRow]) -> Iterator[Problem]:
    wanted = [row for row in rows if row.session.recording.parts and not row.session.exclude]
    absent = [row for row in wanted if not (folder / row.session.recording).exists()]
    if not absent:
        return
    present = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    repeats = Counter(row.session.recording for row in absent)
    for row in absent:
        name = row.session.recording.as_posix()
        if repeats.pop(row.session.recording, 0) == 0:
            continue  # said once, at the first row that names it
        meant = nearest(name, present)
        remedy = f'did you mean "{meant}"?' if meant else "put the file there, or exclude the session"
        yield row.problem("recording", f'no file "{name}"', f"a file in {RECORDINGS}/", remedy)


def _wrong_blanks(rows: Sequence[SessionRow]) -> Iterator[Problem]:
    by_name = {row.session.session: row.session for row in rows}
    for row in rows:
        name, animal = row.session.blank, row.session.animal
        if not name:
            continue
        blank = by_name.get(name)
        found = None
        if blank is None:
            found = f'no session "{name}"'
        elif blank is row.session:
            found = "the session names itself"
        elif blank.animal != animal:
            found = f'session "{name}" is of animal "{blank.animal}"'
        elif blank.exclude:
            found = f'session "{name}" is excluded'
        if found:
            remedy = "name a session of this animal without the drug, or leave the cell empty"
            yield row.problem("blank", found, f'a drug-free session of animal "{animal}"', remedy)
