"""The demonstration study: valid, marked as simulated, and the same bytes every time."""

from __future__ import annotations

import csv
from hashlib import sha256

import pyarrow.parquet as pq
import pytest

from adenoscope.io.study import read_study
from adenoscope.photometry.demo import write_demo_study


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    write_demo_study(folder)
    return folder


def digests(folder):
    return {path.relative_to(folder): sha256(path.read_bytes()).digest() for path in folder.rglob("*.*")}


def test_the_study_is_valid_and_says_that_it_is_simulated(folder):
    study = read_study(folder)
    assert study.synthetic
    assert study.vehicle == "saline"


def test_six_animals_have_saline_and_ketamine_and_two_make_trouble(folder):
    sessions = read_study(folder).sessions
    given = {animal: {s.treatment for s in sessions if s.animal == animal} for animal in {s.animal for s in sessions}}
    assert sum(treatments == {"saline", "ketamine"} for treatments in given.values()) == 6
    assert [s.session for s in sessions if s.blank] == ["m8_ketamine"]
    assert {s.session for s in sessions if not s.control} == {"m8_ketamine", "m8_none"}


def test_recordings_are_small_plain_tables_that_hold_the_intervention(folder):
    for session in read_study(folder).sessions:
        path = folder / "recordings" / session.recording.name
        table = pq.read_table(path)
        assert path.stat().st_size < 400_000
        assert table.column_names[:2] == ["time_s", "signal"]
        assert ("control" in table.column_names) == bool(session.control)
        assert table["time_s"][0].as_py() < session.onsets_s[0] < table["time_s"][-1].as_py() - 1800


def test_the_truth_lies_beside_the_study_and_saline_does_nothing(folder):
    with (folder / "truth.csv").open(encoding="utf-8") as file:
        truth = {row["session"]: float(row["mean_dff"]) for row in csv.DictReader(file)}
    assert all((mean == 0) == ("saline" in session) for session, mean in truth.items())


def test_writing_again_gives_the_same_bytes(folder, tmp_path):
    write_demo_study(tmp_path)
    assert digests(tmp_path) == digests(folder)
