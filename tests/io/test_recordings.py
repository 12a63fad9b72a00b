"""Damaged and implausible files: each message says what, where, what is allowed and what to do."""

import contextlib
import os
from pathlib import Path

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adenoscope.core.errors import InputError
from adenoscope.io.recordings import read_recording

N = 50


def rows(header="time_s,signal,control", n=N):
    return [header, *(f"{i / 10},{1 + i % 7 / 10},{2 + i % 5 / 10}" for i in range(n))]


def csv_file(tmp_path, lines):
    path = tmp_path / "m1.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def problem_of(path):
    with pytest.raises(InputError) as caught:
        read_recording(path)
    (problem,) = caught.value.problems
    assert problem.file == str(path)
    assert problem.found
    assert problem.allowed
    assert problem.remedy
    return problem


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "m1.csv"
    path.touch()
    assert problem_of(path).found == "the file is empty (0 bytes)"


def test_a_header_without_samples_is_refused(tmp_path):
    assert problem_of(csv_file(tmp_path, rows(n=0))).found == "0 sample(s)"


@pytest.mark.parametrize(("delimiter", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_a_wrong_delimiter_is_named(tmp_path, delimiter, word):
    lines = [line.replace(",", delimiter) for line in rows()]
    assert word in problem_of(csv_file(tmp_path, lines)).found


@pytest.mark.parametrize("row", [2, 3, 40])
@pytest.mark.parametrize("column", ["time_s", "signal", "control"])
def test_text_among_numbers_is_named_by_row_and_column(tmp_path, row, column):
    lines = rows()
    cells = lines[row - 1].split(",")
    cells[["time_s", "signal", "control"].index(column)] = "1.2V"
    lines[row - 1] = ",".join(cells)
    problem = problem_of(csv_file(tmp_path, lines))
    assert (problem.row, problem.column, problem.found) == (row, column, "'1.2V' is not a number")


def test_a_row_that_was_cut_off_is_named(tmp_path):
    problem = problem_of(csv_file(tmp_path, [*rows(), "5.0,1.1"]))
    assert problem.row == N + 2
    assert "2 cells where the header names 3" in problem.found


def test_time_that_goes_backwards_is_named_by_row(tmp_path):
    lines = rows()
    lines[20], lines[21] = lines[21], lines[20]
    problem = problem_of(csv_file(tmp_path, lines))
    assert (problem.row, problem.column) == (22, "time_s")
    assert problem.found == "time goes backwards, from 2 s to 1.9 s"


def test_a_repeated_time_is_named_by_row(tmp_path):
    lines = rows()
    lines.insert(11, lines[10])
    problem = problem_of(csv_file(tmp_path, lines))
    assert problem.row == 12
    assert "same as one sample before" in problem.found


def test_a_missing_time_is_named_by_row(tmp_path):
    lines = rows()
    lines[10] = ",1.0,2.0"
    problem = problem_of(csv_file(tmp_path, lines))
    assert (problem.row, problem.found) == (11, "the time is missing or not finite")


def test_in_parquet_the_first_sample_is_row_1(tmp_path):
    path = tmp_path / "m1.parquet"
    time_s = np.arange(N) / 10
    time_s[7] = time_s[6]
    pq.write_table(pa.table({"time_s": time_s, "signal": np.sin(time_s)}), path)
    assert problem_of(path).row == 8


@pytest.mark.parametrize("factor", [1000, 1_000_000])
def test_milliseconds_are_suspected(tmp_path, factor):
    path = tmp_path / "m1.parquet"
    time_s = factor * np.arange(N) / 10
    pq.write_table(pa.table({"time_s": time_s, "signal": np.sin(time_s)}), path)
    assert "is the time in ms?" in problem_of(path).found


def test_milliseconds_of_a_kilohertz_clock_are_suspected(tmp_path):
    path = tmp_path / "m1.parquet"
    time_s = np.arange(600_000.0)
    pq.write_table(pa.table({"time_s": time_s, "signal": np.sin(time_s)}), path)
    assert "167 h; is the time in ms?" in problem_of(path).found


def test_hours_are_suspected(tmp_path):
    path = tmp_path / "m1.parquet"
    time_s = np.arange(N) / 20 / 3600
    pq.write_table(pa.table({"time_s": time_s, "signal": np.sin(time_s)}), path)
    assert "minutes or hours" in problem_of(path).found


@pytest.mark.parametrize("name", ["Time", "time (s)", "Seconds", "times_s"])
def test_a_clock_of_another_name_is_suggested(tmp_path, name):
    problem = problem_of(csv_file(tmp_path, rows(f"{name},signal,control")))
    assert problem.row == 1
    assert f"rename '{name}' to 'time_s'" in problem.remedy


def test_a_repeated_column_name_is_refused(tmp_path):
    assert "signal" in problem_of(csv_file(tmp_path, rows("time_s,signal,signal"))).found


def test_a_column_of_text_in_parquet_is_refused(tmp_path):
    path = tmp_path / "m1.parquet"
    pq.write_table(pa.table({"time_s": np.arange(N) / 10, "signal": ["1.0"] * N}), path)
    problem = problem_of(path)
    assert (problem.column, problem.found) == ("signal", "the column holds string, not numbers")


@pytest.mark.parametrize("keep", [4, 100, -10])
def test_a_truncated_parquet_file_is_refused(tmp_path, keep):
    path = tmp_path / "m1.parquet"
    time_s = np.arange(N) / 10
    pq.write_table(pa.table({"time_s": time_s, "signal": np.sin(time_s)}), path)
    path.write_bytes(path.read_bytes()[:keep])
    assert "truncated" in problem_of(path).found


def test_a_parquet_file_damaged_in_the_middle_is_refused(tmp_path):
    path = tmp_path / "m1.parquet"
    time_s = np.random.default_rng(3).uniform(size=5000).cumsum()
    pq.write_table(pa.table({"time_s": time_s, "signal": np.sin(time_s)}), path)
    raw = path.read_bytes()
    path.write_bytes(raw[:4] + b"\xff" * 200 + raw[204:])
    assert "damaged" in problem_of(path).found


@pytest.mark.parametrize("suffix", [".nwb", ".doric"])
def test_hdf5_of_zero_bytes_is_refused(tmp_path, suffix):
    path = tmp_path / f"m1{suffix}"
    path.touch()
    assert problem_of(path).found == "the file is empty (0 bytes)"


@pytest.mark.parametrize("suffix", [".nwb", ".doric", ".h5"])
def test_a_file_that_only_pretends_to_be_hdf5_is_refused(tmp_path, suffix):
    path = tmp_path / f"m1{suffix}"
    path.write_bytes(b"\x89HDF\r\n\x1a\n and no more")
    assert "not HDF5, or is truncated" in problem_of(path).found


@pytest.mark.parametrize("suffix", [".doric", ".h5"])
def test_hdf5_that_is_neither_doric_nor_nwb_is_refused(tmp_path, suffix):
    path = tmp_path / f"m1{suffix}"
    with h5py.File(path, "w") as file:
        file["mouse/signal"] = np.arange(5.0)
    assert "neither Doric" in problem_of(path).found


def test_hdf5_that_only_bears_the_suffix_of_nwb_is_refused(tmp_path):
    path = tmp_path / "m1.nwb"
    with h5py.File(path, "w") as file:
        file["mouse/signal"] = np.arange(5.0)
    problem_of(path)


def test_a_directory_that_is_no_tank_is_refused(tmp_path):
    assert problem_of(tmp_path).found == "a directory where a recording should be"


def test_a_missing_file_is_refused_and_its_neighbour_suggested(tmp_path):
    csv_file(tmp_path, rows())
    problem = problem_of(tmp_path / "m1.cvs")
    assert problem.found == "there is no such file"
    assert problem.remedy == "did you mean m1.csv?"


def test_a_file_without_permission_is_refused(tmp_path, monkeypatch):
    path = csv_file(tmp_path, rows())
    if os.geteuid() == 0:  # permissions do not bind the superuser

        def refuse(self, *args, **kwargs):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
    else:
        path.chmod(0)
    assert problem_of(path).found == "the file cannot be read (Permission denied)"


def test_text_in_utf_16_is_refused(tmp_path):
    path = tmp_path / "m1.csv"
    path.write_text("\n".join(rows()), encoding="utf-16")
    assert "UTF-16" in problem_of(path).found


def test_a_file_of_no_known_format_is_refused(tmp_path):
    path = tmp_path / "m1.xlsx"
    path.write_bytes(b"PK\x03\x04")
    assert "'.xlsx'" in problem_of(path).found


def test_a_recording_without_a_single_finite_sample_is_refused(tmp_path):
    path = csv_file(tmp_path, ["time_s,signal", *(f"{i / 10}," for i in range(N))])
    problem = problem_of(path)
    assert (problem.column, problem.found) == ("signal", "every sample of the channel is missing (NaN)")


def test_a_recording_in_which_nothing_changes_is_refused(tmp_path):
    path = csv_file(tmp_path, ["time_s,signal,control", *(f"{i / 10},0,0" for i in range(N))])
    problem = problem_of(path)
    assert problem.found == "the channel is constant at 0"
    assert "is the fibre connected" in problem.remedy


def test_nothing_is_written_beside_a_damaged_file(tmp_path):
    path = csv_file(tmp_path, ["time_s;signal", "0;1"])
    problem_of(path)
    assert list(tmp_path.iterdir()) == [path]


def sound_files(tmp_path):
    time_s, light = np.arange(200) / 20, np.random.default_rng(5).normal(1, 0.1, 200)
    columns = {"time_s": time_s, "signal": light}
    pq.write_table(pa.table(columns), tmp_path / "m1.parquet")
    csv_file(tmp_path, ["time_s,signal", *(f"{t},{v}" for t, v in zip(time_s, light, strict=True))])
    with h5py.File(tmp_path / "m1.doric", "w") as file:
        group = file.create_group("DataAcquisition/FPConsole/Signals/Series0001/AIN01xAOUT01-LockIn")
        group.create_dataset("Time", data=time_s, compression="gzip")
        group.create_dataset("Values", data=light, compression="gzip")
    header = b'{"sampling_rate": 130, "volts_per_division": [1, 1], "version": 0.2, "mode": "2 colour continuous"}'
    words = np.random.default_rng(6).integers(1000, 60_000, 400).astype("<u2")
    (tmp_path / "m1.ppd").write_bytes(len(header).to_bytes(2, "little") + header + words.tobytes())


@pytest.mark.parametrize("name", ["m1.csv", "m1.parquet", "m1.doric", "m1.ppd"])
def test_random_damage_is_read_or_refused_and_never_a_traceback(tmp_path, name):
    sound_files(tmp_path)
    path = tmp_path / name
    sound = path.read_bytes()
    read_recording(path)
    rng = np.random.default_rng(7)
    for _ in range(150):
        damaged = bytearray(sound)
        for place in rng.integers(0, len(sound), rng.choice([1, 5, 50])):
            damaged[place] = rng.integers(256)
        path.write_bytes(damaged[: rng.choice([len(sound), rng.integers(1, len(sound))])])
        with contextlib.suppress(InputError):
            read_recording(path)
