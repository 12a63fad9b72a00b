"""Seizures: all or nothing around a threshold of charge, as long as published ones, demand up and then depressed."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adenoscope.core.protocol import Protocol, Shock
from adenoscope.mechanism.cohort import mechanism
from adenoscope.mechanism.interventions import changes, parameters
from adenoscope.mechanism.pieces import Species, compose, constants
from adenoscope.simulation import Change, Model, Trajectories, model_from_text

SHOCK_S = 20.0
SPECIES: tuple[Species, Species] = ("mouse", "human")
STIMULUS_S = {"mouse": 10.0, "human": 6.0}
OBSERVED = ("seizure", "post_ictal", "activity", "seizure_atp_release")


@cache
def seizures(species: Species) -> Model:
    return model_from_text(compose(species, ("seizure",)))


def threshold(species: Species) -> float:
    return constants("seizure", species)["threshold_charge_mc"].value


def shocked(species: Species, relative_charge=None, at_s=(SHOCK_S,), end_s=200.0, **parameters) -> Trajectories:
    """Return what a stimulus does; its charge is relative to threshold, or the species' usual one."""
    if relative_charge is not None:
        parameters["charge_mc"] = threshold(species) * np.asarray(relative_charge)
    on = [Change(start, "shock", 1.0) for start in at_s]
    off = [Change(start + STIMULUS_S[species], "shock", 0.0) for start in at_s]
    times = np.arange(0.0, end_s, 0.1)
    shown = seizures(species).simulate(times, parameters=parameters, events=[*on, *off], observables=list(OBSERVED))
    assert not shown.failures
    return shown


def duration_s(shown: Trajectories, subject: int = 0) -> float:
    return float(0.1 * (shown["seizure"][subject] > 0.2).sum())


@pytest.mark.parametrize("species", SPECIES)
def test_without_a_shock_nothing_ever_happens(species):
    shown = seizures(species).simulate([0.0, 86400.0], observables=list(OBSERVED))
    np.testing.assert_array_equal(shown.values[0], [[0, 0, 1, 0], [0, 0, 1, 0]])


@pytest.mark.parametrize("species", SPECIES)
def test_below_threshold_no_seizure_starts(species):
    shown = shocked(species, [0.0, 0.25, 0.5, 0.8, 0.95])
    assert shown["seizure"].max() < 0.05
    assert np.abs(shown["activity"][:3] - 1).max() < 1e-4
    assert np.abs(shown["activity"] - 1).max() < 0.05


@pytest.mark.parametrize("species", SPECIES)
def test_above_threshold_a_whole_seizure_starts(species):
    shown = shocked(species, [1.1, 1.5, 3.0, 10.0])
    assert (shown["seizure"].max(axis=1) > 0.8).all()


@settings(max_examples=20)
@given(charge=st.floats(0.0, 12.0), species=st.sampled_from(SPECIES))
def test_a_seizure_is_all_or_nothing(charge, species):
    peak = float(shocked(species, charge)["seizure"].max())
    assert peak < 0.1 or peak > 0.75


@settings(max_examples=20)
@given(charge=st.floats(1.2, 10.0), more=st.floats(0.1, 5.0), species=st.sampled_from(SPECIES))
def test_more_charge_gives_a_stronger_and_longer_seizure(charge, more, species):
    less_shown, more_shown = shocked(species, charge), shocked(species, charge + more)
    assert more_shown["seizure"].max() > less_shown["seizure"].max()
    assert duration_s(more_shown) >= duration_s(less_shown) - 0.1  # the grid


@pytest.mark.parametrize(("species", "shortest_s", "longest_s"), [("mouse", 8.0, 14.0), ("human", 30.0, 60.0)])
def test_the_usual_stimulus_gives_a_seizure_of_the_usual_length(species, shortest_s, longest_s):
    assert shortest_s <= duration_s(shocked(species)) <= longest_s


@pytest.mark.parametrize("species", SPECIES)
def test_demand_is_up_in_the_seizure_depressed_after_it_and_back_later(species):
    shown = shocked(species, end_s=4000.0)
    activity, ictal = shown["activity"][0], shown["seizure"][0] > 0.2
    end = np.flatnonzero(ictal)[-1]
    assert 1.5 <= activity[ictal].mean() <= 2.5
    assert activity.max() <= 2.5
    assert activity[end + 20] < 0.9
    assert np.argmin(activity) > end
    assert activity[-1] == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("species", SPECIES)
def test_release_of_atp_starts_with_the_seizure_and_outlasts_it(species):
    shown = shocked(species, end_s=2000.0)
    release, ictal = shown["seizure_atp_release"][0], np.flatnonzero(shown["seizure"][0] > 0.2)
    start, end = ictal[0], ictal[-1]
    assert release.max() <= 1.0
    assert release[start + 50] > 0.3  # 5 s into it
    assert release[end + 600] > 0.7 * release.max()  # a minute after its end
    # It falls with one time constant once the discharge is over; what the engine's tolerance leaves, 1e-3.
    fall = constants("seizure", species)["release_fall"].value
    later = release[end + 3600] / release[end + 600]
    assert later == pytest.approx(np.exp(-300.0 / fall), rel=1e-3)
    assert release[-1] < 0.02


@pytest.mark.parametrize("species", SPECIES)
def test_oxygen_use_rises_in_a_seizure_to_between_1_4_and_2_5_times(species):
    found = whole_brain(species)
    assert 1.4 < found["cmro2"].max() < 2.5
    assert found["cmro2"][0, 0] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("species", SPECIES)
def test_adenosine_outlasts_the_discharge(species):
    found = whole_brain(species)
    adenosine = found["adenosine"][0] / found["adenosine"][0, 0]
    end = int(np.flatnonzero(found["seizure"][0] > 0.2)[-1])
    assert adenosine[end] > 3
    assert adenosine[end + 60] > 2
    assert adenosine[end + 300] > 1.3
    assert adenosine[-1] == pytest.approx(1.0, abs=0.1)


@cache
def whole_brain(species: Species) -> Trajectories:
    """Return what the usual stimulus does to a typical subject, looked at every second."""
    stimulus = (
        Shock(SHOCK_S, 40.0, 100.0, 0.5, 10.0) if species == "mouse" else Shock(SHOCK_S, 800.0, 100.0, 0.5, 6.0)
    )
    protocol = Protocol(species, 2400.0, shock=(stimulus,))
    return mechanism(species).simulate(
        np.arange(0.0, protocol.duration_s + 1),
        parameters=parameters(protocol),
        events=changes(protocol),
        observables=["cmro2", "adenosine", "seizure"],
        n_subjects=1,
    )


def test_a_second_shock_soon_after_gives_a_shorter_seizure_and_a_late_one_a_whole_one():
    whole_s = duration_s(shocked("human"))
    soon, late = (shocked("human", at_s=(20.0, second), end_s=4200.0) for second in (100.0, 4000.0))
    assert duration_s(soon) < 1.4 * whole_s
    assert duration_s(late) == pytest.approx(2 * whole_s, abs=0.5)


def test_flow_and_demand_of_the_brain_double_in_ventilated_people():
    both = model_from_text(compose("human", ("oxygen", "seizure"), given={"cmro2": 1.0}))
    events = [Change(SHOCK_S, "shock", 1.0), Change(SHOCK_S + 6.0, "shock", 0.0)]
    parameters = {"ventilated": 1.0, "fio2": 1.0}
    times = np.arange(0.0, 400.0, 0.5)
    shown = both.simulate(times, parameters=parameters, events=events, observables=["cbf", "activity", "ventilation"])
    assert 1.8 < shown["cbf"].max() < 2.5
    assert 1.8 < shown["activity"].max() < 2.5
    assert shown["cbf"][0, -1] < 1.0
    np.testing.assert_array_equal(shown["ventilation"], 1.0)


@pytest.mark.parametrize("species", SPECIES)
def test_everything_stays_finite_and_in_range_for_extreme_subjects(species):
    n, random = 200, np.random.default_rng(5)
    known = constants("seizure", species).items()
    draws = {name: random.uniform(value.low, value.high, n) for name, value in known if value.low < value.high}
    shown = shocked(species, at_s=(20.0, 120.0), end_s=900.0, **draws, charge_mc=random.uniform(0.0, 1000.0, n))
    assert np.isfinite(shown.values).all()
    for name in ("seizure", "post_ictal"):
        assert (shown[name] > -1e-5).all()  # what the integrator's tolerance leaves where a seizure dies out
        assert (shown[name] <= 1.0).all()
    assert (shown["activity"] > 0).all()
    assert (shown["activity"] <= 3.0).all()
    assert (np.abs(shown["seizure"][:, -1]) < 1e-6).all()
