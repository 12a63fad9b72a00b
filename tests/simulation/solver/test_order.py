"""The order of the method, measured on stiff problems whose solutions are known."""

from __future__ import annotations

import numpy as np
import pytest
from written_models import written

END = 2.0
# Prothero & Robinson (1974), Math. Comp. 28: y' = lambda (y - sin t) + cos t, solved by sin t for any lambda.
PROTHERO_ROBINSON = written("y = 0; lambda = -50; y' = lambda * (y - sin(time)) + cos(time)")
# Eigenvalues -1 and -s, with axes askew; solved by (sin t, cos t).
LINEAR = written("""
    u = 0; v = 1; s = 50; p := u - sin(time); q := v - cos(time)
    u' = -(2 - s) * p - 2 * (1 - s) * q + cos(time)
    v' = (1 - s) * p + (1 - 2 * s) * q - sin(time)
""")
# Kaps, in Dekker & Verwer (1984), Stability of Runge-Kutta Methods for Stiff Nonlinear Equations.
KAPS = written("u = 1; v = 1; e = 0.1; u' = -(1 / e + 2) * u + v^2 / e; v' = u - v * (1 + v)")


def circle(t):
    return np.stack([np.sin(t), np.cos(t)], axis=-1)


def decays(t):
    return np.stack([np.exp(-2 * t), np.exp(-t)], axis=-1)


PROBLEMS = {
    "Prothero-Robinson": (PROTHERO_ROBINSON, ("y",), lambda t: circle(t)[:, :1], 80),
    "linear": (LINEAR, ("u", "v"), circle, 40),
    "Kaps": (KAPS, ("u", "v"), decays, 80),
}


def error(model, observables, solution, n_steps, times, **parameters):
    """Return the largest error where all steps have one length: the tolerance is met whatever happens."""
    found = model.simulate(
        [0.0, *times],
        parameters=parameters,
        observables=observables,
        rtol=1.0,
        atol=1e30,
        largest_step=END / n_steps,
    )
    assert found.steps[0] == n_steps
    return np.abs(found.values[0, 1:] - solution(np.asarray(times))).max()


def order(errors):
    """Return the slope of log error over log step, where each step is half the one before."""
    return -np.polyfit(np.arange(len(errors)), np.log2(errors), 1)[0]


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_solution_is_of_order_5(name):
    model, observables, solution, coarsest = PROBLEMS[name]
    errors = [error(model, observables, solution, n, [END]) for n in (coarsest, 2 * coarsest, 4 * coarsest)]
    # From steps that resolve the fast part of the solution to errors ten times the rounding of a double.
    assert order(errors) == pytest.approx(5, abs=0.3)


def forced_error(stiffness, n_steps, times):
    """Return the error of Prothero and Robinson's problem."""
    return error(PROTHERO_ROBINSON, ("y",), lambda t: circle(t)[:, :1], n_steps, times, **{"lambda": stiffness})


@pytest.mark.parametrize(("stiffness", "coarsest", "expected"), [(-50, 80, 5), (-1e6, 20, 4)])
def test_the_solution_within_steps_is_of_order_4_at_least(stiffness, coarsest, expected):
    errors = []
    for n in (coarsest, 2 * coarsest, 4 * coarsest):
        starts = np.arange(n) * END / n
        within = np.concatenate([starts + share * END / n for share in (0.17, 0.5, 0.83)])
        errors.append(forced_error(stiffness, n, [*np.sort(within), END]))
    # An interpolation of order 4 has an error of h^5 within a step; stiffness takes one order off.
    assert order(errors) == pytest.approx(expected, abs=0.3)


@pytest.mark.parametrize("stiffness", [-1e3, -1e4, -1e6, -1e9])
def test_stiffer_problems_are_solved_as_well(stiffness):
    assert forced_error(stiffness, 40, [END]) < forced_error(-100.0, 40, [END])


@pytest.mark.parametrize("rtol", [1e-4, 1e-6, 1e-8, 1e-10])
@pytest.mark.parametrize("name", PROBLEMS)
def test_errors_stay_near_the_tolerance(name, rtol):
    model, observables, solution, _ = PROBLEMS[name]
    times = np.linspace(0, END, 50)
    found = model.simulate(times, observables=observables, rtol=rtol, atol=rtol / 10)
    # The error of a step is what is controlled; a decaying error of some forty steps adds up to less than ten.
    assert np.abs(found.values[0] - solution(times)).max() < 10 * rtol
