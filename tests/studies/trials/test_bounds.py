"""Bounds are those that others publish."""

from __future__ import annotations

import pytest

from adenoscope.studies.trials.bounds import spending_bounds


def test_obrien_fleming_at_five_looks() -> None:
    # Published to four decimals.
    expected = [4.8769, 3.3570, 2.6803, 2.2898, 2.0310]
    assert spending_bounds((0.2, 0.4, 0.6, 0.8, 1.0), 0.025, "obrien_fleming") == pytest.approx(expected, abs=5e-5)


def test_one_look_is_an_ordinary_test() -> None:
    assert spending_bounds((1.0,), 0.025, "pocock") == pytest.approx([1.959964], abs=1e-6)
