"""Ways to lose persons: how many, for good, and by what."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.statistics.trials.dropout import (
    lose_at_random,
    lose_completely_at_random,
    lose_not_at_random,
    never_started,
)

RNG = np.random.default_rng(1)
Y = 20 + 8 * RNG.normal(size=(50, 200, 1)) + 4 * RNG.normal(size=(50, 200, 5))
BASELINE = 30 + 5 * RNG.normal(size=(50, 200))
ARM = np.arange(200) % 2
SHARE = np.where(ARM == 1, 0.4, 0.1)


@pytest.mark.parametrize("kind", ["completely", "at", "not"])
def test_each_arm_loses_its_share_for_good(kind: str) -> None:
    rng = np.random.default_rng(2)
    lost = {
        "completely": lambda: lose_completely_at_random(Y, SHARE, rng),
        "at": lambda: lose_at_random(Y, BASELINE, SHARE, rng),
        "not": lambda: lose_not_at_random(Y, SHARE, rng),
    }[kind]()
    missing = np.isnan(lost)
    assert (np.diff(missing.astype(int), axis=2) >= 0).all()
    # Who has a high score is lost early, so that later hazards are lower; 5,000 persons know a share to 1 %
    for number, share in enumerate((0.1, 0.4)):
        assert missing[:, number::2, -1].mean() == pytest.approx(share, abs=0.02 if kind == "completely" else 0.06)


def test_at_random_the_last_score_seen_decides_and_not_the_next() -> None:
    rng = np.random.default_rng(3)
    free = rng.normal(size=(50, 200, 5)) * 8
    lost = np.isnan(lose_at_random(free, BASELINE, 0.3, rng, per_point=0.3))
    fresh = lost[..., 3] & ~lost[..., 2]
    stayed = ~lost[..., 3]
    assert free[..., 2][fresh].mean() > free[..., 2][stayed].mean() + 4
    # Independent visits: the score not seen tells nothing; 600 persons know its mean to 0.35
    assert free[..., 3][fresh].mean() == pytest.approx(0, abs=1.4)


def test_not_at_random_the_score_that_is_not_seen_decides() -> None:
    rng = np.random.default_rng(4)
    free = rng.normal(size=(50, 200, 5)) * 8
    lost = np.isnan(lose_not_at_random(free, 0.3, rng, per_point=0.3))
    fresh = lost[..., 3] & ~lost[..., 2]
    assert free[..., 3][fresh].mean() > 4


def test_who_never_started_is_never_seen() -> None:
    y, started = never_started(Y, 0.1, np.random.default_rng(5))
    assert np.isnan(y[~started]).all()
    assert np.isfinite(y[started]).all()
    # 10,000 persons know a share to 0.3 %
    assert started.mean() == pytest.approx(0.9, abs=0.012)
