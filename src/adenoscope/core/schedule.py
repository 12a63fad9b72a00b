"""A schedule of intermittent hypoxia: bouts of a gas in sessions, what it breaks of an envelope, who allows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from adenoscope.core.parameter import Parameter
from adenoscope.core.protocol import Species

Gas = Literal["fixed", "clamped"]
DAYS_OF_WEEK = 7


@dataclass(frozen=True)
class Schedule:
    """Bouts of a gas, each ``bout_s`` [s] long with ``rest_s`` [s] of air between, in ``sessions``.

    ``fio2`` [1]: oxygen of the gas; of a clamped gas the least that its controller may give. ``spo2_target`` [1]: the
    saturation that a clamped gas follows; None where the gas is fixed.
    """

    gas: Gas
    fio2: float
    bout_s: float
    rest_s: float
    bouts: int
    sessions: int = 1
    spo2_target: float | None = None
    sessions_per_day: int = 1
    sessions_per_week: int = 5

    @property
    def starts_s(self) -> tuple[float, ...]:
        """Return when each bout of a session starts [s]."""
        return tuple(number * (self.bout_s + self.rest_s) for number in range(self.bouts))

    @property
    def session_s(self) -> float:
        """Return how long a session takes [s], from its first bout to the end of its last."""
        return self.starts_s[-1] + self.bout_s

    @property
    def low_oxygen_s(self) -> float:
        """Return how long a session's bouts are together [s]."""
        return self.bouts * self.bout_s

    def day_of(self, session: int) -> int:
        """Return the day of a session, both counted from 1."""
        week, place = divmod(session - 1, self.sessions_per_week)
        return DAYS_OF_WEEK * week + place // self.sessions_per_day + 1

    @property
    def words(self) -> str:
        """Return the schedule as one says it."""
        course = "1 session" if self.sessions == 1 else f"{self.sessions} sessions"
        rest = f" with {self.rest_s:g} s of air between" if self.bouts > 1 else ""
        return f"{self.bouts} x {self.bout_s:g} s {self.gas_words}{rest}, {course}"

    @property
    def gas_words(self) -> str:
        """Return the gas as one says it."""
        if self.spo2_target is None:
            return f"of {100 * self.fio2:g} % O2"
        return f"clamped at SpO2 {100 * self.spo2_target:g} % (no less than {100 * self.fio2:g} % O2)"


@dataclass(frozen=True)
class Breach:
    """A limit of the envelope that is not kept: what was found and what is allowed, in its unit and in words."""

    limit: str
    found: float
    allowed: float
    unit: str
    words: str
    source: str

    @property
    def by(self) -> float:
        """Return how far the limit is missed, in its unit."""
        return abs(self.found - self.allowed)


@dataclass(frozen=True)
class Override:
    """Limits that are let pass, by name: for what reason, and who stands for it."""

    limits: tuple[str, ...]
    reason: str
    by: str


@dataclass(frozen=True)
class Preset:
    """A schedule that was given in a study; ``published_spo2`` [1]: its mean, from one sd below to one above."""

    name: str
    species: Species
    schedule: Schedule
    published_spo2: Parameter | None
    source: str
    verified: bool
