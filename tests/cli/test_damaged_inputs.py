"""Damaged studies: each is told what is wrong, where, what is allowed and what to do; nothing is written."""

from __future__ import annotations

# Python imports it at its first thread, which may come when the test has given up the rights to read it.
import concurrent.futures.thread  # noqa: F401
import os
import shutil
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import h5py
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from adenoscope.cli.app import app

Everything = Callable[[Path], dict[str, bytes]]
Damage = Callable[[Path], None]


def recording(study: Path) -> Path:
    return study / "recordings" / "s2.csv"


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def rewrite(path: Path, content: list[str]) -> None:
    path.write_text("\n".join(content) + "\n", encoding="utf-8")


def replaced(file: str, old: str, new: str) -> Damage:
    def damage(study: Path) -> None:
        path = study / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return damage


def in_recording(change: Callable[[list[str]], list[str]]) -> Damage:
    return lambda study: rewrite(recording(study), change(lines(recording(study))))


def named_otherwise(name: str, write: Callable[[Path], None]) -> Damage:
    """Return a damage that has session s2 name another file."""

    def damage(study: Path) -> None:
        recording(study).unlink()
        write(study / "recordings" / name)
        replaced("sessions.csv", "s2.csv", name)(study)

    return damage


def truncated_parquet(path: Path) -> None:
    pq.write_table(pa.table({"time_s": [0.0, 1.0], "signal": [1.0, 2.0]}), path)
    path.write_bytes(path.read_bytes()[:-20])


def hdf5_of_something_else(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["pixels"] = [1, 2, 3]


def directory_instead(study: Path) -> None:
    recording(study).unlink()
    recording(study).mkdir()


def backwards(table: list[str]) -> list[str]:
    return [*table[:500], table[100], *table[500:]]


DAMAGES: dict[str, tuple[str, Damage]] = {
    "an empty recording": ("s2.csv", lambda study: recording(study).write_bytes(b"")),
    "an empty table": ("sessions.csv", lambda study: (study / "sessions.csv").write_bytes(b"")),
    "semicolons in the table": ("sessions.csv", replaced("sessions.csv", ",", ";")),
    "semicolons in a recording": ("s2.csv", replaced("recordings/s2.csv", ",", ";")),
    "text in a number of the table": ("row 3", replaced("sessions.csv", "s2.csv,400", "s2.csv,noon")),
    "text in a number of a recording": (
        "s2.csv",
        in_recording(lambda table: [*table[:50], "24.5,high,low", *table[51:]]),
    ),
    "a signal of nothing but gaps": (
        "s2.csv",
        in_recording(lambda table: [table[0], *(f"{line.split(',')[0]},,5" for line in table[1:])]),
    ),
    "time that goes backwards": ("s2.csv", in_recording(backwards)),
    "a session that stands twice": ("row 3", replaced("sessions.csv", "s2,m1", "s1,m1")),
    "a missing recording": ("row 3", lambda study: recording(study).unlink()),
    "a recording outside the folder": ("row 3", replaced("sessions.csv", "s2.csv", "../s2.csv")),
    "an intervention after the end": ("session s2", replaced("sessions.csv", "s2.csv,400", "s2.csv,40000")),
    "an intervention without a baseline": ("session s2", replaced("sessions.csv", "s2.csv,400", "s2.csv,5")),
    "a truncated .ppd": ("s2.ppd", named_otherwise("s2.ppd", lambda path: path.write_bytes(b"\x10\x00{"))),
    "a truncated Parquet file": ("s2.parquet", named_otherwise("s2.parquet", truncated_parquet)),
    "columns with other names": ("s2.csv", in_recording(lambda table: ["a,b,c", *table[1:]])),
    "a control that is not there": ("s2.csv", replaced("sessions.csv", "mg/kg,control", "mg/kg,isos")),
    "mixed units": ("row 4", replaced("sessions.csv", "s3.csv,400,10,mg/kg", "s3.csv,400,10,g/kg")),
    "a directory for a recording": ("s2.csv", directory_instead),
    "an NWB file of no bytes": ("s2.nwb", named_otherwise("s2.nwb", Path.touch)),
    "HDF5 that is not NWB": ("s2.nwb", named_otherwise("s2.nwb", hdf5_of_something_else)),
    "an unknown sensor": ("study.toml", replaced("study.toml", "GRAB_Ado1.0", "GCaMP6f")),
    "a TOML that is not one": ("study.toml", replaced("study.toml", 'name = "', "name = ")),
    "a misspelt setting": ("study.toml", replaced("study.toml", "window_s", "windows")),
}


def assert_refused(study: Path, command: str, where: str) -> str:
    answer = CliRunner().invoke(app, [command, str(study)])
    assert isinstance(answer.exception, SystemExit), answer.exception
    assert answer.exit_code == 1, answer.output
    for word in (where, "allowed:", "remedy:", "nothing was written"):
        assert word in answer.stderr, answer.stderr
    assert "Traceback" not in answer.stderr
    assert str(study.parent) not in answer.stderr, "a path is given as the study gives it"
    return answer.stderr


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_explained_and_nothing_is_written(
    study: Path, everything: Everything, command: str, name: str
) -> None:
    where, damage = DAMAGES[name]
    damage(study)
    before = everything(study.parent)
    assert_refused(study, command, where)
    assert everything(study.parent) == before
    assert not (study.parent / "small-results").exists()


def test_the_problems_of_all_recordings_are_said_together(study: Path) -> None:
    recording(study).write_bytes(b"")
    (study / "recordings" / "s3.csv").write_text("time_s,signal\n0,1\n0,1\n")
    message = assert_refused(study, "run", "s2.csv")
    assert "s3.csv" in message
    assert message.startswith("2 problems")


@contextmanager
def as_nobody() -> Generator[None]:
    """Work without the administrator's right to read everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("file", ["sessions.csv", "recordings/s2.csv"])
@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are POSIX's")
def test_a_file_that_may_not_be_read_is_explained(study: Path, command: str, file: str) -> None:
    assert CliRunner().invoke(app, ["check", str(study)]).exit_code == 0  # imports what is imported late
    open_to_all = Path(tempfile.mkdtemp())
    try:
        open_to_all.chmod(0o777)
        copy = shutil.copytree(study, open_to_all / "small")
        (copy / file).chmod(0)
        with as_nobody():
            message = assert_refused(copy, command, file)
        assert "permission" in message
    finally:
        shutil.rmtree(open_to_all)


@pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are POSIX's")
def test_a_place_that_may_not_be_written_to_is_explained() -> None:
    locked = Path(tempfile.mkdtemp())
    try:
        locked.chmod(0o555)
        with as_nobody():
            answer = CliRunner().invoke(app, ["demo", "--out", str(locked / "deep")])
        assert answer.exit_code == 1
        assert "no permission to write" in answer.stderr
    finally:
        shutil.rmtree(locked)
