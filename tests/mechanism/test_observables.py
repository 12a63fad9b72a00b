"""What is looked at, and curves whose numbers can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adenoscope.core.protocol import Dose, Protocol
from adenoscope.mechanism.cohort import mechanism
from adenoscope.mechanism.observables import observables, present_compounds, readings, sample_times
from adenoscope.mechanism.pieces import Species

KETAMINE = Dose(600.0, "ketamine", 10.0, "mg/kg", "ip")
MOUSE = Protocol("mouse", 5400.0, give=(KETAMINE,))
HUMAN = Protocol("human", 5400.0, give=(Dose(600.0, "caffeine", 200.0, "mg", "oral"),))


def names(protocol: Protocol) -> set[str]:
    return {observable.name for observable in observables(protocol)}


def test_mice_have_behaviour_and_people_do_not() -> None:
    assert {"fst_immobility_s", "spt_preference_percent", "locomotion"} <= names(MOUSE)
    assert not {"fst_immobility_s", "spt_preference_percent", "locomotion"} & names(HUMAN)


def test_what_the_body_makes_of_a_compound_is_looked_at_too() -> None:
    assert present_compounds(MOUSE) == ("ketamine", "norketamine", "hydroxynorketamine")
    assert {"plasma_norketamine_um", "brain_hydroxynorketamine_um"} <= names(MOUSE)
    assert not any("ketamine" in name for name in names(HUMAN))


def test_another_spelling_is_the_same_compound() -> None:
    dose = Dose(0.0, "MK-801", 0.1, "mg/kg", "ip")
    assert "brain_mk801_um" in names(replace(MOUSE, give=(dose,)))


def test_adenosine_has_no_plasma() -> None:
    dose = Dose(0.0, "adenosine", 10.0, "µg", "icv")
    assert not any(name.startswith("plasma") for name in names(replace(MOUSE, give=(dose,))))


@pytest.mark.parametrize("protocol", [MOUSE, HUMAN])
def test_the_model_knows_everything_that_is_looked_at(protocol: Protocol) -> None:
    species: Species = protocol.species
    known = mechanism(species).system.quantities
    assert not [observable.source for observable in observables(protocol) if observable.source not in known]


def test_the_end_and_the_first_thing_done_are_looked_at() -> None:
    times = sample_times(replace(MOUSE, duration_s=705.0, every_s=100.0, give=(replace(KETAMINE, at_s=55.0),)))
    assert times.tolist() == [0, 55, 100, 200, 300, 400, 500, 600, 700, 705]


TIME = np.array([0.0, 10.0, 20.0, 30.0, 40.0, 50.0])
UP = np.array([5.0, 5.0, 6.0, 9.0, 6.0, 5.0])  # rest 5, peak +4 at 30 s


@pytest.mark.parametrize("way", [1.0, -1.0])
def test_a_curve_is_read_whichever_way_it_goes(way: float) -> None:
    seen = readings(TIME, way * UP[None], 10.0)
    assert seen["at_rest"] == way * 5.0
    assert seen["at_end"] == way * 5.0
    assert seen["peak"] == way * 9.0
    assert seen["time_to_peak_s"] == 20.0
    assert seen["onset_s"] == pytest.approx(8.0)  # 20 % of 4 is 0.8, of a first step of 1 in 10 s
    assert seen["half_decay_s"] == pytest.approx(10 * 2 / 3)  # half of 4, of a fall of 3 in 10 s
    assert seen["auc"] == pytest.approx(way * (5 + 25 + 25 + 5))


def test_what_does_not_move_has_no_times() -> None:
    seen = readings(TIME, np.full((1, 6), 5.0) + 1e-5 * UP, 10.0)
    assert all(np.isnan(seen[name]).all() for name in ("time_to_peak_s", "onset_s", "half_decay_s"))
    assert seen["peak"] == pytest.approx(5.0, rel=1e-4)


def test_a_curve_that_rests_at_zero_moves_when_it_passes_its_floor() -> None:
    curve = 1e-4 * (UP - 5)[None]
    assert np.isnan(readings(TIME, curve, 10.0)["time_to_peak_s"])
    assert readings(TIME, curve, 10.0, floor=1e-6)["time_to_peak_s"] == 20.0


def test_a_curve_still_high_at_the_end_has_no_half_decay() -> None:
    seen = readings(TIME, np.array([[0.0, 0.0, 1.0, 4.0, 4.0, 3.0]]), 10.0)
    assert np.isnan(seen["half_decay_s"])
    assert seen["onset_s"] == pytest.approx(8.0)


def test_the_onset_is_the_last_rise_before_the_peak() -> None:
    seen = readings(TIME, np.array([[0.0, 0.0, 2.0, 0.0, 4.0, 0.0]]), 10.0)
    assert seen["time_to_peak_s"] == 30.0
    assert seen["onset_s"] == pytest.approx(22.0)


def test_subjects_do_not_touch_each_other() -> None:
    curves = np.stack([UP, 10 - UP, np.full(6, 5.0)])
    together = readings(TIME, curves, 10.0)
    for subject in range(3):
        alone = readings(TIME, curves[subject : subject + 1], 10.0)
        for name, value in alone.items():
            np.testing.assert_array_equal(together[name][subject], value[0])


def test_one_time_after_the_first_thing_is_enough_to_read() -> None:
    seen = readings(TIME, UP[None], 50.0)
    assert seen["auc"] == 0
    assert np.isnan(seen["half_decay_s"])
