"""From a protocol to what the engine does.

A stimulus carries, one pulse of each cycle counted (a device that names pairs of pulses delivers twice that),

    charge [mC] = current [mA] * pulse [ms] / 1000 * frequency [cycles/s] * duration [s]

Genotype, condition and region are switches. See ``validity`` for what is refused, and what is said beside an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from adenoscope.core.errors import InputError, Problem, input_error
from adenoscope.core.protocol import Breath, Dose, Light, Protocol, Shock
from adenoscope.mechanism.compounds import Compound, dose_changes
from adenoscope.mechanism.inhibitors import inhibitor_changes, is_inhibitor
from adenoscope.mechanism.own_compounds import (
    given_compound,
    own_constants,
    slot_problems,
)
from adenoscope.mechanism.pieces import constants
from adenoscope.simulation import Change

SWITCHES = {"CRS": {"stress": 1.0}, "NAc": {"region_source": 0.0}}
GENES = {"Adora1": "a1_present", "Adora2a": "a2a_present", "Nt5e": "nt5e_present", "Adk": "adk_present"} | {
    "Slc29a1": "ent1_present",
    "Slc29a2": "ent2_present",
}
INPUTS = (  # constants of the pieces that a protocol sets: they are no knowledge and have no spread
    *("fio2", "ventilated", "ventilator", "shock", "charge_mc", "stress", "region_source"),
    *("light", *GENES.values()),
)


def parameters(protocol: Protocol) -> dict[str, float]:
    """Return what a protocol sets from the start, by the model's names."""
    switched = [SWITCHES.get(word, {}) for word in (protocol.condition, protocol.region)]
    ventilated = {"ventilated": 1.0} if protocol.species == "human" and protocol.shock else {}
    left = {gene.name: gene.left for gene in protocol.gene} | {protocol.genotype.removesuffix("-KO"): 0.0}
    genes = {GENES[name]: share for name, share in left.items() if name in GENES}
    own = {name: constant.value for name, constant in own_constants(protocol).items()}
    return {name: value for switch in (*switched, ventilated, genes, own) for name, value in switch.items()}


def changes(protocol: Protocol) -> list[Change]:
    """Return everything that is done to a subject, as changes of the model.

    Raises:
        InputError: a dose cannot be given; every problem is listed.
    """
    problems = dose_problems(protocol)
    if problems:
        raise InputError(*problems)
    air = constants("oxygen", protocol.species)["fio2"].value
    return [
        *(change for dose in protocol.give for change in _dose(dose, protocol)),
        *_gas(protocol.breathe, air),
        *(change for shock in in_order(protocol.shock) for change in _shock(shock)),
        *(change for light in protocol.light for change in _light(light)),
    ]


def dose_problems(protocol: Protocol, file: str = "protocol") -> list[Problem]:
    """Return everything that is wrong with compounds, routes and units."""
    problems: list[Problem] = []
    given: list[Compound] = []
    for dose in protocol.give:
        try:
            _dose(dose, protocol)
            if not is_inhibitor(dose.compound):
                given.append(given_compound(dose.compound, protocol.compounds))
        except InputError as error:
            place = f"{file}, give at {dose.at_s:g} s"
            problems += [replace(problem, file=place) for problem in error.problems]
    return [*problems, *slot_problems(given, f"{file}, give")]


def charge_mc(shock: Shock) -> float:
    """Return the charge of a stimulus [mC], one pulse of each cycle counted; see the top of this file."""
    pulse_s = shock.pulse_ms / 1000
    return shock.current_ma * pulse_s * shock.frequency_hz * shock.duration_s


def _dose(dose: Dose, protocol: Protocol) -> list[Change]:
    if is_inhibitor(dose.compound):
        if protocol.species != "mouse":
            found, allowed = (
                f"`{dose.compound}` in a {protocol.species}",
                "mice: what it leaves in people is not here",
            )
            raise input_error("give", column="compound", found=found, allowed=allowed, remedy="leave it out")
        return inhibitor_changes(dose.compound, dose.dose, dose.at_s)
    given = (given_compound(dose.compound, protocol.compounds), dose.dose, dose.unit, dose.route, protocol.species)
    return dose_changes(*given, dose.at_s, dose.duration_s)


def _gas(breaths: tuple[Breath, ...], air: float) -> Iterator[Change]:
    # In order of time: where a bout starts when another ends, its gas has the last word.
    bouts = sorted((start, end, breath.fio2) for breath in breaths for start, end in breath.bouts)
    for start, end, fio2 in bouts:
        yield from (Change(start, "fio2", fio2), Change(end, "fio2", air))


def _shock(shock: Shock) -> Iterator[Change]:
    end = shock.at_s + shock.duration_s
    yield from (Change(shock.at_s, "charge_mc", charge_mc(shock)), Change(shock.at_s, "shock", 1.0))
    yield Change(end, "shock", 0.0)


def _light(light: Light) -> Iterator[Change]:
    yield from (Change(light.at_s, "light", light.strength), Change(light.at_s + light.duration_s, "light", 0.0))


def in_order(shocks: tuple[Shock, ...]) -> list[Shock]:
    """Return stimuli by when they are given."""
    return sorted(shocks, key=lambda shock: shock.at_s)
