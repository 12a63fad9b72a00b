"""What is asked of a model, and how wrong questions are answered."""

from __future__ import annotations

import numpy as np
import pytest
import xarray
from written_models import written

from adenoscope.core.errors import InputError
from adenoscope.simulation import Change, model_from_text, read_model

DECAY = written("""
    compartment V; V = 2; species S in V; S = 3; k = 0.5; twice := 2 * S; fixed = 7
    R: S -> ; k * S * V
""")


def test_observables_are_what_names_mean_in_the_model():
    found = DECAY.simulate(
        [0, 1], observables=["S", "amount(S)", "concentration(S)", "twice", "R", "k", "V"], rtol=1e-9
    )
    assert found.values[0, 0] == pytest.approx([3, 6, 3, 6, 3, 0.5, 2], rel=1e-15)  # one rounding
    assert found["S"][0, 1] == pytest.approx(3 * np.exp(-0.5), rel=1e-7)  # the tolerance


def test_every_state_is_observed_by_default_and_nothing_else_is_stored():
    model = written("x = 1; y = 2; k = 3; x' = -x; y' = -k * y")
    assert set(model.simulate([0, 1]).observables) == {"x", "y"}
    found = model.simulate([0, 1, 2], observables=["y"], n_subjects=5)
    assert found.values.shape == (5, 3, 1)
    assert found.values.nbytes == 5 * 3 * 8


def test_no_observables_are_none():
    assert DECAY.simulate([0, 1], observables=[], n_subjects=3).values.shape == (3, 2, 0)


def test_times_may_repeat_and_the_first_is_the_start():
    found = DECAY.simulate([4, 4, 5, 5, 5, 6])["S"][0]
    assert found[0] == found[1] == 1.5 * 2
    assert found[2] == found[3] == found[4]
    assert len(set(found.tolist())) == 3


def test_a_single_time_shows_the_start():
    assert DECAY.simulate([2.0])["S"].tolist() == [[3.0]]
    assert DECAY.simulate(2.0)["S"].tolist() == [[3.0]]


def test_outputs_do_not_change_the_steps():
    few = DECAY.simulate([0, 5])
    many = DECAY.simulate(np.linspace(0, 5, 1001))
    assert many["S"][0, -1] == few["S"][0, -1]
    assert many.steps[0] == few.steps[0]


def test_parameters_are_numbers_or_arrays_and_initial_values_are_among_them():
    found = DECAY.simulate(
        [0, 1], parameters={"k": [0.0, 0.0], "S": [1.0, 2.0], "V": 4}, observables=["S", "amount(S)"]
    )
    assert found.values[:, -1].tolist() == [[1, 4], [2, 8]]


def test_parameters_local_to_a_reaction_have_its_name():
    model = written("species S; S = 1; R: S -> ; k * S; k = 2")
    assert "k" in model.system.inputs
    with pytest.raises(InputError, match=r"R\.k"):
        model.simulate([0, 1], parameters={"R.k": 1.0})


def test_results_are_written_where_the_caller_wants_them():
    out = np.full((3, 2, 1), -1.0)
    found = DECAY.simulate([0, 1], n_subjects=3, out=out)
    assert found.values is out
    np.testing.assert_array_equal(out, DECAY.simulate([0, 1], n_subjects=3).values)


@pytest.mark.parametrize(
    "out",
    [np.empty((3, 2, 2)), np.empty((3, 2, 1), dtype=np.float32), np.empty((1, 2, 3)).T, np.empty((3, 4, 1))[:, ::2]],
)
def test_room_of_another_shape_or_kind_is_refused(out):
    with pytest.raises(InputError, match="out"):
        DECAY.simulate([0, 1], n_subjects=3, out=out)


def test_results_have_labels():
    found = DECAY.simulate([0, 1], n_subjects=3).to_xarray()
    assert isinstance(found, xarray.DataArray)
    assert found.dims == ("subject", "time", "observable")
    assert found.sel(subject=2, time=0, observable="S") == 3


def test_what_is_given_is_not_changed():
    times, k = np.array([0.0, 1.0]), np.array([1.0, 2.0])
    DECAY.simulate(times, parameters={"k": k}, events=[Change(0.5, "k", 0)])
    assert times.tolist() == [0, 1]
    assert k.tolist() == [1, 2]


def test_a_tighter_tolerance_is_more_exact():
    model = written("x = 1; v = 0; x' = v; v' = -x")
    times = np.linspace(0, 20, 41)
    errors = [
        abs(model.simulate(times, rtol=r, atol=r / 100)["x"][0] - np.cos(times)).max() for r in (1e-3, 1e-6, 1e-9)
    ]
    assert errors[0] > 100 * errors[1] > 1e4 * errors[2]
    assert errors[2] < 1e-7  # over three periods


def test_a_model_in_which_only_events_happen_is_simulated():
    model = written("a = 1; at time >= 2: a = 5")
    assert model.simulate([0, 1, 2, 3], observables=["a"])["a"].tolist() == [[1, 1, 5, 5]]
    assert model.simulate([0, 3]).observables == ()


def test_a_file_is_read_as_sbml_or_antimony(tmp_path):
    for name, text in (("m.xml", DECAY.sbml), ("m.ant", "model m()\n x = 1; x' = -x\nend\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert read_model(tmp_path / name).simulate([0, 1]).failures == []
    with pytest.raises(InputError, match="No such file"):
        read_model(tmp_path / "absent.xml")
    with pytest.raises(InputError, match="row 2"):
        model_from_text("model m()\n x = = 1\nend\n")


WRONG = [
    ({"parameters": {"kk": 1}}, "did you mean k"),
    ({"parameters": {"twice": 1}}, "twice"),
    ({"observables": ["twise"]}, "did you mean twice"),
    ({"observables": ["amount(k)"]}, "no quantity"),
    ({"parameters": {"k": [1, np.nan, 3]}}, "index 1"),
    ({"parameters": {"k": [[1, 2]]}}, "shape"),
    ({"parameters": {"k": np.inf}}, "finite"),
    ({"parameters": {"k": [1, 2], "S": [1, 2, 3]}}, "one length"),
    ({"parameters": {"k": [1, 2]}, "n_subjects": 3}, "one length"),
    ({"parameters": {"k": [1, 2]}, "events": [Change([1, 2, 3], "k", 0)]}, "one length"),
    ({"parameters": {"k": []}}, "at least one"),
    ({"n_subjects": 0}, "at least one"),
    *(({name: 0}, "above 0") for name in ("rtol", "atol", "largest_step", "max_steps", "threads", "chunk", "lanes")),
    ({"rtol": -1e-6}, "above 0"),
    ({"atol": np.nan}, "above 0"),
    ({"lanes": 3}, "lanes"),
]


@pytest.mark.parametrize(("question", "message"), WRONG, ids=str)
def test_wrong_questions_are_explained(question, message):
    with pytest.raises(InputError, match=message):
        DECAY.simulate([0, 1], **question)


@pytest.mark.parametrize("times", [[0, 2, 1], [], [0, np.nan], [0, np.inf], [[0, 1]]], ids=str)
def test_times_that_are_no_times_are_explained(times):
    with pytest.raises(InputError, match="times"):
        DECAY.simulate(times)


def test_an_unknown_option_is_an_unknown_keyword():
    with pytest.raises(TypeError, match="tolerance"):
        DECAY.simulate([0, 1], tolerance=1e-6)
