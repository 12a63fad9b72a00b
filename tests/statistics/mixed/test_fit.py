"""Mixed models with a closed form, at their edges, with holes in the data, and where none can be fitted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.statistics.mixed.fit import MixedFit, fit_mixed

Design = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
N_ANIMALS, N_SESSIONS = 8, 5
ANIMALS = np.repeat(np.arange(N_ANIMALS), N_SESSIONS)
ONES = np.ones((ANIMALS.size, 1))


def balanced(seed: int, between_sd: float, n: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return between_sd * rng.standard_normal((n, N_ANIMALS))[:, ANIMALS] + rng.standard_normal((n, ANIMALS.size))


def mean_squares(response: np.ndarray) -> tuple[float, float]:
    table = response.reshape(N_ANIMALS, N_SESSIONS)
    between = N_SESSIONS * np.var(table.mean(axis=1), ddof=1)
    within = np.sum((table - table.mean(axis=1, keepdims=True)) ** 2) / (N_ANIMALS * (N_SESSIONS - 1))
    return float(between), float(within)


@given(seed=st.integers(0, 200))
def test_a_balanced_random_intercept_is_the_analysis_of_variance(seed: int) -> None:
    response = balanced(seed, 1.5)[0]
    found = fit_mixed(response, ONES, ONES, ANIMALS)
    between, within = mean_squares(response)
    if between <= within:
        assert found.singular[0]
        return
    # The minimum is found to about 1e-6 of θ: d is flat there to its rounding.
    assert found.random_covariance[0, 0, 0] == pytest.approx((between - within) / N_SESSIONS, rel=1e-5)
    assert found.residual_sd[0] ** 2 == pytest.approx(within, rel=1e-5)
    assert found.covariance[0, 0, 0] == pytest.approx(between / ANIMALS.size, rel=1e-5)


def test_where_animals_differ_less_than_sessions_the_variance_is_zero_and_said_to_be() -> None:
    responses = balanced(3, 0.0, n=40)
    found = fit_mixed(responses, ONES, ONES, ANIMALS)
    less = np.array([between < within for between, within in map(mean_squares, responses)])
    assert 5 < less.sum() < 35
    np.testing.assert_array_equal(found.singular, less)
    assert np.all(found.random_covariance[less] < 1e-6)
    # Without animals the model is that of a plain mean.
    np.testing.assert_allclose(found.residual_sd[less], np.std(responses[less], axis=1, ddof=1), rtol=1e-6)


def test_a_large_random_effect_is_found_from_far_away() -> None:
    response = 1e4 * np.arange(N_ANIMALS)[ANIMALS] + balanced(1, 0.0)[0]
    found = fit_mixed(response, ONES, ONES, ANIMALS)
    between, within = mean_squares(response)
    assert found.reasons == (None,)
    assert found.random_covariance[0, 0, 0] == pytest.approx((between - within) / N_SESSIONS, rel=1e-5)


def fields(fit: MixedFit) -> list[np.ndarray]:
    return [fit.fixed, fit.covariance, fit.random_covariance, fit.residual_sd, fit.criterion]


def test_many_responses_are_fitted_as_each_alone(uneven: Design) -> None:
    responses, x, z, animals = uneven
    together = fit_mixed(responses, x, z, animals)
    for t, response in enumerate(responses):
        for all_of_them, one in zip(fields(together), fields(fit_mixed(response, x, z, animals)), strict=True):
            # Another order of summation, at the end of an iteration.
            np.testing.assert_allclose(all_of_them[t], one[0], rtol=1e-6, atol=1e-9)


def test_units_of_response_and_covariate_carry_over(uneven: Design) -> None:
    responses, x, z, animals = uneven
    plain = fit_mixed(responses, x, z, animals)
    per_hour = np.array([1.0, 1.0, 1 / 3600])
    scaled = fit_mixed(1e-3 * responses, x * per_hour, z * per_hour[[0, 2]], animals)
    np.testing.assert_allclose(scaled.fixed, 1e-3 * plain.fixed / per_hour, rtol=1e-6)  # the iteration's end
    np.testing.assert_allclose(scaled.residual_sd, 1e-3 * plain.residual_sd, rtol=1e-6)
    unit = np.outer(per_hour[[0, 2]], per_hour[[0, 2]])
    np.testing.assert_allclose(scaled.random_covariance, 1e-6 * plain.random_covariance / unit, rtol=1e-4, atol=1e-12)


def test_missing_observations_are_left_out_and_those_of_other_responses_stay(uneven: Design) -> None:
    responses, x, z, animals = uneven
    holed = responses.copy()
    holed[1, :4] = np.nan
    holed[3, animals == 5] = np.nan
    found = fit_mixed(holed, x, z, animals)
    assert found.reasons == (None,) * 4
    np.testing.assert_array_equal(found.n_observations, [38, 34, 38, 30])
    np.testing.assert_array_equal(found.n_animals, [7, 6, 7, 6])
    for t in (1, 3):
        rows = np.isfinite(holed[t])
        alone = fit_mixed(holed[t, rows], x[rows], z[rows], animals[rows])
        assert found.criterion[t] == pytest.approx(alone.criterion[0], rel=1e-12)
        assert found.bic[t] == pytest.approx(alone.criterion[0] + 7 * np.log(rows.sum()), rel=1e-12)


def test_what_cannot_be_fitted_says_why_and_leaves_the_rest_alone() -> None:
    responses = balanced(2, 1.0, n=5)
    responses[0] = np.nan
    responses[1, ANIMALS > 0] = np.nan
    responses[2] = ANIMALS
    responses[3, np.arange(ANIMALS.size) % N_SESSIONS > 0] = np.nan
    found = fit_mixed(responses, ONES, ONES, ANIMALS)
    none, one, flat, single, fitted = found.reasons
    assert none == "Random effects need at least 2 animals; there are 0."
    assert one == "Random effects need at least 2 animals; there is 1."
    assert flat == "Nothing varies within animals, so the residual cannot be judged."
    assert single is not None
    assert single.startswith("8 observations cannot tell 1 random effect(s) of each of 8 animals")
    assert fitted is None
    assert np.isnan(found.criterion[:4]).all()
    assert np.isfinite(found.criterion[4])


def test_columns_that_cannot_be_told_apart_are_refused() -> None:
    response, twice = balanced(1, 1.0), np.column_stack([ONES, 2 * ONES])
    assert "fixed effects are not separable: only 1" in str(fit_mixed(response, twice, ONES, ANIMALS).reasons[0])
    assert "random effects are not separable: only 1" in str(fit_mixed(response, ONES, twice, ANIMALS).reasons[0])


def test_lengths_that_differ_and_covariates_with_holes_are_errors() -> None:
    with pytest.raises(ValueError, match="40 observations, but 39 fixed"):
        fit_mixed(balanced(1, 1.0), ONES[1:], ONES, ANIMALS)
    with pytest.raises(ValueError, match="not finite"):
        fit_mixed(balanced(1, 1.0), ONES * np.nan, ONES, ANIMALS)
