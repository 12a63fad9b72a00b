"""Protocols that go through the engine together give what each gives alone."""

from __future__ import annotations

import numpy as np
import pytest
from observed import observed

from adenoscope.core.protocol import Protocol
from adenoscope.inference.predict.experiments import AT_S, protocol_of
from adenoscope.inference.predict.runs import Curves, merged, simulate_runs, times_of
from adenoscope.mechanism.cohort import draw_subjects, mechanism
from adenoscope.simulation.solver.tables import Numbers

NAMES = ("dff", "fst_immobility_s", "cmro2", "brain_ketamine_um")
TOGETHER = [
    protocol_of(o)
    for o in (
        *(observed(dose=dose) for dose in (10.0, 20.0)),
        *(observed(intervention="hypoxia", dose=dose, dose_unit="percent O2") for dose in (9.0, 12.0)),
        *(observed(intervention=word) for word in ("saline", "cOpn5")),
        observed(intervention="ECT", dose=1.0, dose_unit="session"),
        *(observed(pretreatment=words) for words in ("ritonavir 50 mg/kg", "dipyridamole 1 ug icv")),
        observed(genotype="Adora1-KO", stress="CRS"),
        observed(genotype="Adk het"),
        observed(region="NAc"),
        observed(intervention="caffeine", dose=20.0, time_after_h=3.0),
    )
]


@pytest.fixture(scope="module")
def drawn() -> dict[str, Numbers]:
    return {name: values[:3] for name, values in draw_subjects("mouse", 8, seed=1).constants.items()}


@pytest.fixture(scope="module")
def curves(drawn: dict[str, Numbers]) -> Curves:
    return simulate_runs(mechanism("mouse"), TOGETHER, drawn, NAMES)


@pytest.mark.parametrize("place", range(len(TOGETHER)))
def test_a_protocol_gives_the_same_curves_in_company_as_alone(
    place: int, drawn: dict[str, Numbers], curves: Curves
) -> None:
    protocol = TOGETHER[place]
    alone = simulate_runs(mechanism("mouse"), [protocol], drawn, NAMES)
    np.testing.assert_array_equal(alone.times[protocol], curves.times[protocol])
    for name in NAMES:
        own, other = alone.quantity(protocol, name), curves.quantity(protocol, name)
        assert own.shape == (3, curves.times[protocol].size)
        # Others' doses are stops of the engine, so steps differ; its tolerance of 1e-5 leaves a few 1e-4 at most.
        # After saline ΔF/F is nearly 0, the difference of two bound shares that are themselves known to 1e-5.
        np.testing.assert_allclose(own, other, rtol=0, atol=1e-3 * max(np.abs(own).max(), 1e-2), err_msg=name)


def test_everything_that_is_done_is_felt(curves: Curves) -> None:
    ketamine, more, thin, thinner, saline, light, shock, ritonavir, *_, nac, caffeine = TOGETHER
    peak = {protocol: curves.dff(protocol).max(axis=1) for protocol in TOGETHER}
    assert (peak[more] > peak[ketamine]).all()
    assert (peak[thin] > peak[thinner]).all()
    assert (peak[light] > 0.01).all()
    assert (peak[shock] > 0.05).all()
    for nothing in (saline, nac, caffeine):
        assert (peak[nothing] < 0.01).all()
    level = {protocol: curves.quantity(protocol, "brain_ketamine_um").max(axis=1) for protocol in TOGETHER}
    assert (level[ritonavir] > 1.05 * level[ketamine]).all()


def test_a_change_is_0_or_what_holds_already_where_a_protocol_has_none() -> None:
    found = merged([TOGETHER[0], TOGETHER[2], TOGETHER[4]], n_draws=2)
    told = {(change.time, change.target): np.asarray(change.value).tolist() for change in found}
    dose = told[AT_S, "ketamine_depot"]
    assert dose[0] > 0
    assert dose == [dose[0], 0.0, 0.0] * 2
    air = told[AT_S, "fio2"][0]
    assert air == pytest.approx(0.21, abs=0.01)
    assert told[AT_S, "fio2"] == [air, 0.09, air] * 2
    assert told[AT_S + 300.0, "fio2"] == [air] * 6


def test_a_state_that_was_set_holds_while_others_are_changed() -> None:
    long, short = (
        Protocol("mouse", 5400.0, breathe=(breath,))
        for breath in (
            protocol_of(observed(intervention="hypoxia", dose=9.0, dose_unit="percent O2")).breathe[0],
            protocol_of(observed(intervention="aIH", dose=1.0, dose_unit="session")).breathe[0],
        )
    )
    found = {change.time: np.asarray(change.value) for change in merged([long, short], n_draws=1)}
    assert found[AT_S].tolist() == [0.09, 0.09]
    assert found[AT_S + 600.0][1] == 0.09
    assert found[AT_S + 600.0][0] > 0.2


def test_a_curve_is_looked_at_often_at_first_and_at_every_moment_asked_for() -> None:
    times = times_of(Protocol("mouse", 86400.0), [7777.0])
    assert 7777.0 in times
    assert times[0] == 0
    assert times[-1] == 86400.0
    assert np.diff(times[times <= 5400.0]).max() == 10.0
    assert np.diff(times).max() == 300.0
