"""``adenoscope mechanism export``: a model in a file, or the calibration in a folder."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

from typer.testing import CliRunner

from adenoscope import __version__
from adenoscope.cli.app import app


def run(*arguments: str):
    return CliRunner().invoke(app, ["mechanism", "export", *arguments])


def test_a_file_is_the_model_as_before(tmp_path: Path) -> None:
    place = tmp_path / "human.xml"
    answer = run(str(place), "--species", "human")
    assert answer.exit_code == 0
    assert answer.stdout.strip() == str(place)
    assert place.read_text(encoding="utf-8").startswith("<?xml")


def test_the_calibration_is_a_folder_with_everything_in_it(tmp_path: Path) -> None:
    answer = run(str(tmp_path / "fit"), "--petab")
    assert answer.exit_code == 0
    assert "30 observations" in answer.stdout
    tables = {"parameters.tsv", "observables.tsv", "conditions.tsv", "measurements.tsv"}
    found = {path.name for path in (tmp_path / "fit").iterdir()}
    assert found == tables | {"calibration.yaml", "model.xml", "README.md"}
    said = (tmp_path / "fit" / "README.md").read_text(encoding="utf-8")
    observations = (files("adenoscope") / "values" / "observations.csv").read_bytes()
    assert f"adenoscope {__version__}" in said
    assert hashlib.sha256(observations).hexdigest() in said


def test_a_calibration_of_people_is_bad_usage(tmp_path: Path) -> None:
    answer = run(str(tmp_path / "fit"), "--petab", "--species", "human")
    assert answer.exit_code == 2
    assert not (tmp_path / "fit").exists()


def test_a_file_in_the_folders_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "fit").write_text("")
    answer = run(str(tmp_path / "fit"), "--petab")
    assert answer.exit_code == 1
    assert "is a file" in answer.output
