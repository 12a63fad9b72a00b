"""The compounds that can be given: what they act on, by which routes, and what a dose does to the model.

    amount [µmol/kg] = 1000 dose [mg/kg] / M = 1000 dose [mg] / (M m) = dose [µg] / (M m)

with M the molar mass [g/mol] of the free base and m the body mass [kg]. A dose enters a state of the pharmacokinetics
at once, or plasma at a steady rate. Numbers are in ``values/compounds.toml`` and ``values/pharmacokinetics.toml``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from adenoscope.core.errors import InputError, input_error
from adenoscope.core.parameter import Parameter
from adenoscope.mechanism.pieces import Species, constants
from adenoscope.simulation import Change

Target = Literal["a1", "a2a", "nmdar", "ent1", "ent2"]
Action = Literal["agonist", "antagonist"]
Actions = Mapping[Target, Action]


@dataclass(frozen=True)
class Route:
    """Where a dose goes, the share [1] put there, and the share [1] that arrives in plasma (i.c.v.: in brain)."""

    state: str
    share: float
    bioavailability: float


@dataclass(frozen=True)
class Compound:
    """A compound of the library, or one that takes the slot of a compound of the library in the model.

    ``slot``: what the model calls it. ``molar_mass`` [g/mol]. ``acts_on``: what it does at which target; blockers and
    inhibitors are antagonists. ``routes``: by species, then by name. ``mitochondrial_ic50``: what the energy piece
    calls its potency on mitochondria, where it is like ketamine. ``forms``: what the body makes of it, by slot.
    """

    name: str
    slot: str
    molar_mass: float
    acts_on: Actions
    routes: Mapping[Species, Mapping[str, Route]]
    mitochondrial_ic50: str | None
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A row of the library, without what ``values`` says."""

    acts_on: Actions
    mouse: tuple[str, ...] = ("ip", "iv")
    human: tuple[str, ...] = ()
    like_ketamine: bool = False
    forms: tuple[str, ...] = ()


CHANNEL: Actions = {"nmdar": "antagonist"}
ANTAGONIST: Actions = {"a1": "antagonist", "a2a": "antagonist"}
AGONIST: Actions = {"a1": "agonist", "a2a": "agonist"}
UPTAKE: Actions = {"ent1": "antagonist", "ent2": "antagonist"}
ENTRIES = {
    "ketamine": Entry(CHANNEL, human=("iv", "oral"), like_ketamine=True, forms=("norketamine", "hydroxynorketamine")),
    "norketamine": Entry(CHANNEL, like_ketamine=True, forms=("hydroxynorketamine",)),
    "hydroxynorketamine": Entry(CHANNEL, mouse=("ip", "iv", "oral"), like_ketamine=True),
    "deschloroketamine": Entry(CHANNEL, like_ketamine=True),
    "caffeine": Entry(ANTAGONIST, mouse=("ip", "iv", "oral"), human=("iv", "oral")),
    "theophylline": Entry(ANTAGONIST, mouse=("ip", "iv", "oral"), human=("iv", "oral")),
    "istradefylline": Entry(ANTAGONIST, mouse=("ip", "iv", "oral"), human=("oral",)),
    "dipyridamole": Entry(UPTAKE, mouse=("ip", "iv", "icv"), human=("iv", "oral")),
    "psb36": Entry(ANTAGONIST),
    "dpcpx": Entry(ANTAGONIST),
    "zm241385": Entry(ANTAGONIST),
    "cha": Entry(AGONIST),
    "cgs21680": Entry(AGONIST),
    "mk801": Entry(CHANNEL),
    "memantine": Entry(CHANNEL, mouse=("ip", "iv", "oral"), human=("oral",)),
    "cpp": Entry(CHANNEL),
    "adenosine": Entry({}, mouse=("icv",)),  # the receptors and the purines say what it does and where it goes
}
ALIASES = {"dck": "deschloroketamine", "hnk": "hydroxynorketamine", "2r6rhnk": "hydroxynorketamine"} | {
    "2r6rhydroxynorketamine": "hydroxynorketamine",
    "dizocilpine": "mk801",
}
STATES = {"ip": "depot", "oral": "depot", "iv": "central", "icv": "ventricle"}
BY_BODY = ("mg/kg", "mg", "µmol/kg")
UNITS = {"ip": BY_BODY, "oral": BY_BODY, "iv": BY_BODY, "icv": ("µg",)}


@cache
def library() -> Mapping[str, Compound]:
    """Return every compound that can be given, by name."""
    return {name: _compound(name, entry) for name, entry in ENTRIES.items()}


def plain_name(name: str) -> str:
    """Return a name without what does not matter in it: case, hyphens and the like."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def library_compound(name: str) -> Compound | None:
    """Return the compound of a name, as ``find_compound`` does, or None where the library has none."""
    plain = plain_name(name)
    return library().get(ALIASES.get(plain, plain))


def find_compound(name: str) -> Compound:
    """Return the compound of a name; case, hyphens and the like do not matter, and DCK, HNK and MK-801 are known.

    Raises:
        InputError: the library has no such compound.
    """
    found = library_compound(name)
    if found is None:
        raise _wrong("compound", f"`{name}`", library(), "use a name of the library, or add it to compounds.csv")
    return found


def affinities(compound: str, species: Species) -> Mapping[Target, Parameter]:
    """Return the unbound concentration [µM] of half effect at each target that a compound acts on.

    Valid: see each parameter's source; constants from several assays, put on one scale by ratios.
    Source: ``values/compounds.toml``.
    """
    known = constants("compounds", species)
    name = find_compound(compound).name
    return {target: known[f"{name}_ki_{target}"] for target in find_compound(compound).acts_on}


def dose_changes(
    compound: str | Compound,
    dose: float,
    unit: str,
    route: str,
    species: Species,
    at_s: float,
    duration_s: float | None = None,
) -> list[Change]:
    """Return what giving a dose does to the model: one change, or for an infusion its start and its end.

    Args:
        compound: A name of the library, or the compound itself.
        dose: How much, in ``unit``.
        unit: mg/kg, µmol/kg, mg for the whole body, or µg for the whole brain (i.c.v.).
        route: ip, iv, icv or oral, as the compound has it in this species.
        species: Who is given it.
        at_s: When [s].
        duration_s: How long an infusion takes [s]; without it the dose is given at once.

    Raises:
        InputError: the compound, route, unit, dose or duration is not allowed; the message lists what is.

    Valid: linear kinetics, free base, the body mass in ``values/compounds.toml``.
    Source: the equation at the top.
    """
    given = find_compound(compound) if isinstance(compound, str) else compound
    way = _route(given, route, species)
    amount = way.share * _amount(given, dose, unit, route, species)
    if not duration_s:
        return [Change(at_s, way.state, amount, adds=True)]
    if route != "iv" or not 0 < duration_s < math.inf:
        found = f"{duration_s} s for {given.name} {route}"
        raise _wrong("duration_s", found, ["a time above 0, with iv"], "leave it out to give the dose at once")
    rate, target = amount / duration_s, f"{given.slot}_infusion"
    return [Change(at_s, target, rate, adds=True), Change(at_s + duration_s, target, -rate, adds=True)]


def _compound(name: str, entry: Entry) -> Compound:
    return Compound(
        name=name,
        slot=name,
        molar_mass=constants("compounds", "mouse")[f"{name}_molar_mass"].value,
        acts_on=entry.acts_on,
        routes={
            "mouse": {route: _way(name, route, "mouse") for route in entry.mouse},
            "human": {route: _way(name, route, "human") for route in entry.human},
        },
        mitochondrial_ic50=f"{name}_ic50_mitochondria" if entry.like_ketamine else None,
        forms=entry.forms,
    )


def _way(name: str, route: str, species: Species) -> Route:
    relative = constants("compounds", species).get(f"{name}_{route}")  # oral, where the depot is that of i.p. dosing
    first_pass = constants("pharmacokinetics", species).get(f"{name}_first_pass")
    share = 1.0 if relative is None else relative.value
    through = 1 / (1 + first_pass.value) if first_pass is not None and STATES[route] == "depot" else 1.0
    return Route(f"{name}_{STATES[route]}", share, share * through)


def _route(compound: Compound, route: str, species: Species) -> Route:
    if species not in get_args(Species):
        raise _wrong("species", f"`{species}`", get_args(Species), "name one of them")
    ways = compound.routes[species]
    if not ways:
        allowed = [name for name, known in library().items() if known.routes[species]]
        remedy = "give one of these; there is no kinetics to give the other ones honestly"
        raise _wrong("compound", f"{compound.name} in a {species}", allowed, remedy)
    if route not in ways:
        raise _wrong("route", f"`{route}` for {compound.name} in a {species}", ways, "name one of them")
    return ways[route]


def _amount(compound: Compound, dose: float, unit: str, route: str, species: Species) -> float:
    """Return a dose in µmol per kg of body."""
    plain = unit.replace("\u03bc", "µ").replace("ug", "µg").replace("umol", "µmol")
    if plain not in UNITS[route]:
        raise _wrong("unit", f"`{unit}` for {compound.name} {route}", UNITS[route], "convert the dose")
    if not 0 <= dose < math.inf:
        raise _wrong("dose", f"{dose} {unit}", ["0 or above, and finite"], "correct it; a vehicle is a dose of 0")
    body = constants("compounds", species)["body_mass"].value
    micrograms_per_kg = {"mg/kg": 1e3, "mg": 1e3 / body, "µg": 1 / body, "µmol/kg": compound.molar_mass}[plain]
    return dose * micrograms_per_kg / compound.molar_mass


def _wrong(column: str, found: str, allowed: Iterable[str], remedy: str) -> InputError:
    return input_error("give", column=column, found=found, allowed=", ".join(allowed), remedy=remedy)
