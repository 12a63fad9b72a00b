"""Doric files of both generations, written in the documented layout."""

import h5py
import numpy as np
import pytest
from reader_suite import ReaderSuite

from adenoscope.core.errors import InputError
from adenoscope.io.recordings import read_recording

N = 300
TIME_S = 3.25 + np.arange(N) / 60
RNG = np.random.default_rng(20260103)
SIGNAL, CONTROL = RNG.normal(0.1, 0.01, N), RNG.normal(0.2, 0.01, N)
PULSES = ((np.arange(N) % 100) > 90).astype(float)
SERIES = "DataAcquisition/FPConsole/Signals/Series0001"


def write(path, datasets):
    with h5py.File(path, "w") as file:
        file.create_group("Configurations")
        for name, values in datasets.items():
            file[name] = values
    return path


class TestVersion6(ReaderSuite):
    format, names = "Doric 6", ("AIN01xAOUT01-LockIn", "AIN01xAOUT02-LockIn")
    first_s, last_s, rate_hz = TIME_S[0], TIME_S[-1], 60.0

    @pytest.fixture
    def path(self, tmp_path):
        datasets = {
            "AIN01xAOUT01-LockIn/Time": TIME_S,
            "AIN01xAOUT01-LockIn/Values": CONTROL,
            "AIN01xAOUT02-LockIn/Time": TIME_S,
            "AIN01xAOUT02-LockIn/Values": SIGNAL,
            "AnalogIn/Time": 3.25 + np.arange(1000) / 12_000,
            "AnalogIn/AIN01": RNG.normal(0, 1, 1000),
            "AnalogOut/Time": TIME_S,
            "AnalogOut/AOUT01": SIGNAL,
            "DigitalIO/Time": TIME_S,
            "DigitalIO/DIO01": PULSES,
        }
        return write(tmp_path / "m1.doric", {f"{SERIES}/{name}": data for name, data in datasets.items()})

    def test_the_values_are_those_of_the_lock_in(self, recording):
        np.testing.assert_array_equal(recording.traces[1].values, SIGNAL)

    def test_digital_lines_become_rising_edges(self, recording):
        np.testing.assert_array_equal(recording.digital["DigitalIO/DIO01"], TIME_S[[91, 191, 291]])


class TestCameraRegions(ReaderSuite):
    format = "Doric 6"
    names = ("CAM1_EXC1/ROI01", "CAM1_EXC1/ROI02", "CAM1_EXC2/ROI01", "CAM1_EXC2/ROI02")
    first_s, last_s, rate_hz = TIME_S[0], TIME_S[-1] + 0.008, 60.0

    @pytest.fixture
    def path(self, tmp_path):
        series = "DataAcquisition/BBC300/ROISignals/Series0001"
        datasets = {}
        for exc, shift in (("CAM1_EXC1", 0), ("CAM1_EXC2", 0.008)):
            datasets |= {f"{series}/{exc}/Time": TIME_S + shift}
            datasets |= {f"{series}/{exc}/ROI0{roi}": SIGNAL * roi for roi in (1, 2)}
        return write(tmp_path / "m1.doric", datasets)

    def test_each_region_is_a_site_and_each_excitation_has_its_own_times(self, recording):
        assert [trace.site for trace in recording.traces] == ["ROI01", "ROI02", "ROI01", "ROI02"]
        assert recording.traces[2].time_s[0] == TIME_S[0] + 0.008


class TestVersion5(ReaderSuite):
    format, names = "Doric 5", ("AIn-1 - Dem (AOut-1)", "AIn-1 - Dem (AOut-2)")
    first_s, last_s, rate_hz = TIME_S[0], TIME_S[-1], 60.0

    @pytest.fixture
    def path(self, tmp_path):
        datasets = {
            "Time(s)/Console_time(s)": TIME_S,
            "AIn-1 - Dem (AOut-1)/AIn-1 - Dem (AOut-1)": CONTROL,
            "AIn-1 - Dem (AOut-2)/AIn-1 - Dem (AOut-2)": SIGNAL,
            "AIn-1 - Raw/AIn-1 - Raw": SIGNAL,
            "AOut-1/AOut-1": CONTROL,
            "DI--O-1/DI--O-1": PULSES,
        }
        return write(tmp_path / "m1.doric", {f"Traces/Console/{name}": data for name, data in datasets.items()})

    def test_digital_lines_become_rising_edges(self, recording):
        np.testing.assert_array_equal(recording.digital["DI--O-1"], TIME_S[[91, 191, 291]])


def test_a_channel_that_was_not_driven_is_kept_beside_the_live_one(tmp_path):
    datasets = {
        f"{SERIES}/AIN01xAOUT01-LockIn/Time": TIME_S,
        f"{SERIES}/AIN01xAOUT01-LockIn/Values": SIGNAL,
        f"{SERIES}/AIN02xAOUT01-LockIn/Time": TIME_S,
        f"{SERIES}/AIN02xAOUT01-LockIn/Values": np.full(N, np.nan),
    }
    recording = read_recording(write(tmp_path / "m1.doric", datasets))
    assert [np.isfinite(trace.values).all() for trace in recording.traces] == [True, False]


def test_a_channel_cut_short_is_refused(tmp_path):
    datasets = {
        f"{SERIES}/AIN01xAOUT01-LockIn/Time": TIME_S,
        f"{SERIES}/AIN01xAOUT01-LockIn/Values": SIGNAL[:-5],
    }
    with pytest.raises(InputError, match="295 values and 300 times"):
        read_recording(write(tmp_path / "m1.doric", datasets))


def test_a_file_with_only_led_drives_is_refused(tmp_path):
    datasets = {f"{SERIES}/AnalogOut/Time": TIME_S, f"{SERIES}/AnalogOut/AOUT01": SIGNAL}
    with pytest.raises(InputError, match="no fluorescence channel"):
        read_recording(write(tmp_path / "m1.doric", datasets))


def test_two_series_keep_their_channels_apart(tmp_path):
    datasets = {}
    for series in ("Series0001", "Series0002"):
        group = f"DataAcquisition/FPConsole/Signals/{series}/AIN01xAOUT01-LockIn"
        datasets |= {f"{group}/Time": TIME_S, f"{group}/Values": SIGNAL}
    recording = read_recording(write(tmp_path / "m1.doric", datasets))
    assert [trace.name.split("/")[0] for trace in recording.traces] == ["Series0001", "Series0002"]
