"""Who holds each target over time in every subject, by constants in vitro and in vivo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from adenoscope.core.occupancy import OccupancyDesign
from adenoscope.core.parameter import Parameter
from adenoscope.mechanism.cohort import Numbers
from adenoscope.mechanism.compounds import library
from adenoscope.mechanism.occupancy import (
    CARRIERS,
    RECEPTORS,
    Target,
    adenosine_share,
    antagonist_share,
    draws,
    freed_ki,
    in_vitro,
    in_vivo,
    in_vivo_most,
    named,
    pet_share,
)
from adenoscope.mechanism.pieces import Species
from adenoscope.studies.occupancy.readings import Shares
from adenoscope.studies.occupancy.runs import Course

Kind = Literal["in vitro", "in vivo"]
KINDS: tuple[Kind, ...] = ("in vitro", "in vivo")
NOTHING_BINDS = "nothing that is given binds here: adenosine's own level is all that changes"
OF_RECEPTORS = "PET has been done of the receptors, not of the carriers"


@dataclass(frozen=True)
class Affinities:
    """Constants of every subject by name, each of shape (subject,): the cohort's own, and those of occupancy."""

    values: Mapping[str, Numbers]

    def of(self, subjects: Any) -> Affinities:
        """Return the constants of some subjects."""
        return Affinities({name: values[subjects] for name, values in self.values.items()})

    def __call__(self, name: str) -> Numbers:
        """Return a constant with an axis for time, shape (subject, 1)."""
        return self.values[name][:, None]


@dataclass(frozen=True)
class Held:
    """The shares of one target under one set of constants, and by what it is ``bound``; or why there are none."""

    target: Target
    kind: Kind
    bound: tuple[str, ...]
    shares: Shares | None
    reason: str | None = None


def shown_targets(compounds: Sequence[str]) -> tuple[Target, ...]:
    """Return both receptors, and the carriers where a blocker of them is given."""
    blocked = any(target in library()[one].acts_on for one in compounds for target in CARRIERS)
    return (*RECEPTORS, *(CARRIERS if blocked else ()))


def constants_of(species: Species, compounds: Sequence[str], targets: Sequence[Target]) -> Mapping[str, Parameter]:
    """Return the constants of occupancy by the name they have in ``Affinities``."""
    looked_up = {"ki": in_vitro, "half": in_vivo, "most": in_vivo_most}
    found = {
        f"{one}_{kind}_{target}": look(one, target, species)
        for one in compounds
        for target in targets
        for kind, look in looked_up.items()
    }
    return {name: value for name, value in found.items() if value is not None}


def draw_affinities(design: OccupancyDesign, compounds: Sequence[str], drawn: Mapping[str, Numbers]) -> Affinities:
    """Return the constants of every subject; those that the cohort has drawn already are the cohort's."""
    known = constants_of(design.species, compounds, shown_targets(compounds))
    # A constant of compounds.toml is the cohort's; one of occupancy.toml is drawn here, whatever its name.
    own = {name: value for name, value in known.items() if value.name.startswith(f"{design.species}_in_")}
    return Affinities({**drawn, **draws(own, design.subjects, design.seed)})


@dataclass(frozen=True)
class Courses:
    """Three runs of the same subjects: without antagonists, with them, and with them alone.

    The last, without what raises adenosine, is None where nothing does.
    """

    alone: Course
    beside: Course
    unraised: Course | None


def shares(species: Species, affinities: Affinities, courses: Courses) -> Iterator[Held]:
    """Yield who holds each target under each set of constants."""
    compounds = tuple(courses.beside.plasma)
    for target in shown_targets(compounds):
        bound = [one for one in compounds if in_vitro(one, target, species) is not None]
        for kind in KINDS:
            reason = _missing(kind, target, bound, species)
            if reason is not None:
                yield Held(target, kind, (), None, reason)
            elif target in CARRIERS:
                load = _load(target, bound, affinities, courses.beside, kind)
                yield Held(target, kind, tuple(bound), Shares(antagonist_share(0.0, load)))
            else:
                yield Held(target, kind, tuple(bound), _of_receptor(target, bound, affinities, courses, kind))


def _missing(kind: Kind, target: Target, bound: Sequence[str], species: Species) -> str | None:
    if kind == "in vitro":
        return None
    if target in CARRIERS:
        return OF_RECEPTORS
    if not bound:
        return NOTHING_BINDS
    absent = [one for one in bound if in_vivo(one, target, species) is None]
    who = "mice" if species == "mouse" else "people"
    return f"no PET constant was found for {named(absent)} in {who}" if absent else None


def _of_receptor(target: Target, bound: Sequence[str], own: Affinities, courses: Courses, kind: Kind) -> Shares:
    kd, beside = own(f"{target}_kd"), courses.beside
    there, load = beside.adenosine / kd, _load(target, bound, own, beside, kind)
    held = antagonist_share(there, load) if kind == "in vitro" else _by_pet(target, bound, own, beside)
    unraised = None
    if courses.unraised is not None:
        unraised = adenosine_share(courses.unraised.adenosine / kd, _load(target, bound, own, courses.unraised, kind))
    alone = courses.alone.adenosine / kd
    return Shares(held, adenosine_share(alone, np.zeros_like(alone)), adenosine_share(there, load), unraised)


def _load(target: Target, bound: Sequence[str], own: Affinities, course: Course, kind: Kind) -> Numbers:
    """Return sum B / Ki [1] of the antagonists at a target, shape (subject, time)."""
    total = np.zeros_like(course.adenosine)
    for one in bound:
        if kind == "in vitro":
            ki = own(f"{one}_ki_{target}")
        else:
            rest = own("adenosine_rest") / own(f"{target}_kd")
            ki = freed_ki(_half_um(one, target, own), own(f"{one}_f_unbound"), own(f"{one}_kpuu"), rest)
        total += course.brain[one] / ki
    return total


def _by_pet(target: Target, bound: Sequence[str], own: Affinities, course: Course) -> Numbers:
    return pet_share(
        (
            course.plasma[one] / _half_um(one, target, own),
            own(f"{one}_most_{target}") if f"{one}_most_{target}" in own.values else 1.0,
        )
        for one in bound
    )


def _half_um(compound: str, target: Target, own: Affinities) -> Numbers:
    """Return the PET constant [µM, total plasma], shape (subject, 1); the values file has mg/L."""
    return 1e3 * own(f"{compound}_half_{target}") / library()[compound].molar_mass
