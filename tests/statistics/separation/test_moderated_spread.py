"""Standard deviations of few animals are steadied by the other groups' as far as these agree."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.statistics.separation.moderated_spread import moderated_spread


def simulated(prior_df: float, groups: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n = rng.integers(6, 9, groups).astype(float)
    true = np.sqrt(2.0**2 * prior_df / rng.chisquare(prior_df, groups))
    return true, true * np.sqrt(rng.chisquare(n - 1) / (n - 1)), n


def test_the_prior_that_made_the_spreads_is_found() -> None:
    _, sd, n = simulated(8.0, 20_000, np.random.default_rng(1))
    spread = moderated_spread(sd, n)
    # 20,000 groups tell the degrees of freedom to about 3 %, the usual spread to 1 %.
    assert spread.df - (n - 1) == pytest.approx(8.0, rel=0.1)
    assert spread.usual == pytest.approx(2.0, rel=0.03)


def test_t_intervals_hold_as_they_say() -> None:
    rng = np.random.default_rng(2)
    true, sd, n = simulated(6.0, 20_000, rng)
    spread = moderated_spread(sd, n)
    mean = rng.standard_normal(len(n)) * true / np.sqrt(n)
    held = np.abs(mean) < spread.sd / np.sqrt(n) * 1.782  # the 95 % point of t with 12 degrees of freedom
    few = n == 7  # 6 degrees of freedom of the prior and 6 of the group
    assert held[few].mean() == pytest.approx(0.90, abs=0.015)  # four standard errors of 6,700 groups


def test_groups_that_agree_share_one_spread() -> None:
    rng = np.random.default_rng(3)
    n = np.full(60, 7.0)
    sd = 3.0 * np.sqrt(rng.chisquare(6, 60) / 6) ** 0.5  # vary less than chance would have it
    spread = moderated_spread(sd, n)
    assert np.ptp(spread.sd) < 0.1
    assert np.all(spread.df > 300)


def test_a_group_without_spread_borrows_it() -> None:
    spread = moderated_spread(np.array([0.0, 1.0, 1.2, 0.8]), np.full(4, 6.0))
    assert spread.sd[0] > 0.5


def test_one_group_is_enough() -> None:
    spread = moderated_spread(np.array([2.0]), np.array([8.0]))
    assert spread.sd == pytest.approx(2.0, rel=0.2)
