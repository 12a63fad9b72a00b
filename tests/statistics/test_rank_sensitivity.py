"""Rank sensitivity: known effects are found with their sign and share, and chance is not."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.statistics.rank_sensitivity import rank_sensitivity


def drawn(n_draws: int, n_inputs: int, seed: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    return {f"x{number}": random.normal(size=n_draws) for number in range(n_inputs)}


def test_inputs_that_act_are_found_in_order_with_their_sign() -> None:
    inputs = drawn(400, 60, seed=1)
    noise = np.random.default_rng(2).normal(size=400)
    found = rank_sensitivity(inputs, {"y": np.exp(2 * inputs["x3"] - inputs["x7"] + 0.3 * noise)})
    assert [effect.input for effect in found.effects] == ["x3", "x7"]
    assert found.effects[0].partial > 0.9
    assert found.effects[1].partial < -0.9
    assert found.explained["y"] == pytest.approx(
        5 / 5.09, abs=0.03
    )  # 2 and 1 against noise of 0.3; three standard errors are 0.01


def test_an_inputs_own_share_is_that_of_the_variance_it_adds() -> None:
    inputs = drawn(2000, 2, seed=3)
    noise = np.random.default_rng(4).normal(size=2000)
    shares = {
        e.input: e.share for e in rank_sensitivity(inputs, {"y": 2 * inputs["x0"] + inputs["x1"] + noise}).effects
    }
    assert shares["x0"] == pytest.approx(4 / 6, abs=0.05)
    assert shares["x1"] == pytest.approx(1 / 6, abs=0.05)


def test_an_input_that_only_goes_with_another_stands_out_no_more_than_chance_does() -> None:
    claims = sum("shadow" in _found_beside_a_shadow(seed) for seed in range(200))
    assert claims <= 20  # 5 % of 200 is 10; the 99.9th percentile of a binomial is 20


def _found_beside_a_shadow(seed: int) -> list[str]:
    random = np.random.default_rng(seed)
    x = random.normal(size=300)
    inputs = {"x": x, "shadow": x + random.normal(size=300)}
    return [effect.input for effect in rank_sensitivity(inputs, {"y": x + 0.5 * random.normal(size=300)}).effects]


def test_chance_stands_out_in_few_of_many_studies() -> None:
    random = np.random.default_rng(7)
    claims = sum(
        bool(
            rank_sensitivity(drawn(80, 30, seed), {"a": random.normal(size=80), "b": random.normal(size=80)}).effects
        )
        for seed in range(200)
    )
    assert claims <= 20  # 5 % of 200 is 10; the 99.9th percentile of a binomial is 20


def test_draws_without_a_number_are_left_out_and_inputs_that_do_not_vary() -> None:
    inputs = drawn(100, 2, seed=8) | {"still": np.ones(100)}
    values = inputs["x0"] + 0.3 * np.random.default_rng(9).normal(size=100)
    values[:10] = np.nan
    found = rank_sensitivity(inputs, {"y": values})
    assert found.effects[0].input == "x0"
    assert "still" not in {effect.input for effect in found.effects}
    assert all(np.isfinite([effect.partial, effect.share]).all() for effect in found.effects)


def test_too_few_draws_say_nothing() -> None:
    found = rank_sensitivity(drawn(10, 20, seed=9), {"y": np.arange(10.0)})
    assert found.effects == ()
    assert found.explained == {"y": None}
