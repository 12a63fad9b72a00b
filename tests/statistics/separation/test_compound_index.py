"""Indices, bounds and chances are those of the joint draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from made_posteriors import arrays, posterior, spread

from adenoscope.core.ranking import CompoundIndex, Weights
from adenoscope.statistics.separation.arm_fits import arm_fit
from adenoscope.statistics.separation.compound_index import Objective, compare, compound_index
from adenoscope.statistics.separation.could_tell import bracketing
from adenoscope.statistics.separation.pooling.sample import Posterior


def indices(of: Posterior, weights: Weights | None = None) -> list[CompoundIndex]:
    n = of.curves.shape[1] // 2
    data, objective = arrays(n), Objective(weights or Weights(), 0, (0.5, 0.5))
    found = bracketing(data, of)
    between = compare(data, of, found, objective)
    fits = [arm_fit(data, of, found, curve, "mg/kg") for curve in range(2 * n)]
    return [compound_index(i, f"c{i}", None, (fits[i], fits[n + i]), between, objective) for i in range(n)]


def test_an_index_is_the_ratio_of_ed50s_in_the_same_draw() -> None:
    # both ED50s of a compound move together, so that their ratio is known far better than they are
    common = spread([1.0], 1.4)
    ed50 = common * np.array([[2.0, 3.0, 12.0, 9.0]])
    first, second = indices(posterior(ed50))
    assert first.index is not None
    assert second.index is not None
    assert (first.index.low, first.index.high) == pytest.approx((6.0, 6.0))
    assert second.index.estimate == pytest.approx(3.0)
    assert second.p_better == 0.0
    assert first.p_best == 1.0


def test_a_chance_to_be_better_is_that_of_two_normals() -> None:
    first, second = indices(posterior(spread([3.0, 3.0, 9.0, 12.0], 1.3)))
    expected = 0.5 * math.erfc(-math.log(12 / 9) / math.sqrt(4 * math.log(1.3) ** 2) / math.sqrt(2))
    assert second.p_better == pytest.approx(expected, abs=0.03)  # four standard errors of 4,000 draws
    assert first.p_better is None
    assert first.score is not None
    assert (first.score.low, first.score.high) == (0.0, 0.0)


def test_weights_count_each_arm_as_they_say() -> None:
    common = spread([1.0], 1.001)
    _, second = indices(posterior(common * np.array([[4.0, 2.0, 8.0, 4.0]])), Weights(effect=2.0, side_effect=1.0))
    assert second.score is not None
    assert second.score.estimate == pytest.approx(2 * math.log(4 / 2) - math.log(8 / 4))


@pytest.mark.parametrize(
    "weights", [(-1.0, 1.0), (1.0, -0.1), (0.0, 0.0), (math.nan, 1.0), (1.0, math.inf), (-1.0, -1.0)]
)
def test_an_objective_that_would_reward_side_effects_does_not_exist(weights: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="at least 0"):
        Weights(*weights)


def test_a_side_effect_beyond_the_doses_leaves_a_bound_from_below() -> None:
    first, second = indices(posterior(spread([3.0, 3.0, 9.0, 40.0], 1.3)))
    assert first.standing == "told"
    assert second.standing == "could_not_tell"
    assert (second.index, second.index_below, second.p_better, second.log_index) == (None, None, None, None)
    assert second.index_above == pytest.approx(40 / 3 / 1.3 ** (2.576 * math.sqrt(2)), rel=0.05)


def test_an_effect_beyond_the_doses_leaves_a_bound_from_above() -> None:
    _, second = indices(posterior(spread([3.0, 40.0, 9.0, 9.0], 1.3)))
    assert second.index_above is None
    assert second.index_below == pytest.approx(9 / 40 * 1.3 ** (2.576 * math.sqrt(2)), rel=0.05)


def test_two_open_arms_that_pull_apart_leave_nothing() -> None:
    _, second = indices(posterior(spread([3.0, 40.0, 9.0, 40.0], 1.3)))
    assert (second.index_above, second.index_below) == (None, None)


def test_without_a_reference_nothing_is_compared() -> None:
    first, second = indices(posterior(spread([40.0, 3.0, 9.0, 9.0], 1.3)))
    assert first.index is None
    assert second.index is not None
    assert (second.p_better, second.score) == (None, None)


def test_the_front_is_what_no_other_compound_betters_in_both_arms() -> None:
    common = spread([1.0], 1.01)
    effect, side_effect = [2.0, 3.0, 4.0, 6.0], [8.0, 6.0, 12.0, 11.0]
    found = indices(posterior(common * np.array([effect + side_effect])))
    assert [one.p_front for one in found] == [1.0, 0.0, 1.0, 0.0]


def test_a_separation_whose_doses_were_not_tried_is_not_given() -> None:
    data = arrays(1)
    of = posterior(spread([3.0, 9.0], 1.1))
    found = bracketing(data, of)
    near = compare(data, of, found, Objective(Weights(), 0, (0.6, 0.4)))
    far = compare(data, of, found, Objective(Weights(), 0, (0.99, 0.4)))
    assert near.within.all()
    assert not far.within.any()
    # ED60 of the effect, ED40 of the side effect, at h = 1.5
    expected = math.log(9 / 3) + (math.log(0.4 / 0.6) - math.log(0.6 / 0.4)) / 1.5
    assert np.median(near.log_separation) == pytest.approx(expected, abs=0.01)
