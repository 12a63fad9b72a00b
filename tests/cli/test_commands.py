"""The commands as a user has them: what they print, write and return."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adenoscope.cli.app import app

Everything = Callable[[Path], dict[str, bytes]]


def test_help_comes_at_once_and_shows_an_example(shell) -> None:
    started = time.perf_counter()
    answer = shell.run("--help")
    assert time.perf_counter() - started < 2.0  # 0.3 s on a quiet machine
    assert answer.returncode == 0
    for command in ("run", "check", "demo"):
        assert command in answer.stdout
        assert f"Example: adenoscope {command}" in shell.run(command, "--help").stdout


def test_bad_usage_is_2(shell) -> None:
    assert shell.run("run").returncode == 2
    assert shell.run("fly").returncode == 2


def test_check_says_that_nothing_is_wrong_and_writes_nothing(shell, study: Path, everything: Everything) -> None:
    before = everything(study.parent)
    answer = shell.run("check", study)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "nothing is wrong" in answer.stdout
    assert everything(study.parent) == before


def test_a_run_writes_its_results_beside_the_study_and_changes_nothing_in_it(
    shell, study: Path, everything: Everything
) -> None:
    before = everything(study)
    answer = shell.run("run", study)
    assert answer.returncode in {0, 3}, answer.stderr
    assert answer.stderr == ""  # no progress bar in a pipe
    assert everything(study) == before
    out = study.parent / "small-results"
    document = json.loads((out / "results.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert document["synthetic"] is True
    assert [recording["session"] for recording in document["recordings"]] == ["s1", "s2", "s3"]
    refused = [item for item in document["recordings"] if item["status"] == "refused"]
    assert answer.returncode == (3 if refused else 0)
    assert {item["path"] for item in document["inputs"]} == {
        *("study.toml", "sessions.csv"),
        *(f"recordings/s{n}.csv" for n in (1, 2, 3)),
    }
    assert (out / "report.html").stat().st_size > 1000
    assert str(study.parent) not in (out / "report.html").read_text(encoding="utf-8")


def test_the_same_study_elsewhere_gives_the_same_bytes(shell, study: Path, everything: Everything) -> None:
    moved = study.parent / "elsewhere" / "small"
    shell.run("run", study)
    moved.parent.mkdir()
    study.rename(moved)
    shell.run("run", moved)
    assert everything(moved.parent / "small-results") == everything(study.parent / "small-results")


def test_a_refused_session_is_3_and_an_excluded_one_is_not(shell, study: Path) -> None:
    table = study / "sessions.csv"
    rows = table.read_text(encoding="utf-8").splitlines()
    header, saline, ketamine, other = (f"{row}," for row in rows)
    short = ketamine.replace("s2.csv,400", "s2.csv,100")  # a baseline that the estimator refuses
    table.write_text(f"{header}exclude\n{saline}\n{short}\n{other}fibre broke\n", encoding="utf-8")
    answer = shell.run("run", study, "--no-report")
    assert answer.returncode == 3, answer.stderr
    assert "refused s2: only" in answer.stdout
    out = study.parent / "small-results"
    reasons = {
        item["session"]: (item["status"], item["reason"])
        for item in json.loads((out / "results.json").read_text(encoding="utf-8"))["recordings"]
    }
    assert reasons["s3"] == ("refused", "excluded: fibre broke")
    assert reasons["s1"] == ("estimated", None)
    assert not (out / "report.html").exists()
    table.write_text(f"{header}exclude\n{saline}\n{short}fibre broke too\n", encoding="utf-8")
    assert shell.run("run", study, "--no-report").returncode == 0
    assert not (out / "pieces" / "s2.json").exists()


@pytest.mark.parametrize("out", ["small", "small/recordings/deep", "small/study.toml"])
def test_results_are_never_put_among_the_study_s_own_files(study: Path, everything: Everything, out: str) -> None:
    before = everything(study.parent)
    answer = CliRunner().invoke(app, ["run", str(study), "--out", str(study.parent / out)])
    assert answer.exit_code == 1
    assert "remedy" in answer.stderr
    assert everything(study.parent) == before


def test_ctrl_c_says_how_to_go_on(shell, study: Path) -> None:
    out = study.parent / "small-results"
    with shell.start("run", study) as process:
        while not (out / "pieces").exists() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert err.startswith("Stopped.")
    assert "Traceback" not in err
    assert not (out / "results.json").exists()
