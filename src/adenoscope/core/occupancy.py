"""A question of occupancy: what is given to whom, when, and what adenosine does meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from adenoscope.core.protocol import Breath, Dose, Region, Species

REFERENCE = "reference"


@dataclass(frozen=True)
class OccupancyDesign:
    """Antagonists given over time, and what raises adenosine meanwhile.

    ``give``: each single dose of an antagonist. ``challenge`` and ``breathe``: ketamine and the like, and hypoxia.
    ``groups``: of people, by clearance; ``half_lives_h`` [h]: the same for every subject, a group each.
    ``body_mass_kg``: of every subject; None is the species' own. ``report_h``: times of tables
    [h after the first dose].
    """

    species: Species
    duration_h: float
    give: tuple[Dose, ...]
    region: Region = "mPFC"
    subjects: int = 200
    seed: int = 1
    every_min: float = 15.0
    body_mass_kg: float | None = None
    challenge: tuple[Dose, ...] = ()
    breathe: tuple[Breath, ...] = ()
    groups: tuple[str, ...] = (REFERENCE,)
    half_lives_h: tuple[float, ...] = ()
    report_h: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 12.0, 24.0)

    @property
    def first_s(self) -> float:
        """Return when the first antagonist is given [s]."""
        return min(dose.at_s for dose in self.give)

    @property
    def last_s(self) -> float:
        """Return when the last antagonist is given [s]."""
        return max(dose.at_s for dose in self.give)

    @property
    def challenge_s(self) -> float | None:
        """Return when adenosine is first raised [s]; None where nothing raises it."""
        return min((done.at_s for done in (*self.challenge, *self.breathe)), default=None)
