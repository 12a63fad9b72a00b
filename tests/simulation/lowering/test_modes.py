"""Which jumps have a time that can be computed, and which have to be looked for."""

from __future__ import annotations

import pytest
from written_models import written

from adenoscope.simulation.expression.evaluate import evaluate
from adenoscope.simulation.lowering.program import lower

SYMBOLS = {"time": 3.0, "a": 2.0, "b": 9.0, "reset": 4.0}


def modes_of(condition):
    """Return the modes of a model that jumps where a condition holds, and its graph."""
    program = lower(
        written(f"""
        x = 1; y = 1; a = 2; b = 9; reset = 4
        x' = piecewise(1, {condition}, 0); y' = -y
    """).system
    )
    return program.modes, program.graph


@pytest.mark.parametrize(
    ("condition", "moment"),
    [
        ("time >= 5", 5.0),
        ("5 < time", 5.0),
        ("a * time < b", 4.5),
        ("time - reset > 0.1", 4.1),
        ("(time - reset) / a >= 1 - time", 2.0),
        ("3 * (time + 1) <= 2 * time + b", 6.0),
        ("time == b", 9.0),
        ("time * exp(a) > b * exp(a)", 9.0),
    ],
)
def test_a_line_in_time_switches_at_a_time_that_is_computed(condition, moment):
    modes, graph = modes_of(condition)
    assert [mode.timed for mode in modes] == [True]
    slope, offset = evaluate(graph, [modes[0].slope, modes[0].offset], SYMBOLS)
    assert -offset / slope == pytest.approx(moment, rel=1e-15)  # one rounding


@pytest.mark.parametrize(
    "condition",
    [
        "x > 2",
        "x * time > 2",
        "time > y",
        "time^2 > 2",
        "sin(time) > 0",
        "abs(time - 5) < 1",
        "floor(time) > 3",
        "time / (1 + time) > 0.5",
        "max(time, 5) > 6",
        "piecewise(time, time < 2, 3 * time) > 7",
    ],
)
def test_what_depends_on_states_or_bends_in_time_is_looked_for(condition):
    modes, _ = modes_of(condition)
    assert [mode.timed for mode in modes] == [False]


def test_stairs_are_modes_that_are_looked_for():
    program = lower(written("x = 0; x' = floor(time / 3)").system)
    assert [program.graph.ops[mode.node] for mode in program.modes] == ["floor"]
    assert not program.modes[0].timed


def test_a_jump_between_constants_is_no_mode():
    program = lower(written("a = 1; b = 2; x = 0; x' = piecewise(1, a < b, 2) * x").system)
    assert program.modes == ()
    assert len(program.hoisted) == 1


def test_equal_jumps_are_one_mode():
    model = written("x = 0; y = 0; x' = piecewise(1, time > 5, 0); y' = piecewise(x, time > 5, -y)")
    assert len(lower(model.system).modes) == 1
