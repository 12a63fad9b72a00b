"""A protocol: what is done to subjects in a simulation, and to how many of what kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Species = Literal["mouse", "human"]
Region = Literal["mPFC", "ACC", "HPC", "NAc"]
Genotype = Literal["WT", "Adora1-KO", "Adora2a-KO", "Nt5e-KO"]
GeneName = Literal["Adora1", "Adora2a", "Nt5e", "Adk", "Slc29a1", "Slc29a2"]
Condition = Literal["naive", "CRS"]
Route = Literal["iv", "ip", "icv", "oral"]


@dataclass(frozen=True)
class Dose:
    """A compound given at ``at_s`` [s]; at once, or over ``duration_s`` [s] (an infusion)."""

    at_s: float
    compound: str
    dose: float
    unit: str
    route: Route
    duration_s: float | None = None


@dataclass(frozen=True)
class Breath:
    """Bouts of a gas with ``fio2`` [1] oxygen, each ``duration_s`` [s] long with ``rest_s`` [s] of air between."""

    at_s: float
    fio2: float
    duration_s: float
    repeat: int = 1
    rest_s: float = 0.0

    @property
    def bouts(self) -> tuple[tuple[float, float], ...]:
        """Return start and end [s] of each bout."""
        starts = (self.at_s + number * (self.duration_s + self.rest_s) for number in range(self.repeat))
        return tuple((start, start + self.duration_s) for start in starts)


@dataclass(frozen=True)
class Shock:
    """An electroconvulsive stimulus: a train of brief pulses of ``pulse_ms`` [ms]."""

    at_s: float
    current_ma: float
    frequency_hz: float
    pulse_ms: float
    duration_s: float


@dataclass(frozen=True)
class Light:
    """Astrocytes driven by light from ``at_s`` for ``duration_s`` [s]; ``strength`` [1] of full drive."""

    at_s: float
    duration_s: float
    strength: float = 1.0


@dataclass(frozen=True)
class Gene:
    """A gene of which a genotype leaves a share ``left`` [1], from birth: 0 a knock-out, 0.5 one allele."""

    name: GeneName
    left: float


@dataclass(frozen=True)
class OwnCompound:
    """A compound that the library lacks, by what differs from ``like``, a compound of the library.

    ``molar_mass`` [g/mol] and potencies [µM]; None is as in ``like``. ``source``: where the numbers are from.
    """

    name: str
    like: str
    source: str
    molar_mass: float | None = None
    mitochondria_ic50_um: float | None = None
    nmdar_ki_um: float | None = None
    a1_ki_um: float | None = None
    a2a_ki_um: float | None = None


@dataclass(frozen=True)
class Protocol:
    """Who is simulated, for how long [s], looked at how often [s], and what is done to them.

    ``compounds``: those that may be given beside the library's.
    """

    species: Species
    duration_s: float
    region: Region = "mPFC"
    genotype: Genotype = "WT"
    condition: Condition = "naive"
    every_s: float = 10.0
    subjects: int = 200
    seed: int = 1
    give: tuple[Dose, ...] = ()
    breathe: tuple[Breath, ...] = ()
    shock: tuple[Shock, ...] = ()
    light: tuple[Light, ...] = ()
    gene: tuple[Gene, ...] = ()
    compounds: tuple[OwnCompound, ...] = ()

    @property
    def first_s(self) -> float:
        """Return when the first thing is done to a subject [s]; 0 where nothing is."""
        return min((done.at_s for done in (*self.give, *self.breathe, *self.shock, *self.light)), default=0.0)
