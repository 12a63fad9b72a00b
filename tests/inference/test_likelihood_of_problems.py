"""Likelihoods of a model that can be solved by hand: conditions, overrides, preequilibration, failures."""

import dataclasses

import numpy as np
import pytest
from conversion import MODEL, make_problem, measured, parameter, share_of_a
from scipy import stats

from adenoscope.core.errors import InputError
from adenoscope.inference import FitParameter, Measurement, Observable, evaluate
from adenoscope.inference.likelihood import cohort
from adenoscope.simulation import model_from_text

TIMES = np.array([0.0, 0.5, 1.0, 4.0])
VALUES = np.array([0.9, 0.7, 0.6, 0.4])
CLOSE = 1e-6  # relative; the engine's tolerance is a hundred times less


def test_the_likelihood_is_that_of_the_solution_by_hand():
    problem = make_problem(measured(TIMES, VALUES))
    expected = stats.norm(share_of_a(TIMES), 0.5).logpdf(VALUES).sum()
    assert evaluate(problem, problem.nominal).log_likelihood[0] == pytest.approx(expected, rel=CLOSE)


def test_many_vectors_have_the_likelihoods_they_have_alone():
    problem = make_problem(measured(TIMES, VALUES))
    vectors = problem.nominal + np.linspace(-1.0, 1.0, 9)[:, None] * [1.0, -0.5]
    together = evaluate(problem, vectors).log_likelihood
    assert together.tolist() == [evaluate(problem, vector).log_likelihood[0] for vector in vectors]


def test_measurements_may_scale_and_shift_what_is_seen():
    own = [0.5, 2.0], [0.5, 2.0], [3.0, "shift"], ["k1", 0.0]
    rows = [
        dataclasses.replace(row, observable_parameters=tuple(each))
        for row, each in zip(measured(TIMES, VALUES), own, strict=True)
    ]
    formula = "observableParameter1_seen * A + observableParameter2_seen"
    problem = make_problem(
        rows,
        parameters=[parameter("k1", 0.8), FitParameter("shift", -1.0, -5, 5)],
        observables=[Observable("seen", formula, "1")],
    )
    expected = np.array([0.5, 0.5, 3.0, 0.8]) * share_of_a(TIMES) + [2.0, 2.0, -1.0, 0.0]
    assert evaluate(problem, problem.nominal).simulated[0] == pytest.approx(expected, rel=CLOSE)


def test_noise_may_depend_on_what_is_simulated():
    observable = Observable("seen", "2 * A", "noiseParameter1_seen + 0.1 * seen")
    rows = measured(TIMES, VALUES, noise_parameters=(0.2,))
    evaluation = evaluate(problem := make_problem(rows, observables=[observable]), problem.nominal)
    assert evaluation.noise[0] == pytest.approx(0.2 + 0.1 * evaluation.simulated[0])


def test_a_condition_sets_parameters_species_and_what_only_formulas_know():
    rows = [Measurement("seen", name, 1.0, 0.5) for name in ("fast", "full", "usual")]
    problem = make_problem(
        rows,
        observables=[Observable("seen", "A + offset", "1")],
        conditions={
            "fast": {"k1": 3.0, "offset": 1.0},
            "full": {"A": 0.7, "B": 0.3, "offset": "k2"},
            "usual": {"offset": 0.0},
        },
    )
    expected = [share_of_a(1.0, k1=3.0) + 1.0, share_of_a(1.0, start=0.7) + 0.6, share_of_a(1.0)]
    assert evaluate(problem, problem.nominal).simulated[0] == pytest.approx(np.array(expected), rel=CLOSE)


def test_a_preequilibrated_run_starts_from_rest_and_a_condition_may_move_a_species():
    rows = [
        Measurement("seen", "after", 1.0, 0.5, preequilibration="before"),
        Measurement("seen", "moved", 1.0, 0.5, preequilibration="before"),
    ]
    conditions = {"before": {"k1": 0.3}, "after": {"k1": 0.8}, "moved": {"k1": 0.8, "B": 1 / 3, "A": 2 / 3}}
    problem = make_problem(rows, conditions=conditions, parameters=[parameter("k2", 0.6)])
    expected = share_of_a(1.0, start=0.6 / 0.9)
    # The rest is found to a part in a million.
    assert evaluate(problem, problem.nominal).simulated[0] == pytest.approx([expected, expected], rel=1e-6)


def test_a_time_without_end_means_the_steady_state():
    problem = make_problem(measured([1.0, np.inf], [0.5, 0.5]))
    simulated = evaluate(problem, problem.nominal).simulated[0]
    assert simulated == pytest.approx([share_of_a(1.0), 0.6 / 1.4], rel=CLOSE)


def test_what_never_comes_to_rest_is_impossible_and_is_reported():
    model = model_from_text("model growing; S = 1; r: -> S; k; k = 1; end")
    problem = dataclasses.replace(
        make_problem(
            measured([np.inf], [1.0]), parameters=[parameter("k", 1.0)], observables=[Observable("seen", "S", "1")]
        ),
        model=model,
    )
    evaluation = evaluate(problem, problem.nominal)
    assert evaluation.log_likelihood[0] == -np.inf
    assert [failure.reason for failure in evaluation.failures] == ["no steady state was reached"]


def test_a_vector_that_cannot_be_simulated_harms_no_other():
    model = model_from_text("model blowing; S' = k * S^2; S = 1; k = 0.1; end")
    problem = dataclasses.replace(
        make_problem(
            measured([2.0], [1.0]), parameters=[parameter("k", 0.1)], observables=[Observable("seen", "S", "1")]
        ),
        model=model,
    )
    evaluation = evaluate(problem, np.log10([[0.1], [5.0]]))
    assert evaluation.simulated[0] == pytest.approx([1 / (1 - 0.2)], rel=CLOSE)
    assert evaluation.log_likelihood[1] == -np.inf
    assert {failure.vector for failure in evaluation.failures} == {1}


def test_a_parameter_of_formulas_alone_costs_no_simulation(monkeypatch):
    problem = make_problem(
        measured(TIMES, VALUES),
        parameters=[parameter("k1", 0.8), parameter("gain", 1.0)],
        observables=[Observable("seen", "gain * A", "1")],
    )
    sizes = []
    real = cohort.Cohort.__init__
    monkeypatch.setattr(
        cohort.Cohort, "__init__", lambda self, inputs, n: (sizes.append(n), real(self, inputs, n))[1]
    )
    gains = np.linspace(-1, 1, 7)
    evaluate(problem, np.column_stack([np.full(7, problem.nominal[0]), gains]))
    assert sizes == [1]


def test_priors_add_to_the_posterior():
    from adenoscope.inference.problem.priors import Prior

    own = parameter("k1", 0.8, prior=Prior("parameterScaleNormal", 0.0, 1.0))
    problem = make_problem(measured(TIMES, VALUES), parameters=[own])
    evaluation = evaluate(problem, problem.nominal)
    assert evaluation.log_prior[0] == pytest.approx(stats.norm.logpdf(np.log10(0.8)))
    assert evaluation.log_posterior[0] == evaluation.log_likelihood[0] + evaluation.log_prior[0]


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("A + unheard_of", "unheard_of"),
        ("A * (", "formula"),
        ("observableParameter1_seen * A", "observableParameter1"),
    ],
)
def test_a_formula_that_means_nothing_is_named(formula, words):
    problem = make_problem(measured(TIMES, VALUES), observables=[Observable("seen", formula, "1")])
    with pytest.raises(InputError, match=words):
        evaluate(problem, problem.nominal)


def test_a_vector_of_another_length_is_told_what_is_needed():
    problem = make_problem(measured(TIMES, VALUES))
    with pytest.raises(InputError, match="one number for each estimated parameter"):
        evaluate(problem, np.zeros(3))


def test_the_model_of_these_tests_is_the_one_solved_by_hand():
    ours = model_from_text(MODEL).simulate(TIMES, observables=["A"], rtol=1e-9, atol=1e-12)["A"][0]
    assert ours == pytest.approx(share_of_a(TIMES), rel=1e-7)
