"""The demonstration: valid, marked as simulated, the same bytes every time, and its verdicts are the truth."""

from __future__ import annotations

import csv
from hashlib import sha256

import pyarrow.parquet as pq
import pytest

from adenoscope.core.study import Behaviour
from adenoscope.io.study import read_study
from adenoscope.statistics.effects.readings import readings_of_behaviour
from adenoscope.statistics.verdicts.verdicts import verdicts
from adenoscope.studies.demo_behaviour import LEFT, behaviour_rows
from adenoscope.studies.demo_study import write_demo_study
from adenoscope.studies.run_study import run_study


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


def test_eight_animals_of_each_genotype_have_saline_and_ketamine_and_two_make_trouble(folder):
    sessions = read_study(folder).sessions
    given = {animal: {s.treatment for s in sessions if s.animal == animal} for animal in {s.animal for s in sessions}}
    assert sum(treatments == {"saline", "ketamine"} for treatments in given.values()) == 16
    assert [s.session for s in sessions if s.blank] == ["m18_ketamine"]
    assert {s.session for s in sessions if not s.control} == {"m18_ketamine", "m18_none"}


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


def test_every_verdict_of_the_demonstration_is_the_truth(folder, tmp_path):
    with (folder / "truth_of_verdicts.csv").open(encoding="utf-8") as file:
        truth = {(row["manipulation"], row["readout"]): row["verdict"] for row in csv.DictReader(file)}
    result = run_study(read_study(folder), tmp_path / "results", n_processes=1)
    assert {(verdict.manipulation, verdict.readout): verdict.finding for verdict in result.verdicts} == truth
    assert set(truth.values()) == {"necessary", "reduced", "not_necessary"}


def test_verdicts_on_behaviour_are_the_truth_for_most_other_throws_of_the_dice_and_hardly_ever_the_opposite(folder):
    study, right, opposite, n_cells = read_study(folder), 0, 0, 0
    for seed in range(12):
        rows = [tidy(row) for row in behaviour_rows(seed)]
        readings = tuple(readings_of_behaviour(rows))
        for verdict in verdicts(readings, study.necessity, dict(study.equivalence_margin), "saline"):
            if verdict.readout != "mean_dff":
                found = (verdict.finding, LEFT[verdict.manipulation, verdict.readout][1])
                n_cells, right = n_cells + 1, right + (found[0] == found[1])
                opposite += set(found) == {"necessary", "not_necessary"}
    assert n_cells == 72
    assert right / n_cells > 0.8
    assert opposite == 0


def tidy(row):
    text = {
        name: row[name] for name in ("animal", "assay", "unit", "treatment", "genotype", "condition", "sex", "cohort")
    }
    return Behaviour(value=float(row["value"]), time_h=float(row["time_h"]), **text)


def test_writing_again_gives_the_same_bytes(folder, tmp_path):
    write_demo_study(tmp_path)
    assert digests(tmp_path) == digests(folder)
