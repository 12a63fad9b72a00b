"""Numbers for a browser keep five digits, and what is not finite is no number."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.web.science.compact import as_bytes, short


def test_numbers_keep_five_digits_whatever_their_size() -> None:
    assert short(np.array([0.0, 123456.7, -0.00123456, 1e-310, 2.0])) == [0.0, 123460.0, -0.0012346, 0.0, 2.0]


def test_what_is_not_finite_is_not_sent() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        as_bytes({"x": float("nan")})
