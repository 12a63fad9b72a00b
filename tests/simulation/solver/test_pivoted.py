"""The step with pivoting: the same as the fast one where that is good, and right where it is not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm
from written_models import written

from adenoscope.simulation.cohort import prepared
from adenoscope.simulation.kernel import linear
from adenoscope.simulation.rodas5p import GAMMA

ROBERTSON = written("""
    species A, B, C; A = 1; B = 0; C = 0
    A -> B; 0.04 * A
    2 B -> C + B; 3e7 * B^2
    B + C -> A + C; 1e4 * B * C
""")
FORCED = written("y = 0; lambda = -50; y' = lambda * (y - sin(time)) + cos(time)")


def forget():
    for kept in vars(prepared).values():
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()


@pytest.fixture
def trust(monkeypatch):
    """Return what sets the error up to which elimination without pivots is trusted."""

    def change(error):
        monkeypatch.setattr(linear, "TRUSTED_BACKWARD_ERROR", error)
        forget()

    yield change
    forget()


@pytest.mark.parametrize("lanes", [1, 4])
@pytest.mark.parametrize(
    ("model", "times"), [(ROBERTSON, [0, 1e-3, 0.4, 4, 40, 400]), (FORCED, np.linspace(0, 2, 9))]
)
def test_both_steps_agree_where_both_are_good(model, times, lanes, trust):
    fast = model.simulate(times, n_subjects=3, lanes=lanes)
    trust(-1.0)  # an error of 0 is too much
    slow = model.simulate(times, n_subjects=3, lanes=lanes)
    np.testing.assert_array_equal(slow.steps, fast.steps)
    # Rounding, in some hundred steps of systems whose condition is up to 1e8.
    np.testing.assert_allclose(slow.values, fast.values, rtol=1e-9, atol=1e-13)


STEP = 0.5
CRITICAL = 1 / (STEP * GAMMA)
# x grows by itself exactly as fast as makes the first pivot vanish; y takes it back, so that all decays as exp(-t/2).
DIAGONAL, OFF_DIAGONAL = -(CRITICAL + 1), np.sqrt(CRITICAL * (CRITICAL + 1) + 0.25)


@pytest.mark.parametrize("distance", [3e-16, 1e-14, 1e-12, 1e-10, -1e-14])
def test_a_pivot_that_nearly_vanishes_costs_no_digits(distance, trust):
    model = written("x = 1; y = 0.5; a = 1; b = 1; d = 1; x' = a * x + b * y; y' = -b * x + d * y")
    a = CRITICAL * (1 + distance)
    settings = {
        "parameters": {"a": a, "b": OFF_DIAGONAL, "d": DIAGONAL},
        "observables": ("x", "y"),
        **{"rtol": 1.0, "atol": 1e30, "largest_step": STEP},
    }
    matrix = np.array([[a, OFF_DIAGONAL], [-OFF_DIAGONAL, DIAGONAL]])
    expected = expm(4 * matrix) @ [1, 0.5]
    found = model.simulate([0, 4], **settings)
    trust(-1.0)
    pivoted = model.simulate([0, 4], **settings)
    # Eight steps of half a unit of time: the method's own error, beside what the condition makes of 1e-9.
    np.testing.assert_allclose(found.values[0, -1], expected, rtol=1e-3)
    np.testing.assert_allclose(found.values[0, -1], pivoted.values[0, -1], rtol=1e-6)
    trust(np.inf)
    unguarded = model.simulate([0, 4], **settings).values[0, -1]
    if abs(distance) < 1e-13:
        assert not np.allclose(unguarded, expected, rtol=0.1)  # so the model tests what it should


def test_one_lane_with_pivots_leaves_the_bits_of_the_others_alone():
    model = written("x = 1; y = 0.5; a = 1; b = 1; d = 1; x' = a * x + b * y; y' = -b * x + d * y")
    ordinary = np.linspace(-3, -1, 8)
    a = ordinary.copy()
    a[3] = CRITICAL * (1 + 1e-14)
    b, d = np.where(a > 0, OFF_DIAGONAL, 1.0), np.where(a > 0, DIAGONAL, -1.0)
    settings = {"lanes": 4, "chunk": 8, "rtol": 1e-3, "atol": 1e3, "largest_step": STEP}
    mixed = model.simulate([0, 1, 4], parameters={"a": a, "b": b, "d": d}, **settings)
    alone = model.simulate([0, 1, 4], parameters={"a": ordinary, "b": 1.0, "d": -1.0}, **settings)
    others = [0, 1, 2, 4, 5, 6, 7]
    np.testing.assert_array_equal(mixed.values[others], alone.values[others])


def test_a_pivot_that_vanishes_wholly_shortens_the_step():
    model = written("x = 1; y = 0.5; a = 1; b = 1; d = 1; x' = a * x + b * y; y' = -b * x + d * y")
    parameters = {"a": CRITICAL, "b": OFF_DIAGONAL, "d": DIAGONAL}
    found = model.simulate([0, 4], parameters=parameters, observables=("x", "y"), largest_step=STEP)
    matrix = np.array([[CRITICAL, OFF_DIAGONAL], [-OFF_DIAGONAL, DIAGONAL]])
    assert found.failures == []
    # The default tolerance of 1e-6, for which a matrix so far from normal asks ten times.
    np.testing.assert_allclose(found.values[0, -1], expm(4 * matrix) @ [1, 0.5], rtol=1e-5)
