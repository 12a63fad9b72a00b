"""Shares of variance, chances over replicates, and counts that leave nobody to be guessed."""

from __future__ import annotations

import numpy as np
import pytest
from planned import TRIAL

from adenoscope.studies.trials.flow import consort, visits
from adenoscope.studies.trials.rates import proportion
from adenoscope.studies.trials.shares import explained


def test_what_has_nothing_to_do_with_it_explains_nothing() -> None:
    random = np.random.default_rng(1)
    shares = [explained(random.standard_normal(400), random.standard_normal(400)) for _ in range(200)]
    # Shares below 0 count as 0; the mean of the positive half is near sqrt(2 * 9) / 400 / sqrt(2 pi).
    assert np.mean(shares) < 0.01


def test_what_explains_a_half_is_said_to() -> None:
    random = np.random.default_rng(2)
    cause = random.standard_normal(20_000)
    values = cause + random.standard_normal(20_000)
    # Ten bins of a normal variable keep 95.9 % of its variance.
    assert explained(values, cause) == pytest.approx(0.5 * 0.959, abs=0.02)
    assert explained(values, np.round(cause > 0).astype(float)) == pytest.approx(0.5 * 2 / np.pi, abs=0.02)


def test_nothing_is_explained_where_nothing_varies() -> None:
    assert explained(np.zeros(100), np.arange(100.0)) == 0
    assert explained(np.arange(100.0), np.zeros(100)) == 0


def test_a_chance_has_wilsons_interval() -> None:
    found = proportion(5, 100)
    # Published for 5 of 100: 2.15 to 11.18 %.
    assert (found.low, found.high) == pytest.approx((0.0215, 0.1118), abs=5e-5)
    assert proportion(0, 50).low == 0
    assert proportion(50, 50).high == 1


def columns() -> dict[str, np.ndarray]:
    n = np.ones(5)
    found = {}
    for place, (randomised, started, seen) in enumerate(((40, 38, 30), (20, 20, 20))):
        found |= {f"randomised:{place}": randomised * n, f"started:{place}": started * n, f"baseline:{place}": 30 * n}
        for visit in range(3):
            found |= {f"seen:{place}:{visit}": seen * n, f"madrs:{place}:{visit}": (25.0 - visit) * n}
    return found


def test_small_counts_are_suppressed_with_what_would_give_them_away() -> None:
    flow = consort(TRIAL, columns(), 0.5)
    drug, placebo = flow.arms
    assert (drug.randomised, drug.never_started, drug.started) == (40, None, None)
    assert (drug.left, drug.seen_last) == (10, 30)
    assert (placebo.never_started, placebo.left) == (0, 0)
    assert (flow.assessed, flow.excluded) == (120, 60)


def test_how_many_were_assessed_is_not_said_where_it_tells_how_few_were_excluded() -> None:
    flow = consort(TRIAL, columns(), 0.97)  # 62 assessed for 60
    assert (flow.assessed, flow.excluded, flow.randomised) == (None, None, 60)


def test_an_arm_of_few_is_suppressed_whole_and_so_is_the_arm_that_would_give_it_away() -> None:
    few = {name: np.where(values == 20, 3.0, values) for name, values in columns().items()}
    flow = consort(TRIAL, few, 0.5)
    assert all(arm.randomised is None and arm.started is None and arm.seen_last is None for arm in flow.arms)


def test_how_many_came_is_not_said_where_all_but_a_few_did() -> None:
    nearly = {name: np.where(values == 30, 38.0, values) for name, values in columns().items()}
    assert [visit.seen for visit in visits(TRIAL, nearly)] == [40, None, None, None, 20, 20, 20, 20]


def test_visits_start_at_the_baseline() -> None:
    found = visits(TRIAL, columns())
    assert [(visit.arm, visit.day) for visit in found[:4]] == [
        ("drug", 0.0),
        ("drug", 1.0),
        ("drug", 3.0),
        ("drug", 7.0),
    ]
    assert found[3].madrs is not None
    assert found[3].madrs.estimate == 23
