"""Cost and priors are the densities that they are said to be, and moves leave them as they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm, t
from simulated_panels import Design, simulate_panel

from adenoscope.statistics.converged import effective_size
from adenoscope.statistics.separation.panel_arrays import PanelArrays, panel_arrays
from adenoscope.statistics.separation.pooling.emax_model import (
    E0,
    ED50,
    EMAX,
    HILL,
    SERIES,
    TAU_SCALES,
    curve_cost,
    priors_of,
    rise,
)
from adenoscope.statistics.separation.pooling.sample import run, start_chains, warm_up
from adenoscope.statistics.separation.pooling.sweeps import Kept


@pytest.fixture(scope="module")
def data() -> PanelArrays:
    panel, _ = simulate_panel(Design(series=2), np.random.default_rng(1), compounds=3)
    return panel_arrays(panel)


def test_the_cost_is_that_of_t_distributed_means(data: PanelArrays) -> None:
    rng, of = np.random.default_rng(2), data.readings
    low, high = data.ends
    for curve in range(len(low)):
        here = of.counts[curve] > 0
        costs, densities = [], []
        for _ in range(3):
            at = np.array([rng.uniform(low[curve], high[curve]), *rng.normal([0.4, 0.0, 0.0], 0.2)])
            fitted = at[E0] + rise(at, of.dose[curve])
            density = t.logpdf(of.mean[curve], of.df[curve], fitted, of.error[curve])
            costs.append(curve_cost(of, curve, at))
            densities.append(density[here].sum())
        # both know the curve up to a constant
        assert np.diff(costs) == pytest.approx(np.diff(densities), rel=1e-9)


def test_a_row_that_does_not_count_costs_nothing(data: PanelArrays) -> None:
    nothing = data.readings._replace(counts=np.zeros_like(data.readings.counts))
    assert curve_cost(nothing, 0, np.array([1.0, 0.4, 0.0, 5.0])) == 0.0


@pytest.mark.parametrize("at", [(800.0, 0.0, 0.0, 0.0), (0.0, 800.0, 0.0, 0.0), (0.0, -800.0, 0.0, 0.0)])
def test_absurd_coordinates_are_not_taken_and_no_error(data: PanelArrays, at: tuple[float, ...]) -> None:
    # a cost that is not a number refuses the move, as minus infinity does
    assert not curve_cost(data.readings, 0, np.array(at)) > -10


def test_half_of_the_ceiling_is_reached_at_ed50() -> None:
    assert rise(np.array([np.log(3.0), 0.7, np.log(2.0), 0.0]), np.array([0.0, 3.0])) == pytest.approx([0.0, 1.0])


@pytest.fixture(scope="module", params=["own", "shared"])
def prior_draws(request: pytest.FixtureRequest) -> tuple[PanelArrays, Kept]:
    """Return draws of all moves together, of a panel whose rows do not count."""
    panel, _ = simulate_panel(Design(series=2, vehicle=request.param), np.random.default_rng(1), compounds=3)
    data = panel_arrays(panel)
    nothing = data.readings._replace(counts=np.zeros_like(data.readings.counts))
    chains = start_chains(replace(data, readings=nothing), 3)
    warm_up(chains)
    return data, run(chains, np.zeros(8000), 2)


QUANTILES = np.array([0.1, 0.25, 0.5, 0.75, 0.9])


@pytest.mark.parametrize("k", [ED50, HILL, EMAX, E0])
def test_without_data_draws_of_a_level_are_of_its_prior(prior_draws: tuple[PanelArrays, Kept], k: int) -> None:
    data, kept = prior_draws
    priors = priors_of(data)
    values = (kept.mu[:, :, k, 0] - priors.middle[k, 0]) / priors.spread[k, 0]
    off = 4 * 0.5 / np.sqrt(effective_size(values))  # four standard errors of a quantile's probability, at most
    assert norm.cdf(np.quantile(values, QUANTILES)) == pytest.approx(QUANTILES, abs=off)
    assert off < 0.04


@pytest.mark.parametrize("k", [ED50, HILL, EMAX, E0, SERIES])
def test_without_data_draws_of_a_spread_are_of_its_prior(prior_draws: tuple[PanelArrays, Kept], k: int) -> None:
    values = prior_draws[1].tau[:, :, k, 0] / TAU_SCALES[k]
    off = 4 * 0.5 / np.sqrt(effective_size(np.log(values)))  # as above
    assert 2 * t.cdf(np.quantile(values, QUANTILES), 4) - 1 == pytest.approx(QUANTILES, abs=off)
    assert off < 0.05


@pytest.mark.parametrize("k", [HILL, EMAX, E0])
def test_without_data_curves_are_normal_about_their_level(prior_draws: tuple[PanelArrays, Kept], k: int) -> None:
    data, kept = prior_draws
    assay = data.places.assay
    away = (kept.curves[..., k] - kept.mu[:, :, k, assay]) / kept.tau[:, :, k, assay]
    # 64,000 sweeps of curves that hardly remember: 0.01 is more than four standard errors
    assert norm.cdf(np.quantile(away, QUANTILES)) == pytest.approx(QUANTILES, abs=0.01)


def test_the_same_seed_gives_the_same_draws(data: PanelArrays) -> None:
    first, second = (run(start_chains(data, 7), np.full(20, 0.1), 1) for _ in range(2))
    assert np.array_equal(first.curves, second.curves)
