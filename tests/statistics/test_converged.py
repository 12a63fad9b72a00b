"""What says whether chains have converged."""

import numpy as np
import pytest

from adenoscope.statistics.converged import effective_size, r_hat


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
