"""Drawn parameters: a shard's numbers are its own."""

import numpy as np
import pytest

from adenoscope.core.errors import InputError
from adenoscope.simulation.cluster.draws import Lognormal, draw, draw_all

DRAWN = Lognormal({"a": 2.0, "b": 0.1, "fixed": -3.0}, {"a": 0.5, "b": 0.2}, seed=7)


def bits(values):
    return {name: value.tobytes() for name, value in values.items()}


def test_a_shard_draws_the_same_whatever_was_drawn_before():
    alone = draw(DRAWN, 5, 40)
    for shard in (9, 0, 3):
        draw(DRAWN, shard, 17)
    assert bits(draw(DRAWN, 5, 40)) == bits(alone)


def test_shard_k_has_the_kth_stream_that_numpy_spawns():
    stream = np.random.SeedSequence(7).spawn(4)[3]
    scores = np.random.default_rng(stream).standard_normal((6, 2))
    drawn = draw(DRAWN, 3, 6)
    assert np.array_equal(drawn["a"], 2.0 * np.exp(0.5 * scores[:, 0]))
    assert np.array_equal(drawn["b"], 0.1 * np.exp(0.2 * scores[:, 1]))


def test_shards_differ_from_each_other_and_between_seeds():
    other = Lognormal(DRAWN.median, DRAWN.log_sd, seed=8)
    columns = [draw(DRAWN, 0, 50)["a"], draw(DRAWN, 1, 50)["a"], draw(other, 0, 50)["a"]]
    assert np.unique(np.concatenate(columns)).size == 150


def test_the_first_subjects_are_the_same_however_many_are_drawn():
    assert np.array_equal(draw(DRAWN, 2, 10)["b"], draw(DRAWN, 2, 1000)["b"][:10])


def test_the_order_of_names_does_not_matter():
    turned = Lognormal(dict(reversed(DRAWN.median.items())), dict(reversed(DRAWN.log_sd.items())), seed=7)
    assert bits(draw(turned, 1, 20)) == bits(draw(DRAWN, 1, 20))


def test_a_cohort_is_its_shards_one_after_another():
    whole = draw_all(DRAWN, 25, 10)
    parts = [draw(DRAWN, number, size) for number, size in enumerate((10, 10, 5))]
    assert np.array_equal(whole["a"], np.concatenate([part["a"] for part in parts]))
    assert whole["fixed"].shape == ()
    assert whole["fixed"] == -3.0


def test_median_and_log_sd_are_what_was_asked_for():
    logs = np.log(draw_all(DRAWN, 40_000, 1000)["a"])
    # Four standard errors of a mean and of a standard deviation of 40,000 draws.
    assert abs(np.mean(logs) - np.log(2.0)) < 4 * 0.5 / np.sqrt(40_000)
    assert abs(np.std(logs) - 0.5) < 4 * 0.5 / np.sqrt(80_000)


def test_everything_wrong_with_a_lognormal_is_said_at_once():
    with pytest.raises(InputError) as caught:
        Lognormal({"a": -1.0, "b": 1.0}, {"a": 0.1, "b": -0.1, "c": 0.1}, seed=-1)
    assert [problem.file for problem in caught.value.problems] == [
        "parameters, c",
        "parameters, a",
        "parameters, b",
        "parameters, seed",
    ]
