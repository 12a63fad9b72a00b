"""What a caller does to subjects, beside the same thing written as events of the model."""

from __future__ import annotations

import numpy as np
import pytest
from written_models import written

from adenoscope.core.errors import InputError
from adenoscope.simulation import Change

TIMES = np.linspace(0, 10, 41)
BODY = """
    compartment blood, brain; blood = 5; brain = 1.4
    species drug in blood, inside in brain; drug = 0; inside = 1; k = 0.3; q = 0.8; air = 0.21
    clear: drug -> ; k * drug * blood
    pass: drug -> inside; q * (drug - inside) * air
"""


def same(events, changes, *, n_subjects=None, **parameters):
    """Assert that changes do, bit for bit, what events of the model do."""
    own = written(BODY + events).simulate(TIMES, parameters=parameters, n_subjects=n_subjects)
    given = written(BODY).simulate(TIMES, parameters=parameters, events=changes, n_subjects=n_subjects)
    np.testing.assert_array_equal(given["drug"], own["drug"])
    np.testing.assert_array_equal(given["inside"], own["inside"])
    assert own["drug"][0].max() != own["drug"][0].min()


def test_a_dose_adds_to_an_amount():
    same("at time >= 2: drug = drug + 7/blood", [Change(2, "amount(drug)", 7, adds=True)], blood=4.0)


def test_a_dose_adds_to_a_concentration():
    same("at time >= 2: drug = drug + 1.25", [Change(2, "drug", 1.25, adds=True)], blood=4.0)


def test_a_concentration_is_set_in_the_subjects_own_volume():
    same("at time >= 2: drug = 3", [Change(2, "drug", 3)], blood=np.array([5.0, 3.0, 7.5]))


def test_a_parameter_is_set_and_set_back():
    same(
        "at time >= 2: air = 0.1, drug = 1; at time >= 6.5: air = 0.21",
        [Change(6.5, "air", 0.21), Change(2, "drug", 1), Change(2, "air", 0.1)],
    )


def test_a_compartment_that_is_set_keeps_amounts():
    same("at time >= 1: drug = 2; at time >= 4: blood = 10", [Change(1, "drug", 2), Change(4, "blood", 10)])


def test_subjects_have_times_and_values_of_their_own():
    moments, doses = np.array([1.0, 3.3, 8.0, 0.7, 5.0]), np.array([2.0, 1.0, 0.5, 4.0, 3.0])
    body = "at time >= moment: drug = drug + dose; moment = 0; dose = 0"
    own = written(BODY + body).simulate(TIMES, parameters={"moment": moments, "dose": doses})
    given = written(BODY).simulate(TIMES, events=[Change(moments, "drug", doses, adds=True)])
    # A dose times the volume is added to an amount, or to a concentration that is then multiplied: rounded elsewhere.
    np.testing.assert_allclose(given["drug"], own["drug"], rtol=1e-12)


def test_the_order_of_changes_may_differ_between_subjects():
    changes = [Change([1.0, 3.0], "drug", 1), Change(2, "drug", 5)]
    found = written(BODY).simulate([0, 3], parameters={"k": 0.0, "q": 0.0}, events=changes)
    assert found["drug"][:, -1].tolist() == [5.0, 1.0]


def test_changes_at_one_time_are_made_in_the_order_given():
    model = written("x = 1; y = 1; y' = -y")
    add, double = Change(2, "x", 3, adds=True), Change(2, "x", 10)
    assert model.simulate([0, 3], observables=["x"], events=[add, double]).values[0, -1, 0] == 10
    assert model.simulate([0, 3], observables=["x"], events=[double, add]).values[0, -1, 0] == 13


def test_a_change_comes_before_the_models_own_events():
    model = written("x = 1; y = 0; z = 1; z' = -z; at time >= 2: y = x; at x > 5: x = 0")
    found = model.simulate([0, 2, 3], observables=["x", "y"], events=[Change(2, "x", 7)]).values[0]
    assert found.tolist() == [[1, 0], [0, 7], [0, 7]]


def test_a_change_moves_the_models_own_timed_events():
    model = written("t_stop = 9; when = 0; z = 1; z' = -z; at time >= t_stop: when = time")
    found = model.simulate([0, 10], observables=["when"], events=[Change(2, "t_stop", 4.5)])
    assert found.values[0, -1, 0] == 4.5


def test_a_change_at_the_start_is_there_from_the_start_and_one_after_the_end_never():
    model = written("x = 1; x' = -x")
    found = model.simulate([0, 1], events=[Change(0, "x", 3), Change(1.5, "x", 100)])
    # The default tolerance of 1e-6.
    assert found["x"][0] == pytest.approx([3, 3 * np.exp(-1)], rel=1e-5)


def test_a_change_at_the_end_is_in_the_last_output():
    model = written("x = 1; x' = 0 * x")
    assert model.simulate([0, 1], events=[Change(1, "x", 3)])["x"].tolist() == [[1, 3]]


def test_thousands_of_changes_are_made():
    model = written("x = 0; k = 2; x' = -k * x")
    moments = np.arange(3000) * 0.01
    found = model.simulate([0, 30], events=[Change(t, "x", 1e-3, adds=True) for t in moments])["x"][0, -1]
    # The tolerance of 1e-6, of steps that start anew for each.
    assert found == pytest.approx(1e-3 * np.exp(-2 * (30 - moments)).sum(), rel=1e-5)


RULED = """
    a = 1; b = 2; ratio := a / b; total := a + b; x = 0; x' = ratio
    compartment fixed, tied; fixed = 3; tied := 2 * fixed; species S in tied; S = 1; J: S -> ; 0 * a / b
"""


@pytest.mark.parametrize("name", ["total", "ratio", "J", "unknown", "amount(unknown)", "amount(a"])
def test_what_cannot_be_changed_is_said(name):
    with pytest.raises(InputError, match="cannot be changed"):
        written(RULED).simulate([0, 1], events=[Change(0.5, name, 1)])


def test_where_a_rule_fixes_the_volume_the_amount_is_set_and_the_message_says_so():
    with pytest.raises(InputError, match=r"amount\(S\)"):
        written(RULED).simulate([0, 1], events=[Change(0.5, "S", 10)])
    found = written(RULED).simulate([0, 1], events=[Change(0.5, "amount(S)", 60)], observables=["S", "amount(S)"])
    assert found.values[0, -1].tolist() == [10, 60]


@pytest.mark.parametrize("change", [Change(np.nan, "a", 1), Change(1, "a", [np.nan, 1]), Change(np.inf, "a", 1)])
def test_times_and_values_that_are_not_finite_are_said(change):
    with pytest.raises(InputError, match="finite"):
        written(RULED).simulate([0, 1], events=[change], n_subjects=2)


@pytest.mark.parametrize(
    "change", [Change([1, 2, 3], "a", 1), Change(1, "a", [1, 2, 3]), Change([1, 2], "a", [1, 2, 3])]
)
def test_arrays_of_another_length_than_there_are_subjects_are_said(change):
    with pytest.raises(InputError, match="one"):
        written(RULED).simulate([0, 1], events=[change], n_subjects=2)


def test_changes_of_more_than_one_dimension_are_said():
    with pytest.raises(InputError):
        written(RULED).simulate([0, 1], events=[Change([[1.0, 2.0]], "a", 1)], n_subjects=2)
