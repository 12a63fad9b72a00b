"""Neurophotometrics frames in layouts of which no real file is at hand."""

import pytest
from reader_suite import ReaderSuite

from adenoscope.core.errors import InputError
from adenoscope.io.recordings import read_recording


def frames(states, columns="FrameCounter,SystemTimestamp,LedState,ComputerTimestamp,G0,R1"):
    rows = [f"{i},{100 + i / 40},{state},{5e7 + 25 * i},{1 + i % 7},{2 + i % 5}" for i, state in enumerate(states)]
    return "\n".join([columns, *rows]) + "\n"


class TestBonsaiCsv(ReaderSuite):
    format, rate_hz = "Neurophotometrics", 20.0
    names = ("G0-415", "R1-415", "G0-470", "R1-560")
    first_s, last_s = 100 + 1 / 40, 100 + 60 / 40

    @pytest.fixture
    def path(self, tmp_path):
        path = tmp_path / "m1.csv"
        path.write_text(frames([7, *[1, 6] * 30]))
        return path

    def test_the_start_frame_with_all_leds_is_no_sample(self, recording):
        assert {trace.values.size for trace in recording.traces} == {30}
        assert recording.traces[0].time_s[0] == 100 + 1 / 40

    def test_two_leds_at_once_light_each_region_with_its_own(self, recording):
        green, red = recording.traces[2:]
        assert (green.site, green.wavelength_nm) == ("G0", 470)
        assert (red.site, red.wavelength_nm) == ("R1", 560)


def test_edges_of_both_inputs_come_from_the_flags(tmp_path):
    path = tmp_path / "m1.csv"
    states = [17, 18] * 20
    for i in range(10, 14):
        states[i] += 512
    for i in range(20, 22):
        states[i] += 256
    path.write_text(frames(states, "FrameCounter,Timestamp,Flags,ComputerTimestamp,G0,R1"))
    digital = {name: edges.tolist() for name, edges in read_recording(path).digital.items()}
    assert digital == {
        "input_0": [100.25],
        "input_0_falling": [100.35],
        "input_1": [100.5],
        "input_1_falling": [100.55],
    }


def test_a_frame_repeated_under_one_led_is_named_by_its_row_in_the_file(tmp_path):
    path = tmp_path / "m1.csv"
    lines = frames([7, *[1, 2] * 30]).splitlines()
    lines[11] = lines[9]
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(InputError, match=r"row 12, column SystemTimestamp: .* same as one sample before"):
        read_recording(path)


def test_a_file_without_a_single_lit_frame_is_refused(tmp_path):
    path = tmp_path / "m1.csv"
    path.write_text(frames([7] * 30))
    with pytest.raises(InputError, match="no frame was lit by a single LED"):
        read_recording(path)


def test_a_state_that_is_no_set_of_bits_names_its_row(tmp_path):
    path = tmp_path / "m1.csv"
    path.write_text(frames([1, 2, 1.5, 2]))
    with pytest.raises(InputError, match=r"row 4, column LedState: 1.5 is not a set of bits"):
        read_recording(path)
