"""What is asked of hypoxia: schedules to choose from, what they are to engage, and what no subject may suffer."""

from __future__ import annotations

from dataclasses import dataclass

from adenoscope.core.protocol import Region, Species
from adenoscope.core.schedule import Gas, Override, Schedule

DECIMALS = 6  # of a level: what a device is set to has fewer


@dataclass(frozen=True)
class Range:
    """What a quantity may be: from ``low`` to ``high`` in steps of ``step``; one value where they are the same."""

    low: float
    high: float
    step: float

    @property
    def levels(self) -> tuple[float, ...]:
        """Return every value that can be set, in order; the last is ``high``, whatever the step."""
        n_steps = int((self.high - self.low) / self.step + 10**-DECIMALS)
        levels = [round(self.low + number * self.step, DECIMALS) for number in range(n_steps + 1)]
        return tuple(dict.fromkeys([*levels, round(self.high, DECIMALS)]))


@dataclass(frozen=True)
class Objective:
    """How much the engagement of each receptor counts [1]; not both 0."""

    a1: float = 1.0
    a2a: float = 1.0


@dataclass(frozen=True)
class Limits:
    """What breaks a limit in a subject; None where nothing is asked.

    ``spo2_floor`` [1] may be undercut for ``below_floor_s`` [s] in a session. ``pto2_floor_mmhg``: oxygen of brain
    tissue. ``atp_fall`` [1]: fall of ATP/ADP as a share of rest. ``dose_percent_min``: area of the fall of SpO2 below
    the subject's own rest over all sessions [% min]. ``risk`` [1]: probability that a subject breaks any of them that
    is accepted.
    """

    spo2_floor: float | None = None
    below_floor_s: float = 0.0
    pto2_floor_mmhg: float | None = None
    atp_fall: float | None = None
    dose_percent_min: float | None = None
    risk: float = 0.1


@dataclass(frozen=True)
class HypoxiaDesign:
    """Schedules to choose from, for whom, to what end and within which limits.

    ``spo2_target`` is None where the gas is fixed. ``burden_percent_min``: the most burden of the whole course that
    the recommended schedule may have [% min]; None leaves that open. ``also_given``: compounds, and ``added_co2``,
    that would be given besides; the envelope speaks of them.
    """

    species: Species
    gas: Gas
    fio2: Range
    bout_s: Range
    rest_s: Range
    bouts: Range
    sessions: Range
    spo2_target: Range | None = None
    sessions_per_day: int = 1
    sessions_per_week: int = 5
    region: Region = "mPFC"
    objective: Objective = Objective()
    limits: Limits = Limits()
    burden_percent_min: float | None = None
    subjects: int = 64
    seed: int = 1
    presets: tuple[str, ...] = ()
    preset: str = ""
    override: Override | None = None
    also_given: tuple[str, ...] = ()
    added_co2: bool = False

    @property
    def searched(self) -> tuple[Range, ...]:
        """Return the quantities in a point's order: target where clamped, gas, bout, rest, bouts, sessions."""
        target = () if self.spo2_target is None else (self.spo2_target,)
        return (*target, self.fio2, self.bout_s, self.rest_s, self.bouts, self.sessions)

    def schedule(self, point: tuple[float, ...]) -> Schedule:
        """Return the schedule at a point; see ``searched``."""
        target = None if self.spo2_target is None else point[0]
        fio2, bout_s, rest_s, bouts, sessions = point[-5:]
        return Schedule(
            gas=self.gas,
            fio2=fio2,
            bout_s=bout_s,
            rest_s=rest_s,
            bouts=round(bouts),
            sessions=round(sessions),
            spo2_target=target,
            sessions_per_day=self.sessions_per_day,
            sessions_per_week=self.sessions_per_week,
        )
