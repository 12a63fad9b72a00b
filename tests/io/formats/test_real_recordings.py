"""Real recordings of four instruments, against their list of sources and their own raw bytes."""

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from reader_suite import ReaderSuite

from adenoscope.core.errors import InputError
from adenoscope.io.recordings import read_recording

DATA = Path(__file__).parents[3] / ".." / "shared" / "data" / "photometry"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real recordings lie outside the repository")


class TestNeurophotometricsParquet(ReaderSuite):
    format = "Neurophotometrics"
    first_s, last_s, rate_hz = 5355.39184, 8253.100736, 15.0
    names = tuple(
        f"Region{region}-{led}" for led in (415, 470) for region in ("0R", "1G", "2R", "3R", "4G", "5R", "6G")
    )

    @pytest.fixture
    def path(self):
        return DATA / "ibl_NPM" / "version_1" / "_neurophotometrics_fpData.raw.pqt"

    def test_every_frame_but_the_unlit_first_is_a_sample_at_seven_sites(self, path, recording):
        assert pq.read_metadata(path).num_rows == 86_936
        assert len({trace.site for trace in recording.traces}) == 7
        assert sum(trace.values.size for trace in recording.traces) == 7 * (86_936 - 1)
        assert recording.notes == ("1 frame(s) lit by no LED or by several were not read",)

    def test_the_duration_is_that_of_the_list_of_sources(self, recording):
        assert recording.end_s - recording.start_s == pytest.approx(2898, abs=0.5)

    def test_the_edges_of_input_0_are_those_the_instrument_logged_beside_the_frames(self, path, recording):
        logged = pq.read_table(path.with_name("_neurophotometrics_fpData.digitalInputs.pqt"))
        assert logged.num_rows == 358
        times, rising = (logged[name].to_numpy() for name in ("Timestamp", "Value"))
        for name, expected in (("input_0", times[rising]), ("input_0_falling", times[~rising])):
            # The camera flags an edge two or three frames of 33 ms after the log has it, never elsewhere.
            delay_s = recording.digital[name] - expected
            assert ((delay_s > 0.066) & (delay_s < 0.101)).all()

    def test_the_log_of_digital_inputs_is_no_recording(self, path):
        with pytest.raises(InputError, match="Timestamp, Value"):
            read_recording(path.with_name("_neurophotometrics_fpData.digitalInputs.pqt"))


class TestNeurophotometricsCsv(ReaderSuite):
    format = "Neurophotometrics"
    first_s, last_s, rate_hz = 57932.75772, 58297.78477, 13.3
    names = tuple(f"Region{region}-{led}" for led in (415, 470, 560) for region in ("0R", "1G"))

    @pytest.fixture
    def path(self):
        return DATA / "PhAT_NPM" / "Sample2_NPM_1fiber.csv"

    def test_every_frame_but_the_unlit_first_is_a_sample(self, path, recording):
        with path.open(newline="") as file:
            states = [row[-1] for row in csv.reader(file)][1:]
        assert len(states) == 14_569
        for trace in recording.traces:
            assert trace.values.size == states.count({415: "1", 470: "2", 560: "4"}[int(trace.wavelength_nm)])

    def test_the_duration_is_that_of_the_list_of_sources(self, recording):
        assert recording.end_s - recording.start_s == pytest.approx(365, abs=0.5)


@pytest.mark.parametrize("name", ["example.csv", "example_matlab.csv"])
class TestInterleavedCsv(ReaderSuite):
    format = "Camera, interleaved LEDs"
    first_s, last_s, rate_hz = 0.05, 360.0, 10.0
    names = ("MeanInt_410nm", "MeanInt_470nm")

    @pytest.fixture
    def path(self, name):
        return DATA / "katemartian_csv" / name

    def test_each_led_has_its_own_3600_times(self, recording):
        control, signal = recording.traces
        assert control.values.size == signal.values.size == 3600
        assert (control.wavelength_nm, signal.wavelength_nm) == (410, 470)
        assert (control.time_s[0], signal.time_s[0]) == (0.1, 0.05)


class TestPyPhotometry(ReaderSuite):
    format = "pyPhotometry"
    first_s, last_s, rate_hz = 0.0, 474_191 / 130, 130.0
    names = ("analog_1", "analog_2")

    @pytest.fixture
    def path(self):
        return DATA / "pyPhotometry_Akam" / "m17-R-2018-12-12-090409.ppd"

    def test_two_colours_last_3648_seconds(self, recording):
        assert all(trace.values.size == 474_192 for trace in recording.traces)
        assert recording.end_s - recording.start_s == pytest.approx(3648, abs=0.5)

    def test_the_first_and_last_samples_are_those_of_the_bytes(self, path, recording):
        raw = path.read_bytes()
        length = int.from_bytes(raw[:2], "little")
        volts = json.loads(raw[2 : 2 + length])["volts_per_division"]
        words = np.frombuffer(raw[2 + length :], "<u2") >> 1
        for trace, first, last, scale in zip(recording.traces, words[:2], words[-2:], volts, strict=True):
            assert trace.values[[0, -1]] == pytest.approx([first * scale, last * scale], rel=1e-12)

    def test_nothing_clips_in_this_recording(self, recording):
        assert all(trace.values.max() < trace.saturation for trace in recording.traces)
