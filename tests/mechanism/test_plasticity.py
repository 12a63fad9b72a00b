"""Plasticity: mTOR answers to BDNF above rest, and nothing that lowers BDNF takes synapses out of their range."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adenoscope.core.protocol import Dose, Protocol
from adenoscope.mechanism.cohort import draw_subjects, mechanism
from adenoscope.mechanism.interventions import changes, parameters
from adenoscope.simulation import Trajectories

DAY = Protocol("mouse", 86400.0)
LOOKED_AT = np.linspace(0, DAY.duration_s, 145)
LOWERING = {
    "no CD73": replace(DAY, genotype="Nt5e-KO"),
    "caffeine": replace(DAY, give=(Dose(0.0, "caffeine", 20.0, "mg/kg", "ip"),)),
    "PSB36": replace(DAY, give=(Dose(0.0, "psb36", 1.0, "mg/kg", "ip"),)),
}
KETAMINE = replace(DAY, give=(Dose(0.0, "ketamine", 10.0, "mg/kg", "ip"),))


def simulated(protocol: Protocol) -> Trajectories:
    drawn = draw_subjects("mouse", 64, seed=1)
    return mechanism("mouse").simulate(
        LOOKED_AT,
        parameters={**drawn.constants, **parameters(protocol)},
        events=changes(protocol),
        observables=["bdnf", "bdnf_above", "mtor", "synapses"],
    )


@pytest.mark.parametrize("name", LOWERING)
def test_bdnf_below_rest_leaves_synapses_at_rest(name: str) -> None:
    found = simulated(LOWERING[name])
    assert not found.failures
    assert np.median(found["bdnf"].min(axis=1)) < 0.95
    # The rounded corner lets mTOR fall below 0 by softness^0.5/2 over the least mtor_half drawn.
    assert found["mtor"].min() > -1e-3
    assert np.median(found["synapses"], axis=0) == pytest.approx(1.0, abs=1e-2)
    assert found["synapses"].min() > 0.9


def test_bdnf_above_rest_counts_in_full() -> None:
    found = simulated(KETAMINE)
    assert not found.failures
    excess = np.maximum(found["bdnf"] - 1, 0)
    # The corner is rounded over softness^0.5, a ten-thousandth of rest.
    np.testing.assert_allclose(found["bdnf_above"], excess, atol=1e-4)
    assert np.median(found["synapses"].max(axis=1)) > 1.02


def test_rest_is_rest_to_the_last_digit() -> None:
    alone = mechanism("mouse").simulate([0.0], observables=["bdnf_above", "mtor"]).values
    np.testing.assert_array_equal(alone, 0.0)
