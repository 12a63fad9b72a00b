"""Likelihood and priors are the densities that they are said to be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm, t
from simulated_panels import Design, simulate_panel

from adenoscope.statistics.converged import effective_size
from adenoscope.statistics.separation import sample
from adenoscope.statistics.separation.emax_model import (
    E0,
    ED50,
    EMAX,
    HILL,
    SERIES,
    TAU_SCALES,
    State,
    log_likelihood,
    priors_of,
    rise,
)
from adenoscope.statistics.separation.panel_arrays import PanelArrays, panel_arrays


@pytest.fixture(scope="module")
def data() -> PanelArrays:
    panel, _ = simulate_panel(Design(series=2), np.random.default_rng(1), compounds=3)
    return panel_arrays(panel)


def test_the_likelihood_is_that_of_t_distributed_means(data: PanelArrays) -> None:
    rng = np.random.default_rng(2)
    low, high = data.ends
    curves = np.stack([rng.uniform(low, high), rng.normal(0.4, 0.2, 6), rng.normal(0, 0.2, 6)], axis=-1)[None]
    e0 = rng.normal(0, 0.3, (1, 6))
    of = data.readings

    def density(c: int) -> float:
        share = of.dose[c] ** np.exp(curves[0, c, HILL])
        share = share / (share + np.exp(curves[0, c, ED50] * np.exp(curves[0, c, HILL])))
        fitted = e0[0, c] + np.exp(curves[0, c, EMAX]) * share
        return t.logpdf(of.mean[c], of.df[c], fitted, of.error[c])[of.counts[c] > 0].sum()

    found = log_likelihood(of, curves, e0)[0]
    expected = np.array([density(c) for c in range(6)])
    # up to a constant, which two sets of baselines share
    constant = expected - found
    e0 += 0.1
    assert log_likelihood(of, curves, e0)[0] + constant == pytest.approx([density(c) for c in range(6)], rel=1e-9)


def test_absurd_coordinates_have_a_finite_or_minus_infinite_cost(data: PanelArrays) -> None:
    curves = np.array([[800.0, 0.0, 0.0], [0.0, 800.0, 0.0], [0.0, -800.0, 800.0]] * 2)[None]
    assert not np.isnan(log_likelihood(data.readings, curves, np.zeros((1, 6)))).any()


def test_half_of_the_ceiling_is_reached_at_ed50() -> None:
    assert rise(np.array([np.log(3.0), 0.7, np.log(2.0)]), np.array([0.0, 3.0])) == pytest.approx([0.0, 1.0])


@pytest.fixture(scope="module")
def prior_draws(data: PanelArrays) -> list[State]:
    """Return draws of all moves together, of a panel whose rows do not count."""
    empty = replace(data, readings=replace(data.readings, counts=np.zeros_like(data.readings.counts)))
    priors, rng = priors_of(empty), np.random.default_rng(3)
    state, tuning = sample._warm_up(empty, priors, rng, lambda _: None)
    kept = list[State]()
    for _ in range(1500):
        state, tuning = sample._sweep(empty, priors, state, tuning, rng)
        kept.append(state)
    return kept


QUANTILES = np.array([0.1, 0.25, 0.5, 0.75, 0.9])


@pytest.mark.parametrize("k", [ED50, HILL, EMAX, E0])
def test_without_data_draws_of_a_level_are_of_its_prior(data: PanelArrays, prior_draws: list[State], k: int) -> None:
    priors = priors_of(data)
    values = (np.array([state.mu[:, k, 0] for state in prior_draws]) - priors.middle[k, 0]) / priors.spread[k, 0]
    # four standard errors of a quantile's probability
    off = 4 * 0.5 / np.sqrt(effective_size(values))
    assert norm.cdf(np.quantile(values, QUANTILES)) == pytest.approx(QUANTILES, abs=off)
    assert off < 0.06


@pytest.mark.parametrize("k", [ED50, HILL, EMAX, E0, SERIES])
def test_without_data_draws_of_a_spread_are_of_its_prior(prior_draws: list[State], k: int) -> None:
    values = np.array([state.tau[:, k, 0] for state in prior_draws]) / TAU_SCALES[k]
    off = 4 * 0.5 / np.sqrt(effective_size(np.log(values)))  # as above
    assert 2 * t.cdf(np.quantile(values, QUANTILES), 4) - 1 == pytest.approx(QUANTILES, abs=off)
    assert off < 0.06


def test_without_data_relatives_are_heavy_tailed_about_their_series(
    data: PanelArrays, prior_draws: list[State]
) -> None:
    places = data.places
    away = np.concatenate(
        [
            (state.curves[..., ED50] - state.centre[:, places.family]) / state.tau[:, ED50][:, places.assay]
            for state in prior_draws
        ]
    )
    # 1,500 sweeps of 16 chains of 6 curves; curves are independent given the rest, so 0.01 is generous
    assert t.cdf(np.quantile(away, QUANTILES), 4) == pytest.approx(QUANTILES, abs=0.01)
