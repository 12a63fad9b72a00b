"""Degrees of freedom with a closed form, tests of several rows, and intervals that cover."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from adenoscope.statistics.mixed.fit import fit_mixed
from adenoscope.statistics.mixed.satterthwaite import f_test, fixed_contrast, term_weights

N_ANIMALS, N_SESSIONS = 10, 6
ANIMALS = np.repeat(np.arange(N_ANIMALS), N_SESSIONS)
BETWEEN, WITHIN = (ANIMALS % 2).astype(float), (np.arange(ANIMALS.size) % 2).astype(float)
X = np.column_stack([np.ones(ANIMALS.size), BETWEEN, WITHIN])


def sessions(seed: int, n: int, draw: Callable[[np.random.Generator, tuple[int, int]], np.ndarray]) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return draw(rng, (n, N_ANIMALS))[:, ANIMALS] + draw(rng, (n, ANIMALS.size))


def normal(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    return rng.standard_normal(shape)


def skewed(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    return (rng.gamma(2.0, size=shape) - 2) / np.sqrt(2)


def heavy(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    return rng.standard_t(4, shape) / np.sqrt(2)


def test_in_a_balanced_design_the_classical_degrees_of_freedom_come_out() -> None:
    responses = 2 * sessions(5, 8, normal)
    found = fit_mixed(responses, X, X[:, :1], ANIMALS)
    assert not found.singular.any()
    between, within = fixed_contrast(found, [0, 1, 0]), fixed_contrast(found, [0, 0, 1])
    np.testing.assert_allclose(between.degrees, N_ANIMALS - 2, rtol=1e-6)  # where the iteration ends
    np.testing.assert_allclose(within.degrees, N_ANIMALS * (N_SESSIONS - 1) - 1, rtol=1e-6)
    means = responses.reshape(8, N_ANIMALS, N_SESSIONS).mean(axis=2)
    expected = stats.ttest_ind(means[:, 1::2], means[:, ::2], axis=1)
    np.testing.assert_allclose(between.p_value, expected.pvalue, rtol=1e-5)
    ends = expected.confidence_interval()
    np.testing.assert_allclose([between.low, between.high], [ends.low, ends.high], rtol=1e-5)


def test_an_f_test_of_one_row_is_the_t_test_squared() -> None:
    found = fit_mixed(sessions(2, 4, normal), X, X[:, [0, 2]], ANIMALS)
    t, f = fixed_contrast(found, [0, 1, -1]), f_test(found, [[0, 1, -1]])
    np.testing.assert_allclose(f.f, (t.estimate / t.standard_error) ** 2)
    np.testing.assert_allclose(f.denominator, t.degrees)
    np.testing.assert_allclose(f.p_value, t.p_value, rtol=1e-8)


def test_an_f_test_does_not_depend_on_how_its_rows_are_combined() -> None:
    found = fit_mixed(sessions(2, 4, normal), X, X[:, [0, 2]], ANIMALS)
    rows = np.array([[0.0, 1, 0], [0, 0, 1]])
    plain, mixed = f_test(found, rows), f_test(found, np.array([[1.0, 2], [3, -1], [4, 1]]) @ rows)
    assert mixed.numerator == 2
    np.testing.assert_allclose(mixed.f, plain.f, rtol=1e-8)


def test_a_model_without_an_answer_has_no_test() -> None:
    responses = sessions(2, 2, normal)
    responses[0] = np.nan
    found = fit_mixed(responses, X, X[:, :1], ANIMALS)
    for test in (fixed_contrast(found, [0, 1, 0]), f_test(found, np.eye(3)[1:])):
        np.testing.assert_array_equal(np.isnan(test.p_value), [True, False])


@pytest.mark.parametrize("draw", [normal, skewed, heavy])
def test_intervals_of_effects_between_and_within_animals_cover(draw: Callable[..., np.ndarray]) -> None:
    n = 4000
    found = fit_mixed(sessions(11, n, draw), X, X[:, :1], ANIMALS)
    for weights in ([0, 1, 0], [0, 0, 1]):
        contrast = fixed_contrast(found, weights)
        covered = np.mean((contrast.low <= 0) & (contrast.high >= 0))
        assert 0.94 < covered < 0.965  # three standard errors of 4,000 draws are 0.010


def test_a_balanced_random_intercept_has_nothing_to_adjust() -> None:
    found = fit_mixed(sessions(2, 4, normal), X, X[:, :1], ANIMALS)
    np.testing.assert_allclose(found.adjusted, found.covariance, rtol=1e-9, atol=1e-12)


def test_with_random_slopes_and_few_animals_only_adjusted_intervals_cover() -> None:
    n, rng = 4000, np.random.default_rng(12)
    few = ANIMALS < 6
    x, animals = X[few], ANIMALS[few]
    slope = WITHIN[few] * rng.standard_normal((n, 6))[:, animals]
    responses = rng.standard_normal((n, 6))[:, animals] + slope + rng.standard_normal((n, animals.size))
    found = fit_mixed(responses, x, x[:, [0, 2]], animals)
    plain, adjusted = (fixed_contrast(found, [0, 1, 0], adjusted=adjusted) for adjusted in (False, True))
    covered = [np.mean((each.low <= 0) & (each.high >= 0)) for each in (plain, adjusted)]
    # Three standard errors of 4,000 draws are 0.010.
    assert covered[0] < 0.92
    assert 0.92 < covered[1] < 0.98


def test_the_rows_of_a_term_ask_about_its_coefficients_and_nothing_else() -> None:
    weights = term_weights(X, [1, 2])
    np.testing.assert_array_equal(weights[:, 0], 0)
    np.testing.assert_array_equal(np.diag(weights[:, 1:]), 1)
    found = fit_mixed(sessions(2, 4, normal), X, X[:, :1], ANIMALS)
    np.testing.assert_allclose(f_test(found, weights).f, f_test(found, np.eye(3)[1:]).f, rtol=1e-8)
