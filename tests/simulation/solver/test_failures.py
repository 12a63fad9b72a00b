"""Subjects that cannot be integrated: they say why, and their neighbours do not notice."""

from __future__ import annotations

import numpy as np
import pytest
from written_models import written

from adenoscope.simulation.status import (
    DONE,
    EVENTS_WITHOUT_END,
    NOT_FINITE,
    QUEUE_FULL,
    STATUS_WORDS,
    STEP_VANISHED,
    TOO_MANY_STEPS,
)

BLOW_UP = written("x = 1; k = 1; y = 1; x' = k * x^2; y' = -k * y")
TIMES = np.linspace(0, 2, 9)


def test_a_singularity_is_reported_with_when_and_with_which_parameters():
    k = np.array([0.1, 1.0, 0.2])
    found = BLOW_UP.simulate(TIMES, parameters={"k": k, "x": 1.0}, observables=["x", "y"])
    assert found.status.tolist() == [DONE, STEP_VANISHED, DONE]
    (failure,) = found.failures
    assert failure.subject == 1
    assert failure.parameters == {"k": 1.0, "x": 1.0}
    assert "singularity" in failure.reason
    # x = 1 / (1 - t), and a step's relative error of 1e-6 moves the pole by as much.
    assert failure.reached == pytest.approx(1.0, abs=1e-4)
    assert np.isnan(found.values[1, TIMES > 1.001]).all()
    before = TIMES < 0.9
    np.testing.assert_allclose(found["x"][1, before], 1 / (1 - TIMES[before]), rtol=1e-4)  # the same


@pytest.mark.parametrize("lanes", [1, 2, 4, 8])
def test_neighbours_of_a_failure_have_the_bits_they_have_without_it(lanes):
    k = np.linspace(0.05, 0.4, 20)
    sick = k.copy()
    sick[[0, 3, 4, 11, 19]] = [5.0, 1e3, 1e200, 0.9, 2.0]
    well = np.flatnonzero(k == sick)
    alone = BLOW_UP.simulate(TIMES, parameters={"k": k[well]}, lanes=lanes)
    among = BLOW_UP.simulate(TIMES, parameters={"k": sick}, lanes=lanes, chunk=7)
    assert alone.failures == []
    assert len(among.failures) == 5
    np.testing.assert_array_equal(among.values[well], alone.values)
    np.testing.assert_array_equal(among.steps[well], alone.steps)


def test_a_start_that_is_not_finite_is_reported():
    model = written("x = 1; p = 1; y = 1/p; x' = -x; y' = 1")
    found = model.simulate([0, 1], parameters={"p": [1.0, 0.0, 2.0]})
    assert found.status.tolist() == [DONE, NOT_FINITE, DONE]
    assert np.isnan(found.values[1]).all()


def test_rates_that_are_not_finite_are_reported():
    model = written("x = 1; p = 1; x' = -x + log(p)")
    found = model.simulate([5, 6], parameters={"p": [1.0, -1.0, 0.0]})
    assert found.status[0] == DONE
    assert set(found.status[1:]) <= {STEP_VANISHED, NOT_FINITE}
    assert [failure.reached for failure in found.failures] == [5.0, 5.0]


def test_a_root_of_a_state_that_runs_out_is_reported():
    model = written("x = 1; x' = -1 / x")  # x = sqrt(1 - 2 t)
    found = model.simulate([0, 0.4, 1])
    assert found.failures[0].reached == pytest.approx(0.5, abs=1e-4)  # the tolerance, as above


def test_no_more_steps_are_made_than_allowed():
    model = written("x = 0; v = 1; w = 1; x' = v; v' = -w^2 * x")
    found = model.simulate([0, 1, 100], parameters={"w": [0.1, 1000.0]}, max_steps=500)
    assert found.status.tolist() == [DONE, TOO_MANY_STEPS]
    assert found.steps[1] == 500
    assert "max_steps" in found.failures[0].reason


def test_events_without_end_are_reported():
    model = written("""
        a = 0; p = 1; x = 1; x' = -x
        at a < p && time > 2: a = 2
        at a > p: a = 0
    """)
    found = model.simulate([0, 1, 3], parameters={"p": [1.0, 5.0, -1.0]}, observables=["x"])
    assert found.status.tolist() == [EVENTS_WITHOUT_END, DONE, DONE]
    assert found.failures[0].reached == 2.0
    assert np.isfinite(found.values[0, :2]).all()


PENDING = written("""
    x = 0; period = 0.1; next = 0.003; n = 0; x' = 1
    tick: at time >= next, fromTrigger=false: next = next + period
    late: at 20 after time >= next, fromTrigger=false: n = n + 1
""")


def test_any_number_of_delayed_events_may_wait():
    period = np.array([1.0, 0.1, 0.02, 0.5])
    found = PENDING.simulate([0, 20.5, 30], parameters={"period": period}, observables=["n"])
    assert found.failures == []
    # Those of the first half and of the first 10 units of time: the first at 0.003, one each period after.
    expected = np.floor((np.array([0.5, 10.0]) - 0.003) / period[:, None]) + 1
    np.testing.assert_array_equal(found.values[:, 1:, 0], expected)


def test_subjects_that_need_room_have_the_bits_they_have_alone():
    period = np.array([1.0, 0.1, 0.02, 0.5, 0.3, 0.05])
    among = PENDING.simulate([0, 20.5, 30], parameters={"period": period}, observables=["n", "x"], lanes=4)
    for n in range(6):
        alone = PENDING.simulate([0, 20.5, 30], parameters={"period": period[n]}, observables=["n", "x"], lanes=4)
        np.testing.assert_array_equal(among.values[n], alone.values[0])
        assert among.steps[n] == alone.steps[0]


def test_every_status_has_its_words():
    assert set(STATUS_WORDS) == {
        DONE,
        STEP_VANISHED,
        TOO_MANY_STEPS,
        NOT_FINITE,
        QUEUE_FULL,
        EVENTS_WITHOUT_END,
    }
