"""behaviour.csv: one row for each animal and assay."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from adenoscope.core.errors import Problem
from adenoscope.core.study import Behaviour
from adenoscope.io.sessions import dose, sex
from adenoscope.io.table import Columns, Row, read_rows

FILE = "behaviour.csv"
COLUMNS = Columns(
    required=("animal", "assay", "value", "unit", "treatment"),
    optional=(
        *("dose", "dose_unit", "genotype", "condition", "pretreatment"),
        *("time_h", "sex", "cohort"),
    ),
)


@dataclass(frozen=True)
class BehaviourRow:
    """A measurement with its row in the file; a cell that was wrong has its default."""

    number: int
    behaviour: Behaviour


def read_behaviour(folder: Path, problems: list[Problem]) -> list[BehaviourRow]:
    """Return every row of behaviour.csv, adding to ``problems`` what is wrong in a row or between rows."""
    rows = [BehaviourRow(row.number, _behaviour(row)) for row in read_rows(folder / FILE, FILE, COLUMNS, problems)]
    units: dict[str, tuple[str, int]] = {}
    for row in rows:
        assay, unit = row.behaviour.assay, row.behaviour.unit
        earlier, number = units.setdefault(assay, (unit, row.number))
        if unit and earlier and unit != earlier:
            found = f'mixed units: "{assay}" is in "{unit}" here and in "{earlier}" in row {number}'
            remedy = "convert the values to one unit"
            problems.append(Problem(FILE, found, "one unit for each assay", remedy, row.number, "unit"))
    return rows


def _behaviour(row: Row) -> Behaviour:
    value = row.required_figure("value")
    return Behaviour(
        animal=row.required_text("animal"),
        assay=row.required_text("assay"),
        value=0.0 if value is None else value,
        unit=row.required_text("unit"),
        treatment=row.required_text("treatment"),
        dose=dose(row, "dose", "dose_unit"),
        dose_unit=row.text("dose_unit"),
        genotype=row.text("genotype", "WT"),
        condition=row.text("condition"),
        pretreatment=row.text("pretreatment"),
        time_h=row.figure("time_h"),
        sex=sex(row),
        cohort=row.text("cohort"),
    )
