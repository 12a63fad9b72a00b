"""What was left out of a fit is told with its reason, and its parts are put back on the recording's own scale."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.core.recording import Channels, Trace
from adenoscope.photometry.estimate import raw_parts
from adenoscope.photometry.prepare import prepare
from adenoscope.studies.explain_parts import LeftOut, explain_parts

ONSET_S = 1010.0
HANDLING_S = (-30.0, 60.0)


def channels(**changed: tuple[float, float, float]) -> tuple[Trace, Trace]:
    """Return 50 min at 10 Hz from 10 s on; ``changed`` names a channel and gives start, end [s] and value."""
    rng = np.random.default_rng(3)
    time_s = 10 + np.arange(0.0, 3000.0, 0.1)
    values: dict[str, np.ndarray] = {}
    for name, level in (("signal", 600), ("control", 300)):
        noise = 1 + rng.normal(0, 0.01, time_s.size)
        values[name] = level * np.exp(-time_s / 9000) * noise
        if name in changed:
            start, end, value = changed[name]
            values[name][(time_s >= start) & (time_s < end)] = value
    return Trace("signal", time_s, values["signal"], saturation=1000.0), Trace("control", time_s, values["control"])


def explained(signal: Trace, control: Trace | None):
    data = prepare(Channels(signal, control), (ONSET_S,), HANDLING_S)
    return explain_parts(signal, control, (ONSET_S,), raw_parts(data))


def test_levels_are_the_baselines_of_the_channels() -> None:
    found = explained(*channels())
    # The level decays by a tenth before the intervention; its median is that of the middle of the baseline.
    assert found.signal_level == pytest.approx(600 * np.exp(-500 / 9000), rel=0.02)
    assert found.control_level == pytest.approx(300 * np.exp(-500 / 9000), rel=0.02)
    assert found.left_out == (LeftOut("", -30.0, 60.0, "handling"),)


def test_a_single_channel_has_one_level() -> None:
    signal, _ = channels()
    assert explained(signal, None).control_level is None


def test_lost_samples_and_a_detector_at_its_ceiling_are_told_apart() -> None:
    found = explained(*channels(signal=(2000.0, 2090.0, 1000.0), control=(1700.0, 1760.0, np.nan)))
    told = {(one.channel, one.why): (one.start_s, one.end_s) for one in found.left_out}
    start, end = told["signal", "ceiling"]
    assert start <= 2000 - ONSET_S < 2090 - ONSET_S <= end
    assert end - start <= 90 + 60  # of bins of 30 s, one more at either end
    start, end = told["control", "lost"]
    assert start < 1760 - ONSET_S
    assert end > 1700 - ONSET_S
    assert set(told) == {("", "handling"), ("signal", "ceiling"), ("control", "lost")}


def test_what_lies_beyond_a_jump_of_both_channels_is_a_broken_light_path() -> None:
    signal, control = channels()
    for trace in (signal, control):
        trace.values[trace.time_s > 2500] *= 0.5
    found = explained(signal, control)
    beyond = [one for one in found.left_out if one.why == "broken_path"]
    assert len(beyond) == 1
    assert beyond[0].end_s == pytest.approx(3009.9 - ONSET_S)
    assert 1300 < beyond[0].start_s <= 1500 - 10
