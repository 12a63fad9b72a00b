"""Plasticity: BDNF stays above 0, mTOR answers to what is above rest, and what is tonic moves no behaviour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adenoscope.core.protocol import Condition, Dose, Protocol
from adenoscope.mechanism.cohort import BATCH, draw_subjects, mechanism
from adenoscope.mechanism.interventions import changes, parameters
from adenoscope.mechanism.pieces import constants
from adenoscope.mechanism.rest import own_rest
from adenoscope.simulation import Trajectories

DAY = Protocol("mouse", 86400.0)
LOOKED_AT = np.linspace(0, DAY.duration_s, 145)
LOWERING = {
    "caffeine": replace(DAY, give=(Dose(0.0, "caffeine", 20.0, "mg/kg", "ip"),)),
    "PSB36": replace(DAY, give=(Dose(0.0, "psb36", 1.0, "mg/kg", "ip"),)),
}
KETAMINE = replace(DAY, give=(Dose(0.0, "ketamine", 10.0, "mg/kg", "ip"),))
BEND, HALF = (constants("plasticity", "mouse")[name] for name in ("bdnf_bend", "mtor_half"))
# The rounded corner is through 0 at rest and goes to 0 far below it; in between it dips by 0.15 of a bend.
LEAST_ABOVE = -0.1502 * BEND.value


def simulated(protocol: Protocol) -> Trajectories:
    drawn = draw_subjects("mouse", 64, seed=1)
    model = mechanism("mouse")
    return model.simulate(
        LOOKED_AT,
        parameters={**drawn.constants, **parameters(protocol), **own_rest(model, protocol, drawn.constants)},
        events=changes(protocol),
        observables=["bdnf", "bdnf_above", "mtor", "synapses", "mtor_half"],
    )


@pytest.mark.parametrize("name", LOWERING)
def test_bdnf_below_rest_leaves_synapses_at_rest(name: str) -> None:
    found = simulated(LOWERING[name])
    assert not found.failures
    assert np.median(found["bdnf"].min(axis=1)) < 0.95
    # To the digits that the engine keeps.
    assert found["bdnf_above"].min() >= LEAST_ABOVE * (1 + 1e-6)
    least = LEAST_ABOVE / (LEAST_ABOVE + found["mtor_half"][:, 0])
    assert (found["mtor"].min(axis=1) >= least - 1e-6).all()
    assert np.median(found["synapses"], axis=0) == pytest.approx(1.0, abs=1e-2)
    assert found["synapses"].min() > 0.9


def test_a_knock_out_of_cd73_has_a_rest_of_its_own_and_its_bdnf_stays_there() -> None:
    found = simulated(replace(DAY, genotype="Nt5e-KO"))
    assert not found.failures
    # Over a day: what settled in six hours leaves a few thousandths in the slowest of them.
    np.testing.assert_allclose(found["bdnf"], 1.0, atol=0.01)
    np.testing.assert_allclose(found["synapses"], 1.0, atol=0.01)


@pytest.mark.parametrize("name", LOWERING)
def test_bdnf_never_falls_below_0(name: str) -> None:
    bdnf = simulated(LOWERING[name])["bdnf"]
    assert bdnf.min() > 0


def test_bdnf_is_never_less_than_without_either_arm_whatever_takes_the_arms_away() -> None:
    """At most ``1/(1 + gain c0)`` is left, which is above 1/(1 + gain): far out in the range as well."""
    both = (Dose(0.0, "psb36", 30.0, "mg/kg", "ip"), Dose(0.0, "zm241385", 30.0, "mg/kg", "ip"))
    steep = {"bdnf_gain": np.full(BATCH, 50.0), "coincidence_half": np.full(BATCH, 0.001)}
    found = mechanism("mouse").simulate(
        LOOKED_AT, parameters=steep, events=changes(replace(DAY, give=both)), observables=["bdnf", "coincidence_rest"]
    )
    floor = 1 / (1 + 50 * found["coincidence_rest"][:, 0])
    assert found["bdnf"].min() < 0.1
    assert (found["bdnf"].min(axis=1) >= floor - 1e-6).all()


def test_bdnf_above_rest_counts_in_full() -> None:
    found = simulated(KETAMINE)
    assert not found.failures
    excess = np.maximum(found["bdnf"] - 1, 0)
    np.testing.assert_allclose(found["bdnf_above"], excess, atol=BEND.value / 2 * (1 + 1e-6))
    assert np.median(found["synapses"].max(axis=1)) > 1.02


def test_rest_is_rest_to_the_last_digit() -> None:
    alone = mechanism("mouse").simulate([0.0], observables=["bdnf_above", "mtor"]).values
    np.testing.assert_array_equal(alone, 0.0)


def moved(give: tuple[Dose, ...], condition: Condition) -> float:
    """Return by how much immobility [s] of a typical mouse moves at most, up or down, over two days."""
    done, nothing = (Protocol("mouse", 2 * 86400.0, condition=condition, give=each) for each in (give, ()))
    own, other = (
        mechanism("mouse").simulate(
            np.arange(0.0, done.duration_s + 1, 600.0),
            parameters=parameters(protocol),
            events=changes(protocol),
            observables=["fst_immobility_s"],
            n_subjects=BATCH,
        )["fst_immobility_s"]
        for protocol in (done, nothing)
    )
    return float(np.abs(own - other).max())


@pytest.mark.parametrize("condition", ["naive", "CRS"])
def test_caffeine_and_its_washout_move_no_behaviour_and_a_surge_does(condition: Condition) -> None:
    """A fact of structure: what is tonic lowers or restores arms, and only what is above rest is a signal."""
    once = (Dose(0.0, "caffeine", 20.0, "mg/kg", "ip"),)
    all_day = tuple(Dose(4 * 3600.0 * n, "caffeine", 20.0, "mg/kg", "ip") for n in range(6))
    assert moved(once, condition) < 3
    assert moved(all_day, condition) < 3  # the second day is washout
    assert moved((Dose(0.0, "ketamine", 10.0, "mg/kg", "ip"),), condition) > (10 if condition == "CRS" else 5)
