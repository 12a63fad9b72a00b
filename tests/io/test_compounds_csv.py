"""compounds.csv beside a protocol is read whole, and everything that is wrong with its form is said at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from adenoscope.core.errors import Problem
from adenoscope.core.protocol import OwnCompound
from adenoscope.io.compounds import FILE, look_over_compounds, read_compounds

HEADER = "compound,like,molar_mass,mitochondria_ic50_um,nmdar_ki_um,a1_ki_um,a2a_ki_um,smiles,source"
GOOD = "2F-DCK,deschloroketamine,221.28,,0.7,,,CNC1,from memory"


def read(folder: Path, *lines: str) -> tuple[list[OwnCompound], list[Problem]]:
    (folder / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    problems: list[Problem] = []
    return [row.compound for row in read_compounds(folder, problems)], problems


def test_a_row_is_what_differs_from_a_compound_of_the_library(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, HEADER, GOOD)
    assert problems == []
    assert rows == [OwnCompound("2F-DCK", "deschloroketamine", "from memory", molar_mass=221.28, nmdar_ki_um=0.7)]


def test_columns_that_serve_other_questions_are_allowed(tmp_path: Path) -> None:
    extra = "SMILES,a3_ki_um,a2b_ki_um,nmdar_ic50_um,nmdar_ki_source,locomotor"
    rows, problems = read(tmp_path, f"compound,like,source,{extra}", "X,ketamine,me,CNC1,1,2,3,Roth 2013,none")
    assert problems == []
    assert rows == [OwnCompound("X", "ketamine", "me")]


def test_all_that_is_wrong_with_cells_is_said_with_row_and_column(tmp_path: Path) -> None:
    _, problems = read(
        tmp_path,
        HEADER,
        "A,ketamine,0.2377,,,,,,me",
        "B,ketamine,,2600000,,,,,me",
        "C,ketamine,,,-1,,,,me",
        'D,ketamine,,,"0,7",,,,me',
        "E,ketamine,,,>10,,,,me",
        "F,ketamine,,,,,,,",
        ",ketamine,,,,,,,me",
        "H,,,,,,,,me",
    )
    assert [(problem.file, problem.row, problem.column) for problem in problems] == [
        *((FILE, 2, "molar_mass"), (FILE, 3, "mitochondria_ic50_um"), (FILE, 4, "nmdar_ki_um")),
        *((FILE, 5, "nmdar_ki_um"), (FILE, 6, "nmdar_ki_um"), (FILE, 7, "source")),
        *((FILE, 8, "compound"), (FILE, 9, "like")),
    ]
    assert problems[0].remedy == "write it in g/mol, of the free base"
    assert "write it in µM" in problems[1].remedy
    assert all(problem.found and problem.allowed and problem.remedy for problem in problems)


@pytest.mark.parametrize(
    ("column", "meant"),
    [
        ("nmdar_ki_nm", "nmdar_ki_um"),
        ("nmda_ki_um", "nmdar_ki_um"),
        ("mitochondria_ic50_nM", "mitochondria_ic50_um"),
        ("mitochondrial_ic50", "mitochondria_ic50_um"),
        ("a1_ki_µM", "a1_ki_um"),
        ("molar_mass_g_per_mol", "molar_mass"),
        ("A2A_Ki_uM", "a2a_ki_um"),
    ],
)
def test_a_column_that_would_be_passed_over_for_its_unit_is_said(tmp_path: Path, column: str, meant: str) -> None:
    _, (problem,) = read(tmp_path, f"compound,like,source,{column}", "X,ketamine,me,1")
    assert (problem.row, problem.column) == (1, column)
    assert f'"{meant}"' in problem.remedy


def test_the_same_constant_in_another_unit_may_stand_beside_it(tmp_path: Path) -> None:
    assert read(tmp_path, "compound,like,source,nmdar_ki_um,nmdar_ki_nm", "X,ketamine,me,0.7,700")[1] == []


def test_columns_that_are_required_are_missed(tmp_path: Path) -> None:
    _, problems = read(tmp_path, "compound,molar_mass", "X,240")
    assert [problem.column for problem in problems] == ["like", "source"]


def test_a_file_that_is_no_table_is_one_problem(tmp_path: Path) -> None:
    assert [problem.found for problem in read(tmp_path, HEADER.replace(",", ";"))[1]] == [
        "columns separated by semicolons"
    ]


def test_in_a_study_folder_it_only_has_to_be_a_table(tmp_path: Path) -> None:
    problems: list[Problem] = []
    look_over_compounds(tmp_path, problems)
    (tmp_path / FILE).write_text("name,SMILES\nketamine,CNC1\n", encoding="utf-8")
    look_over_compounds(tmp_path, problems)
    assert problems == []
