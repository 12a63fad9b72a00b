"""Events whose time follows from the state: found within steps, to the precision of a double."""

from __future__ import annotations

import numpy as np
import pytest
from written_models import written

BALL = """
    x = 1; v = 0; g = 9.81; e = 0.8; n = 0; last = 0; x' = v; v' = -g
    at x < 0: v = -e * v, n = n + 1, last = time
"""
LOOSE = {"rtol": 1e-2, "atol": 1e-2}  # where the solution is exact, only the location is left


def bounces(g, e, n):
    """Return when a ball that falls from a height of 1 bounces."""
    fall = np.sqrt(2 / g)
    return fall * (1 + 2 * np.cumsum(e ** np.arange(n)) - 2 * e**0)


@pytest.mark.parametrize("threshold", [0.123, 1 / 3, 7.7, 1e-9])
@pytest.mark.parametrize("relation", [">", ">="])
def test_a_crossing_is_located_to_the_last_digits(threshold, relation):
    model = written(f"x = 0; when = 0; p = 0; x' = 1; at x {relation} p: when = time")
    found = model.simulate([0, 10], parameters={"p": threshold}, observables=["when"], **LOOSE).values[0, -1, 0]
    assert found == pytest.approx(threshold, abs=1e-12)


def test_a_crossing_of_a_curve_is_located_as_well_as_it_is_solved():
    model = written("x = 1; k = 1; when = 0; x' = -k * x; at x < 0.5: when = time")
    k = np.linspace(0.3, 3, 23)
    found = model.simulate([0, 10], parameters={"k": k}, observables=["when"], rtol=1e-13, atol=1e-15).values[
        :, -1, 0
    ]
    # The tolerance over some hundred steps.
    np.testing.assert_allclose(found, np.log(2) / k, rtol=1e-11)


def test_a_ball_bounces_when_it_should():
    expected = bounces(9.81, 0.8, 8)
    model = written(BALL)
    for n, moment in enumerate(expected):
        found = model.simulate([0, moment + 1e-9], observables=["n", "last"], **LOOSE).values[0, -1]
        # A parabola is solved exactly; each bounce adds the error of the location, over its speed.
        assert found == pytest.approx([n + 1, moment], abs=1e-11)


def test_outputs_at_a_crossing_show_what_is_after_it():
    model = written("x = 0; y = 0; x' = 1; at x >= 2: y = 1")
    found = model.simulate([0, 2 - 1e-9, 2 + 1e-9, 3], observables=["y"], **LOOSE).values[0, :, 0]
    assert found.tolist() == [0, 0, 1, 1]


def test_a_rate_that_jumps_with_the_state_is_followed_around_the_corner():
    model = written("x = 0; x' = piecewise(2, x < 1, -2 * (x - 2))")
    times = np.linspace(0, 5, 26)
    found = model.simulate(times, rtol=1e-10, atol=1e-12)["x"][0]
    expected = np.where(times < 0.5, 2 * times, 2 - np.exp(-2 * (times - 0.5)))
    np.testing.assert_allclose(found, expected, atol=1e-9)  # the tolerance, a few times over


def test_stairs_are_followed_step_by_step():
    model = written("x = 0; x' = floor(time) + ceil(2 * time)")
    found = model.simulate([0, 1, 2.5, 4], **LOOSE)["x"][0]
    # Integrals of stairs: sums of whole numbers; each of the ten locations adds its own error.
    np.testing.assert_allclose(found, [0, 1.5, 2.0 + 7.5, 6 + 18], atol=1e-10)


def test_a_threshold_that_resets_fires_at_its_rate():
    model = written("x = 0; n = 0; x' = 1; at x >= 0.1: x = x - 0.1, n = n + 1")
    found = model.simulate([0, 20.05], observables=["n", "x"], **LOOSE).values[0, -1]
    assert found == pytest.approx([200, 0.05], abs=1e-10)  # 200 locations


SUMMIT = written("""
    x = 0; v = 1; p = 0; up = 0; down = 0; n_up = 0; n_down = 0; x' = v; v' = -0.5
    at x > p, fromTrigger=false: up = time, n_up = n_up + 1
    at x < p, fromTrigger=false: down = time, n_down = n_down + 1
""")


@pytest.mark.parametrize("height", [0.9, 0.99, 0.999])
def test_a_summit_that_is_crossed_up_and_down_in_one_step_is_seen(height):
    times = np.linspace(0, 3.9, 14)
    found = SUMMIT.simulate(times, parameters={"p": height}, observables=["up", "down"], **LOOSE)
    # x = t - t^2 / 4 is above p between 2 -+ 2 sqrt(1 - p).
    half = 2 * np.sqrt(1 - height)
    assert found.values[0, -1] == pytest.approx([2 - half, 2 + half], abs=1e-10)  # a flat crossing magnifies


def test_a_level_that_is_hardly_crossed_is_crossed_once():
    heights = 1 - np.geomspace(1e-4, 0.1, 400)
    found = SUMMIT.simulate([0, 3.9], parameters={"p": heights}, observables=["n_up", "n_down"], largest_step=0.01)
    assert found.failures == []
    # Rounding near the level is no crossing, however slowly it is crossed.
    assert (found.values[:, -1] == 1).all()


def test_states_at_rest_are_observed_without_a_rounding():
    model = written("x = 0.1; z = 0.3; y = 1; x' = 0 * x; z' = 0 * y * z; y' = -y")
    found = model.simulate(np.linspace(0, 10, 1001), observables=["x", "z"])
    assert (found["x"] == 0.1).all()
    assert (found["z"] == 0.3).all()


def test_a_pulse_narrower_than_a_step_is_found_with_a_smaller_largest_step():
    model = written("y = 0; n = 0; y' = cos(time); at y > 0.9999: n = n + 1")
    # Each summit lasts for 0.028.
    found = model.simulate([0, 100], observables=["n"], largest_step=0.01).values[0, -1, 0]
    assert found == 16


def test_two_events_at_one_crossing_both_happen():
    model = written("""
        x = 0; a = 0; b = 0; x' = 1
        A: at x > 1, priority = 1: a = time
        B: at x > 1, priority = 2: b = time
    """)
    a, b = model.simulate([0, 3], observables=["a", "b"], **LOOSE).values[0, -1]
    assert a == b == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("rtol", [1e-3, 1e-6, 1e-10])
def test_bounces_that_follow_each_other_ever_faster_end(rtol):
    model = written(BALL)
    end = np.sqrt(2 / 9.81) * (1 + 2 * 0.5 / 0.5)  # of infinitely many
    found = model.simulate([0, end, 5], parameters={"e": 0.5}, observables=["x"], rtol=rtol, atol=rtol / 1000)
    assert found.failures == []
    # Bounces that a step contains whole are not seen: these are less than a thousandth of the first.
    assert found.values[0, 1, 0] == pytest.approx(0, abs=1e-3)


def test_a_state_that_is_pushed_back_from_both_sides_fails_with_a_reason():
    model = written("x = 0.5; x' = piecewise(1, x < 1, -1)")
    found = model.simulate([0, 0.25, 5], max_steps=3000)
    assert found.values[0, 1, 0] == pytest.approx(0.75)
    assert "more steps than allowed" in found.failures[0].reason
    assert found.failures[0].reached == pytest.approx(0.5)


def test_a_trigger_that_becomes_false_and_true_within_one_moment_fires():
    model = written("""
        x = 0; armed = 1; n = 0; x' = 1
        A: at x > 1 && armed > 0: n = n + 1, armed = 0
        B: at armed < 1, priority = 1: armed = 1
    """)
    n = model.simulate([0, 3], observables=["n"], max_steps=3000)
    assert n.failures[0].reason.startswith("events trigger each other without end")
