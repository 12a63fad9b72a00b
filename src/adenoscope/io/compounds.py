"""compounds.csv: compounds that the library lacks, by what differs from a compound of the library.

Beside a protocol it is read; in a study folder it is only looked over. Columns that are not known here, structures
and assay data, belong to other questions that the same file serves: a compound with assays stands in a row for each
dose of each (``io.assay_table``), and is one compound all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from adenoscope.core.errors import Problem
from adenoscope.core.protocol import OwnCompound
from adenoscope.io.nearest import nearest
from adenoscope.io.table import Columns, Row, read_rows

FILE = "compounds.csv"
ASSAY = "assay"  # the column that makes a row one of assay data
POTENCIES = ("mitochondria_ic50_um", "nmdar_ki_um", "a1_ki_um", "a2a_ki_um")
# Other receptors may stand in columns of their own: of names, only case is taken for a slip; see _other_units.
COLUMNS = Columns(required=("compound", "like", "source"), optional=("molar_mass", *POTENCIES), similar=1.0)
LIMITS = {
    "molar_mass": (20.0, 5000.0, "20 to 5000 g/mol", "write it in g/mol, of the free base"),
    **dict.fromkeys(
        POTENCIES, (1e-6, 1e6, "0.000001 to 1000000 µM", "write it in µM; leave it empty for as in `like`")
    ),
}
_UNIT = re.compile(r"_?([pnuµμm]?m|g_?(per_?)?mol|da)$")


@dataclass(frozen=True)
class CompoundRow:
    """A compound with its first row in the file; a cell that was wrong is None or empty.

    ``assayed``: its rows hold assay data, so it may be one of the library, and need not be like one of it.
    """

    number: int
    compound: OwnCompound
    assayed: bool = False


def read_compounds(folder: Path, problems: list[Problem]) -> list[CompoundRow]:
    """Return every compound of compounds.csv, adding to ``problems`` what is wrong with its form."""
    rows = read_rows(folder / FILE, FILE, COLUMNS, problems)
    problems.extend(_other_units(rows))
    assayed: dict[str, list[Row]] = {}
    for row in rows:
        if row.text(ASSAY):
            assayed.setdefault(row.text("compound"), []).append(row)
    plain = [CompoundRow(row.number, _compound(row)) for row in rows if row.text("compound") not in assayed]
    return sorted([*plain, *_assayed(rows, assayed)], key=lambda row: row.number)


def look_over_compounds(folder: Path, problems: list[Problem]) -> None:
    """Add to ``problems`` what keeps compounds.csv, if there is one, from being read as a table."""
    if (folder / FILE).exists():
        read_rows(folder / FILE, FILE, Columns(required=()), problems)


def _assayed(rows: Sequence[Row], assayed: Iterable[str]) -> Iterator[CompoundRow]:
    """Yield each compound with assays once; of the rows it stands in, the first that fills a cell counts."""
    for name in assayed:
        own = [row for row in rows if row.text("compound") == name]
        first = {
            column: next((row for row in own if row.text(column)), own[0]) for column in ("like", "source", *LIMITS)
        }
        numbers = {column: within_limits(first[column], column) for column in LIMITS}
        compound = OwnCompound(name, first["like"].text("like"), first["source"].text("source"), **numbers)
        yield CompoundRow(own[0].number, compound, assayed=True)


def _compound(row: Row) -> OwnCompound:
    return OwnCompound(
        name=row.required_text("compound"),
        like=row.required_text("like"),
        source=row.required_text("source"),
        **{column: within_limits(row, column) for column in LIMITS},
    )


def within_limits(row: Row, column: str) -> float | None:
    """Return a constant of a compound; None where it is empty, or after a complaint where it cannot be right."""
    value = row.figure(column)
    low, high, allowed, remedy = LIMITS[column]
    if value is None or low <= value <= high:
        return value
    row.complain(column, f"found {row.text(column)}", allowed, remedy)
    return None


def _other_units(rows: list[Row]) -> Iterator[Problem]:
    """Yield the columns that would be passed over for their unit, or for a letter, where the right one is absent."""
    header = tuple(rows[0].cells) if rows else ()
    absent = {_UNIT.sub("", name): name for name in COLUMNS.optional if name not in header}
    for column in header:
        folded = column.casefold()
        meant = None if folded in COLUMNS.known else nearest(_UNIT.sub("", folded), absent, similarity=0.9)
        if meant is not None:
            unit = "g/mol" if absent[meant] == "molar_mass" else "µM"
            remedy = f'write it in {unit} and head it "{absent[meant]}"'
            yield Problem(FILE, f'column "{column}"', f"one of {', '.join(COLUMNS.known)}", remedy, 1, column)
