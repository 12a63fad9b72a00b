"""Chains find distributions that are known, bent ones too, and go on where they were stopped."""

from types import SimpleNamespace

import numpy as np
import pytest

from adenoscope.inference.calibration import coordinates as places
from adenoscope.inference.calibration import sample as sampling
from adenoscope.inference.calibration.coordinates import Coordinates
from adenoscope.inference.calibration.sample import BLOCK, KEPT, sample
from adenoscope.statistics.converged import r_hat

TARGET = SimpleNamespace(size=4)
AXES = np.eye(4)[:, :2]  # two directions that the data inform; the other two have their prior
MEAN, COVARIANCE = np.array([1.0, -2.0]), np.array([[0.3, 0.2], [0.2, 0.3]])
SHEET_SD = 0.05


@pytest.fixture
def straight(monkeypatch):
    """A posterior that is normal in the informed directions."""
    precise = np.linalg.inv(COVARIANCE)

    def density(_, scores):
        away = scores[:, :2] - MEAN
        return -0.5 * np.einsum("ni,ij,nj->n", away, precise, away) - 0.5 * (scores[:, 2:] ** 2).sum(axis=1)

    monkeypatch.setattr(sampling, "log_posterior", density)
    return Coordinates(TARGET, AXES, ())


@pytest.fixture
def bent(monkeypatch):
    """A thin bent sheet: exp(z_1) + z_2^2 + z_3^2 / 2 = 4, to a twentieth; priors else."""

    def surge(_, protocol, scores):
        return np.exp(np.minimum(scores[:, 0], 5.0)) + scores[:, 1] ** 2 + 0.5 * scores[:, 2] ** 2

    def density(_, scores):
        return -0.5 * ((surge(None, None, scores) - 4) / SHEET_SD) ** 2 - 0.5 * (scores**2).sum(axis=1)

    monkeypatch.setattr(places, "surge", surge)
    monkeypatch.setattr(sampling, "log_posterior", density)
    return Coordinates(TARGET, AXES, ("any protocol",))


def started(chains, seed=0):
    return np.array([1.2, 0.0, 0.0, 0.0]) + 0.1 * np.random.default_rng(seed).standard_normal((chains, 4))


def expected_on_the_sheet():
    """Return means of z_1 and z_2^2 by numerical integration over a grid fine enough for three digits."""
    z1 = np.linspace(-6, 1.6, 1500)
    z2, z3 = np.linspace(-2.2, 2.2, 221), np.linspace(-3, 3, 121)
    a, b, c = np.meshgrid(z1, z2, z3, indexing="ij", sparse=True)
    weight = np.exp(-0.5 * ((np.exp(a) + b**2 + 0.5 * c**2 - 4) / SHEET_SD) ** 2 - 0.5 * (a**2 + b**2 + c**2))
    return (weight * a).sum() / weight.sum(), (weight * b**2).sum() / weight.sum()


def test_chains_have_the_mean_and_covariance_of_what_they_sample(straight, tmp_path):
    chains = sample(straight, started(16), steps=12 * BLOCK, seed=3, folder=tmp_path).settled
    draws = chains.scores.reshape(-1, 4)
    assert max(r_hat(chains.scores[:, :, n]) for n in range(4)) < 1.05
    # Some thousands of independent draws in c, some hundreds in v, whose steps are short.
    assert np.abs((draws[:, :2].mean(axis=0) - MEAN) / np.sqrt(np.diag(COVARIANCE))).max() < 0.08
    np.testing.assert_allclose(np.cov(draws[:, :2].T), COVARIANCE, atol=0.04)
    np.testing.assert_allclose(draws[:, 2:].std(axis=0), 1.0, atol=0.1)


def test_a_thin_bent_sheet_is_sampled_as_it_is(bent, tmp_path):
    chains = sample(bent, started(16), steps=16 * BLOCK, seed=3, folder=tmp_path).settled
    first, second_squared = expected_on_the_sheet()
    draws = chains.scores.reshape(-1, 4)
    assert max(r_hat(chains.scores[:, :, n]) for n in range(4)) < 1.1
    # The change of variables is in these: without the slope, z_1 is off by a tenth and more.
    assert draws[:, 0].mean() == pytest.approx(first, abs=0.05)
    assert (draws[:, 1] ** 2).mean() == pytest.approx(second_squared, rel=0.12)


def test_a_place_is_found_again_from_its_coordinates(bent):
    scores = started(8, seed=4)
    place = bent.find(scores)
    moved = bent.find(scores + np.array([0.2, 0.0, 0.0, 0.0]))
    again = bent.solve(place.rest, place.inner, moved)
    assert again.exists.all()
    # x is solved until u is within 2e-4, and the slope here is about 3.
    np.testing.assert_allclose(again.scores, scores, atol=2e-4)
    np.testing.assert_allclose(place.slopes[:, 0], np.exp(scores[:, 0]), rtol=1e-3)


def test_a_stopped_run_goes_on_to_the_same_numbers(straight, tmp_path):
    whole = sample(straight, started(4), steps=6 * BLOCK, seed=3, folder=tmp_path / "whole")
    sample(straight, started(4), steps=3 * BLOCK, seed=3, folder=tmp_path / "stopped")
    again = sample(straight, started(4), steps=6 * BLOCK, seed=3, folder=tmp_path / "stopped")
    np.testing.assert_array_equal(again.scores, whole.scores)
    assert len(whole.scores) == 6 * BLOCK // KEPT
