"""RWD and Inper tables, written in the documented layouts."""

import pytest
from reader_suite import ReaderSuite

from adenoscope.core.errors import InputError
from adenoscope.io.recordings import read_recording

N = 120


def light(i):
    return f"{40 + i % 7},{60 + i % 5}"


class TestRwd(ReaderSuite):
    format, names = "RWD", ("CH1-410", "CH1-470")
    first_s, last_s, rate_hz = 1.5, 1.5 + 0.025 * (N - 1), 40.0

    @pytest.fixture
    def path(self, tmp_path):
        path = tmp_path / "Fluorescence.csv"
        events = {30: "Input1*2*1", 32: "Input1*2*0", 60: "Input1*2*1;Note"}
        rows = [f"{1500 + 25 * i},{events.get(i, '')},{light(i)}," for i in range(N)]
        settings = '{"Light":{"Led410Enable":true;"Led470Enable":true};"Fps":80.0}'
        path.write_text("\n".join([settings, "TimeStamp,Events,CH1-410,CH1-470,", *rows]) + "\n")
        return path

    def test_each_channel_has_its_site_and_wavelength(self, recording):
        assert [(t.site, t.wavelength_nm) for t in recording.traces] == [("CH1", 410), ("CH1", 470)]

    def test_each_kind_of_event_has_its_times(self, recording):
        assert {name: times.tolist() for name, times in recording.digital.items()} == {
            "Input1*2*1": [2.25, 3.0],
            "Input1*2*0": [2.3],
            "Note": [3.0],
        }


class TestRwdInSeconds(ReaderSuite):
    format, names = "RWD", ("CH1-410", "CH1-470")
    first_s, last_s, rate_hz = 0.05, 0.05 * N, 20.0

    @pytest.fixture
    def path(self, tmp_path):
        path = tmp_path / "Fluorescence.csv"
        rows = [f"{0.05 * (i + 1):.2f},{light(i)}" for i in range(N)]
        path.write_text("\n".join(['{"Fps":40.0}', "Time(s),CH1-410,CH1-470", *rows]) + "\n")
        return path


class TestInperRegions(ReaderSuite):
    format = "Inper"
    names = ("ROI-1_sig_410", "ROI-1_sig_470", "ROI-2_sig_410", "ROI-2_sig_470")
    first_s, last_s, rate_hz = 3661.5, 3661.5 + 0.025 * (N - 1), 40.0

    @pytest.fixture
    def path(self, tmp_path):
        path = tmp_path / "Camera.csv"
        header = "Time,ROI-1_sig_410,ROI-1_sig_470,ROI-2_sig_410,ROI-2_sig_470,Input_DIO-1-Bpod"
        rows = [f"1:01:{1.5 + 0.025 * i:.3f},{light(i)},{light(i + 1)},{int(i % 50 > 40)}" for i in range(N)]
        path.write_text("\n".join([header, *rows]) + "\n")
        return path

    def test_regions_are_sites(self, recording):
        assert [trace.site for trace in recording.traces] == ["ROI-1", "ROI-1", "ROI-2", "ROI-2"]

    def test_digital_inputs_become_rising_edges(self, recording):
        edges = recording.digital["Input_DIO-1-Bpod"]
        assert edges == pytest.approx([3661.5 + 0.025 * 41, 3661.5 + 0.025 * 91])


class TestInperChannels(ReaderSuite):
    format, names = "Inper", ("CH1-410", "CH1-470")
    first_s, last_s, rate_hz = 0.0, 0.025 * (N - 1), 40.0

    @pytest.fixture
    def path(self, tmp_path):
        path = tmp_path / "m1.csv"
        rows = [f"{25 * i},{light(i)}" for i in range(N)]
        path.write_text("\n".join(["TimeStamp,CH1-410,CH1-470", *rows]) + "\n")
        return path


def test_a_time_that_is_no_time_is_named_by_its_row(tmp_path):
    path = tmp_path / "m1.csv"
    path.write_text("Time,ROI-1_sig_470\n0:00:01,1\n0:00:02,2\nlate,3\n")
    with pytest.raises(InputError, match=r"row 4, column Time: 'late' is not a time"):
        read_recording(path)


def test_a_time_stamp_in_seconds_is_not_taken_for_milliseconds(tmp_path):
    path = tmp_path / "m1.csv"
    rows = [f"{0.025 * i:.3f},{light(i)}" for i in range(N)]
    path.write_text("\n".join(["TimeStamp,CH1-410,CH1-470", *rows]) + "\n")
    with pytest.raises(InputError, match=r"4e\+04 samples a second"):
        read_recording(path)


def test_remarks_in_another_encoding_do_not_stop_the_reading(tmp_path):
    path = tmp_path / "Fluorescence.csv"
    rows = [f"{25 * i},{'注射' if i == 9 else ''},{light(i)}" for i in range(N)]
    path.write_text("\n".join(["TimeStamp,Events,CH1-410,CH1-470", *rows]) + "\n", encoding="gbk")
    (moments,) = read_recording(path).digital.values()
    assert moments.tolist() == [0.225]
