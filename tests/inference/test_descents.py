"""Steps in a box, slopes and descents: against what linear algebra and solutions by hand say."""

import numpy as np
import pytest
from conversion import make_problem, measured, parameter, share_of_a
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime, lsq_linear

from adenoscope.inference import Observable, Search, evaluate, fit_problem
from adenoscope.inference.fitting.box import lowest_in_box
from adenoscope.inference.fitting.exchange import exchange
from adenoscope.inference.fitting.scoring import Effort, descend
from adenoscope.inference.fitting.slopes import slopes
from adenoscope.inference.fitting.starts import draw_starts
from adenoscope.inference.likelihood.cohort import Accuracy
from adenoscope.inference.problem.priors import Prior

TIMES = np.linspace(0.0, 4.0, 9)
ACCURACY = Accuracy(rtol=1e-10, atol=1e-14)


def noisy_problem(distribution="normal", prior=None):
    rng = np.random.default_rng(4)
    values = 3.0 * share_of_a(TIMES) * np.exp(0.05 * rng.standard_normal(TIMES.size))
    return make_problem(
        measured(TIMES, values),
        parameters=[parameter(n, v, prior=prior) for n, v in (("k1", 0.5), ("k2", 1.0), ("gain", 2.0), ("sd", 0.1))],
        observables=[Observable("seen", "gain * A", "sd", "log10", distribution)],
    )


@given(st.integers(0, 10_000), st.integers(1, 8))
def test_a_step_in_a_box_is_the_lowest_there_is(seed, n):
    rng = np.random.default_rng(seed)
    root = rng.standard_normal((n + 2, n))
    curvature, slope = root.T @ root + 0.1 * np.eye(n), rng.standard_normal(n)
    low, high = -rng.random(n), rng.random(n)
    factor = np.linalg.cholesky(curvature).T
    expected = lsq_linear(factor, -np.linalg.solve(factor.T, slope), (low, high), method="bvls", tol=1e-12).x
    step = lowest_in_box(curvature, slope, low, high)
    assert step == pytest.approx(expected, abs=1e-6)


def test_a_step_is_found_where_curvatures_are_worlds_apart():
    curvature = np.array([[1e20, 1e10, 0.0], [1e10, 1.0, 0.0], [0.0, 0.0, 1e-8]])
    step = lowest_in_box(curvature, np.array([1e9, -0.5, 1e-9]), np.full(3, -0.5), np.full(3, 0.5))
    assert np.isfinite(step).all()
    assert step[2] == pytest.approx(-0.1)


@pytest.mark.parametrize("distribution", ["normal", "laplace"])
@pytest.mark.parametrize("prior", [None, Prior("parameterScaleNormal", 0.0, 0.5), Prior("laplace", 1.0, 1.0)])
def test_the_gradient_is_that_of_the_posterior(distribution, prior):
    problem = noisy_problem(distribution, prior)
    point = problem.nominal + 0.05
    ours = slopes(problem, point[None], ACCURACY).gradient[0]
    expected = approx_fprime(point, lambda x: -evaluate(problem, x, ACCURACY).log_posterior[0], 1e-6)
    # Both are one-sided differences.
    assert ours == pytest.approx(expected, rel=2e-3, abs=2e-3)


def test_the_information_is_the_curvature_at_the_optimum():
    problem = noisy_problem()
    best = fit_problem(problem, Search(n_starts=4, rounds=0, accuracy=ACCURACY, effort=Effort(small=1e-9))).point
    information = slopes(problem, best[None], ACCURACY).information[0]
    shifted = best + 1e-4 * np.eye(best.size)
    gradients = slopes(problem, np.vstack([shifted, 2 * best - shifted]), ACCURACY).gradient
    curvature = (gradients[:4] - gradients[4:]) / 2e-4
    # Expected and observed information differ by the model's own curvature times residuals of a few percent.
    assert information == pytest.approx(curvature, rel=0.2, abs=0.02 * np.abs(curvature).max())


def test_descents_find_what_made_the_data():
    problem = make_problem(measured(TIMES, share_of_a(TIMES)), observables=[Observable("seen", "A", "0.01")])
    found = descend(problem, draw_starts(problem, 5, np.random.default_rng(1)), ACCURACY, Effort())
    best = min(found, key=lambda descent: descent.value)
    assert 10**best.point == pytest.approx([0.8, 0.6], rel=1e-3)


def test_a_descent_stops_at_a_bound_that_is_in_its_way():
    parameters = [parameter("k1", 0.1, high=0.4), parameter("k2", 0.6)]
    problem = make_problem(
        measured(TIMES, share_of_a(TIMES)), parameters=parameters, observables=[Observable("seen", "A", "0.01")]
    )
    fit = fit_problem(problem, Search(n_starts=3, rounds=0))
    assert fit.parameters["k1"] == pytest.approx(0.4)


def test_starts_that_come_from_a_prior_lie_where_it_does():
    problem = make_problem(
        measured(TIMES, share_of_a(TIMES)),
        parameters=[parameter("k1", 0.8, start=Prior("parameterScaleNormal", 1.0, 0.1)), parameter("k2", 0.6)],
    )
    starts = draw_starts(problem, 200, np.random.default_rng(3))
    assert starts[:, 0].mean() == pytest.approx(1.0, abs=0.02)
    assert starts[:, 1].mean() == pytest.approx(0.0, abs=0.02)


def test_exchanged_starts_stay_within_the_bounds():
    problem = noisy_problem()
    rng = np.random.default_rng(2)
    points = draw_starts(problem, 50, rng)
    new = exchange(problem, points, rng.random(50), rng)
    low, high = problem.bounds
    assert ((new >= low) & (new <= high)).all()
    assert not np.array_equal(new, points)


def test_the_same_seed_gives_the_same_fit():
    problem = noisy_problem()
    one, other = (fit_problem(problem, Search(n_starts=4, rounds=2, seed=5)) for _ in range(2))
    assert one.starts == other.starts


def test_a_fit_that_was_stopped_goes_on_to_the_same_end(tmp_path):
    problem, file = noisy_problem(), tmp_path / "fit.json"
    whole = fit_problem(problem, Search(n_starts=4, rounds=2, seed=5))
    fit_problem(problem, Search(n_starts=4, rounds=1, seed=5), kept_in=file)
    seen = []
    resumed = fit_problem(problem, Search(n_starts=4, rounds=2, seed=5), kept_in=file, progress=seen.append)
    assert resumed.starts == whole.starts
    assert seen[0].done > 0 or whole.rounds == 0


def test_what_was_kept_of_another_fit_is_not_used(tmp_path):
    problem, file = noisy_problem(), tmp_path / "fit.json"
    fit_problem(problem, Search(n_starts=3, rounds=0, seed=1), kept_in=file)
    seen = []
    fit_problem(problem, Search(n_starts=3, rounds=0, seed=2), kept_in=file, progress=seen.append)
    assert seen[0].done == 0
    assert (
        fit_problem(problem, Search(n_starts=3, rounds=0, seed=2)).starts
        == fit_problem(problem, Search(n_starts=3, rounds=0, seed=2), kept_in=file).starts
    )
