"""pyPhotometry files of every version and mode, written in the documented layout."""

import json

import numpy as np
import pytest
from reader_suite import ReaderSuite

from adenoscope.core.errors import InputError
from adenoscope.io.recordings import read_recording

RATE_HZ, N = 130, 260
VOLTS = 0.00010122
RNG = np.random.default_rng(20260102)


def write_ppd(path, words, **header):
    """Write a file of ``words``, shape (sample, word)."""
    text = json.dumps({"subject_ID": "m1", "sampling_rate": RATE_HZ, "volts_per_division": [VOLTS] * 2} | header)
    payload = np.asarray(words, dtype="<u2").tobytes()
    path.write_bytes(len(text).to_bytes(2, "little") + text.encode() + payload)
    return path


def analogue(n_words):
    return RNG.integers(5000, 9000, (N, n_words))


class TestTimeDivision(ReaderSuite):
    format, names = "pyPhotometry", ("analog_1", "analog_2")
    first_s, last_s, rate_hz = 0.0, (N - 1) / RATE_HZ, RATE_HZ
    light = analogue(2)

    @pytest.fixture
    def path(self, tmp_path):
        words = self.light << 1
        words[100:110, 1] |= 1
        return write_ppd(tmp_path / "m1.ppd", words, version="0.3", mode="2 colour time div.")

    def test_the_lowest_bit_is_the_digital_input_and_not_light(self, recording):
        np.testing.assert_allclose(recording.traces[1].values, self.light[:, 1] * VOLTS, rtol=1e-12)
        assert recording.digital["digital_2"].tolist() == [100 / RATE_HZ]
        assert "digital_1" not in recording.digital

    def test_the_converter_saturates_at_its_largest_value(self, recording):
        assert recording.traces[0].saturation == pytest.approx(32760 * VOLTS)


class TestContinuous(ReaderSuite):
    format, names, rate_hz = "pyPhotometry", ("analog_1", "analog_2"), RATE_HZ
    first_s, last_s = 0.0, (N - 1) / RATE_HZ

    @pytest.fixture
    def path(self, tmp_path):
        header = {
            "n_analog_signals": 2,
            "n_digital_signals": 2,
            "version": "1.0",
            "mode": "2EX_2EM_continuous",
        }
        return write_ppd(tmp_path / "m1.ppd", analogue(2) << 1, **header)


class TestThreeColoursWithBaselines(ReaderSuite):
    format, names, rate_hz = "pyPhotometry", ("analog_1", "analog_2", "analog_3"), RATE_HZ
    first_s, last_s = 0.0, (N - 1) / RATE_HZ
    light, dark = analogue(3), RNG.integers(0, 500, (N, 3))

    @pytest.fixture
    def path(self, tmp_path):
        words = np.stack([self.light, self.dark], axis=2).reshape(N, 6) << 1
        header = {"n_analog_signals": 3, "n_digital_signals": 1, "version": "1.1", "mode": "3EX_2EM_pulsed"}
        return write_ppd(tmp_path / "m1.ppd", words, ADC_max_value=32760, **header)

    def test_the_signal_is_light_with_the_led_on_less_light_with_it_off(self, recording):
        for channel, trace in enumerate(recording.traces):
            expected = (self.light - self.dark)[:, channel] * VOLTS
            np.testing.assert_allclose(trace.values, expected, rtol=1e-12)


def test_paired_samples_that_clipped_are_missing_because_the_difference_hides_it(tmp_path):
    words = analogue(4) << 1
    words[7, 0] = 32760 << 1
    header = {"n_analog_signals": 2, "n_digital_signals": 2, "version": "1.1", "mode": "2EX_1EM_pulsed"}
    recording = read_recording(write_ppd(tmp_path / "m1.ppd", words, ADC_max_value=32760, **header))
    assert np.flatnonzero(np.isnan(recording.traces[0].values)).tolist() == [7]
    assert not np.isnan(recording.traces[1].values).any()
    assert recording.notes[1] == "analog_1: 1 samples clipped and are missing"


def test_zeros_in_all_channels_at_once_are_lost_samples(tmp_path):
    words = analogue(2) << 1
    words[50:60] = 0
    path = write_ppd(tmp_path / "m1.ppd", words, version=0.2, mode="2 colour continuous")
    recording = read_recording(path)
    assert np.flatnonzero(np.isnan(recording.traces[1].values)).tolist() == list(range(50, 60))
    assert recording.notes[1] == "10 samples were lost on the way from the board and are missing"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({"version": "0.3", "mode": "4 colour time div."}, "unknown acquisition mode '4 colour time div.'"),
        ({"version": "1.0", "mode": "2 colour time div."}, "unknown acquisition mode '2 colour time div.'"),
        ({"version": "2.0", "mode": "2EX_2EM_pulsed"}, "file version 2.0"),
        ({"version": "1.1", "mode": "3EX_2EM_pulsed", "n_analog_signals": 2}, "has 3 signals"),
        ({"mode": "2 colour time div."}, "KeyError: 'version'"),
    ],
)
def test_a_layout_that_is_not_known_is_refused_by_name(tmp_path, header, message):
    with pytest.raises(InputError, match=message):
        read_recording(write_ppd(tmp_path / "m1.ppd", analogue(2), **header))


@pytest.mark.parametrize("keep", [1, 40, 500, -1, -2])
def test_a_truncated_file_is_refused(tmp_path, keep):
    path = write_ppd(tmp_path / "m1.ppd", analogue(2), version=0.2, mode="2 colour time div.")
    path.write_bytes(path.read_bytes()[:keep] if keep != 500 else path.read_bytes()[:177])
    with pytest.raises(InputError, match="truncated"):
        read_recording(path)
