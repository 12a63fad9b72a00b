"""A recording's channels as files that are quick to look at: every sample, and the extents of blocks of them.

A channel's file holds its samples, then for blocks of 64, 256, 1024 ... samples their lowest values and their highest
in float32; clocks are float64 and shared by the channels that have the same. ``about.json`` is written last, and
makes the rest count. Nothing is read whole: files are mapped, and a window touches what it shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.atomic import appearing, write_json
from adenoscope.core.recording import Samples
from adenoscope.web.folder import read_json

VERSION = 2
FIRST, FACTOR, FEWEST = 64, 4, 512
COARSE = FIRST  # samples between those times of a clock that stand together, at its end
ABOUT = "about.json"
PER_PIXEL = 2  # blocks at the least, so that a block's edge is off by half a pixel at the most

Role = Literal["signal", "control", "blank"]
Values = NDArray[np.float32]
Span = tuple[float, float]


@dataclass(frozen=True)
class ChannelFacts:
    """A channel: what it is, its size and clock [s], where it clips, and stretches [s] without a good sample."""

    role: Role
    name: str
    n_samples: int
    rate_hz: float
    clock: str
    file: str
    saturation: float | None
    lost_s: tuple[Span, ...]


@dataclass(frozen=True)
class RecordingAbout:
    """A recording: its format, what its reader noted, and the clock [s] of its first and last sample."""

    format: str
    notes: tuple[str, ...]
    first_s: float
    last_s: float
    channels: tuple[ChannelFacts, ...]


@dataclass(frozen=True)
class Envelope:
    """What a window shows of a channel: lowest and highest value at each ``time_s`` [s, the file's clock].

    Where there is room for every sample, ``low`` and ``high`` are the samples themselves. NaN where none is.
    """

    role: Role
    name: str
    time_s: Samples
    low: Values
    high: Values
    is_whole: bool


@dataclass(frozen=True)
class Channel:
    """A channel on disk, mapped."""

    facts: ChannelFacts
    folder: Path

    @cached_property
    def clock_s(self) -> Samples:
        """Return the time of every sample [s, the file's clock]."""
        return self._times[: self.facts.n_samples]

    @cached_property
    def _times(self) -> Samples:
        return np.memmap(self.folder / self.facts.clock, np.float64, "r")

    @cached_property
    def values(self) -> Values:
        """Return every sample [detector units]."""
        return self._mapped[: self.facts.n_samples]

    @cached_property
    def _mapped(self) -> Values:
        return np.memmap(self.folder / self.facts.file, np.float32, "r")

    def window(self, start_s: float, end_s: float, pixels: int) -> Envelope:
        """Return what a window [s, the file's clock] of so many ``pixels`` shows."""
        first = max(0, int(np.searchsorted(self.clock_s, start_s)) - 1)
        after = min(self.facts.n_samples, int(np.searchsorted(self.clock_s, end_s)) + 1)
        role, name = self.facts.role, self.facts.name
        if after - first <= 2 * pixels:
            values = np.array(self.values[first:after])
            return Envelope(role, name, np.array(self.clock_s[first:after]), values, values, is_whole=True)
        start_s, end_s = max(start_s, float(self.clock_s[0])), min(end_s, float(self.clock_s[-1]))
        edges_s = np.linspace(start_s, end_s, pixels + 1)
        sizes = (size for size, _ in level_sizes(self.facts.n_samples))
        size = max((size for size in sizes if size * PER_PIXEL * pixels <= after - first), default=1)
        if size >= COARSE:  # a search through all of a clock would have all of it in memory
            at = COARSE * (np.searchsorted(self._times[self.facts.n_samples :], edges_s, "right") - 1)
        else:
            at = first + np.searchsorted(self.clock_s[first:after], edges_s)
        low, high = self._extents(np.clip(at, 0, self.facts.n_samples - 1), size)
        return Envelope(role, name, (edges_s[1:] + edges_s[:-1]) / 2, low, high, is_whole=False)

    def _extents(self, at: NDArray[np.intp], size: int) -> tuple[Values, Values]:
        """Return the extents of blocks of ``size`` between each index and the next; NaN where there are none."""
        lows, highs = self._level(size)
        blocks = at // size
        starts, inside = blocks[:-1] - blocks[0], slice(int(blocks[0]), int(blocks[-1]) + 1)
        low = np.fmin.reduceat(lows[inside], starts)
        high = np.fmax.reduceat(highs[inside], starts)
        low[at[1:] == at[:-1]] = np.nan
        high[at[1:] == at[:-1]] = np.nan
        return low, high

    def _level(self, wanted: int) -> tuple[Values, Values]:
        """Return the lowest and highest values of blocks of a size; those of 1 are the samples."""
        at = self.facts.n_samples
        for size, count in level_sizes(self.facts.n_samples):
            if size == wanted:
                return self._mapped[at : at + count], self._mapped[at + count : at + 2 * count]
            at += 2 * count
        return self.values, self.values


@dataclass(frozen=True)
class Pyramid:
    """A recording on disk, ready to be looked at."""

    about: RecordingAbout
    channels: tuple[Channel, ...]


def level_sizes(n_samples: int) -> Iterator[tuple[int, int]]:
    """Yield the size and number of blocks of each level, until there are few."""
    size = FIRST
    while (count := -(-n_samples // size)) >= FEWEST:
        yield size, count
        size *= FACTOR


def write_values(path: Path, values: Samples) -> None:
    """Write a channel's samples and the extents of their blocks."""
    samples = np.ascontiguousarray(values, dtype=np.float32)
    with appearing(path) as partial, partial.open("wb") as file:
        samples.tofile(file)
        low = high = samples
        factor = FIRST
        for _ in level_sizes(samples.size):
            low, high = _blocks(low, factor, np.fmin), _blocks(high, factor, np.fmax)
            low.tofile(file)
            high.tofile(file)
            factor = FACTOR


def write_clock(path: Path, time_s: Samples) -> None:
    """Write a clock [s], and after it the times that a coarse search needs."""
    with appearing(path) as partial, partial.open("wb") as file:
        np.ascontiguousarray(time_s, dtype=np.float64).tofile(file)
        np.ascontiguousarray(time_s[::COARSE], dtype=np.float64).tofile(file)


def write_about(folder: Path, about: RecordingAbout) -> None:
    """Write what makes the other files of a folder count."""
    write_json(folder / ABOUT, {"schema_version": VERSION, **asdict(about)})


def open_pyramid(folder: Path) -> Pyramid | None:
    """Return what lies in a folder; None where nothing does, or not all of it."""
    found = read_json(folder / ABOUT)
    try:
        if found is None or found["schema_version"] != VERSION:
            return None
        about = _about(found)
        whole = all(_is_whole(folder, channel) for channel in about.channels)
    except (KeyError, TypeError, ValueError, OSError):
        return None  # whatever is wrong with it, the remedy is to make it anew
    return Pyramid(about, tuple(Channel(facts, folder) for facts in about.channels)) if whole else None


def _about(found: Any) -> RecordingAbout:
    channels = tuple(_facts(one) for one in found["channels"])
    notes = tuple(str(note) for note in found["notes"])
    return RecordingAbout(found["format"], notes, float(found["first_s"]), float(found["last_s"]), channels)


def _facts(found: dict[str, Any]) -> ChannelFacts:
    if (
        any(Path(found[name]).name != found[name] for name in ("file", "clock"))
        or type(found["n_samples"]) is not int
    ):
        raise ValueError("files that lie elsewhere, or a number of samples that is none")
    found["lost_s"] = tuple((float(start), float(end)) for start, end in found["lost_s"])
    return ChannelFacts(**found)


def _is_whole(folder: Path, channel: ChannelFacts) -> bool:
    cells = channel.n_samples + sum(2 * count for _, count in level_sizes(channel.n_samples))
    times = channel.n_samples + -(-channel.n_samples // COARSE)
    file, clock = folder / channel.file, folder / channel.clock
    return file.stat().st_size == 4 * cells and clock.stat().st_size == 8 * times


def _blocks(values: Values, size: int, extreme: np.ufunc) -> Values:
    """Return the extremes of blocks of ``size``; the last may be short."""
    n_full = values.size // size
    full: Values = extreme.reduce(values[: n_full * size].reshape(n_full, size), axis=1)
    if n_full * size == values.size:
        return full
    return np.append(full, extreme.reduce(values[n_full * size :]))
