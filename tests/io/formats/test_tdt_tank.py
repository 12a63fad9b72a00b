"""A TDT tank, written in the documented layout of its index (.tsq) and data (.tev)."""

import struct
import sys

import numpy as np
import pytest
from reader_suite import ReaderSuite

from adenoscope.core.errors import InputError
from adenoscope.io.recordings import read_recording

START_S, RATE_HZ, BLOCK, N_BLOCKS = 1_700_000_000.0, 1017.2526245117188, 256, 8
MARK, STREAM, EPOC = 0x8801, 0x8101, 0x101
SIGNAL, CONTROL = np.random.default_rng(20260104).normal(50, 1, (2, BLOCK * N_BLOCKS)).astype("<f4")


def record(kind, code, when, *, size=10, channel=0, where=0, rate=0.0):
    name = code if isinstance(code, bytes) else struct.pack("<i", code)
    offset = struct.pack("<d", where) if kind == EPOC else struct.pack("<q", where)
    return struct.pack("<ii4sHHd", size, kind, name, channel, 0, when) + offset + struct.pack("<if", 0, rate)


def write_tank(folder):
    folder.mkdir()
    index = [record(MARK, 0, 0.0), record(MARK, 1, START_S)]
    data = b""
    for block in range(N_BLOCKS):
        when = START_S + block * BLOCK / RATE_HZ
        for code, values in ((b"465A", SIGNAL), (b"405A", CONTROL)):
            index.append(record(STREAM, code, when, size=10 + BLOCK, channel=1, where=len(data), rate=RATE_HZ))
            data += values[block * BLOCK : (block + 1) * BLOCK].tobytes()
    index += [record(EPOC, b"Tck/", START_S + second, where=second) for second in (0.5, 1.0)]
    index.append(record(MARK, 2, START_S + N_BLOCKS * BLOCK / RATE_HZ))
    (folder / "block.tsq").write_bytes(b"".join(index))
    (folder / "block.tev").write_bytes(data)
    return folder


class TestTank(ReaderSuite):
    format, names = "TDT", ("_405A", "_465A")
    first_s, last_s, rate_hz = 0.0, (BLOCK * N_BLOCKS - 1) / RATE_HZ, RATE_HZ

    @pytest.fixture
    def path(self, tmp_path):
        pytest.importorskip("tdt")
        return write_tank(tmp_path / "block")

    def test_the_values_are_those_of_the_data_file(self, recording):
        np.testing.assert_array_equal(recording.traces[1].values, SIGNAL.astype(float))

    def test_a_store_says_its_wavelength_and_its_receiver(self, recording):
        assert [(t.site, t.wavelength_nm) for t in recording.traces] == [("A", 405), ("A", 465)]

    def test_epochs_become_digital_edges(self, recording):
        # TDT counts time in ticks of 2.56 µs.
        assert recording.digital["Tck_"] == pytest.approx([0.5, 1.0], abs=2.6e-6)

    def test_what_the_package_warns_of_is_noted(self, recording):
        assert any("tnt" in note for note in recording.notes)


def test_without_its_package_the_reader_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tdt", None)
    with pytest.raises(InputError, match=r"install adenoscope\[tdt\]"):
        read_recording(write_tank(tmp_path / "block"))


def test_a_tank_whose_index_is_cut_short_is_refused(tmp_path):
    pytest.importorskip("tdt")
    folder = write_tank(tmp_path / "block")
    (folder / "block.tsq").write_bytes(b"\0" * 7)
    with pytest.raises(InputError, match=r"the tank cannot be read|no stream of fluorescence"):
        read_recording(folder)
