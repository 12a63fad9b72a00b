"""Astrocytes driven by light release ATP; what becomes of it needs CD73, and is over when the light is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from adenoscope.core.protocol import Gene, Light, Protocol
from adenoscope.mechanism.cohort import BATCH, mechanism
from adenoscope.mechanism.interventions import changes, parameters
from adenoscope.mechanism.rest import own_rest
from adenoscope.simulation import Trajectories

LIT = Protocol("mouse", 7200.0, light=(Light(600.0, 600.0),))
SEEN = ("extracellular_atp", "adenosine", "dff", "atp_adp_ratio", "nmdar_block", "bdnf")


def simulated(protocol: Protocol) -> Trajectories:
    model = mechanism("mouse")
    found = model.simulate(
        np.arange(0.0, protocol.duration_s + 1, 10.0),
        parameters={**parameters(protocol), **own_rest(model, protocol, {})},
        events=changes(protocol),
        observables=SEEN,
        n_subjects=BATCH,
    )
    assert not found.failures
    return found


def rise(found: Trajectories, name: str) -> float:
    return float(found[name][0].max() / found[name][0, 0])


def test_light_raises_atp_and_adenosine_outside_and_brakes_no_cell() -> None:
    found = simulated(LIT)
    assert rise(found, "extracellular_atp") > 2
    assert rise(found, "adenosine") > 1.5
    assert found["dff"].max() > 0.05
    assert np.abs(found["atp_adp_ratio"] / found["atp_adp_ratio"][:, :1] - 1).max() < 0.02
    assert found["nmdar_block"].max() < 1e-9
    assert rise(found, "bdnf") > 1.05


def test_nothing_happens_before_and_all_is_over_an_hour_and_a_half_after() -> None:
    dff = simulated(LIT)["dff"][0]
    assert np.abs(dff[:61]).max() < 1e-4  # to 600 s
    assert abs(dff[-1]) < 0.02 * dff.max()


def test_more_light_releases_more() -> None:
    peaks = [rise(simulated(replace(LIT, light=(Light(600.0, 600.0, s),))), "adenosine") for s in (0.0, 0.3, 1.0)]
    assert peaks == sorted(peaks)
    assert peaks[0] < 1.001
    assert peaks[1] > 1.05


def test_without_cd73_light_raises_less_adenosine_and_without_a_receptor_as_much() -> None:
    wild, without = simulated(LIT), simulated(replace(LIT, gene=(Gene("Nt5e", 0.0),)))
    gained = [float(np.ptp(found["adenosine"][0])) for found in (wild, without)]
    assert gained[1] < 0.6 * gained[0]
    assert rise(without, "extracellular_atp") > 2
    receptor = simulated(replace(LIT, gene=(Gene("Adora1", 0.0),)))
    # Receptors do not enter the surge: what differs is the engine's steps, whose tolerance is 1e-6.
    np.testing.assert_allclose(receptor["adenosine"], wild["adenosine"], rtol=1e-3)
