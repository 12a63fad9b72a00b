"""Tables of assays: what rows must agree on, and everything that is wrong said at once, by row and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from adenoscope.core.assay_panel import Assay
from adenoscope.core.errors import Problem
from adenoscope.io.assay_table import AssayTable, survey_assay_table
from adenoscope.io.compounds import read_compounds
from adenoscope.io.dose_units import UNITS, basis, in_house_unit, plain_unit

HEADER = "compound,smiles,source,assay,role,direction,unit,dose,dose_unit,mean,sd,n,assay_source"
GOOD = (
    "A,CCN,a paper,FST,effect,down,s,0,,140,20,8,lab",
    "A,,,FST,effect,down,s,10,mg/kg,80,25,8,lab",
    "A,,,OF,side_effect,up,m,0,,30,9,8,lab",
    "A,,,OF,side_effect,,,10,mg/kg,70,12,8,lab",
)


def survey(folder: Path, *lines: str, header: str = HEADER) -> tuple[AssayTable, list[Problem]]:
    path = folder / "compounds.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    problems: list[Problem] = []
    return survey_assay_table(path, problems), problems


def test_a_compound_is_read_from_all_its_rows(tmp_path: Path) -> None:
    table, problems = survey(tmp_path, *GOOD)
    assert problems == []
    (candidate,) = table.candidates
    assert (candidate.name, candidate.smiles, candidate.source, candidate.row) == ("A", "CCN", "a paper", 2)
    assert [(dose.row, dose.assay, dose.dose, dose.unit, dose.n) for dose in candidate.doses] == [
        *((2, "FST", 0.0, "", 8), (3, "FST", 10.0, "mg/kg", 8)),
        *((4, "OF", 0.0, "", 8), (5, "OF", 10.0, "mg/kg", 8)),
    ]
    assert table.assays == (Assay("FST", "effect", "s", rises=False), Assay("OF", "side_effect", "m", rises=True))


def test_a_structure_may_stand_alone_and_lacks_its_data(tmp_path: Path) -> None:
    table, problems = survey(tmp_path, *GOOD, "B,CCO,a book,,,,,,,,,,")
    assert problems == []
    assert table.candidates[1].doses == ()


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("A,,,FST,effect,down,s,30,mg/kg,60,-2,8,lab", "sd", "found -2"),
        ("A,,,FST,effect,down,s,30,mg/kg,60,20,1,lab", "n", "found 1"),
        ("A,,,FST,effect,down,s,30,mg/kg,60,20,7.5,lab", "n", "found 7.5"),
        ("A,,,FST,effect,down,s,-30,mg/kg,60,20,8,lab", "dose", "found -30"),
        ("A,,,FST,effect,down,s,30,mg,60,20,8,lab", "dose_unit", 'found "mg"'),
        ("A,,,FST,effect,down,s,30,,60,20,8,lab", "dose_unit", "found an empty cell"),
        ("A,,,FST,effect,down,s,30,mg/kg,sixty,20,8,lab", "mean", 'found "sixty"'),
        ("A,,,FST,effect,down,s,30,mg/kg,60,20,1e400,lab", "n", 'found "1e400"'),
        ("A,,,FST,effect,down,s,30,mg/kg,,20,8,lab", "mean", "found an empty cell"),
        ("A,,,FST,effect,down,s,30,mg/kg,60,20,8,", "assay_source", "found an empty cell"),
        ("A,,,,effect,down,s,30,mg/kg,60,20,8,lab", "assay", "found an empty cell"),
        ("A,,,new,benefit,down,s,30,mg/kg,60,20,8,lab", "role", 'found "benefit"'),
        ("A,,,FST,side_effect,down,s,30,mg/kg,60,20,8,lab", "role", 'found "side_effect", where row 2'),
        ("A,,,FST,effect,up,s,30,mg/kg,60,20,8,lab", "direction", 'found "up", where row 2 has "down"'),
        ("A,,,FST,effect,sideways,s,30,mg/kg,60,20,8,lab", "direction", 'found "sideways"'),
        ("A,,,FST,effect,down,min,30,mg/kg,60,20,8,lab", "unit", 'found "min"'),
        ("A,,,FST,effect,down,s,30,µmol/kg,60,20,8,lab", "dose_unit", 'found "µmol/kg", where row 3'),
        ("A,,,EC,effect,down,s,30,µM,60,20,8,lab", "dose_unit", 'found "µM", where row 3 has "mg/kg"'),
        ("A,CCO,,FST,effect,down,s,30,mg/kg,60,20,8,lab", "smiles", 'found "CCO", where row 2 has "CCN"'),
        ("A,,another,FST,effect,down,s,30,mg/kg,60,20,8,lab", "source", 'found "another"'),
        ("A,,,FST,effect,down,s,10,mg/kg,60,20,8,lab", "dose", "the same compound, assay, dose and source as row 3"),
        ("a,,,FST,effect,down,s,30,mg/kg,60,20,8,lab", "compound", 'found "a", where row 2 has "A"'),
        ("A,,,F.S.T,effect,down,s,30,mg/kg,60,20,8,lab", "assay", 'found "F.S.T", where row 2 has "FST"'),
        (",,,FST,effect,down,s,30,mg/kg,60,20,8,lab", "compound", "found an empty cell"),
    ],
)
def test_a_row_that_is_wrong_is_said_with_its_column(tmp_path: Path, line: str, column: str, words: str) -> None:
    _, problems = survey(tmp_path, *GOOD, line)
    assert [(problem.row, problem.column) for problem in problems if words in problem.found] == [(6, column)], (
        problems
    )
    assert all(problem.allowed and problem.remedy for problem in problems)


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    _, problems = survey(tmp_path, *GOOD, "A,,,FST,effekt,down,s,x,mg,60,-1,0,lab")
    assert {problem.column for problem in problems} == {"role", "dose", "dose_unit", "sd", "n"}
    assert 'did you mean "effect"?' in [problem.remedy for problem in problems]


def test_a_column_of_standard_errors_is_no_column_of_standard_deviations(tmp_path: Path) -> None:
    _, problems = survey(tmp_path, *GOOD, header=HEADER.replace(",sd,", ",sem,"))
    assert [problem.column for problem in problems] == ["sd"]


def test_an_assay_that_was_filled_down_is_found(tmp_path: Path) -> None:
    _, problems = survey(tmp_path, *GOOD, *(f"B,CCO,b,EPM,effect,up,s,{dose},mg/kg,5,1,8,lab" for dose in (1, 3, 10)))
    assert ["the same mean in all 3 rows" in problem.found for problem in problems] == [True]


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert survey_assay_table(tmp_path / "none.csv", problems).candidates == ()
    assert [problem.found for problem in problems] == ["no such file"]


def test_the_same_file_serves_a_protocol(tmp_path: Path) -> None:
    header = f"{HEADER},like,nmdar_ki_um"
    survey(tmp_path, *(f"{line},{'ketamine' if not at else ''},{'' if at else 3}" for at, line in enumerate(GOOD)),
           header=header)  # fmt: skip
    problems: list[Problem] = []
    (row,) = read_compounds(tmp_path, problems)
    assert problems == []
    assert (row.compound.name, row.compound.like, row.compound.source) == ("A", "ketamine", "a paper")
    assert row.compound.nmdar_ki_um == 3.0
    assert row.assayed


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_of_doses_is_put_on_one_scale(unit: str) -> None:
    # 237.73 g/mol: 1 mg/kg is 4.2065 µmol/kg.
    expected = {"mg/kg": 4.20645, "g/kg": 4206.45, "µg/kg": 0.00420645, "ng/kg": 4.20645e-6} | {
        **{"mmol/kg": 1e3, "µmol/kg": 1.0, "nmol/kg": 1e-3},
        **{"M": 1e6, "mM": 1e3, "µM": 1.0, "nM": 1e-3, "pM": 1e-6},
    }
    assert in_house_unit(1.0, unit, 237.73) == pytest.approx(expected[unit], rel=1e-5)  # six digits are written
    assert basis(unit) == ("concentration" if unit.endswith("M") else "body")


@pytest.mark.parametrize(("spelt", "meant"), [("ug/kg", "µg/kg"), ("\u03bcmol/kg", "µmol/kg"), ("uM", "µM")])
def test_micro_is_micro_however_it_is_typed(spelt: str, meant: str) -> None:
    assert plain_unit(spelt) == meant
