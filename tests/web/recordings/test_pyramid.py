"""A window on a recording shows the extremes of its samples, a gap as a gap, and each sample where there is room."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adenoscope.web.recordings.pyramid import (
    ABOUT,
    FIRST,
    Channel,
    ChannelFacts,
    RecordingAbout,
    level_sizes,
    open_pyramid,
    write_about,
    write_clock,
    write_values,
)

N = 200_000


def write(folder: Path, time_s: np.ndarray, values: np.ndarray) -> Channel:
    write_clock(folder / "clock-0", time_s)
    write_values(folder / "channel-0", values)
    facts = ChannelFacts("signal", "signal", len(time_s), 100.0, "clock-0", "channel-0", None, ((1.0, 2.0),))
    write_about(folder, RecordingAbout("Plain CSV", ("a note",), float(time_s[0]), float(time_s[-1]), (facts,)))
    found = open_pyramid(folder)
    assert found is not None
    return found.channels[0]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Channel, np.ndarray, np.ndarray]:
    """Return a channel with lost samples and a gap of its clock, and what it was made from."""
    rng = np.random.default_rng(1)
    time_s = 5 + np.arange(N) / 100
    time_s[120_000:] += 700.0
    values = rng.normal(100, 1, N).astype(np.float32)
    values[1000:1200] = np.nan
    values[[7, 123_456, N - 1]] = [-50, 900, 950]
    return write(tmp_path_factory.mktemp("pyramid"), time_s, values), time_s, values


def test_levels_end_where_blocks_are_few() -> None:
    assert list(level_sizes(7_200_000)) == [(64, 112_500), (256, 28_125), (1024, 7032), (4096, 1758)]
    assert list(level_sizes(100)) == []


@settings(max_examples=50, deadline=None)
@given(start=st.floats(0, 2710), length=st.floats(0.1, 3000), pixels=st.integers(50, 1500))
def test_a_window_holds_the_extremes_of_its_samples(
    made: tuple[Channel, np.ndarray, np.ndarray], start: float, length: float, pixels: int
) -> None:
    channel, time_s, values = made
    seen = channel.window(start, start + length, pixels)
    inside = values[(time_s >= start) & (time_s <= start + length)]
    if np.isfinite(inside).any():
        assert np.nanmin(seen.low) <= np.nanmin(inside)
        assert np.nanmax(seen.high) >= np.nanmax(inside)
    # A block that lies across an edge belongs to one pixel alone, so nothing comes from farther than its width.
    wide = (time_s >= start - length / 20 - 1) & (time_s <= start + length * 1.05 + 1)
    if wide.any() and np.isfinite(seen.low).any():
        assert np.nanmin(values[wide]) <= np.nanmin(seen.low)
        assert np.nanmax(values[wide]) >= np.nanmax(seen.high)
    assert len(seen.time_s) == len(seen.low) == len(seen.high) <= 2 * pixels


def test_every_sample_is_shown_where_there_is_room_and_one_more_on_either_side(
    made: tuple[Channel, np.ndarray, np.ndarray],
) -> None:
    channel, time_s, values = made
    seen = channel.window(10.0, 12.0, 1000)
    assert seen.is_whole
    first, after = np.searchsorted(time_s, 10.0) - 1, np.searchsorted(time_s, 12.0) + 1
    np.testing.assert_array_equal(seen.time_s, time_s[first:after])
    np.testing.assert_array_equal(seen.low, values[first:after])


def test_a_gap_of_the_clock_and_lost_samples_are_gaps_on_the_screen(
    made: tuple[Channel, np.ndarray, np.ndarray],
) -> None:
    channel, _, _ = made
    whole = channel.window(0, 1e5, 1000)
    in_gap = (whole.time_s > 1210) & (whole.time_s < 1900)
    assert np.isnan(whole.low[in_gap]).all()
    assert np.isfinite(whole.low[~in_gap]).mean() > 0.95  # but for the pixels at the gap's edges
    close = channel.window(10, 22, 100)  # samples 500 to 1700, of which 1000 to 1199 are lost
    lost = (close.time_s > 15.2) & (close.time_s < 16.8)
    assert np.isnan(close.low[lost]).all()


def test_a_recording_shorter_than_a_block_is_shown(tmp_path: Path) -> None:
    channel = write(tmp_path, np.arange(FIRST - 1.0), np.arange(FIRST - 1.0))
    assert channel.window(-5, 500, 1000).high.max() == FIRST - 2


def test_a_recording_that_is_damaged_or_of_another_version_is_made_anew(tmp_path: Path) -> None:
    write(tmp_path, np.arange(1000.0), np.arange(1000.0))
    whole = (tmp_path / "channel-0").read_bytes()
    (tmp_path / "channel-0").write_bytes(whole[:-4])
    assert open_pyramid(tmp_path) is None
    (tmp_path / "channel-0").write_bytes(whole)
    assert open_pyramid(tmp_path) is not None
    text = (tmp_path / ABOUT).read_text()
    for wrong in (
        text.replace('"schema_version": 2', '"schema_version": 1'),
        text[:-20],
        "[]",
        text.replace("role", "roll"),
    ):
        (tmp_path / ABOUT).write_text(wrong)
        assert open_pyramid(tmp_path) is None
