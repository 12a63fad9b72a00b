"""Tables of virtual people are read; those of real people are refused, and nothing of them is repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from adenoscope.core.errors import InputError
from adenoscope.io.virtual_people import read_virtual_people

KNOWN = ("age", "female", "caffeine_mg_per_day")


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    return path


def faults(tmp_path: Path, text: str) -> str:
    with pytest.raises(InputError) as caught:
        read_virtual_people(written(tmp_path, text), KNOWN)
    return "\n".join(map(str, caught.value.problems))


def test_covariates_are_read_by_name(tmp_path: Path) -> None:
    covariates = read_virtual_people(written(tmp_path, "subject,age,female\n0,41.5,1\n1,33,0\n"), KNOWN)
    assert {name: values.tolist() for name, values in covariates.items()} == {"age": [41.5, 33.0], "female": [1, 0]}


def test_a_table_of_real_people_is_refused_by_the_column_and_without_its_cells(tmp_path: Path) -> None:
    said = faults(tmp_path, "age,dob,female\n41,1980-01-02,1\n33,1991-05-06,0\n")
    assert "column dob: looks like a date of birth" in said
    assert "1980" not in said


@pytest.mark.parametrize("subjects", ["4711,0815", "1,3", "A1,A2", "2,1"])
def test_numbers_that_do_not_count_rows_could_be_a_persons_and_are_not_repeated(
    tmp_path: Path, subjects: str
) -> None:
    first, second = subjects.split(",")
    said = faults(tmp_path, f"subject,age\n{first},41\n{second},33\n")
    assert "column subject: no running number" in said
    assert "4711" not in said


def test_a_harmless_heading_does_not_hide_what_is_below_it(tmp_path: Path) -> None:
    assert "column age: looks like a calendar date" in faults(tmp_path, "age,female\n1980-01-02,1\n1991-05-06,0\n")


def test_everything_else_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    said = faults(tmp_path, "agee,female\n41,yes\n33,\n")
    assert 'did you mean "age"?' in said
    assert 'row 2, column female: found "yes"' in said
    assert "row 3, column female: found an empty cell" in said


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_virtual_people(tmp_path / "none.csv", KNOWN)
