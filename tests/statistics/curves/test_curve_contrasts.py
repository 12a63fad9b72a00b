"""Sessions' curves on shared times, animals that count once, and contrasts of their curves."""

from __future__ import annotations

import numpy as np
import pytest
from simulated_curves import TIMES, animals

from adenoscope.core.response import Curve
from adenoscope.statistics.curves.curve_contrasts import (
    CurveArms,
    animal_curves,
    effect_curve,
    interaction_curve,
    shared_times,
)


def curve(first_s: float, last_s: float, step_s: float, height: float = 1.0) -> Curve:
    time_s = np.arange(first_s, last_s + step_s / 2, step_s)
    return Curve(time_s, height * time_s, height * time_s - 1, height * time_s + 1)


def test_shared_times_are_those_of_the_coarsest_curve_inside_all() -> None:
    fine, coarse, late = curve(-60, 600, 5), curve(-90, 900, 30), curve(-10, 450, 10)
    shared = shared_times([fine, coarse, late])
    np.testing.assert_array_equal(shared, np.arange(0, 451, 30))
    np.testing.assert_array_equal(shared_times([late, fine, coarse]), shared)


def test_times_beside_a_missing_sample_are_not_shared() -> None:
    whole, holed = curve(0, 100, 10), curve(0, 100, 10)
    holed.dff[5] = np.nan
    assert 50.0 not in shared_times([whole, holed])
    assert shared_times([whole, holed])[-1] == 100.0


def test_curves_that_do_not_overlap_share_nothing() -> None:
    assert shared_times([curve(0, 100, 10), curve(200, 300, 10)]).size == 0
    assert shared_times([]).size == 0


def test_an_animal_counts_once_whatever_the_order_of_its_sessions() -> None:
    sessions = [("b", curve(0, 100, 10, 3.0)), ("a", curve(0, 100, 5, 1.0)), ("b", curve(0, 100, 10, 1.0))]
    time_s = shared_times([session[1] for session in sessions])
    found = animal_curves(sessions, time_s)
    assert list(found) == ["a", "b"]
    np.testing.assert_allclose(found["b"], 2 * time_s)
    assert animal_curves(sessions[::-1], time_s)["b"].tobytes() == found["b"].tobytes()


def arms(seed: int, effect: float, n: int = 8, *, paired: bool = False) -> CurveArms:
    rng = np.random.default_rng(seed)
    rise = effect * np.exp(-(((TIMES - 0.6) / 0.2) ** 2))
    return CurveArms(0.3 * animals(rng, "normal", n) + rise, 0.3 * animals(rng, "normal", n), paired)


@pytest.mark.parametrize("paired", [True, False])
def test_an_effect_is_found_where_it_is(paired: bool) -> None:
    found = effect_curve(TIMES, arms(1, 2.0, paired=paired), seed=1)
    assert found.kind == "effect"
    assert found.design == ("paired" if paired else "unpaired")
    assert (found.n_treated, found.n_vehicle) == (8, 8)
    assert any(first <= 0.6 <= last for first, last in found.excludes_zero_s)
    assert found.difference is not None
    assert TIMES[np.argmax(found.difference)] == pytest.approx(0.6, abs=0.15)


@pytest.mark.parametrize("paired", [True, False])
def test_an_interaction_is_the_difference_of_the_effects(paired: bool) -> None:
    reference, residual = arms(1, 3.0, paired=paired), arms(2, 0.0, paired=paired)
    found = interaction_curve(TIMES, reference, residual, seed=1)
    effects = [effect_curve(TIMES, side, seed=1).difference for side in (reference, residual)]
    assert found.kind == "interaction"
    assert (found.n_treated, found.n_vehicle) == (16, 16)
    assert found.difference is not None
    assert effects[0] is not None
    assert effects[1] is not None
    np.testing.assert_allclose(found.difference, effects[0] - effects[1], atol=1e-12)
    assert any(first <= 0.6 <= last for first, last in found.excludes_zero_s)


def test_animals_in_all_four_arms_count_once() -> None:
    reference, residual = arms(1, 3.0), arms(2, 0.0)
    found = interaction_curve(TIMES, reference, residual, seed=1, crossed=True)
    twice = CurveArms(reference.treated - reference.vehicle, residual.treated - residual.vehicle, paired=True)
    paired = effect_curve(TIMES, twice, seed=1)
    assert (found.kind, found.design, found.n_treated, found.n_vehicle) == ("interaction", "paired", 8, 8)
    np.testing.assert_allclose(found.low, paired.low, rtol=1e-9)


def test_what_cannot_be_judged_says_why() -> None:
    few = effect_curve(TIMES, arms(1, 2.0, n=4), seed=1)
    assert few.difference is None
    assert few.reason == "At least 5 animals are needed in each group for a whole curve; there are 4 and 4."
    nothing = CurveArms(np.zeros((6, 0)), np.zeros((6, 0)), paired=False)
    assert "share no time" in str(effect_curve(np.zeros(0), nothing, seed=1).reason)
    same = CurveArms(np.ones((6, 40)), np.zeros((6, 40)), paired=False)
    assert "do not differ at all" in str(effect_curve(TIMES, same, seed=1).reason)
