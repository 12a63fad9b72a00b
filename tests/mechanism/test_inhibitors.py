"""Inhibitors of enzymes: ketamine stays longer, and less norketamine is made of it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from adenoscope.core.errors import InputError
from adenoscope.core.protocol import Dose, Protocol
from adenoscope.mechanism.cohort import BATCH, mechanism
from adenoscope.mechanism.inhibitors import ENZYMES, inhibitor_changes, is_inhibitor
from adenoscope.mechanism.interventions import changes, dose_problems
from adenoscope.mechanism.observables import observables
from adenoscope.mechanism.own_compounds import given_compounds

KETAMINE = Dose(1800.0, "ketamine", 10.0, "mg/kg", "ip")
SEEN = ("brain_ketamine_um", "brain_norketamine_um", "dff")
AREA_S = 10.0


def given_first(compound: str, dose: float = 50.0) -> Protocol:
    return Protocol("mouse", 7200.0, give=(Dose(0.0, compound, dose, "mg/kg", "ip"), KETAMINE))


@cache
def area(protocol: Protocol) -> dict[str, float]:
    times = np.arange(0.0, protocol.duration_s + 1, AREA_S)
    found = mechanism("mouse").simulate(times, events=changes(protocol), observables=SEEN, n_subjects=BATCH)
    assert not found.failures
    return {name: float(np.trapezoid(found[name][0], dx=AREA_S)) for name in SEEN}


@pytest.mark.parametrize("name", ENZYMES)
def test_an_inhibitor_leaves_a_share_of_one_activity_from_then_on(name: str) -> None:
    (change,) = inhibitor_changes(name, 50.0, 60.0)
    assert (change.time, change.target, change.adds) == (60.0, ENZYMES[name], False)
    assert 0 < change.value < 1


@pytest.mark.parametrize("name", [*ENZYMES, "Ritonavir", " KETOCONAZOLE "])
def test_case_does_not_matter(name: str) -> None:
    assert is_inhibitor(name)
    assert changes(given_first(name))[0].target in ENZYMES.values()


def test_vehicle_and_other_compounds_are_none() -> None:
    assert inhibitor_changes("ritonavir", 0.0, 60.0) == []
    assert not is_inhibitor("ketamine")


@pytest.mark.parametrize("name", ENZYMES)
def test_an_inhibitor_keeps_ketamine_and_takes_norketamine(name: str) -> None:
    plain, held = area(Protocol("mouse", 7200.0, give=(KETAMINE,))), area(given_first(name))
    assert held["brain_ketamine_um"] > 1.02 * plain["brain_ketamine_um"]
    assert held["brain_norketamine_um"] < 0.98 * plain["brain_norketamine_um"]
    assert held["dff"] > plain["dff"]  # ketamine itself is the brake, more than what is made of it


def test_the_dose_of_an_inhibitor_does_not_matter_unless_it_is_0() -> None:
    assert area(given_first("ritonavir", 1.0)) == area(given_first("ritonavir", 50.0))
    assert area(given_first("ritonavir", 0.0)) == area(Protocol("mouse", 7200.0, give=(KETAMINE,)))


def test_an_inhibitor_has_no_levels_of_its_own() -> None:
    protocol = given_first("ritonavir")
    assert [given.name for given in given_compounds(protocol)] == ["ketamine"]
    assert not any("ritonavir" in seen.name for seen in observables(protocol))


def test_people_are_not_given_one() -> None:
    person = Protocol("human", 7200.0, give=(Dose(0.0, "ritonavir", 50.0, "mg/kg", "oral"),))
    (problem,) = dose_problems(person)
    assert problem.found == "`ritonavir` in a human"
    assert "mice" in problem.allowed
    with pytest.raises(InputError):
        changes(person)
