"""The restricted likelihood against dense matrices, and its derivatives against differences."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import block_diag, expm

from adenoscope.statistics.trials.design import visit_restriction
from adenoscope.statistics.trials.unstructured.likelihood import evaluate, slopes, symmetric_basis
from adenoscope.statistics.trials.unstructured.minimum import minimise
from adenoscope.statistics.trials.unstructured.moments import Moments, gather

N_VISITS = 4


@pytest.fixture(scope="module")
def holes() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return y (2, 40, 4) with holes, z (2, 40, 4), C with one coefficient for all visits, and Σ (2, 4, 4)."""
    rng = np.random.default_rng(3)
    y = 20 + rng.normal(size=(2, 40, 1)) * 5 + rng.normal(size=(2, 40, N_VISITS)) * 4
    y[rng.random(y.shape) < 0.2] = np.nan
    z = np.stack(
        [np.ones((2, 40)), rng.random((2, 40)) < 0.5, 30 + rng.normal(size=(2, 40)), rng.random((2, 40))], -1
    )
    root = rng.normal(size=(2, N_VISITS, N_VISITS)) + 4 * np.eye(N_VISITS)
    return y, z.astype(float), visit_restriction(N_VISITS, 3, 1), root @ np.swapaxes(root, 1, 2)


def dense(y: np.ndarray, z: np.ndarray, restriction: np.ndarray, sigma: np.ndarray) -> tuple[float, np.ndarray]:
    """Return d and β of one data set, person by person."""
    blocks, rows, values = [], [], []
    for person, covariates in zip(y, z, strict=True):
        seen = np.isfinite(person)
        blocks.append(sigma[np.ix_(seen, seen)])
        rows.append((np.kron(np.eye(N_VISITS), covariates) @ restriction)[seen])
        values.append(person[seen])
    v, x, response = block_diag(*blocks), np.vstack(rows), np.concatenate(values)
    precision = x.T @ np.linalg.solve(v, x)
    beta = np.linalg.solve(precision, x.T @ np.linalg.solve(v, response))
    rest = response - x @ beta
    d = np.linalg.slogdet(v)[1] + np.linalg.slogdet(precision)[1] + rest @ np.linalg.solve(v, rest)
    return d + (response.size - x.shape[1]) * np.log(2 * np.pi), beta


def test_the_criterion_and_the_coefficients_are_those_of_dense_matrices(holes: tuple[np.ndarray, ...]) -> None:
    y, z, restriction, sigma = holes
    moments = gather(y, z, restriction)
    point = evaluate(moments, sigma)
    for number in range(2):
        d, beta = dense(y[number], z[number], restriction, sigma[number])
        found = np.linalg.solve(moments.basis[number], moments.start[number] + point.coefficients[number])
        # Rounding of sums over a hundred observations
        np.testing.assert_allclose(point.criterion[number], d, rtol=1e-10)
        np.testing.assert_allclose(found, beta, rtol=1e-8)


def moved(moments: Moments, factor: np.ndarray, place: np.ndarray) -> float:
    inside = expm(symmetric_basis(N_VISITS) @ place)
    return float(evaluate(moments.take(np.array([0])), (factor @ inside @ factor.T)[None]).criterion[0])


def test_derivatives_are_those_of_differences(holes: tuple[np.ndarray, ...]) -> None:
    y, z, restriction, sigma = holes
    moments = gather(y, z, restriction)
    point = evaluate(moments, sigma)
    slope, factor = slopes(moments, point), point.factor[0]
    m, step = slope.gradient.shape[1], 1e-3
    steps = step * np.eye(m)
    gradient = [(moved(moments, factor, h) - moved(moments, factor, -h)) / (2 * step) for h in steps]
    # Central differences err by step² times third derivatives
    np.testing.assert_allclose(slope.gradient[0], gradient, atol=1e-4)
    hessian = [
        [
            (
                moved(moments, factor, a + b)
                - moved(moments, factor, a - b)
                - moved(moments, factor, b - a)
                + moved(moments, factor, -a - b)
            )
            / (4 * step**2)
            for a in steps
        ]
        for b in steps
    ]
    np.testing.assert_allclose(slope.hessian[0], hessian, atol=1e-3)


def test_the_minimum_is_one_in_every_direction(holes: tuple[np.ndarray, ...]) -> None:
    y, z, restriction, _ = holes
    moments = gather(y, z, restriction)
    minimum = minimise(moments)
    assert minimum.converged.all()
    slope = slopes(moments, evaluate(moments, minimum.sigma))
    # The decrement at which a search ends leaves a gradient of 1e-5 times the root of the curvature
    assert np.abs(slope.gradient).max() < 1e-3
    assert (np.linalg.eigvalsh(slope.hessian)[:, 0] > 0).all()


def test_covariates_with_large_means_lose_no_digits(holes: tuple[np.ndarray, ...]) -> None:
    y, z, restriction, sigma = holes
    far = z + np.array([0.0, 0.0, 1e6, 0.0])
    near_point, far_point = (evaluate(gather(y, columns, restriction), sigma) for columns in (z, far))
    # A million costs six of sixteen digits of the covariate itself
    np.testing.assert_allclose(far_point.criterion, near_point.criterion, rtol=1e-7)
