"""The repeated-measures model: against nlme, against least squares where nobody is lost, alone and in a batch."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from simulated_trials import simulate

from adenoscope.statistics.mixed.satterthwaite import fixed_contrast
from adenoscope.statistics.trials.ancova import ancova_difference
from adenoscope.statistics.trials.design import visit_restriction
from adenoscope.statistics.trials.mmrm import MmrmFit, fit_mmrm, mmrm_difference

GOLDEN = Path(__file__).parent / "golden"
NAMES = [f"visit {visit}{term}" for visit in range(1, 6) for term in ("", ":arm", ":baseline")]


@pytest.fixture(scope="module", params=["crossed", "stratum"])
def golden(request: pytest.FixtureRequest) -> tuple[MmrmFit, pd.DataFrame, list[str]]:
    """Return our fit of the shipped trial, nlme's numbers of it, and the names of the coefficients."""
    trial = pd.read_csv(GOLDEN / "trial.csv")
    table = pd.read_csv(GOLDEN / "gls.csv", keep_default_na=False)
    steady = ["stratum"] if request.param == "stratum" else []
    y = trial[[f"visit_{visit}" for visit in range(1, 6)]].to_numpy(float)
    z = np.column_stack([np.ones(len(trial)), trial[["arm", "baseline", *steady]].to_numpy(float)])
    fit = fit_mmrm(y, z, visit_restriction(5, 3, len(steady)))
    return fit, table[table["model"] == request.param].set_index("name"), [*NAMES, *steady]


def of(table: pd.DataFrame, quantity: str, names: list[str]) -> np.ndarray:
    return table.loc[table["quantity"] == quantity, "value"].loc[names].astype(float).to_numpy()


def test_nlme_gives_the_same_model_to_five_digits(golden: tuple[MmrmFit, pd.DataFrame, list[str]]) -> None:
    fit, table, names = golden
    assert fit.reasons == (None,)
    error = np.sqrt(np.diag(fit.covariance[0]))
    likelihood = table.loc[table["quantity"] == "log_likelihood", "value"].astype(float).to_numpy()
    # Five digits; nlme's optimiser leaves a likelihood 1e-8 below ours
    np.testing.assert_allclose(fit.fixed[0], of(table, "estimate", names), rtol=5e-6)
    np.testing.assert_allclose(error, of(table, "standard_error", names), rtol=5e-6)
    np.testing.assert_allclose(-fit.criterion / 2, likelihood, rtol=1e-9)
    pairs = [f"{row + 1} {column + 1}" for row in range(5) for column in range(row + 1)]
    np.testing.assert_allclose(fit.sigma[0][np.tril_indices(5)], of(table, "sigma", pairs), rtol=5e-6)


def test_degrees_of_freedom_are_those_of_numerical_derivatives(
    golden: tuple[MmrmFit, pd.DataFrame, list[str]],
) -> None:
    fit, table, names = golden
    found = [fixed_contrast(fit, row, adjusted=False).degrees[0] for row in np.eye(len(names))]
    # Second differences of a likelihood of 4,800 keep four digits
    np.testing.assert_allclose(found, of(table, "degrees", names), rtol=3e-4)


def test_where_nobody_is_lost_each_visit_is_an_analysis_of_covariance() -> None:
    trial = simulate(3, 24, seed=1, effect=-4.0, lost=0.0)
    found = mmrm_difference(trial.y, trial.arm, trial.baseline)
    for visit in range(4):
        alone = ancova_difference(trial.y[..., visit], trial.arm, trial.baseline)
        for name in ("estimate", "standard_error", "degrees", "p_value", "low"):
            # Exact but for where the search ends
            np.testing.assert_allclose(getattr(found, name)[:, visit], getattr(alone, name), rtol=1e-5, err_msg=name)


def test_many_trials_are_fitted_as_each_alone() -> None:
    trial = simulate(130, 40, seed=2)
    together = mmrm_difference(trial.y, trial.arm, trial.baseline)
    for number in (0, 99, 100, 129):
        alone = mmrm_difference(trial.y[number], trial.arm, trial.baseline[number])
        # A pattern of missing visits that only others have changes the order of sums
        np.testing.assert_allclose(together.estimate[number], alone.estimate[0], rtol=1e-6)
        np.testing.assert_allclose(together.degrees[number], alone.degrees[0], rtol=1e-6)


def test_persons_never_seen_or_not_in_the_analysis_change_nothing() -> None:
    trial = simulate(2, 40, seed=3)
    more = np.concatenate([trial.y, np.full((2, 2, 4), np.nan), trial.y[:, :2] + 50], axis=1)
    baseline = np.concatenate([trial.baseline, np.full((2, 2, 1), 90.0), np.full((2, 2, 1), np.nan)], axis=1)
    found = mmrm_difference(more, [*trial.arm, 0, 1, -1, -1], baseline)
    expected = mmrm_difference(trial.y, trial.arm, trial.baseline)
    np.testing.assert_allclose(found.estimate, expected.estimate, rtol=1e-6)
    np.testing.assert_allclose(found.standard_error, expected.standard_error, rtol=1e-6)


def test_units_carry_over() -> None:
    trial = simulate(2, 40, seed=4)
    found = mmrm_difference(100 + 1000 * trial.y, trial.arm, 5 + trial.baseline / 60)
    expected = mmrm_difference(trial.y, trial.arm, trial.baseline)
    np.testing.assert_allclose(found.estimate, 1000 * expected.estimate, rtol=1e-5)
    np.testing.assert_allclose(found.p_value, expected.p_value, rtol=1e-4)


def test_every_arm_is_compared_with_the_reference() -> None:
    trial = simulate(1, 60, seed=5)
    three = np.arange(60) % 3
    found = mmrm_difference(trial.y, three, trial.baseline)
    swapped = mmrm_difference(trial.y, np.array([1, 0, 2])[three], trial.baseline)
    assert found.estimate.shape == (1, 4, 2)
    np.testing.assert_allclose(found.estimate[..., 0], -swapped.estimate[..., 0], rtol=1e-6)
    np.testing.assert_allclose(swapped.estimate[..., 1], found.estimate[..., 1] - found.estimate[..., 0], rtol=1e-6)


def test_a_covariate_that_changes_with_the_visits_acts_at_its_own_visit() -> None:
    trial = simulate(1, 60, seed=6, lost=0.0)
    pain = np.random.default_rng(6).normal(size=(60, 4))
    y = trial.y[0] + 3 * pain
    z = np.column_stack([np.ones(60), trial.arm, pain])
    own = np.zeros((4, 6, 1))
    own[np.arange(4), 2 + np.arange(4)] = 1
    crossed = np.kron(np.eye(4), np.eye(6)[:, :2])
    fit = fit_mmrm(y, z, np.hstack([crossed, own.reshape(24, 1)]))
    # The coefficient's standard error is 0.4
    assert fit.fixed[0, -1] == pytest.approx(3, abs=4 * np.sqrt(fit.covariance[0, -1, -1]))
    assert np.sqrt(fit.covariance[0, -1, -1]) < 0.6


def test_what_cannot_be_fitted_says_why_and_leaves_the_rest_alone() -> None:
    trial = simulate(3, 40, seed=7)
    y = trial.y.copy()
    y[0, trial.arm == 1, 3] = np.nan
    y[1, 6:] = np.nan
    z = np.stack([np.ones((3, 40)), np.broadcast_to(trial.arm, (3, 40)), trial.baseline[..., 0]], axis=-1)
    fit = fit_mmrm(y, z, visit_restriction(4, 3))
    assert fit.reasons[0] is not None
    assert "cannot be told apart" in fit.reasons[0]
    assert fit.reasons[1] is not None
    assert "no minimum" in fit.reasons[1] or "cannot be told apart" in fit.reasons[1]
    assert fit.reasons[2] is None
    found = mmrm_difference(y, trial.arm, trial.baseline)
    assert found.answered[:, 0, 0].tolist() == [False, False, True]


def test_the_uncertainty_of_the_covariance_widens_errors_of_small_trials() -> None:
    trial = simulate(20, 24, seed=8)
    plain, wider = (
        mmrm_difference(trial.y, trial.arm, trial.baseline, adjusted=adjusted) for adjusted in (False, True)
    )
    ratio = wider.standard_error / plain.standard_error
    assert ratio[:, -1].mean() > 1.01
    # Before anybody is lost the error is exact, and later it can only grow, but for rounding
    assert ratio.min() > 1 - 1e-6


def test_a_missing_covariate_and_arms_that_do_not_fit_are_errors() -> None:
    trial = simulate(2, 24, seed=9)
    baseline = trial.baseline.copy()
    baseline[1, 3] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        mmrm_difference(trial.y, trial.arm, baseline)
    with pytest.raises(ValueError, match="shape"):
        mmrm_difference(trial.y, trial.arm[:-1], trial.baseline)
    with pytest.raises(ValueError, match="reference"):
        mmrm_difference(trial.y, np.ones(24, dtype=int), trial.baseline)


def test_a_thousand_fits_of_two_hundred_persons_take_less_than_a_minute() -> None:
    trial = simulate(200, 200, seed=10)
    started = time.process_time()
    found = mmrm_difference(trial.y, trial.arm, trial.baseline)
    assert found.answered.all()
    # A fifth of the trials and four visits of five: a tenth of the time allowed for a thousand
    assert time.process_time() - started < 6
