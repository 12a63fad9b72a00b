"""``adenoscope hypoxia``: from a design to a table; refused outside the envelope, with an override in sight."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from adenoscope.cli.app import app

MOUSE = """
species = "mouse"
subjects = 8
presets = ["mouse_5x300s_9"]
[schedule]
fio2 = [0.10, 0.11]
bout_s = [60, 75]
rest_s = 60
bouts = 3
"""
PERSON = """
species = "human"
subjects = 8
[schedule]
fio2 = 0.12
bout_s = 60
rest_s = 60
bouts = {bouts}
"""
OVERRIDE = """
[override]
limits = ["BOUTS_MAX_PER_DAY"]
reason = "<b>approved</b> as a dose-finding study, board 12"
by = "A. Name"
"""


def run(tmp_path, text):
    (tmp_path / "design.toml").write_text(text, encoding="utf-8")
    return CliRunner().invoke(app, ["hypoxia", str(tmp_path / "design.toml"), "--out", str(tmp_path / "out")])


def test_a_design_in_mice_becomes_a_page_tables_and_a_protocol(tmp_path):
    done = run(tmp_path, MOUSE)
    assert done.exit_code == 0, done.output
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count("The numbers of this figure") == page.count("<svg ") >= 3
    assert "virtual mice" in page
    answer = json.loads((tmp_path / "out" / "hypoxia.json").read_text(encoding="utf-8"))
    assert answer["recommended"]["schedule"]["bouts"] == 3
    header = (tmp_path / "out" / "session.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header.startswith("schedule,time_s,inspired_fio2,inspired_fio2_low")


@pytest.mark.parametrize("bouts", [16, 40])
def test_a_schedule_outside_the_envelope_exits_3_names_the_limit_and_writes_nothing(tmp_path, bouts):
    done = run(tmp_path, PERSON.format(bouts=bouts))
    assert done.exit_code == 3
    assert "BOUTS_MAX_PER_DAY" in done.stderr
    assert f"{bouts - 15} more" in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_override_is_printed_on_the_page_its_sheets_and_the_protocol_as_text(tmp_path):
    done = run(tmp_path, PERSON.format(bouts=16) + OVERRIDE)
    assert done.exit_code == 0, done.stderr
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "OVERRIDE of the safety envelope: BOUTS_MAX_PER_DAY let pass by A. Name" in page.split('class="band"')[1]
    assert "OVERRIDE" in page.split("@top-center")[1]
    assert "<b>approved" not in page
    assert "No recording of adenosine in people exists" in page
    assert "LET PASS" in page
    assert "OVERRIDE" in (tmp_path / "out" / "protocol.txt").read_text(encoding="utf-8")
    assert "OVERRIDE" in done.stdout


def test_a_wrong_design_exits_1_with_every_problem(tmp_path):
    done = run(tmp_path, 'species = "dog"\n[schedule]\nfio2 = 9\nbout_s = 60\nrest_s = 60\nbouts = 3\n')
    assert done.exit_code == 1
    assert "2 problems" in done.stderr
