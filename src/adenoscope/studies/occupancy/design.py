"""A design held against the library, and as the protocols that are simulated: with antagonists, and without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from adenoscope.core.errors import InputError, Problem
from adenoscope.core.occupancy import OccupancyDesign
from adenoscope.core.protocol import Dose, Protocol
from adenoscope.io.occupancy_toml import HOUR_S, survey_occupancy
from adenoscope.mechanism.compounds import find_compound, library_compound
from adenoscope.mechanism.inhibitors import is_inhibitor
from adenoscope.mechanism.interventions import dose_problems
from adenoscope.mechanism.occupancy import antagonists, raises_adenosine
from adenoscope.mechanism.pieces import constants

HEAVIEST_KG = {"mouse": 0.06, "human": 300.0}
BY_WHOLE_BODY = ("mg", "µg", "ug")


def valid_design(path: Path) -> OccupancyDesign:
    """Return the design in a file.

    Raises:
        InputError: something is wrong with it; every problem is listed.
    """
    survey = survey_occupancy(path)
    problems = list(survey.problems)
    if survey.design is not None:
        problems += _problems(survey.design, path.name)
    if problems or survey.design is None:
        raise InputError(*problems)
    return survey.design


def given_compounds(design: OccupancyDesign) -> tuple[str, ...]:
    """Return the antagonists of a valid design once each, by the library's names, in the order of the doses."""
    return tuple(dict.fromkeys(find_compound(dose.compound).name for dose in design.give))


def protocols(design: OccupancyDesign) -> tuple[Protocol, Protocol]:
    """Return the protocol with antagonists, and the one without; doses are those of the species' own body mass."""
    given = tuple(_of_usual_mass(dose, design) for dose in design.give)
    raising = tuple(_of_usual_mass(dose, design) for dose in design.challenge)
    alone = Protocol(
        species=design.species,
        duration_s=HOUR_S * design.duration_h,
        region=design.region,
        every_s=60 * design.every_min,
        subjects=design.subjects,
        seed=design.seed,
        give=raising,
        breathe=design.breathe,
    )
    return replace(alone, give=(*given, *raising)), alone


def _of_usual_mass(dose: Dose, design: OccupancyDesign) -> Dose:
    """Return the dose that gives a body of the species' mass as much per kg as ``dose`` gives the design's."""
    if design.body_mass_kg is None or dose.unit not in BY_WHOLE_BODY:
        return dose
    usual = constants("compounds", design.species)["body_mass"].value
    return replace(dose, dose=dose.dose * usual / design.body_mass_kg)


def _problems(design: OccupancyDesign, file: str) -> Iterator[Problem]:
    """Yield what is wrong with a design beside the library: compounds, routes, units, roles, masses."""
    beside = protocols(design)[0]
    # A repeated dose is wrong once, not as often as it is given.
    once = {(dose.compound, dose.dose, dose.unit, dose.route): dose for dose in reversed(beside.give)}
    yield from dose_problems(replace(beside, give=tuple(reversed(once.values()))), file)
    yield from _roles(design, file)
    heaviest = HEAVIEST_KG[design.species]
    if design.body_mass_kg is not None and design.body_mass_kg > heaviest:
        found = f"body_mass_kg = {design.body_mass_kg:g} in a {design.species}"
        yield Problem(file, found, f"at most {heaviest:g}", "give it in kilograms, or leave it out")


def _roles(design: OccupancyDesign, file: str) -> Iterator[Problem]:
    allowed = antagonists()
    for name in dict.fromkeys(dose.compound for dose in design.give):
        found = library_compound(name)
        if is_inhibitor(name) or (found is not None and found.name not in allowed):
            words = f"give: `{name}` blocks none of A1, A2A and the carriers"
            yield Problem(file, words, ", ".join(allowed), "put what raises adenosine under [[challenge.give]]")
    for name in dict.fromkeys(dose.compound for dose in design.challenge):
        if library_compound(name) is not None and not raises_adenosine(name):
            words = "what binds neither receptors nor carriers of adenosine, such as ketamine"
            yield Problem(file, f"challenge.give: `{name}` binds there", words, "put antagonists under [[give]]")
