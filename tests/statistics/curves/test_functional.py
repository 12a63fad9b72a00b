"""Bands that hold at all times at once: coverage, their relation to t-intervals, and their edges."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from simulated_curves import TIMES, animals

from adenoscope.statistics.curves.functional import CurveGroup, curve_band, excluded_stretches, sign_draws


def two_groups(seed: int, n: int = 8) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return animals(rng, "normal", n), animals(rng, "normal", n, 0.5)


def test_pointwise_bounds_are_the_t_intervals_of_each_time() -> None:
    treated, vehicle = two_groups(1)
    for groups, test in (
        (
            [CurveGroup(1.0, treated), CurveGroup(-1.0, vehicle)],
            stats.ttest_ind(treated, vehicle, equal_var=False),
        ),
        ([CurveGroup(1.0, treated - vehicle)], stats.ttest_rel(treated, vehicle)),
    ):
        band = curve_band(groups, seed=1)
        assert band is not None
        expected = test.confidence_interval()
        np.testing.assert_allclose(band.point_low, expected.low, rtol=1e-9)
        np.testing.assert_allclose(band.point_high, expected.high, rtol=1e-9)
        assert np.all(band.low < band.point_low)
        assert np.all(band.high > band.point_high)


def test_a_curve_that_only_scales_needs_no_more_than_one_time() -> None:
    shape = np.exp(-(((TIMES - 0.4) / 0.2) ** 2))
    amplitude = np.random.default_rng(3).standard_normal((12, 1))
    band = curve_band([CurveGroup(1.0, amplitude * shape)], seed=1)
    assert band is not None
    # All times carry the same test, so the smallest p is that of one: what is left is how sign draws differ from t.
    ratio = (band.high - band.low) / (band.point_high - band.point_low)
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-6)
    assert 1 <= ratio[0] < 1.15


def test_the_same_input_gives_the_same_bytes_and_another_seed_nearly_the_same_band() -> None:
    treated, vehicle = two_groups(2, n=20)
    groups = [CurveGroup(1.0, treated), CurveGroup(-1.0, vehicle)]
    one, again, other = (curve_band(groups, seed) for seed in (1, 1, 2))
    assert one is not None
    assert again is not None
    assert other is not None
    assert one.low.tobytes() == again.low.tobytes()
    # 4,999 draws leave the quantile of p uncertain by about a fifteenth, the width by a hundredth.
    np.testing.assert_allclose(other.high - other.low, one.high - one.low, rtol=0.05)


def test_the_unit_of_the_curves_carries_over() -> None:
    treated, vehicle = two_groups(4)
    plain, percent = (
        curve_band([CurveGroup(1.0, unit * treated), CurveGroup(-1.0, unit * vehicle)], seed=1) for unit in (1, 100)
    )
    assert plain is not None
    assert percent is not None
    np.testing.assert_allclose(percent.low, 100 * plain.low, rtol=1e-9)


def test_few_animals_have_every_sign_pattern_once_up_to_turning_all() -> None:
    signs = sign_draws(6, seed=1)
    assert signs.shape == (32, 6)
    assert len({tuple(row * row[-1]) for row in signs}) == 32
    assert sign_draws(30, seed=1).shape == (4999, 30)


def test_times_at_which_nothing_varies_have_no_width_and_exclude_nothing() -> None:
    treated, vehicle = two_groups(5)
    treated[:, :5] = vehicle[:, :5] = 0.0
    band = curve_band([CurveGroup(1.0, treated + 5.0 * (TIMES > 0.5)), CurveGroup(-1.0, vehicle)], seed=1)
    assert band is not None
    np.testing.assert_array_equal(band.low[:5], 0)
    np.testing.assert_array_equal(band.high[:5], 0)
    stretches = excluded_stretches(TIMES, band.low, band.high)
    assert stretches[-1][-1] == 1.0
    assert stretches[0][0] > TIMES[4]


def test_too_few_animals_and_animals_that_do_not_differ_have_no_band() -> None:
    treated, vehicle = two_groups(6)
    assert curve_band([CurveGroup(1.0, treated[:4]), CurveGroup(-1.0, vehicle)], seed=1) is None
    assert curve_band([CurveGroup(1.0, np.ones_like(treated))], seed=1) is None


def test_stretches_end_where_the_band_reaches_zero_or_changes_side() -> None:
    time_s = np.arange(8.0)
    low = np.array([1.0, 1.0, -1.0, 0.0, -3.0, -3.0, 2.0, 5.0])
    high = np.array([2.0, 2.0, 1.0, 1.0, -1.0, -1.0, 3.0, 5.0])
    assert excluded_stretches(time_s, low, high) == ((0.0, 1.0), (4.0, 5.0), (6.0, 6.0))
    assert excluded_stretches(time_s, -np.ones(8), np.ones(8)) == ()


@pytest.mark.parametrize("kind", ["normal", "skewed", "heavy"])
def test_simultaneous_bands_of_unequal_groups_cover_at_all_times_at_once(kind: str) -> None:
    rng, n_studies, covered = np.random.default_rng(17), 300, 0
    for seed in range(n_studies):
        groups = [CurveGroup(1.0, animals(rng, kind, 6)), CurveGroup(-1.0, animals(rng, kind, 6, 0.5))]
        band = curve_band(groups, seed)
        assert band is not None
        covered += bool(np.all((band.low <= 0) & (band.high >= 0)))
    # benchmarks/functional.py has the figures; here three standard errors of 300 studies are 0.038.
    assert 0.912 <= covered / n_studies <= 0.988
