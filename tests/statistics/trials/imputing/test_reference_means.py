"""What is expected of a lost person, against the conditional means of each strategy written out."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.statistics.trials.imputing.reference import Persons, Strategy, expect

RNG = np.random.default_rng(4)
B = np.stack([20 + RNG.normal(size=(2, 4)), -3 + RNG.normal(size=(2, 4)), RNG.normal(size=(2, 4)) / 3], axis=-1)
ROOT = RNG.normal(size=(2, 4, 4)) + 3 * np.eye(4)
SIGMA = ROOT @ np.swapaxes(ROOT, 1, 2)
SEEN = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0], [0, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0]], dtype=bool)
ARM = np.array([1, 1, 1, 1, 0, 0])


def persons() -> Persons:
    seen = np.broadcast_to(SEEN, (2, 6, 4))
    z = np.stack([np.ones((2, 6)), np.broadcast_to(ARM, (2, 6)), RNG.normal(size=(2, 6))], axis=-1)
    return Persons(np.where(seen, 15 + RNG.normal(size=seen.shape), 0.0), seen, z, np.broadcast_to(ARM, (2, 6)))


def written_out(
    y: np.ndarray, seen: np.ndarray, own: np.ndarray, other: np.ndarray, sigma: np.ndarray, how: str
) -> float:
    latest = np.flatnonzero(seen)[-1] if seen.any() else -1
    mean = own.copy()
    if how == "jump_to_reference":
        mean[latest + 1 :] = other[latest + 1 :]
    elif how == "copy_increments":
        start = own[latest] - other[latest] if latest >= 0 else 0.0
        mean[latest + 1 :] = other[latest + 1 :] + start
    elif how == "copy_reference":
        mean = other
    if seen[-1] or not seen.any():
        return float(y[-1] if seen[-1] else mean[-1])
    inside = sigma[np.ix_(seen, seen)]
    return float(mean[-1] + sigma[-1, seen] @ np.linalg.solve(inside, (y - mean)[seen]))


@pytest.mark.parametrize("strategy", ["mar", "jump_to_reference", "copy_increments", "copy_reference"])
def test_the_last_visit_is_the_conditional_mean_of_the_strategy(strategy: Strategy) -> None:
    people = persons()
    found = expect(people, B, SIGMA, strategy).value
    own = people.z @ np.swapaxes(B, 1, 2)
    other = np.where([True, False, True], people.z, 0.0) @ np.swapaxes(B, 1, 2)
    for replicate in range(2):
        for person in range(6):
            place = replicate, person
            expected = written_out(
                *(people.y[place], people.seen[place], own[place], other[place], SIGMA[replicate], strategy)
            )
            # Rounding
            assert found[place] == pytest.approx(expected, rel=1e-10)
