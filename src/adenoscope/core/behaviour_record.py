"""What a tracking or scoring program says of one animal in one test: events, a track, or finished measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from adenoscope.core.recording import Samples


@dataclass(frozen=True)
class Origin:
    """Where a record comes from: its ``place`` for messages, the ``names`` its animal goes by, and the file's facts.

    ``facts`` are what the file says of the whole record: the trial, the stage, the arena, the treatment.
    """

    place: str
    names: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Bout:
    """One occurrence of a behaviour.

    ``start_s`` and ``stop_s`` [s] are on the file's clock; they are equal for a point event.
    """

    behaviour: str
    start_s: float
    stop_s: float

    @property
    def duration_s(self) -> float:
        return self.stop_s - self.start_s


@dataclass(frozen=True)
class Events:
    """What an observer noted; ``length_s`` [s] is that of the film, None where the file does not say."""

    origin: Origin
    bouts: tuple[Bout, ...]
    length_s: float | None = None


@dataclass(frozen=True)
class Track:
    """Where an animal was at each ``time``, as the file has it: a lost sample is NaN, nothing is bridged.

    ``time`` counts seconds, or frames where ``in_frames``. ``x`` and ``y`` are in ``unit``, and so is ``moved``, the
    distance since the sample before as the program has it. ``immobile`` holds the program's own verdicts, 1 or 0,
    by the name of the column.
    """

    origin: Origin
    time: Samples
    x: Samples
    y: Samples
    unit: str
    in_frames: bool = False
    likelihood: Samples | None = None
    moved: Samples | None = None
    immobile: Mapping[str, Samples] = field(default_factory=dict[str, Samples])


@dataclass(frozen=True)
class Measure:
    """A number for each span of the test, or one for the whole test; NaN where the program gives none."""

    values: tuple[float, ...]
    unit: str = ""


@dataclass(frozen=True)
class Measures:
    """What a program has already measured, by the name of the column; no ``spans_s`` [s] means the whole test."""

    origin: Origin
    measures: Mapping[str, Measure]
    spans_s: tuple[tuple[float, float], ...] = ()


Record = Events | Track | Measures
