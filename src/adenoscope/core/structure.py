"""A chemical structure in its standard form, with what was done to bring it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Structure:
    """The free base or acid of a compound, as one standard SMILES.

    ``given`` is the SMILES of the source, ``mass_as_given`` [g/mol] its mass with whatever was stripped.
    ``molar_mass`` is in g/mol, ``tpsa``, the polar surface, in Å²; ``log_p`` [1] is computed. ``features`` holds the
    numbers of the circular fragments, two bonds around each atom, that it has. ``scaffold`` is what rings and the
    links between them leave of it. ``centres`` names its stereocentres and double bonds in the order of the SMILES:
    R, S, r, s, E, Z, or ? where the source leaves one open. ``stripped`` names salts and solvents taken away.
    ``tautomer_key`` is the same for forms that differ in where hydrogens sit. ``notes`` say what was found.
    """

    given: str
    smiles: str
    inchikey: str
    formula: str
    molar_mass: float
    mass_as_given: float
    log_p: float
    tpsa: float
    charge: int
    scaffold: str
    features: frozenset[int]
    centres: tuple[str, ...]
    stripped: tuple[str, ...]
    tautomer_key: str
    notes: tuple[str, ...]

    @property
    def connectivity(self) -> str:
        """Return the part of the InChIKey that forms of other stereochemistry share."""
        return self.inchikey.partition("-")[0]


DomainStanding = Literal["inside", "edge", "outside"]


@dataclass(frozen=True)
class Domain:
    """How near a structure is to those that something is known of: its nearest, and what lies beyond their range.

    ``similarity`` [1] is Tanimoto's, to ``nearest``; both None where there is nothing to compare with. ``beyond``
    says in words which descriptor leaves the range of the others.
    """

    standing: DomainStanding
    nearest: str | None
    similarity: float | None
    beyond: tuple[str, ...]
