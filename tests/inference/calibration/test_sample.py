"""Chains find a distribution that is known, go on where they were stopped, and say when they have not converged."""

from types import SimpleNamespace

import numpy as np
import pytest

from adenoscope.inference.calibration import sample as sampling
from adenoscope.inference.calibration.sample import BLOCK, Reference, effective_size, r_hat, sample

MEAN = np.array([1.0, -2.0, 0.5])
COVARIANCE = np.array([[1.0, 0.8, 0.0], [0.8, 1.0, 0.0], [0.0, 0.0, 0.01]])
TARGET = SimpleNamespace(priors={"a": None, "b": None, "c": None})
WRONG = Reference(MEAN + 0.3, np.diag([0.5, 0.5, 0.2]))  # what the chains have to find their way from


@pytest.fixture(autouse=True)
def known(monkeypatch):
    precise = np.linalg.inv(COVARIANCE)

    def density(_, logs):
        return -0.5 * np.einsum("ni,ij,nj->n", logs - MEAN, precise, logs - MEAN)

    monkeypatch.setattr(sampling, "log_posterior", density)


def test_chains_have_the_mean_and_covariance_of_what_they_sample(tmp_path):
    chains = sample(TARGET, WRONG, chains=32, steps=2000, seed=3, folder=tmp_path).after(0.4)
    draws = chains.logs.reshape(-1, 3)
    assert max(r_hat(chains.logs[:, :, n]) for n in range(3)) < 1.05
    # Some thousands of independent draws: the mean to a fiftieth of a standard deviation, spreads to a twentieth.
    assert np.abs((draws.mean(axis=0) - MEAN) / np.sqrt(np.diag(COVARIANCE))).max() < 0.08
    np.testing.assert_allclose(np.cov(draws.T), COVARIANCE, atol=0.06)


def test_a_stopped_run_goes_on_to_the_same_numbers(tmp_path):
    whole = sample(TARGET, WRONG, chains=8, steps=16 * BLOCK, seed=3, folder=tmp_path / "whole")
    sample(TARGET, WRONG, chains=8, steps=9 * BLOCK, seed=3, folder=tmp_path / "stopped")
    again = sample(TARGET, WRONG, chains=8, steps=16 * BLOCK, seed=3, folder=tmp_path / "stopped")
    np.testing.assert_array_equal(again.logs, whole.logs)
    np.testing.assert_array_equal(again.density, whole.density)


def test_r_hat_tells_chains_that_agree_from_those_that_do_not():
    draws = np.random.default_rng(1).standard_normal((500, 16))
    assert r_hat(draws) < 1.01
    assert r_hat(draws + np.arange(16) % 2) > 1.1
    assert r_hat(draws + np.linspace(0, 2, 500)[:, None]) > 1.1  # all wander alike


def test_the_effective_size_of_a_chain_with_memory_is_what_theory_says():
    random, memory, n = np.random.default_rng(2), 0.9, 20_000
    chain = np.zeros((n, 4))
    for k in range(1, n):
        chain[k] = memory * chain[k - 1] + random.standard_normal(4)
    independent = 4 * n * (1 - memory) / (1 + memory)
    assert effective_size(chain) == pytest.approx(independent, rel=0.15)  # of an estimate from 4,000 draws
    assert effective_size(random.standard_normal((n, 4))) == pytest.approx(4 * n, rel=0.1)
