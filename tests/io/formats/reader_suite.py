"""What every reader owes: a class for each format inherits these tests and says what it reads."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from adenoscope.core.recording import Recording
from adenoscope.io.recordings import read_recording


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, or of all files of a folder."""
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files if file.is_file())).hexdigest()


class ReaderSuite:
    """Give ``path`` as a fixture, and what is known of the recording as class attributes."""

    first_s: float
    last_s: float
    rate_hz: float
    names: tuple[str, ...]
    format: str
    finite = 1.0

    @pytest.fixture
    def recording(self, path: Path) -> Recording:
        return read_recording(path)

    def test_the_format_is_found(self, recording):
        assert recording.format == self.format

    def test_the_channels_are_all_there_and_in_order(self, recording):
        assert tuple(trace.name for trace in recording.traces) == self.names

    def test_names_are_unique(self, recording):
        names = [trace.name for trace in recording.traces]
        assert len(set(names)) == len(names)

    def test_the_clock_is_finite_and_strictly_increases(self, recording):
        for trace in recording.traces:
            assert np.isfinite(trace.time_s).all()
            assert (np.diff(trace.time_s) > 0).all()

    def test_the_clock_is_not_rebased(self, recording):
        # The last digit of what the file says survives: a float64 second of a day is good to 1e-11 s.
        assert recording.start_s == pytest.approx(self.first_s, abs=1e-9)
        assert recording.end_s == pytest.approx(self.last_s, abs=1e-9)

    def test_each_time_has_one_value_and_all_are_float64(self, recording):
        for trace in recording.traces:
            assert trace.time_s.shape == trace.values.shape
            assert trace.time_s.ndim == 1
            assert trace.time_s.dtype == trace.values.dtype == np.float64

    def test_as_many_samples_are_finite_as_the_file_holds(self, recording):
        for trace in recording.traces:
            assert np.isfinite(trace.values).mean() == pytest.approx(self.finite, abs=1e-12)

    def test_the_rate_is_the_rate_of_each_led(self, recording):
        for trace in recording.traces:
            # Camera clocks jitter by a fraction of a per cent.
            assert trace.rate_hz == pytest.approx(self.rate_hz, rel=5e-3)

    def test_digital_edges_lie_within_the_recording(self, recording):
        for edges in recording.digital.values():
            assert (np.diff(edges) > 0).all()
            assert ((edges >= recording.start_s) & (edges <= recording.end_s)).all()

    def test_reading_leaves_the_source_as_it_was(self, path):
        before = fingerprint(path)
        read_recording(path)
        assert fingerprint(path) == before

    def test_reading_twice_gives_the_same_numbers(self, path, recording):
        again = read_recording(path)
        for one, other in zip(recording.traces, again.traces, strict=True):
            np.testing.assert_array_equal(one.values, other.values)
            np.testing.assert_array_equal(one.time_s, other.time_s)
        assert list(recording.digital) == list(again.digital)
        assert recording.notes == again.notes

    def test_the_source_is_the_path_that_was_asked_for(self, path, recording):
        assert recording.source == path
