"""Derivatives by parameters, beside formulas and beside differences of tight solutions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import least_squares
from written_models import written

from adenoscope.core.errors import InputError
from adenoscope.simulation import Change

TIMES = np.linspace(0, 6, 13)
DOSED = written("""
    compartment V; V = 2; species S in V; S = 3; k = 0.5; dose = 4; share = 0.3; M = 0
    R: S -> ; k * S * V / (1 + S)
    M' = share * S - 0.1 * M
    at time >= 2: S = S + dose / V, share = share * k
""")


def differences(model, by, values, step, times=TIMES, **question):
    """Return central differences of solutions that are as exact as can be had."""
    columns = []
    for name in by:
        ends = [
            model.simulate(times, parameters={**values, name: values[name] * (1 + sign * step)}, **question).values[0]
            for sign in (1, -1)
        ]
        columns.append((ends[0] - ends[1]) / (2 * step * values[name]))
    return np.stack(columns, axis=-1)


def test_a_decay_has_the_derivatives_of_its_formula():
    model = written("x = 2; k = 0.7; x' = -k * x")
    found = model.sensitivities(TIMES, ["k", "x"], rtol=1e-9, atol=1e-12)
    x = np.exp(-0.7 * TIMES)
    # The solution's tolerance; nine digits of it are kept by the difference.
    np.testing.assert_allclose(found.values[0, :, 0, 0], -TIMES * 2 * x, atol=1e-7)
    np.testing.assert_allclose(found.values[0, :, 0, 1], x, atol=1e-7)
    np.testing.assert_allclose(found.trajectories.values[0, :, 0], 2 * x, atol=1e-7)


def test_parameters_initial_values_volumes_and_doses_have_derivatives():
    by = ["k", "S", "V", "dose", "share", "M"]
    values = {"k": 0.5, "S": 3.0, "V": 2.0, "dose": 4.0, "share": 0.3, "M": 0.2}
    observables = ("S", "amount(S)", "M", "R", "share")
    found = DOSED.sensitivities(TIMES, by, parameters=values, observables=observables, rtol=1e-8, atol=1e-11)
    tight = {"observables": observables, "rtol": 1e-13, "atol": 1e-15}
    expected = differences(DOSED, by, values, 1e-4, **tight)
    # The square of the step of the differences, and the tolerance of what is differentiated.
    np.testing.assert_allclose(found.values[0], expected, rtol=1e-6, atol=1e-6)


def test_the_derivative_of_a_loose_solution_is_nearly_that_of_a_tight_one():
    loose = DOSED.sensitivities(TIMES, ["k", "S"], rtol=1e-4, atol=1e-7).values
    tight = DOSED.sensitivities(TIMES, ["k", "S"], rtol=1e-10, atol=1e-13).values
    # Steps are shared, so a derivative is as good as the solution itself.
    np.testing.assert_allclose(loose, tight, rtol=1e-3, atol=1e-3)


def test_the_time_of_an_event_has_a_derivative():
    model = written("x = 0; k = 0.5; moment = 2; x' = -k * x; at time >= moment: x = x + 1")
    found = model.sensitivities(TIMES, ["moment", "k"], parameters={"moment": 2.2}).values[0, :, 0]
    after = TIMES > 2.2
    decay = np.where(after, np.exp(-0.5 * (TIMES - 2.2)), 0)
    # Steps of 1e-4 on either side: their square, over 6.
    np.testing.assert_allclose(found[:, 0], 0.5 * decay, atol=1e-7)
    np.testing.assert_allclose(found[:, 1], -(TIMES - 2.2) * decay, atol=1e-7)


def test_a_crossing_that_depends_on_parameters_has_a_derivative():
    model = written("x = 0; rate = 2; top = 3; when = 0; x' = rate; at x >= top: when = time, x = 0")
    found = model.sensitivities([0, 2.5], ["rate", "top"], observables=["when", "x"]).values[0, -1]
    # when = top / rate; x = rate (t - when) = rate t - top.
    np.testing.assert_allclose(found, [[-0.75, 0.5], [2.5, -1.0]], rtol=1e-7)


def test_small_quantities_have_derivatives_where_an_event_moves():
    # Picomoles in moles: far below the absolute tolerance that is right for states of order 1.
    body = "x = 1e-12; k = 0.5; top = 0.4e-12; n = 0; x' = -k * x; at x < top: n = n + 1"
    found = written(body).sensitivities([0, 1, 3], ["k"], observables=["x"], atol=1e-18).values[0, :, 0, 0]
    expected = -np.array([0, 1, 3]) * 1e-12 * np.exp(-0.5 * np.array([0, 1, 3]))
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-20)


def test_every_subject_has_derivatives_at_its_own_parameters():
    k = np.array([0.2, 0.5, 0.9, 1.4, 2.0])
    doses = Change(np.array([1.0, 2.0, 3.0, 1.5, 2.5]), "S", 2.0, adds=True)
    together = DOSED.sensitivities(TIMES, ["k", "dose"], parameters={"k": k}, events=[doses])
    assert together.values.shape == (5, TIMES.size, 2, 2)
    for n in range(5):
        own = Change(float(np.asarray(doses.time)[n]), "S", 2.0, adds=True)
        alone = DOSED.sensitivities(TIMES, ["k", "dose"], parameters={"k": k[n]}, events=[own])
        np.testing.assert_array_equal(together.values[n], alone.values[0])
        np.testing.assert_array_equal(together.trajectories.values[n], alone.trajectories.values[0])


def test_any_number_of_parameters_is_differentiated_by():
    names = [f"k{n}" for n in range(8)]
    model = written(
        "; ".join(f"{name} = {n + 1}" for n, name in enumerate(names)) + f"; x = 0; x' = {' + '.join(names)}"
    )
    for n in range(1, 9):
        found = model.sensitivities([0, 2], names[:n]).values[0, -1, 0]
        np.testing.assert_allclose(found, np.full(n, 2.0), rtol=1e-7)  # rounding over the step of 1e-5


def test_a_failed_neighbour_fails_its_subject():
    model = written("x = 1; k = 1; x' = k * x^2")
    found = model.sensitivities([0, 0.5, 2], ["k", "x"], parameters={"k": [0.1, 1.0]}, max_steps=2000)
    assert found.trajectories.status[0] == 0
    assert found.trajectories.status[1] != 0


@pytest.mark.parametrize(
    ("by", "message"), [(["kk"], "did you mean k"), (["share", "V", "nothing"], "nothing"), ([], "by")]
)
def test_what_there_is_no_derivative_by_is_explained(by, message):
    with pytest.raises(InputError, match=message):
        DOSED.sensitivities(TIMES, by)


@pytest.mark.parametrize("event", ["time >= 2", "x < level"])
def test_a_fit_with_these_gradients_finds_the_parameters(event):
    model = written(f"x = 3; v = 2; K = 0.7; level = 0.5; x' = -v * x / (K + x); at {event}: x = x + 1")
    names, truth = ["v", "K", "x"], np.array([1.4, 0.9, 2.5])
    times = np.linspace(0, 6, 30)

    def question(point):
        return {"parameters": dict(zip(names, point, strict=True)), "observables": ["x"]}

    def solution(point):
        return model.simulate(times, rtol=1e-10, **question(point)).values[0, :, 0]

    data = solution(truth)
    smooth = np.abs(np.diff(data, append=data[-1])) < 0.5  # the samples beside a jump that moves would be off it

    def slopes(point):
        return model.sensitivities(times, names, **question(point)).values[0, smooth, 0]

    start = truth * [1.02, 0.98, 1.01]
    ends = {"bounds": (0, np.inf), "xtol": 1e-14, "ftol": 1e-14, "gtol": 1e-14}
    found = least_squares(lambda point: (solution(point) - data)[smooth], start, jac=slopes, **ends)
    # Data without noise; the tolerance of the solution.
    np.testing.assert_allclose(found.x, truth, rtol=1e-6)
