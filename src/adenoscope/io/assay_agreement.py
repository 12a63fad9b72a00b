"""What rows of a table of assays must agree on: a compound's own cells, an assay's, and the unit of an arm."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from adenoscope.core.assay_panel import Assay
from adenoscope.core.errors import Problem
from adenoscope.io.dose_units import HOUSE, UNITS, basis, plain_unit
from adenoscope.io.table import Row

OF_ASSAY = ("role", "direction", "unit")
# What is none of these has been complained of already.
WORDS = {"role": ("effect", "side_effect"), "direction": ("up", "down"), "dose_unit": UNITS}


def of_compound(rows: Sequence[Row], column: str) -> tuple[str, int]:
    """Return the first cell of a column that is filled, and the row where it stands; "" where none is."""
    return next(((row.text(column), row.number) for row in rows if row.text(column)), ("", rows[0].number))


def conflicts(
    rows: Sequence[Row], texts: Sequence[str], numbers: Sequence[str], assays: Sequence[Assay]
) -> Iterator[Problem]:
    """Yield where rows of one compound, or of one assay, contradict one another."""
    yield from _spellings(rows, "compound")
    yield from _spellings(rows, "assay")
    for column in (*texts, *numbers):
        yield from _disagreements(rows, column, lambda row: row.text("compound"))
    for column in OF_ASSAY:
        yield from _disagreements(rows, column, lambda row: row.text("assay"))
    yield from _disagreements(rows, "dose_unit", lambda row: f"{row.text('compound')} in {row.text('assay')}")
    yield from _bases(rows)
    yield from _repeats(rows)
    yield from _idle(rows, assays)


def _spellings(rows: Sequence[Row], column: str) -> Iterator[Problem]:
    """Yield names that differ in case, blanks or hyphens alone."""
    first: dict[str, tuple[str, int]] = {}
    said: set[str] = set()
    for row in rows:
        name = row.text(column)
        plain = "".join(letter for letter in name.casefold() if letter.isalnum()) or name
        spelt, number = first.setdefault(plain, (name, row.number))
        if name and name != spelt and name not in said:
            said.add(name)
            found, allowed = f'found "{name}", where row {number} has "{spelt}"', "one spelling for each"
            yield _problem(row, column, found, allowed, "spell them alike, or give them names that differ in more")


def _disagreements(rows: Sequence[Row], column: str, whose: Callable[[Row], str]) -> Iterator[Problem]:
    first: dict[str, tuple[str, int]] = {}
    for row in rows:
        owner, text = whose(row), row.text(column)
        if column == "dose_unit":
            text = plain_unit(text)
        if not owner or not text or text not in WORDS.get(column, (text,)):
            continue
        before, number = first.setdefault(owner, (text, row.number))
        if text != before:
            remedy = (
                "convert the doses to one unit" if column == "dose_unit" else "correct one, or leave this one empty"
            )
            found = f'found "{text}", where row {number} has "{before}"'
            yield _problem(row, column, found, f"the same in every row of {owner}", remedy)


def _bases(rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield compounds whose arms are dosed in ways that no ratio can be taken of."""
    first: dict[str, tuple[str, int]] = {}
    for row in rows:
        name, unit = row.text("compound"), plain_unit(row.text("dose_unit"))
        if not name or unit not in UNITS:
            continue
        before, number = first.setdefault(name, (unit, row.number))
        if basis(unit) != basis(before):
            found = f'found "{unit}", where row {number} has "{before}"'
            allowed = f"doses per kg of body ({HOUSE['body']}, mg/kg), or concentrations ({HOUSE['concentration']})"
            remedy = "keep one kind: an index is a ratio of doses of the same kind"
            yield _problem(row, "dose_unit", found, allowed, remedy)


def _repeats(rows: Sequence[Row]) -> Iterator[Problem]:
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row.text(column) for column in ("compound", "assay", "dose", "dose_unit", "assay_source"))
        if not all((key[0], key[1], key[2])):
            continue
        number = first.setdefault(key, row.number)
        if number != row.number:
            found, allowed = (
                f"the same compound, assay, dose and source as row {number}",
                "each group of animals once",
            )
            yield _problem(row, "dose", found, allowed, "delete one, or name the two sources apart")


def _idle(rows: Sequence[Row], assays: Sequence[Assay]) -> Iterator[Problem]:
    """Yield assays that can tell nothing: every mean the same, or no spread anywhere."""
    for assay in assays:
        own = [row for row in rows if row.text("assay") == assay.name]
        means, spreads = ({row.text(column) for row in own} for column in ("mean", "sd"))
        if len(own) > 1 and len(means) == 1:
            found = f"{assay.name}: the same mean in all {len(own)} rows"
            yield _problem(
                own[0], "mean", found, "means that differ with dose", "check that the column was not filled down"
            )
        elif "sd" in own[0].cells and spreads <= {"0", "0.0", ""}:
            yield _problem(own[0], "sd", f"{assay.name}: no spread in any row", "some sd above 0", "write it in")


def _problem(row: Row, column: str, found: str, allowed: str, remedy: str) -> Problem:
    return Problem(row.file, found, allowed, remedy, row.number, column)
