"""What a protocol does to the model, what is refused, and what an answer comes with."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from adenoscope.core.errors import InputError
from adenoscope.core.protocol import Breath, Dose, Gene, GeneName, Light, Protocol, Shock
from adenoscope.mechanism import interventions
from adenoscope.mechanism.interventions import changes, charge_mc, parameters
from adenoscope.mechanism.pieces import PIECES, constants
from adenoscope.mechanism.validity import outside_validity, refusals

MOUSE = Protocol("mouse", 5400.0)
HUMAN = Protocol("human", 5400.0)
KETAMINE = Dose(600.0, "ketamine", 10.0, "mg/kg", "ip")
AIR = constants("oxygen", "mouse")["fio2"].value
STIMULUS = Shock(600.0, 40.0, 100.0, 0.5, 10.0)


def said(protocol: Protocol) -> str:
    return "\n".join(outside_validity(protocol))


def test_genotype_condition_and_region_are_switches() -> None:
    assert parameters(MOUSE) == {}
    assert parameters(replace(MOUSE, genotype="Adora1-KO", condition="CRS")) == {"a1_present": 0.0, "stress": 1.0}
    assert parameters(replace(MOUSE, genotype="Adora2a-KO")) == {"a2a_present": 0.0}
    assert parameters(replace(MOUSE, genotype="Nt5e-KO", region="NAc")) == {"nt5e_present": 0.0, "region_source": 0.0}


def test_a_gene_is_a_share_of_what_it_makes() -> None:
    genes = tuple(Gene(name, 0.5) for name in interventions.GENES)
    assert parameters(replace(MOUSE, gene=genes)) == dict.fromkeys(interventions.GENES.values(), 0.5)
    assert set(interventions.GENES) == set(get_args(GeneName))


def test_light_is_on_for_as_long_as_it_shines() -> None:
    done = changes(replace(MOUSE, light=(Light(60.0, 600.0, 0.5),)))
    assert [(change.time, change.target, change.value) for change in done] == [
        *((60.0, "light", 0.5), (660.0, "light", 0.0)),
    ]


def test_every_switch_is_a_constant_of_the_model() -> None:
    known = {name: value for piece in PIECES for name, value in constants(piece, "mouse").items()}
    for name in interventions.INPUTS:
        assert known[name].low == known[name].high


def test_a_dose_is_one_change_and_an_infusion_two() -> None:
    assert len(changes(replace(MOUSE, give=(KETAMINE,)))) == 1
    infusion = Dose(60.0, "ketamine", 0.5, "mg/kg", "iv", 2400.0)
    assert [change.time for change in changes(replace(HUMAN, give=(infusion,)))] == [60.0, 2460.0]


def test_gas_is_changed_at_the_start_of_a_bout_and_back_at_its_end() -> None:
    done = changes(replace(MOUSE, breathe=(Breath(10.0, 0.09, 30.0, 2, 20.0),)))
    assert [(change.time, change.value) for change in done] == [(10.0, 0.09), (40.0, AIR), (60.0, 0.09), (90.0, AIR)]
    assert {change.target for change in done} == {"fio2"}


def test_a_bout_that_starts_when_another_ends_has_the_last_word() -> None:
    done = changes(replace(MOUSE, breathe=(Breath(40.0, 0.12, 30.0), Breath(10.0, 0.09, 30.0))))
    assert [change.value for change in done if change.time == 40.0] == [AIR, 0.12]


def test_a_stimulus_carries_one_pulse_of_each_cycle() -> None:
    assert charge_mc(STIMULUS) == pytest.approx(40 * 0.5e-3 * 100 * 10)
    done = changes(replace(MOUSE, shock=(STIMULUS,)))
    assert [(change.time, change.target) for change in done] == [
        *((600.0, "charge_mc"), (600.0, "shock"), (610.0, "shock")),
    ]
    assert done[-1].value == 0.0


def test_people_are_ventilated_when_they_are_stimulated() -> None:
    assert parameters(replace(HUMAN, shock=(STIMULUS,))) == {"ventilated": 1.0}


def test_every_dose_that_cannot_be_given_is_said_with_its_place_and_remedy() -> None:
    wrong = (replace(KETAMINE, compound="ketamin"), replace(KETAMINE, route="icv"), replace(KETAMINE, unit="µg"))
    with pytest.raises(InputError) as error:
        changes(replace(MOUSE, give=(*wrong, KETAMINE)))
    assert [problem.column for problem in error.value.problems] == ["compound", "route", "unit"]
    assert error.value.problems[0].remedy == 'did you mean "ketamine"?'
    assert error.value.problems[0].file == "protocol, give at 600 s"


@pytest.mark.parametrize(
    ("breath", "word"),
    [
        (Breath(60.0, 0.08, 30.0), "no less than FiO2 0.09"),
        (Breath(60.0, 0.09, 300.0), "at most 90 s"),
        (Breath(60.0, 0.12, 301.0), "at most 300 s"),
        (Breath(60.0, 0.13, 601.0), "at most 600 s"),
        (Breath(60.0, 0.10, 60.0, 16, 60.0), "at most 15 bouts"),
        (Breath(60.0, 0.10, 60.0, 2, 59.0), "at least 60 s"),
    ],
)
def test_bouts_beyond_what_people_were_given_are_refused_and_the_limit_named(breath: Breath, word: str) -> None:
    (reason,) = refusals(replace(HUMAN, breathe=(breath,)))
    assert word in reason
    assert refusals(replace(MOUSE, breathe=(breath,))) == []


def test_two_bouts_without_a_pause_do_not_pass_for_two() -> None:
    assert refusals(replace(HUMAN, breathe=(Breath(60.0, 0.09, 90.0), Breath(150.0, 0.09, 90.0))))


@pytest.mark.parametrize(
    "breath",
    [Breath(60.0, 0.09, 90.0, 15, 60.0), Breath(60.0, 0.11, 300.0, 3, 180.0), Breath(60.0, 0.13, 600.0, 4, 300.0)],
)
def test_published_bouts_are_not_refused(breath: Breath) -> None:
    assert refusals(replace(HUMAN, breathe=(breath,))) == []


def test_more_oxygen_than_air_is_no_hypoxia() -> None:
    assert refusals(replace(HUMAN, breathe=(Breath(0.0, 1.0, 3600.0),))) == []


def test_a_channel_blocker_with_hypoxia_is_refused_in_people_and_flagged_in_mice() -> None:
    bout, infusion = Breath(60.0, 0.13, 60.0), Dose(60.0, "ketamine", 0.5, "mg/kg", "iv", 2400.0)
    assert "NMDA" in refusals(replace(HUMAN, breathe=(bout,), give=(infusion,)))[0]
    assert "no drug acts on breathing" in said(replace(MOUSE, breathe=(bout,), give=(KETAMINE,)))


def test_a_mouse_to_whom_nothing_is_done_leaves_no_grounds() -> None:
    assert outside_validity(MOUSE) == []


@pytest.mark.parametrize(
    ("protocol", "word"),
    [
        (HUMAN, "Behaviour is left out"),
        (replace(HUMAN, genotype="Adora1-KO"), "knock-outs"),
        (replace(HUMAN, gene=(Gene("Adk", 0.0),)), "knock-outs"),
        (replace(MOUSE, gene=(Gene("Adk", 0.5),)), "share of the gene"),
        (replace(MOUSE, light=(Light(60.0, 600.0),)), "how much ATP"),
        (replace(MOUSE, give=(replace(KETAMINE, compound="ritonavir"),)), "whatever the dose"),
        (replace(MOUSE, region="NAc"), "explains nothing"),
        (replace(MOUSE, region="HPC"), "simulated as mPFC"),
        (replace(MOUSE, give=(replace(KETAMINE, dose=60.0),)), "anaesthesia"),
        (replace(MOUSE, give=(replace(KETAMINE, dose=2.0, unit="mg"),)), "anaesthesia"),
        (replace(MOUSE, shock=(STIMULUS,)), "not tested against data"),
        (replace(HUMAN, shock=(STIMULUS,)), "ventilated throughout"),
        (replace(MOUSE, shock=(STIMULUS, replace(STIMULUS, at_s=640.0))), "less than 60 s apart"),
        (replace(MOUSE, breathe=(Breath(60.0, 0.05, 60.0),)), "survival"),
        (replace(MOUSE, breathe=(Breath(60.0, 0.1, 5000.0),)), "acclimatisation"),
    ],
)
def test_what_leaves_the_mechanism_s_grounds_is_said(protocol: Protocol, word: str) -> None:
    assert word in said(protocol)


def test_ketamine_at_the_calibrated_doses_is_within_them() -> None:
    assert "anaesthesia" not in said(replace(MOUSE, give=(KETAMINE,)))
