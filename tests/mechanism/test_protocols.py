"""The test set of protocols: everything that can be done to a mouse or a person runs, in every virtual subject."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from adenoscope.core.protocol import Protocol
from adenoscope.io.protocol import survey_protocol
from adenoscope.mechanism.cohort import draw_subjects, mechanism
from adenoscope.mechanism.inhibitors import is_inhibitor
from adenoscope.mechanism.interventions import changes, parameters
from adenoscope.mechanism.observables import Numbers, observables, sample_times
from adenoscope.mechanism.rest import own_rest
from adenoscope.mechanism.validity import refusals
from adenoscope.simulation import Trajectories

PROTOCOLS = sorted(Path(__file__).with_name("protocols").glob("*.toml"))
SIGNED = ("dff",)
NAMES = [path.stem for path in PROTOCOLS]


def read(path: Path) -> Protocol:
    survey = survey_protocol(path)
    assert survey.problems == ()
    assert survey.protocol is not None
    return survey.protocol


def test_the_set_holds_both_species_and_everything_that_can_be_done() -> None:
    protocols = [read(path) for path in PROTOCOLS]
    done = {(p.species, key) for p in protocols for key in ("give", "breathe", "shock", "light") if getattr(p, key)}
    assert done == {
        *((species, key) for species in ("mouse", "human") for key in ("give", "breathe", "shock")),
        ("mouse", "light"),
    }
    assert {gene.name for p in protocols for gene in p.gene} >= {"Adk"}
    assert any(is_inhibitor(dose.compound) for p in protocols for dose in p.give)
    assert {p.genotype for p in protocols} >= {"WT", "Adora1-KO", "Nt5e-KO"}
    assert {dose.route for p in protocols for dose in p.give} >= {"ip", "icv", "iv", "oral"}


@pytest.mark.parametrize("path", PROTOCOLS, ids=NAMES)
def test_a_protocol_says_first_what_it_is(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# A ")
    assert path.stem.split("_")[0] == read(path).species


@pytest.mark.parametrize("path", PROTOCOLS, ids=NAMES)
def test_every_subject_of_a_protocol_finishes(path: Path) -> None:
    protocol = read(path)
    assert refusals(protocol) == []
    found = simulated(protocol)
    assert not found.failures
    assert np.isfinite(found.values).all()
    for column, seen in enumerate(observables(protocol)):
        assert seen.name in SIGNED or is_quantity(found.values[:, :, column]), seen.name


@pytest.mark.parametrize("name", ["human_shock", "mouse_adora1_crs_ketamine"])
def test_among_thousands_of_subjects_all_get_through_the_day(name: str) -> None:
    # Six of these people once met the power of a load that rounding had taken below 0, and two mice without an arm
    # the slope of a power below 1 at 0.
    path = Path(__file__).with_name("protocols") / f"{name}.toml"
    day = replace(read(path), duration_s=86400.0, every_s=300.0, subjects=2000, seed=7)
    assert not simulated(day).failures


def simulated(protocol: Protocol) -> Trajectories:
    drawn = draw_subjects(protocol.species, protocol.subjects, protocol.seed)
    model = mechanism(protocol.species)
    return model.simulate(
        sample_times(protocol),
        parameters={**drawn.constants, **parameters(protocol), **own_rest(model, protocol, drawn.constants)},
        events=changes(protocol),
        observables=[seen.source for seen in observables(protocol)],
    )


def is_quantity(values: Numbers) -> bool:
    """Return whether no value lies below 0 by more than the engine's absolute tolerance, ten times over."""
    return bool(values.min() >= -1e-8)
