"""animals.csv: which recording, or which subject in it, is which animal, and what was done to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adenoscope.core.errors import Problem
from adenoscope.core.study import Behaviour
from adenoscope.io.sessions import dose, sex
from adenoscope.io.study import mixed_units, spellings
from adenoscope.io.table import Columns, Row, read_rows

COLUMNS = Columns(
    required=("recording", "animal", "treatment"),
    optional=(
        *("subject", "start_s", "dose", "dose_unit", "genotype", "condition", "pretreatment"),
        *("time_h", "sex", "cohort", "exclude"),
    ),
)


@dataclass(frozen=True)
class Assignment:
    """A row: ``subject`` in ``recording`` is the animal of ``behaviour``, whose assay and value are still open.

    ``start_s`` [s] is when the test began on the recording's clock; ``exclude`` holds a reason.
    """

    file: str
    number: int
    recording: str
    subject: str
    start_s: float
    exclude: str
    behaviour: Behaviour

    def problem(self, column: str, found: str, allowed: str, remedy: str) -> Problem:
        return Problem(self.file, found, allowed, remedy, self.number, column)


def read_animals(path: Path, file: str, problems: list[Problem]) -> list[Assignment]:
    """Return every row of the table, adding to ``problems`` what is wrong in a row or between rows."""
    if not path.exists():
        allowed = f"a table with at least {', '.join(COLUMNS.required)}"
        problems.append(Problem(file, "not found", allowed, "write it beside the scoring document"))
        return []
    rows = [_assignment(row) for row in read_rows(path, file, COLUMNS, problems)]
    labelled = [(row.number, row.behaviour) for row in rows]
    problems.extend(mixed_units(file, labelled))
    problems.extend(spellings(file, labelled))
    problems.extend(_repeated(rows))
    return rows


def _assignment(row: Row) -> Assignment:
    return Assignment(
        file=row.file,
        number=row.number,
        recording=row.required_text("recording").replace("\\", "/"),
        subject=row.text("subject"),
        start_s=row.figure("start_s") or 0.0,
        exclude=row.text("exclude"),
        behaviour=Behaviour(
            animal=row.required_text("animal"),
            assay="",
            value=0.0,
            unit="",
            treatment=row.required_text("treatment"),
            dose=dose(row, "dose", "dose_unit"),
            dose_unit=row.text("dose_unit"),
            genotype=row.text("genotype", "WT"),
            condition=row.text("condition"),
            pretreatment=row.text("pretreatment"),
            time_h=row.figure("time_h"),
            sex=sex(row),
            cohort=row.text("cohort"),
        ),
    )


def _repeated(rows: Sequence[Assignment]) -> Sequence[Problem]:
    """Return each row that assigns what an earlier one has assigned already."""
    first: dict[tuple[str, str], Assignment] = {}
    problems: list[Problem] = []
    for row in rows:
        # Without a subject the animal's own name is looked for in the recording.
        earlier = first.setdefault((row.recording, row.subject or row.behaviour.animal), row)
        if earlier is not row and row.recording:
            found = f"the same recording and subject as row {earlier.number}"
            remedy = "delete one, or write in the column subject which is which"
            problems.append(row.problem("recording", found, "each recorded animal once", remedy))
    return problems
