"""Errors are spent from nothing to all of them, whatever the function."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.statistics.sequential.spending import Spending, spent

EVERY: list[tuple[Spending, float]] = [
    *(("obrien_fleming", 0.0), ("pocock", 0.0)),
    *(("hwang_shih_decani", -4.0), ("hwang_shih_decani", 0.0), ("hwang_shih_decani", 1.0)),
]


@pytest.mark.parametrize(("spending", "gamma"), EVERY)
def test_spending_grows_to_the_whole_error_and_no_further(spending: Spending, gamma: float) -> None:
    shares = np.linspace(0.01, 1.2, 50)
    total = spent(spending, 0.025, shares, gamma)
    assert (np.diff(total[shares <= 1]) > 0).all()
    assert np.allclose(total[shares >= 1], 0.025, rtol=1e-12)  # rounding
    assert total[0] < 0.001


def test_without_gamma_spending_is_even() -> None:
    even = spent("hwang_shih_decani", 0.05, np.array([0.2, 0.5]), 0.0)
    assert np.allclose(even, [0.01, 0.025], rtol=1e-12)  # rounding
    assert np.allclose(spent("hwang_shih_decani", 0.05, np.array([0.2, 0.5]), 1e-9), even, rtol=1e-6)  # its limit
