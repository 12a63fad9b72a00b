"""Events at times that are known beforehand: exact restarts, delays, priorities, lots."""

from __future__ import annotations

import numpy as np
import pytest
from written_models import written

TIGHT = {"rtol": 1e-11, "atol": 1e-13}


def last(body, observables, end=10.0, **options):
    """Return the observables at the end."""
    return written(body).simulate([0, end], observables=observables, **options).values[0, -1].tolist()


def test_doses_decay_from_exactly_when_they_are_given():
    model = written("""
        x = 0; k = 0.7; x' = -k * x
        at time >= 1: x = x + 2
        at time >= 2.5: x = x + 3
    """)
    times = np.linspace(0, 6, 61)
    found = model.simulate(times, **TIGHT)["x"][0]
    expected = 2 * np.exp(-0.7 * (times - 1)) * (times >= 1) + 3 * np.exp(-0.7 * (times - 2.5)) * (times >= 2.5)
    # An output at the time of a dose shows the state after it. The tolerance of a step, a few times over.
    np.testing.assert_allclose(found, expected, atol=1e-10)


def test_a_step_in_the_rates_is_integrated_without_error():
    model = written("x = 0; x' = piecewise(3, time < 1/3, -5)")
    found = model.simulate([0, 1 / 3, 1, 7.77], rtol=1e-2, atol=1e-2)["x"][0]
    # What is linear between restarts is integrated to rounding at any tolerance; the method's largest weight is 165.
    np.testing.assert_allclose(found, [0, 1, 1 - 10 / 3, 1 - 5 * (7.77 - 1 / 3)], rtol=165e-15)


def test_events_a_rounding_apart_both_happen():
    model = written("""
        x = 1; y = 0; early = 0; late = 0; first = 0; second = 0; x' = -x
        at time >= late: second = time, y = 2 * y + 2
        at time >= early: first = time, y = 2 * y + 1
    """)
    moments = {"early": 0.3, "late": 0.1 + 0.2}
    assert moments["early"] < moments["late"]
    found = model.simulate([0, 1], parameters=moments, observables=["y", "first", "second"]).values[0, -1]
    assert found.tolist() == [4.0, *moments.values()]


@pytest.mark.parametrize("condition", ["time >= 2", "time > 2", "time == 2", "time * 3 >= 6", "not(time < 2)"])
def test_every_way_to_write_a_time_happens_at_that_time_and_once(condition):
    body = f"n = 0; when = -1; x = 1; x' = -x; at {condition}: n = n + 1, when = time"
    assert last(body, ("n", "when")) == [1.0, 2.0]


def test_a_trigger_that_moves_its_own_time_happens_again_and_again():
    body = "n = 0; last = 0; x = 1; x' = -x; at time - last >= 0.25: n = n + 1, last = time"
    assert last(body, ("n", "last")) == [40.0, 10.0]


def test_a_trigger_that_holds_at_the_start_fires_only_if_it_counts_as_false_before():
    assert last("n = 0; at time >= 0: n = n + 1", ("n",)) == [0.0]
    assert last("n = 0; at time >= 0, t0=false: n = n + 1", ("n",)) == [1.0]


def test_a_start_after_an_events_time_does_not_make_it_happen():
    model = written("n = 0; x = 1; x' = -x; at time >= 5: n = n + 1")
    assert model.simulate([6, 7], observables=["n"]).values[0, -1, 0] == 0.0
    assert model.simulate([5, 7], observables=["n"]).values[0, -1, 0] == 0.0
    assert model.simulate([-3, 7], observables=["n"]).values[0, -1, 0] == 1.0


def test_the_higher_priority_goes_first():
    body = """
        seen = 0
        at time >= 2, priority = 30, fromTrigger=false: seen = 10 * seen + 1
        at time >= 2, priority = 10, fromTrigger=false: seen = 10 * seen + 2
        at time >= 2, priority = 20, fromTrigger=false: seen = 10 * seen + 3
        at time >= 2, priority = -5, fromTrigger=false: seen = 10 * seen + 4
    """
    assert last(body, ("seen",)) == [1324.0]


def test_events_without_priority_go_last_in_the_order_they_are_written():
    body = """
        seen = 0
        A: at time >= 2, fromTrigger=false: seen = 10 * seen + 1
        B: at time >= 2, fromTrigger=false: seen = 10 * seen + 2
        C: at time >= 2, fromTrigger=false, priority = -1e9: seen = 10 * seen + 3
    """
    assert last(body, ("seen",)) == [312.0]


def test_priorities_are_looked_at_again_after_every_event():
    body = """
        seen = 0; p = 0
        A: at time >= 2, fromTrigger=false, priority = 10: seen = 10 * seen + 1, p = 5
        B: at time >= 2, fromTrigger=false, priority = 3: seen = 10 * seen + 2
        C: at time >= 2, fromTrigger=false, priority = p: seen = 10 * seen + 3
    """
    assert last(body, ("seen",)) == [132.0]


def test_an_event_takes_back_what_waits_and_does_not_persist():
    body = """
        a = 1; seen = 0
        A: at time >= 2, priority = 2: a = 0
        B: at time >= 2 && a > 0, priority = 1, persistent=false: seen = seen + 1
        C: at time >= 2 && a > 0, priority = 1: seen = seen + 10
    """
    assert last(body, ("seen",)) == [10.0]


def test_values_are_from_the_trigger_or_from_the_execution():
    body = """
        x = 0; early = 0; late = 0; x' = 1
        A: at 3 after time >= 2: early = x
        B: at 3 after time >= 2, fromTrigger=false: late = x
    """
    assert last(body, ("early", "late")) == pytest.approx([2.0, 5.0], rel=1e-14)  # rounding


def test_assignments_of_one_event_are_made_from_the_values_before_it():
    body = "a = 1; b = 2; c = 3; at time >= 1: a = b, b = c, c = a + b + c"
    assert last(body, ("a", "b", "c")) == [2.0, 3.0, 6.0]


def test_delays_are_computed_when_the_trigger_fires():
    body = "d = 3; when = 0; at d after time >= 1, fromTrigger=false: when = time; at time >= 2: d = 100"
    assert last(body, ("when",)) == [4.0]


def test_a_delayed_event_that_does_not_persist_vanishes_with_its_trigger():
    body = """
        on = 0; kept = 0; lost = 0
        at time >= 1: on = 1
        at time >= 2: on = 0
        A: at 3 after on > 0: kept = kept + 1
        B: at 3 after on > 0, persistent=false: lost = lost + 1
        C: at 0.5 after on > 0, persistent=false: lost = lost + 10
    """
    assert last(body, ("kept", "lost")) == [1.0, 10.0]


def test_one_event_may_wait_several_times():
    body = """
        n = 0; first = 0; x = 0; x' = 1; t1 = 0
        at sin(20 * time) > 0, t0=false: t1 = t1 + 1
        A: at 2.5 after sin(20 * time) > 0, t0=false, fromTrigger=false: n = n + 1
    """
    triggered, executed = last(body, ("t1", "n"), end=5.0)
    # Both at 0 too: 20 t passes a multiple of 2 pi.
    assert (triggered, executed) == (1 + np.floor(100 / (2 * np.pi)), 1 + np.floor(50 / (2 * np.pi)))


def test_events_cascade_within_one_moment():
    body = """
        a = 0; b = 0; c = 0; when = 0
        A: at time >= 2: a = 1
        B: at a > 0: b = a + 1
        C: at b > 1: c = b + 1, when = time
    """
    assert last(body, ("a", "b", "c", "when")) == [1.0, 2.0, 3.0, 2.0]


LOTS = """
    next = 0.5; first = 0; second = 0; taken = 0; x = 1; x' = -x
    A: at time >= next, priority = 1, fromTrigger=false: first = first + 1 - taken, taken = 1
    B: at time >= next, priority = 1, fromTrigger=false: second = second + 1 - taken, taken = 1
    C: at time >= next, priority = 0, fromTrigger=false: next = next + 0.5, taken = 0
"""


def test_ties_are_broken_by_lots_that_are_the_same_each_time_and_for_every_subject():
    model = written(LOTS)
    options = {"observables": ("first", "second"), "n_subjects": 9}
    found = model.simulate([0, 100], **options).values[:, -1]
    assert (found == found[0]).all()
    again = model.simulate([0, 100], chunk=2, threads=2, lanes=2, **options).values[:, -1]
    np.testing.assert_array_equal(again, found)
    assert found[0].sum() == 200
    # Both win: of 200 fair lots fewer than 70 fall on one side once in 50,000 times.
    assert found[0].min() > 70


def test_a_change_of_a_parameter_moves_a_timed_event():
    body = """
        when = 0; t_dose = 8; x = 1; x' = -x
        at time >= 2: t_dose = 3.25
        at time >= t_dose: when = time
    """
    assert last(body, ("when",)) == [3.25]


def test_subjects_have_timed_events_at_times_of_their_own():
    model = written("when = 0; t_dose = 8; x = 1; x' = -x; at time >= t_dose: when = time")
    moments = np.array([1.0, 0.5, 3.75, 11.0, 2.0, 9.999])
    found = model.simulate([0, 10], parameters={"t_dose": moments}, observables=["when"]).values[:, -1, 0]
    np.testing.assert_array_equal(found, np.where(moments <= 10, moments, 0))


def test_an_event_changes_the_compartment_and_keeps_amounts():
    body = """
        compartment V; V = 2; species S in V; S = 3; k = 0; R: S -> ; k * S
        at time >= 1: V = 4
    """
    assert last(body, ("S", "amount(S)", "V")) == [1.5, 6.0, 4.0]


def test_an_assigned_concentration_counts_in_the_volume_before_the_event():
    body = """
        compartment V; V = 2; species S in V; S = 3; k = 0; R: S -> ; k * S
        at time >= 1: V = 4, S = 10
    """
    assert last(body, ("S", "amount(S)")) == [5.0, 20.0]
