"""Simulated trials of two arms and four visits, with a known effect and persons lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adenoscope.statistics.trials.dropout import lose_at_random

MEANS, SDS = np.array([23.0, 20.0, 19.0, 18.0]), np.array([5.5, 7.5, 8.5, 9.0, 10.0])
CORRELATION = np.full((5, 5), 0.6) + 0.4 * np.eye(5)


@dataclass(frozen=True)
class Trial:
    """y (r, n, 4) with NaN, arm (n,), baseline (r, n, 1) and what y would be had nobody been lost."""

    y: np.ndarray
    arm: np.ndarray
    baseline: np.ndarray
    whole: np.ndarray


def simulate(replicates: int, persons: int, seed: int, effect: float = 0.0, lost: float = 0.3) -> Trial:
    """Return trials with ``effect`` on every visit, of which about the share ``lost`` is not seen at the last."""
    rng = np.random.default_rng(seed)
    course = rng.standard_normal((replicates, persons, 5)) @ np.linalg.cholesky(CORRELATION).T * SDS
    arm = np.arange(persons) % 2
    whole = MEANS + course[..., 1:] + effect * arm[:, None]
    baseline = 31 + course[..., 0]
    y = lose_at_random(whole, baseline, lost, rng) if lost else whole
    return Trial(y, arm, baseline[..., None], whole)
