"""compounds.csv as a table of assays: a row for each compound, assay and dose.

What belongs to a compound (structure, source, constants) stands in one of its rows at least; where it stands in
several they agree. What belongs to an assay (role, direction, unit) agrees wherever the assay is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from adenoscope.core.assay_panel import Arm, Assay
from adenoscope.core.errors import Problem
from adenoscope.io.assay_agreement import conflicts, of_compound
from adenoscope.io.compounds import LIMITS, within_limits
from adenoscope.io.dose_units import UNITS, plain_unit
from adenoscope.io.nearest import did_you_mean
from adenoscope.io.table import Columns, Row, read_rows

ROLES: dict[str, Arm] = {"effect": "effect", "side_effect": "side_effect"}
DIRECTIONS = {"up": True, "down": False, "": None}
OF_COMPOUND = ("smiles", "source", "series", "like", "mitochondria_source", "nmdar_source")
OF_DOSE = ("assay", "role", "dose", "dose_unit", "mean", "sd", "n", "assay_source")
COLUMNS = Columns(
    required=("compound", "smiles", "source", *OF_DOSE),
    optional=("direction", "unit", "series", "like", *LIMITS, "mitochondria_source", "nmdar_source"),
    similar=0.8,
)
FEWEST = 2  # animals, for a standard deviation


@dataclass(frozen=True)
class AssayDose:
    """A group of animals at one dose; ``sd`` is that between animals. ``row`` is where it stands."""

    row: int
    assay: str
    dose: float
    unit: str
    mean: float
    sd: float
    n: int
    source: str


@dataclass(frozen=True)
class Candidate:
    """A compound of the table: its texts (empty where not given), its constants, and its doses in file order."""

    name: str
    row: int
    smiles: str
    smiles_row: int
    source: str
    series: str
    like: str
    sources: tuple[tuple[str, str], ...]
    constants: tuple[tuple[str, float], ...]
    doses: tuple[AssayDose, ...]

    def constant(self, name: str) -> float | None:
        return dict(self.constants).get(name)


@dataclass(frozen=True)
class AssayTable:
    """The assays by name, and the compounds in file order."""

    file: str
    assays: tuple[Assay, ...]
    candidates: tuple[Candidate, ...]


def survey_assay_table(path: Path, problems: list[Problem]) -> AssayTable:
    """Return the compounds and assays of a table, adding to ``problems`` all that is wrong with it."""
    if not path.exists():
        problems.append(Problem(str(path), "no such file", "a table of compounds and assays", "check the path"))
        return AssayTable(path.name, (), ())
    rows = read_rows(path, path.name, COLUMNS, problems)
    doses = {row.number: dose for row in rows if (dose := _dose(row)) is not None}
    table = AssayTable(path.name, _assays(rows), _candidates(rows, doses))
    problems += conflicts(rows, OF_COMPOUND, tuple(LIMITS), table.assays)
    return table


def _dose(row: Row) -> AssayDose | None:
    """Return what a row tells of an assay; None where it tells nothing, or after a complaint."""
    if not any(row.text(column) for column in OF_DOSE):
        return None
    before = len(row.problems)
    texts = {column: row.required_text(column) for column in ("assay", "role", "assay_source")}
    _one_of(row, "role", texts["role"], ROLES)
    _one_of(row, "direction", row.text("direction"), DIRECTIONS)
    dose, unit = _amount(row)
    mean, sd, n = row.required_figure("mean"), row.required_figure("sd"), row.required_figure("n")
    if sd is not None and sd < 0:
        row.complain("sd", f"found {row.text('sd')}", "0 or above", "write the standard deviation between animals")
    if n is not None and (n < FEWEST or not n.is_integer()):
        remedy = "write the number of animals; a single animal has no standard deviation, so leave its row out"
        row.complain("n", f"found {row.text('n')}", f"a whole number from {FEWEST}", remedy)
    if len(row.problems) > before or dose is None or mean is None or sd is None or n is None:
        return None
    return AssayDose(row.number, texts["assay"], dose, unit, mean, sd, int(n), texts["assay_source"])


def _amount(row: Row) -> tuple[float | None, str]:
    dose, unit = row.required_figure("dose"), plain_unit(row.text("dose_unit"))
    if dose is not None and dose < 0:
        row.complain("dose", f"found {row.text('dose')}", "0 or above", "write vehicle as a dose of 0")
    if not unit and dose != 0:
        row.required_text("dose_unit")
    elif unit:
        _one_of(row, "dose_unit", unit, UNITS, "convert the dose")
    return dose, unit


def _one_of(row: Row, column: str, text: str, allowed: Iterable[str], remedy: str = "") -> None:
    words = [word for word in allowed if word]
    if text and text not in words:
        fallback = remedy or "write one of them"
        row.complain(column, f'found "{text}"', f"one of {', '.join(words)}", did_you_mean(text, words) or fallback)


def _assays(rows: Sequence[Row]) -> tuple[Assay, ...]:
    """Return each assay as the first row that names it with a role has it."""
    found: dict[str, Assay] = {}
    for row in rows:
        name, arm = row.text("assay"), ROLES.get(row.text("role"))
        if name and arm is not None:
            rises, unit = DIRECTIONS.get(row.text("direction")), row.text("unit")
            known = found.setdefault(name, Assay(name, arm, unit, rises))
            if (not known.unit and unit) or (known.rises is None and rises is not None):
                found[name] = Assay(
                    name, known.arm, known.unit or unit, rises if known.rises is None else known.rises
                )
    return tuple(found.values())


def _candidates(rows: Sequence[Row], doses: dict[int, AssayDose]) -> tuple[Candidate, ...]:
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        name = row.required_text("compound")
        if name:
            by_name.setdefault(name, []).append(row)
    return tuple(_candidate(name, own, doses) for name, own in by_name.items())


def _candidate(name: str, rows: Sequence[Row], doses: dict[int, AssayDose]) -> Candidate:
    texts = {column: of_compound(rows, column) for column in OF_COMPOUND}
    filled = {column: next((row for row in rows if row.text(column)), rows[0]) for column in LIMITS}
    constants = {name: value for name, row in filled.items() if (value := within_limits(row, name)) is not None}
    return Candidate(
        name=name,
        row=rows[0].number,
        smiles=texts["smiles"][0],
        smiles_row=texts["smiles"][1],
        source=texts["source"][0],
        series=texts["series"][0],
        like=texts["like"][0],
        sources=tuple((column, texts[column][0]) for column in ("mitochondria_source", "nmdar_source")),
        constants=tuple(constants.items()),
        doses=tuple(doses[row.number] for row in rows if row.number in doses),
    )
