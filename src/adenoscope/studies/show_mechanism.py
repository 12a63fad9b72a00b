"""What the mechanism consists of: pieces, what they take from each other, flux at rest, constants with sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from adenoscope.core.atomic import write_text
from adenoscope.core.parameter import Parameter
from adenoscope.mechanism.cohort import BATCH, known_constants, mechanism, unverified_share
from adenoscope.mechanism.links import Link, equations, links, looked_at, protocol_links
from adenoscope.mechanism.pieces import LIBRARY, PIECES, Species, constants

FLUXES = {  # by piece; what a piece no longer has is left out
    "oxygen": ("ventilation", "cardiac_output", "oxygen_uptake", "cbf", "tissue_flux", "brain_use"),
    "energy": (
        *("glycolysis", "tca", "respiration", "demand", "synthesis", "ldh", "creatine_kinase", "adenylate_kinase"),
        *("astro_glycolysis", "astro_tca", "astro_respiration", "astro_demand", "astro_synthesis"),
    ),
    "purines": (
        *(
            "cn_neuron",
            "cn_astro",
            "adk_neuron",
            "adk_astro",
            "ada_neuron",
            "ada_astro",
            "ent_neuron_flux",
            "ent_astro_flux",
        ),
        *("atp_release", "cd39_atp", "cd39_adp", "cd73", "amp_other", "amp_escape"),
    ),
}
FLUX_UNITS = {"ventilation": "relative", "cbf": "relative", "cardiac_output": "L/s", "oxygen_uptake": "L/s"} | {
    "tissue_flux": "mL/100 g/s",
    "brain_use": "mL/100 g/s",
}
STATE = re.compile(r"\b(\w+)'\s*=")


@dataclass(frozen=True)
class Flux:
    """What flows through a step of a piece at rest."""

    piece: str
    name: str
    value: float
    unit: str


@dataclass(frozen=True)
class Mechanism:
    """The model of one species: states by piece, fluxes at rest, constants by piece, inputs left out.

    ``links``: what pieces take from each other and from a protocol. ``looked_at``: what simulations show, by piece.
    """

    species: Species
    states: Mapping[str, int]
    links: tuple[Link, ...]
    looked_at: Mapping[str, tuple[str, ...]]
    fluxes: tuple[Flux, ...]
    constants: Mapping[str, Mapping[str, Parameter]]

    @property
    def unverified_share(self) -> float:
        """Return the share [1] of all constants whose value was not read in its source."""
        return unverified_share(known_constants(self.species).values())

    def unverified_share_of(self, piece: str) -> float:
        """Return the same share [1] among the constants of one piece."""
        own = self.constants[piece].values()
        return unverified_share(own) if own else 0.0


def show_mechanism(species: Species) -> Mechanism:
    """Return what the mechanism of a species consists of."""
    known = known_constants(species)
    return Mechanism(
        species=species,
        states={piece: len(set(STATE.findall(equations(piece)))) for piece in PIECES},
        links=(*links(), *protocol_links(species)),
        looked_at=looked_at(species),
        fluxes=_fluxes(species),
        constants={
            piece: {name: value for name, value in constants(piece, species).items() if name in known}
            for piece in (*PIECES, LIBRARY)
        },
    )


def export_mechanism(species: Species, file: Path) -> None:
    """Write the whole mechanism as SBML, whole or not at all; ``simulation.read_model`` reads it back."""
    write_text(file, mechanism(species).sbml)


def _fluxes(species: Species) -> tuple[Flux, ...]:
    model = mechanism(species)
    named = [(piece, name) for piece, names in FLUXES.items() for name in names if name in model.system.quantities]
    rest = model.simulate([0.0], observables=[name for _, name in named], n_subjects=BATCH).values[0, 0]
    return tuple(
        Flux(piece, name, value, FLUX_UNITS.get(name, "µM/s"))
        for (piece, name), value in zip(named, rest.tolist(), strict=True)
    )
