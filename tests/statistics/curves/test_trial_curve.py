"""Fixed effects over time from repeated trials, with bands that hold at all times at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from simulated_curves import TIMES, smooth

from adenoscope.statistics.curves.functional import CurveGroup, curve_band
from adenoscope.statistics.curves.trial_curve import trial_contrast
from adenoscope.statistics.mixed.fit import fit_mixed
from adenoscope.statistics.mixed.satterthwaite import fixed_contrast

BINARY = Path(__file__).parents[3] / ".." / "shared" / "data" / "photometry" / "FLMM_csv" / "binary.csv"
N_ANIMALS, N_TRIALS = 8, 10
ANIMALS = np.repeat(np.arange(N_ANIMALS), N_TRIALS)
CUE = (np.arange(ANIMALS.size) % 2).astype(float)
X = np.column_stack([np.ones(ANIMALS.size), CUE])


def trials(seed: int) -> np.ndarray:
    """Return trials (time, trial) in which the cue has no mean effect and differs between animals."""
    rng = np.random.default_rng(seed)
    level, slope = smooth(rng, N_ANIMALS), smooth(rng, N_ANIMALS)
    noise = 0.7 * smooth(rng, ANIMALS.size) + 0.7 * rng.standard_normal((ANIMALS.size, TIMES.size))
    return (level[ANIMALS] + CUE[:, None] * slope[ANIMALS] + noise).T


def test_the_curve_and_its_pointwise_band_are_those_of_the_models() -> None:
    responses = trials(1)
    band = trial_contrast(responses, X, X, ANIMALS, [0, 1], seed=1)
    assert band is not None
    each = fixed_contrast(fit_mixed(responses, X, X, ANIMALS), [0, 1])
    np.testing.assert_array_equal(band.difference, each.estimate)
    np.testing.assert_array_equal(band.point_low, each.low)
    assert np.all(band.low <= band.point_low)
    assert np.all(band.high >= band.point_high)


def test_in_a_balanced_design_it_is_the_paired_band_of_the_animals_means() -> None:
    responses = trials(2)
    effect = np.array(
        [
            responses[:, (animal == ANIMALS) & (CUE == 1)].mean(axis=1)
            - responses[:, (animal == ANIMALS) & (CUE == 0)].mean(axis=1)
            for animal in range(N_ANIMALS)
        ]
    )
    found, paired = (
        trial_contrast(responses, X, X, ANIMALS, [0, 1], seed=1),
        curve_band([CurveGroup(1, effect)], seed=1),
    )
    assert found is not None
    assert paired is not None
    np.testing.assert_allclose(found.difference, paired.difference, atol=1e-9)
    wider = (found.high - found.low) - (found.point_high - found.point_low) > 1e-9
    np.testing.assert_allclose(found.high[wider], paired.high[wider], rtol=1e-5)  # where the models' iteration ends


def test_a_time_without_a_model_is_left_open_and_does_not_touch_the_others() -> None:
    responses = trials(3)
    holed = np.vstack([responses, np.full((1, ANIMALS.size), np.nan)])
    whole, found = (trial_contrast(part, X, X, ANIMALS, [0, 1], seed=1) for part in (responses, holed))
    assert whole is not None
    assert found is not None
    assert np.isnan(found.low[-1])
    np.testing.assert_allclose(found.low[:-1], whole.low, rtol=1e-9)


def test_too_few_animals_have_no_band() -> None:
    few = ANIMALS < 4
    assert trial_contrast(trials(1)[:, few], X[few], X[few], ANIMALS[few], [0, 1], seed=1) is None
    assert trial_contrast(np.full((3, ANIMALS.size), np.nan), X, X, ANIMALS, [0, 1], seed=1) is None


def test_bands_cover_at_all_times_at_once() -> None:
    covered, n_studies = 0, 40
    for seed in range(n_studies):
        band = trial_contrast(trials(100 + seed), X, X, ANIMALS, [0, 1], seed)
        assert band is not None
        covered += bool(np.all((band.low <= 0) & (band.high >= 0)))
    # benchmarks/functional.py has the figures; here three standard errors of 40 studies are 0.103.
    assert covered / n_studies > 0.847


@pytest.mark.skipif(not BINARY.is_file(), reason="the trials of seven mice lie outside the repository")
def test_the_cue_of_seven_mice_is_judged_over_the_whole_trace() -> None:
    rows = pd.read_csv(BINARY)
    responses = rows[[f"photometry.{point}" for point in range(1, 126)]].to_numpy().T
    fixed = np.column_stack([np.ones(len(rows)), rows["cs"]])
    found = trial_contrast(responses, fixed, fixed, rows["id"].tolist(), [0, 1], seed=1)
    again = trial_contrast(responses, fixed, fixed, rows["id"].tolist(), [0, 1], seed=1)
    assert found is not None
    assert again is not None
    assert found.low.tobytes() == again.low.tobytes()
    # lmerTest gives the same at this time point.
    assert found.difference[55] == pytest.approx(-4.3419496, rel=1e-6)
    assert found.point_high[55] < 0
    # Seven animals that differ this much cannot carry 125 times at once.
    assert found.high[55] > 0
