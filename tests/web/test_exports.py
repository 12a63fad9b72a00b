"""Files that a reader takes away have names and contents that every system takes."""

from __future__ import annotations

import numpy as np

from adenoscope.web.exports import command, download, file_name, table


def test_a_name_holds_what_every_system_allows_and_says_that_data_are_simulated() -> None:
    assert file_name("csv", "ketamine study", "m1/../x") == "ketamine-study_m1-..-x.csv"
    assert file_name("svg", "", "  ") == "adenoscope.svg"
    assert len(file_name("png", "a" * 500)) < 130
    said = download("a", "csv", "氯胺酮", "m1", synthetic=True).headers["content-disposition"]
    assert 'filename="simulated_____m1.csv"' in said
    assert "filename*=UTF-8''simulated_%E6%B0%AF%E8%83%BA%E9%85%AE_m1.csv" in said


def test_a_table_keeps_numbers_leaves_lost_ones_empty_and_defuses_formulas() -> None:
    text = table({"time_s": np.array([0.0, 0.1]), "dff": [np.nan, 1 / 3], "note": ["=1+1", None]})
    assert text == "time_s,dff,note\n0,,'=1+1\n0.1,0.333333333,\n"


def test_a_command_is_quoted_for_a_shell() -> None:
    assert command("run", "my study") == "adenoscope run 'my study'"
