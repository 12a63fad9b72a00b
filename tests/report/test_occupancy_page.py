"""The page of an answer about occupancy: both constants, every figure with its numbers, the evidence, no advice."""

from __future__ import annotations

from pathlib import Path

import pytest

from adenoscope.report.answer_page import render_answer
from adenoscope.report.occupancy_page import occupancy_page
from adenoscope.studies.occupancy.answer import OccupancyAnswer, occupancy_over_time

COFFEE = """\
species = "human"
duration_h = 12
subjects = 16
groups = ["reference", "smoker"]
[[give]]
compound = "caffeine"
dose = 200
unit = "mg"
route = "oral"
[[challenge.give]]
at_h = 1
compound = "ketamine"
dose = 0.5
unit = "mg/kg"
route = "iv"
duration_s = 2400
"""
MOUSE = """\
species = "mouse"
duration_h = 2
subjects = 16
[[give]]
compound = "ZM241385"
dose = 1
unit = "mg/kg"
route = "ip"
[[give]]
compound = "dipyridamole"
dose = 1
unit = "µg"
route = "icv"
"""


def answer(folder: Path, text: str) -> OccupancyAnswer:
    path = folder / "design.toml"
    path.write_text(text, encoding="utf-8")
    return occupancy_over_time(path)


@pytest.fixture(scope="module")
def coffee(tmp_path_factory: pytest.TempPathFactory) -> OccupancyAnswer:
    return answer(tmp_path_factory.mktemp("coffee"), COFFEE)


def test_every_figure_has_its_numbers_and_both_constants_are_on_it(coffee: OccupancyAnswer) -> None:
    text = render_answer(occupancy_page(coffee))
    assert text.count("<svg") == text.count("The numbers of this figure") == 4
    assert "A1, in-vitro constants" in text
    assert "A1, in-vivo (PET) constants" in text


def test_constants_groups_equations_and_evidence_are_printed(coffee: OccupancyAnswer) -> None:
    text = render_answer(occupancy_page(coffee))
    for words in ("12 µM (10 to 50)", "13 mg/L (9 to 19)", "Not verified.", "Parsons and Neims", "Cheng and Prusoff",
                  "lengthen seizures", "not verified: their sources were not read", "Research use only"):  # fmt: skip
        assert words in text


def test_the_same_answer_gives_the_same_bytes(coffee: OccupancyAnswer) -> None:
    assert render_answer(occupancy_page(coffee)) == render_answer(occupancy_page(coffee))


def test_where_no_pet_constant_is_known_the_page_says_so(tmp_path: Path) -> None:
    text = render_answer(occupancy_page(answer(tmp_path, MOUSE)))
    assert "none found" in text
    assert "no PET constant was found" in text
    assert "ENT1, in-vitro constants" in text
    assert "ZM241385 and dipyridamole" in text
