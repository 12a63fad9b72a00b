"""Profiles: how far observations bound a constant when the others may follow, on a problem with a known answer."""

from types import SimpleNamespace

import numpy as np
import pytest

from adenoscope.inference.calibration import fit as fitting
from adenoscope.inference.calibration.profiles import RISE, profile

# Row: (z_1 + z_2 - 0.5)/0.3, beside priors N(0, 1). z_3 is in no row.
TARGET = SimpleNamespace(observations=("row",), size=3, priors={"first": None, "second": None, "third": None})
ROW, SHIFT, SD = np.array([1.0, 1.0, 0.0]), 0.5, 0.3


@pytest.fixture(autouse=True)
def known(monkeypatch):
    def residuals(_, scores):
        return np.concatenate([((scores @ ROW - SHIFT) / SD)[:, None], scores], axis=1)

    monkeypatch.setattr(fitting, "residuals", residuals)


def mode():
    return np.linalg.solve(np.eye(3) + np.outer(ROW, ROW) / SD**2, ROW * SHIFT / SD**2)


def test_a_profile_leaves_the_constants_own_prior_out_and_counts_the_others():
    found = profile(TARGET, mode(), "first")
    # All else followed: the sum of the row's variance and of the other's prior remains.
    expected = 0.5 * (found.scores - SHIFT) ** 2 / (SD**2 + 1)
    # At the lower end the other constant is held at its own end, three standard deviations out.
    np.testing.assert_allclose(found.costs[1:], (expected - expected.min())[1:], atol=1e-6)
    assert found.scores[-1] == 3.0  # where it had not risen, it went to the end


def test_sides_are_where_the_profile_has_risen_and_open_where_it_does_not_in_reach():
    low, high = profile(TARGET, mode(), "first").sides
    # Points are a score apart and a line is drawn between them.
    assert low == pytest.approx(SHIFT - np.sqrt(2 * RISE * (1 + SD**2)), abs=0.1)
    assert high == pytest.approx(SHIFT + np.sqrt(2 * RISE * (1 + SD**2)), abs=0.1)
    third = profile(TARGET, mode(), "third")
    assert third.bounded == "not at all"
    np.testing.assert_allclose(third.costs, 0.0, atol=1e-9)
