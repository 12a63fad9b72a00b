"""A subject's numbers are the same bits however the cohort is cut, ordered and shared out."""

from __future__ import annotations

import numpy as np
import pytest
from written_models import written

from adenoscope.simulation import Change

# A neuron that fires and resets, with noise-like forcing, delayed feedback and a dose: every kind of restart.
FIRING = written("""
    v = 0; w = 0.2; n = 0; k = 0.5; drive = 2.5; gain = 0.3; tau = 4
    v' = drive * (1 + 0.3 * sin(3 * time)) - k * v - w; w' = (gain * v^1.5 / (1 + v^1.5) - w) / tau
    fire: at v >= 1, fromTrigger=false: v = 0, n = n + 1
    feedback: at 0.37 after v >= 0.9, priority = 2, fromTrigger=false: w = w + 0.01
    slow: at time >= 6, priority = 1: k = 2 * k
    low: at w > 0.6, persistent=false, fromTrigger=false: w = 0.5 * w
""")
N = 23
CUTS = [
    {"chunk": 1},
    {"chunk": 7},
    {"chunk": 1000},
    {"threads": 1},
    {"threads": 2, "chunk": 3},
    {"lanes": 1},
    {"lanes": 2},
    {"lanes": 4},
    {"lanes": 8},
    {"lanes": 2, "chunk": 5, "threads": 2},
]


def draw(model, names, n, sd, seed):
    rng = np.random.default_rng(seed)
    return {name: model.system.inputs[name] * np.exp(sd * rng.standard_normal(n)) for name in names}


def firing(order=None, **options):
    order = np.arange(N) if order is None else order
    parameters = draw(FIRING, ("k", "drive", "gain", "tau", "w"), N, 0.15, 1)
    doses = Change(np.linspace(1, 9, N)[order], "v", np.linspace(0, 0.9, N)[order], adds=True)
    parameters = {name: values[order] for name, values in parameters.items()}
    return FIRING.simulate(np.linspace(0, 20, 31), parameters=parameters, events=[doses], **options)


def same(one, other, pick=slice(None)):
    np.testing.assert_array_equal(one.values, other.values[pick])
    np.testing.assert_array_equal(one.steps, other.steps[pick])
    np.testing.assert_array_equal(one.rejected, other.rejected[pick])


@pytest.fixture(scope="module")
def usual():
    found = firing()
    assert found.failures == []
    fired = firing(observables=("n",))["n"][:, -1]
    assert fired.min() >= 2  # and not all alike
    assert fired.max() > fired.min()
    return found


@pytest.mark.parametrize("cut", CUTS, ids=str)
def test_cutting_a_cohort_changes_no_bit_of_a_model_that_fires(usual, cut):
    same(firing(**cut), usual)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_subjects_changes_no_bit_of_a_model_that_fires(usual, seed):
    order = np.random.default_rng(seed).permutation(N)
    same(firing(order), usual, order)


def test_other_observables_and_other_subjects_change_no_bit(usual):
    few = firing(observables=("w",), lanes=4)
    np.testing.assert_array_equal(few["w"], usual["w"])
    same(firing(np.array([5, 0, 19])), usual, [5, 0, 19])


@pytest.fixture(scope="module")
def whole(qsp):
    return simulate_whole(qsp)


def simulate_whole(model, order=None, **options):
    names = [name for name in model.system.inputs if name not in {*model.system.rates, "fio", "seiz", "nH"}]
    order = np.arange(N) if order is None else order
    parameters = {name: values[order] for name, values in draw(model, names, N, 0.2, 2).items()}
    found = model.simulate(np.linspace(0, 1440, 25), parameters=parameters, rtol=1e-4, atol=1e-7, **options)
    assert found.failures == []
    return found


@pytest.mark.parametrize("cut", CUTS, ids=str)
def test_cutting_a_cohort_changes_no_bit_of_the_model_of_31_states(qsp, whole, cut):
    same(simulate_whole(qsp, **cut), whole)


def test_the_order_of_subjects_changes_no_bit_of_the_model_of_31_states(qsp, whole):
    order = np.random.default_rng(3).permutation(N)
    same(simulate_whole(qsp, order), whole, order)
