"""Genotypes that make or spend adenosine otherwise have a rest of their own, and stay there when left alone."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from adenoscope.core.protocol import Gene, Protocol
from adenoscope.mechanism.cohort import BATCH, draw_subjects, mechanism
from adenoscope.mechanism.interventions import parameters
from adenoscope.mechanism.rest import own_rest
from adenoscope.simulation import Trajectories
from adenoscope.simulation.solver.tables import Numbers

TWO_HOURS = Protocol("mouse", 7200.0)
LEVELS = ("adenosine", "adenosine_neuron", "adenosine_astro", "extracellular_atp", "extracellular_amp")
RELATIVE = ("bdnf", "fst_immobility_s", "locomotion")
SEEN = (*LEVELS, *RELATIVE, "dff")
OTHER_ENZYMES = [Gene("Nt5e", 0.0), Gene("Nt5e", 0.5), Gene("Adk", 0.5), Gene("Slc29a1", 0.0), Gene("Slc29a2", 0.0)]
every_genotype = pytest.mark.parametrize("gene", OTHER_ENZYMES, ids=lambda gene: f"{gene.name} {gene.left:g}")


def of(*genes: Gene) -> Protocol:
    return Protocol("mouse", TWO_HOURS.duration_s, gene=genes)


@cache
def cohort() -> dict[str, Numbers]:
    return dict(draw_subjects("mouse", 24, seed=1).constants)


def left_alone(protocol: Protocol, drawn: dict[str, Numbers], n_subjects: int) -> Trajectories:
    model = mechanism("mouse")
    found = model.simulate(
        np.arange(0.0, protocol.duration_s + 1, 60.0),
        parameters={**drawn, **parameters(protocol), **own_rest(model, protocol, drawn)},
        observables=SEEN,
        n_subjects=n_subjects,
    )
    assert not found.failures
    return found


@every_genotype
def test_a_typical_animal_stays_where_it_is(gene: Gene) -> None:
    found = left_alone(of(gene), {}, BATCH)
    for name in (*LEVELS, *RELATIVE):
        np.testing.assert_allclose(found[name] / found[name][:, :1], 1.0, atol=0.01, err_msg=name)
    assert np.abs(found["dff"]).max() < 0.001


@every_genotype
def test_every_subject_stays_where_it_is(gene: Gene) -> None:
    found = left_alone(of(gene), cohort(), 24)
    for name in (*LEVELS, *RELATIVE):
        np.testing.assert_allclose(found[name] / found[name][:, :1], 1.0, atol=0.01, err_msg=name)
    assert np.abs(found["dff"]).max() < 0.001


def test_without_a_rest_of_its_own_a_knock_out_of_cd73_would_drift() -> None:
    found = mechanism("mouse").simulate(
        [0.0, TWO_HOURS.duration_s], parameters=parameters(of(OTHER_ENZYMES[0])), observables=["adenosine"]
    )
    start, end = found["adenosine"][0]
    assert end < 0.9 * start


def test_less_cd73_leaves_less_adenosine_and_more_amp_and_less_adenosine_kinase_more() -> None:
    wild = left_alone(TWO_HOURS, {}, BATCH)
    without, half = (left_alone(of(Gene("Nt5e", left)), {}, BATCH) for left in (0.0, 0.5))
    assert without["adenosine"][0, 0] < half["adenosine"][0, 0] < wild["adenosine"][0, 0]
    assert without["extracellular_amp"][0, 0] > half["extracellular_amp"][0, 0] > wild["extracellular_amp"][0, 0]
    # Other phosphatases and the cells' own adenosine leave some.
    assert without["adenosine"][0, 0] > 0.3 * wild["adenosine"][0, 0]
    adk = left_alone(of(Gene("Adk", 0.5)), {}, BATCH)
    assert 1.1 < adk["adenosine"][0, 0] / wild["adenosine"][0, 0] < 3


@pytest.mark.parametrize(
    "protocol",
    [
        TWO_HOURS,
        of(Gene("Adora1", 0.0)),
        of(Gene("Adora2a", 0.5)),
        of(Gene("Adk", 1.0)),
        Protocol("mouse", 7200.0, genotype="Adora1-KO", condition="CRS", region="NAc"),
    ],
)
def test_genotypes_that_leave_adenosine_alone_leave_rest_alone(protocol: Protocol) -> None:
    assert own_rest(mechanism("mouse"), protocol, {}) == {}
    assert own_rest(mechanism("mouse"), protocol, cohort()) == {}


def test_a_genotype_by_name_and_by_gene_are_the_same() -> None:
    named = Protocol("mouse", 7200.0, genotype="Nt5e-KO")
    by_name, by_gene = (own_rest(mechanism("mouse"), protocol, {}) for protocol in (named, of(Gene("Nt5e", 0.0))))
    assert by_name == by_gene


def test_a_subject_has_the_rest_that_its_constants_give_whoever_else_is_there() -> None:
    few = {name: values[:8] for name, values in cohort().items()}
    all_of_them, some = (own_rest(mechanism("mouse"), of(Gene("Adk", 0.5)), drawn) for drawn in (cohort(), few))
    for name, values in some.items():
        np.testing.assert_array_equal(values, all_of_them[name][:8], err_msg=name)


def test_who_does_not_settle_starts_from_the_wild_type_s_rest_and_keeps_no_other_from_settling() -> None:
    broken = {name: values[:8].copy() for name, values in cohort().items()}
    broken["adp_rest"][3] = 0.0  # rest divides by it
    whole = {name: values[:8] for name, values in cohort().items()}
    some, every = (own_rest(mechanism("mouse"), of(Gene("Nt5e", 0.0)), drawn) for drawn in (broken, whole))
    others = np.arange(8) != 3
    for name, values in some.items():
        np.testing.assert_array_equal(values[others], every[name][others], err_msg=name)
    assert some["adenosine"][3] == broken["adenosine_rest"][3]
