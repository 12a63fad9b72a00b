"""``adenoscope occupancy``: what it prints, writes and returns."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from adenoscope.cli.app import app

CAFFEINE = """\
species = "mouse"
duration_h = 3
subjects = 16
[[give]]
compound = "caffeine"
dose = 10
unit = "mg/kg"
route = "ip"
"""


def test_it_writes_its_files_and_says_what_came_out(tmp_path: Path) -> None:
    design = tmp_path / "coffee.toml"
    design.write_text(CAFFEINE, encoding="utf-8")
    answer = CliRunner().invoke(app, ["occupancy", str(design)])
    assert answer.exit_code == 0, answer.output
    assert "caffeine holds" in answer.stdout
    assert "unverified" in answer.stdout
    out = tmp_path / "coffee-results"
    assert {file.name for file in out.iterdir()} == {"occupancy.json", "occupancy.csv", "levels.csv", "report.html"}
    assert json.loads((out / "occupancy.json").read_text(encoding="utf-8"))["design"]["species"] == "mouse"
    assert str(tmp_path) not in (out / "report.html").read_text(encoding="utf-8")


def test_what_is_wrong_is_1_and_what_is_refused_is_3_and_neither_writes(tmp_path: Path) -> None:
    design = tmp_path / "coffee.toml"
    design.write_text(CAFFEINE.replace("caffeine", "coffee"), encoding="utf-8")
    wrong = CliRunner().invoke(app, ["occupancy", str(design)])
    assert wrong.exit_code == 1
    assert "`coffee`" in wrong.stderr
    bouts = "[[challenge.breathe]]\nat_h = 1\nfio2 = 0.09\nduration_s = 300\n"
    person = CAFFEINE.replace("mouse", "human").replace('"ip"', '"oral"')
    design.write_text(person + bouts, encoding="utf-8")
    refused = CliRunner().invoke(app, ["occupancy", str(design)])
    assert refused.exit_code == 3
    assert "at most 90 s" in refused.stderr
    assert not (tmp_path / "coffee-results").exists()
