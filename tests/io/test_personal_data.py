"""Tables about real people are refused column by column, tables of virtual people are not."""

from __future__ import annotations

import pytest

from adenoscope.io.personal_data import personal_columns


@pytest.mark.parametrize(
    ("heading", "what"),
    [
        ("PatientName", "a name"),
        ("last_name", "a name"),
        ("姓名", "a name"),
        ("DOB", "a date of birth"),
        ("date of birth", "a date of birth"),
        ("Geburtsdatum", "a date of birth"),
        ("MRN", "a record number"),
        ("patient_id", "a record number"),
        ("住院号", "a record number"),
        ("E-mail", "an e-mail address"),
        ("mobile phone", "a telephone number"),
        ("NHS number", "a national identity"),
        ("身份证号", "a national identity"),
        ("home address", "an address"),
        ("zip_code", "an address"),
    ],
)
def test_a_heading_that_names_a_person_is_refused(heading: str, what: str) -> None:
    (problem,) = personal_columns({"age": ["41", "52"], heading: ["1", "2"]}, "people.csv")
    assert problem.column == heading
    assert what in problem.found


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("ada@example.org", "an e-mail address"),
        ("1971-03-09", "a calendar date"),
        ("09/03/1971", "a calendar date"),
        ("9 Mar 1971", "a calendar date"),
        ("078-05-1120", "a national identity"),
        ("11010519491231002X", "a national identity"),
        ("943 476 5919", "a national identity"),
        ("+44 20 7946 0958", "a telephone number"),
        ("H-00123456", "a record number"),
        ("12 Rowan Street", "an address"),
        ("SW1A 1AA", "an address"),
        ("Ada Lovelace", "names"),
        ("Ada King Lovelace", "names"),
        ("Lovelace, A.", "names"),
        ("J. O'Brien", "names"),
        ("Ludwig van der Berg", "names"),
        ("Anna-Maria McDonald", "names"),
        ("Åsa Öberg", "names"),
        ("March 9, 1971", "a calendar date"),
        ("03/1971", "a calendar date"),
        ("555-010-4477", "a telephone number"),
        ("07700 900123", "a telephone number"),
        ("李明", "names"),
    ],
)
def test_a_column_is_refused_by_its_cells_whatever_its_heading(cell: str, what: str) -> None:
    (problem,) = personal_columns({"x1": [cell, "", cell], "weight_kg": ["70", "81.5", "64"]}, "people.csv")
    assert problem.column == "x1"
    assert what in problem.found


def test_one_such_cell_among_many_is_enough() -> None:
    assert personal_columns({"note": ["ok"] * 99 + ["ada@example.org"]}, "people.csv")


def test_virtual_people_pass() -> None:
    table = {
        "subject": ["0", "1", "2"],
        "age_y": ["41.2", "52", "33"],
        "sex": ["female", "male", "female"],
        "weight_kg": ["70.123456789", "81.5", "64"],
        "caffeine_mg_day": ["0", "212.5", "400"],
        "baseline_madrs": ["31", "28", "34"],
        "adora2a": ["CT", "TT", "CC"],
        "treatment_resistant": ["1", "0", "1"],
        "haemoglobin_g_l": ["134", "151", "140"],
        "aa_difference_mmhg": ["10.1985", "9.2011", "12.5"],
    }
    assert personal_columns(table, "people.csv") == []
