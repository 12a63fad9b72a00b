"""Plain and interleaved tables, in CSV and in Parquet."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reader_suite import ReaderSuite

from adenoscope.io.recordings import read_recording

N = 400
TIME_S = 12.5 + np.arange(N) / 20
RNG = np.random.default_rng(20260101)
SIGNAL, CONTROL = RNG.normal(1, 0.1, N), RNG.normal(2, 0.1, N)


def write_csv(path, columns):
    rows = zip(*columns.values(), strict=True)
    text = "\n".join([",".join(columns), *(",".join(map(str, row)) for row in rows)])
    path.write_text(text + "\n", encoding="utf-8")
    return path


def write_parquet(path, columns):
    pq.write_table(pa.table(columns), path, row_group_size=64)
    return path


class TestPlainCsv(ReaderSuite):
    format, names = "Plain CSV", ("signal", "control", "temperature")
    first_s, last_s, rate_hz = TIME_S[0], TIME_S[-1], 20.0

    @pytest.fixture
    def path(self, tmp_path):
        columns = {"time_s": TIME_S, "signal": SIGNAL, "control": CONTROL, "temperature": CONTROL}
        return write_csv(tmp_path / "m1.csv", columns | {"remark": ["quiet"] * N})

    def test_the_values_are_those_of_the_file(self, recording):
        np.testing.assert_array_equal(recording.traces[0].values, SIGNAL)

    def test_a_column_of_text_is_not_read_and_that_is_noted(self, recording):
        assert recording.notes == ("column remark holds text and was not read",)


class TestPlainParquet(ReaderSuite):
    format, names = "Plain Parquet", ("signal", "control")
    first_s, last_s, rate_hz = TIME_S[0], TIME_S[-1], 20.0

    @pytest.fixture
    def path(self, tmp_path):
        return write_parquet(
            tmp_path / "m1.parquet", {"time_s": TIME_S, "signal": SIGNAL, "control": CONTROL.astype("f4")}
        )

    def test_the_values_are_those_of_the_file(self, recording):
        np.testing.assert_array_equal(recording.traces[0].values, SIGNAL)


class TestLostSamples(ReaderSuite):
    format, names, finite = "Plain Parquet", ("signal", "control"), 0.75
    first_s, last_s, rate_hz = TIME_S[0], TIME_S[-1], 20.0

    @pytest.fixture
    def path(self, tmp_path):
        lost = np.arange(N) % 4 == 3
        nulls = pa.array(np.round(100 * SIGNAL).astype(int), mask=lost)
        nans = np.where(lost, np.nan, CONTROL)
        return write_parquet(tmp_path / "m1.parquet", {"time_s": TIME_S, "signal": nulls, "control": nans})

    def test_lost_samples_are_nan_in_their_own_places(self, recording):
        for trace in recording.traces:
            np.testing.assert_array_equal(np.isnan(trace.values), np.arange(N) % 4 == 3)


class TestInterleavedParquet(ReaderSuite):
    format, names = "Camera, interleaved LEDs", ("MeanInt_410nm", "MeanInt_470nm")
    first_s, last_s, rate_hz = TIME_S[0], TIME_S[-1] + 0.025, 20.0

    @pytest.fixture
    def path(self, tmp_path):
        columns = {
            "MeanInt_410nm": CONTROL,
            "Time_410nm": TIME_S + 0.025,
            "MeanInt_470nm": SIGNAL,
            "Time_470nm": TIME_S,
        }
        return write_parquet(tmp_path / "m1.parquet", columns)


def test_an_led_with_fewer_frames_is_read_without_its_padding(tmp_path):
    path = tmp_path / "m1.csv"
    path.write_text("MeanInt_410nm,Time_410nm,MeanInt_470nm,Time_470nm\n1,0.1,5,0.15\n2,0.2,6,0.25\n,,7,0.35\n")
    control, signal = read_recording(path).traces
    assert control.values.tolist() == [1, 2]
    assert signal.time_s.tolist() == [0.15, 0.25, 0.35]


def test_a_byte_order_mark_and_empty_cells_and_trailing_commas_are_read(tmp_path):
    path = tmp_path / "m1.csv"
    path.write_text("time_s, signal,\n0.0,1.5,\n0.1,,\n0.2,1.7,\n", encoding="utf-8-sig")
    (trace,) = read_recording(path).traces
    np.testing.assert_array_equal(trace.values, [1.5, np.nan, 1.7])


def test_parquet_is_known_by_its_bytes_whatever_its_suffix(tmp_path):
    path = write_parquet(tmp_path / "m1.pqt", {"time_s": TIME_S, "signal": SIGNAL})
    assert read_recording(path).format == "Plain Parquet"


@pytest.mark.slow
def test_two_hours_of_two_channels_at_1_khz_take_half_a_second_and_400_mb(tmp_path):
    import subprocess
    import sys

    n = 7_200_000
    values = np.random.default_rng(1).normal(1, 0.1, n)
    pq.write_table(
        pa.table({"time_s": np.arange(n) / 1000, "signal": values, "control": values[::-1]}),
        tmp_path / "m1.parquet",
    )
    code = (
        "import sys, time, resource; from pathlib import Path;"
        "from adenoscope.io.recordings import read_recording;"
        "start = time.perf_counter(); read_recording(Path(sys.argv[1]));"
        "print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code, tmp_path / "m1.parquet"], capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(5)
    ]
    assert min(float(seconds) for seconds, _ in runs) < 0.5  # the fastest, as other work shares the machine
    assert max(float(megabytes) for _, megabytes in runs) < 400
