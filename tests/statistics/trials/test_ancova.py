"""Analysis of covariance of one visit: against textbook least squares and Welch's test."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from adenoscope.statistics.trials.ancova import ancova_difference


@pytest.fixture(scope="module")
def visit() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return y (3, 50) with holes, arm (50,) of three, and a covariate (3, 50, 1)."""
    rng = np.random.default_rng(1)
    covariate = 30 + 5 * rng.normal(size=(3, 50, 1))
    arm = np.arange(50) % 3
    y = 0.5 * covariate[..., 0] - 3 * (arm == 2) + rng.normal(size=(3, 50)) * np.where(arm == 1, 9, 3)
    y[rng.random(y.shape) < 0.1] = np.nan
    return y, arm, covariate


def test_equal_variances_are_ordinary_least_squares(visit: tuple[np.ndarray, ...]) -> None:
    y, arm, covariate = visit
    found = ancova_difference(y, arm, covariate)
    for number in range(3):
        seen = np.isfinite(y[number])
        x = np.column_stack([np.ones(50), arm == 1, arm == 2, covariate[number, :, 0]])[seen].astype(float)
        beta, squares = np.linalg.lstsq(x, y[number][seen])[:2]
        error = np.sqrt(squares[0] / (len(x) - 4) * np.diag(np.linalg.inv(x.T @ x)))
        # Rounding
        np.testing.assert_allclose(found.estimate[number], beta[1:3], rtol=1e-9)
        np.testing.assert_allclose(found.standard_error[number], error[1:3], rtol=1e-9)
        assert found.degrees[number].tolist() == [len(x) - 4] * 2


def test_variances_by_arm_without_covariates_are_welch(visit: tuple[np.ndarray, ...]) -> None:
    y, arm, _ = visit
    found = ancova_difference(y, arm, variances="by_arm")
    for other in (1, 2):
        welch = stats.ttest_ind(y[:, arm == other], y[:, arm == 0], axis=1, equal_var=False, nan_policy="omit")
        np.testing.assert_allclose(found.p_value[:, other - 1], welch.pvalue, rtol=1e-9)


def test_variances_by_arm_with_a_covariate_hold_the_level_that_equal_ones_lose() -> None:
    rng = np.random.default_rng(2)
    arm = np.repeat([0, 0, 0, 1], 15)
    covariate = rng.normal(size=(2000, 60, 1))
    y = covariate[..., 0] + rng.normal(size=(2000, 60)) * np.where(arm == 1, 3, 1)
    by_arm = ancova_difference(y, arm, covariate, variances="by_arm").p_value < 0.05
    equal = ancova_difference(y, arm, covariate).p_value < 0.05
    # Four Monte-Carlo errors of 0.5 % each way
    assert 0.03 < by_arm.mean() < 0.07
    assert equal.mean() > 0.12


def test_the_change_from_baseline_and_the_score_give_the_same_difference(visit: tuple[np.ndarray, ...]) -> None:
    y, arm, covariate = visit
    score, change = (ancova_difference(values, arm, covariate) for values in (y, y - covariate[..., 0]))
    np.testing.assert_allclose(score.estimate, change.estimate, rtol=1e-9)
    np.testing.assert_allclose(score.p_value, change.p_value, rtol=1e-9)


def test_an_arm_that_nobody_is_seen_of_has_no_answer(visit: tuple[np.ndarray, ...]) -> None:
    y, arm, covariate = visit
    lost = np.where((arm == 1) & (np.arange(3)[:, None] == 0), np.nan, y)
    for variances in ("equal", "by_arm"):
        found = ancova_difference(lost, arm, covariate, variances=variances)
        assert not found.answered[0, 0]
        assert found.answered[1:].all()


def test_a_response_without_spread_has_no_answer(visit: tuple[np.ndarray, ...]) -> None:
    y, arm, covariate = visit
    for variances in ("equal", "by_arm"):
        assert not ancova_difference(0 * y + 4, arm, covariate, variances=variances).answered.any()
