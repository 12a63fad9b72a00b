"""The reduced likelihood is the dense one, and its slopes are its slopes."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.statistics.mixed.criterion import evaluate, slopes, triangle
from adenoscope.statistics.mixed.design import Blocks, reduce_design

Design = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
THETA = np.array([[0.7, -0.3, 1.1], [0.0, 0.4, 0.2], [1.5, 0.0, 0.0], [0.2, 2.0, -0.6]])
EACH = np.arange(4)


@pytest.fixture(scope="module")
def blocks(uneven: Design) -> Blocks:
    made = reduce_design(*uneven)
    assert isinstance(made, Blocks)
    return made


def dense(uneven: Design, factor: np.ndarray, response: np.ndarray) -> tuple[float, np.ndarray, np.ndarray, float]:
    """Return the criterion, β, Φ and r² of one response by matrices of n rows."""
    _, x, z, animals = uneven
    n, p = x.shape
    covariance = np.eye(n) + (z @ factor @ factor.T @ z.T) * (animals[:, None] == animals)
    inverse = np.linalg.inv(covariance)
    phi = np.linalg.inv(x.T @ inverse @ x)
    beta = phi @ x.T @ inverse @ response
    squares = float((response - x @ beta) @ inverse @ (response - x @ beta))
    log_determinant = np.linalg.slogdet(covariance)[1] - np.linalg.slogdet(phi)[1]
    return log_determinant + (n - p) * (1 + np.log(2 * np.pi * squares / (n - p))), beta, phi, squares


def test_the_reduced_likelihood_is_the_dense_one(uneven: Design, blocks: Blocks) -> None:
    point = evaluate(blocks, EACH, THETA)
    back = np.linalg.inv(blocks.basis)
    for t, factor in enumerate(triangle(THETA, 2) / blocks.scale[:, None]):
        criterion, beta, phi, squares = dense(uneven, factor, uneven[0][t])
        # Two roads to the same number; the dense one inverts matrices of condition 1e5.
        assert point.criterion[t] == pytest.approx(criterion, rel=1e-10)
        assert point.squares[t] == pytest.approx(squares, rel=1e-9)
        np.testing.assert_allclose(back @ (blocks.start[t] + point.coefficients[t]), beta, rtol=1e-8)
        np.testing.assert_allclose(back @ point.covariance[t] @ back.T, phi, rtol=1e-8)


def test_gradient_and_curvature_are_those_of_finite_differences(blocks: Blocks) -> None:
    step = 1e-5
    slope = slopes(blocks, evaluate(blocks, EACH, THETA))
    for k in range(3):
        there, back = (slopes(blocks, evaluate(blocks, EACH, THETA + sign * step * np.eye(3)[k])) for sign in (1, -1))
        rise = [evaluate(blocks, EACH, THETA + sign * step * np.eye(3)[k]).criterion for sign in (1, -1)]
        scale = np.abs(slope.hessian).max()
        # Central differences: step² relative, and rounding of the criterion over the step.
        np.testing.assert_allclose(slope.gradient[:, k], (rise[0] - rise[1]) / (2 * step), atol=1e-6 * scale)
        np.testing.assert_allclose(
            slope.hessian[:, k], (there.gradient - back.gradient) / (2 * step), atol=1e-7 * scale
        )


def test_the_sign_of_a_column_of_the_factor_does_not_matter(blocks: Blocks) -> None:
    turned = THETA * [-1.0, -1.0, 1.0]
    np.testing.assert_allclose(
        evaluate(blocks, EACH, turned).criterion, evaluate(blocks, EACH, THETA).criterion, rtol=1e-13
    )


def test_a_large_mean_costs_no_digits(uneven: Design) -> None:
    responses, x, z, animals = uneven
    near, far = (reduce_design(responses + shift, x, z, animals) for shift in (0.0, 1e6))
    assert isinstance(near, Blocks)
    assert isinstance(far, Blocks)
    # 1e6 leaves 1e-10 of the responses' last digit, and nothing else is lost.
    np.testing.assert_allclose(evaluate(far, EACH, THETA).criterion, evaluate(near, EACH, THETA).criterion, rtol=1e-9)
