"""A trace knows its rate and a recording its ends, on the clock of the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.core.recording import Recording, Trace


def trace(name: str, start_s: float, rate_hz: float, n_samples: int) -> Trace:
    time_s = start_s + np.arange(n_samples) / rate_hz
    return Trace(name, time_s, np.ones(n_samples))


@given(rate_hz=st.floats(0.5, 5000.0), start_s=st.floats(0.0, 1e5))
def test_the_rate_is_read_from_the_clock_wherever_it_starts(rate_hz: float, start_s: float) -> None:
    # at 1e5 s the clock's last digit is 1.5e-11 s: 7e-8 of the shortest step
    assert trace("signal", start_s, rate_hz, 50).rate_hz == pytest.approx(rate_hz, rel=1e-6)


def test_a_gap_does_not_change_the_rate() -> None:
    time_s = np.concatenate([np.arange(0, 10, 0.1), np.arange(60, 70, 0.1)])
    assert Trace("signal", time_s, np.ones_like(time_s)).rate_hz == pytest.approx(10.0)


def test_a_recording_spans_its_earliest_and_latest_sample_without_moving_the_clock() -> None:
    recording = Recording(
        Path("a.csv"), "plain", (trace("signal", 100.0, 10.0, 11), trace("control", 99.95, 10.0, 11))
    )
    assert recording.start_s == pytest.approx(99.95)
    assert recording.end_s == pytest.approx(101.0)
