"""No constant gets in without a unit, a range around it and a source."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.core.parameter import Parameter, load_values

TOPICS = sorted(
    file.name.removesuffix(".toml")
    for file in (files("adenoscope") / "values").iterdir()
    if file.name.endswith(".toml")
)

number = st.floats(-1e6, 1e6)


@given(values=st.tuples(number, number, number))
def test_a_value_between_its_bounds_is_kept_as_given(values: tuple[float, float, float]) -> None:
    low, value, high = sorted(values)
    constant = Parameter("a.b", value, "µM", low, high, "a paper", verified=True)
    assert (constant.low, constant.value, constant.high) == (low, value, high)


def test_a_value_outside_its_own_range_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"sensor\.ec50_um: 60 is outside its own range 0\.02 to 0\.18"):
        Parameter("sensor.ec50_um", 60, "µM", 0.02, 0.18, "a paper", verified=True)


@pytest.mark.parametrize(("unit", "source"), [("", "a paper"), ("µM", "")])
def test_a_constant_without_unit_or_source_is_refused(unit: str, source: str) -> None:
    with pytest.raises(ValueError, match="lacks a unit or a source"):
        Parameter("a.b", 1.0, unit, 0.0, 2.0, source, verified=True)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_values_file_loads_and_says_from_memory_only_where_unverified(topic: str) -> None:
    constants = [constant for table in load_values(topic).values() for constant in table.values()]
    assert constants
    for constant in constants:
        assert not (constant.verified and "from memory" in constant.source), constant.name
