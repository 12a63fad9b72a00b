"""Adjusting for several questions: by hand, and never the other way round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.statistics.effects.multiplicity import holm


def test_a_table_worked_out_by_hand() -> None:
    # sorted: 0.01 * 4, 0.02 * 3, 0.03 * 2 and 0.04 * 1, none below the one before it
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx((0.06, 0.04, 0.06, 0.06))
    assert holm([0.7, 0.8]) == (1.0, 1.0)
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_adjusting_makes_no_p_smaller_and_keeps_their_order(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    assert all(p <= q <= 1 for p, q in zip(p_values, adjusted, strict=True))
    in_order = [adjusted[index] for index in sorted(range(len(p_values)), key=p_values.__getitem__)]
    assert in_order == sorted(in_order)
