"""A model made ready for code: what is computed once, and what in every step."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from written_models import written

from adenoscope.simulation.cohort.prepared import Source, prepare
from adenoscope.simulation.expression.evaluate import evaluate
from adenoscope.simulation.kernel.module import model_text
from adenoscope.simulation.lowering.layout import CONTROL, make_layout
from adenoscope.simulation.lowering.program import lower
from adenoscope.simulation.lowering.regroup import ConstantTest
from adenoscope.simulation.solver import tables

ENZYME = """
    S = 10; P = 0; E0 = 0.1; kcat = 5; K = 2; Ki = 3; n = 2
    Vmax := kcat * E0
    J: S -> P; Vmax * S / (K * (1 + P^n / Ki^n) + S)
    at time > 3: E0 = 0.2
"""


def program_of(body):
    return lower(written(body).system)


def test_hoisted_parts_depend_on_nothing_that_varies_and_are_all_there_is():
    program = program_of(ENZYME)
    varying = {"time", *program.states}
    assert not varying & set(program.graph.symbols(program.hoisted))
    is_constant = ConstantTest(program.graph, varying)
    moving = [*program.rates, *program.time_partials, *program.jacobian.values()]
    used = {
        arg for node in program.graph.reachable(moving) if not is_constant(node) for arg in program.graph.args[node]
    }
    computed = {node for node in used if is_constant(node) and program.graph.args[node]}
    assert computed <= set(program.hoisted)


def test_rates_and_jacobian_are_those_of_the_model():
    program = program_of(ENZYME)
    symbols = {"S": 4.0, "P": 1.0, "E0": 0.1, "kcat": 5.0, "K": 2.0, "Ki": 3.0, "n": 2.0, "default_compartment": 1.0}
    below = 2 * (1 + 1 / 9) + 4
    rate, by_s, by_p = 0.5 * 4 / below, 0.5 / below - 2 / below**2, -2 / below**2 * (4 / 9)
    rates = dict(zip(program.states, evaluate(program.graph, program.rates, symbols), strict=True))
    assert rates == pytest.approx({"S": -rate, "P": rate}, rel=1e-14)  # some ten operations
    entries = evaluate(program.graph, list(program.jacobian.values()), symbols)
    s, p = program.states.index("S"), program.states.index("P")
    jacobian = dict(zip(program.jacobian, entries, strict=True))
    expected = {(s, s): -by_s, (s, p): -by_p, (p, s): by_s, (p, p): by_p}
    assert jacobian == pytest.approx(expected, rel=1e-13)  # some ten operations and one difference


def test_only_models_that_depend_on_time_itself_have_derivatives_by_time():
    assert program_of("x = 1; x' = -x * piecewise(1, time < 5, 2)").time_partials == ()
    assert len(program_of("x = 1; x' = -x * time").time_partials) == 1


def test_a_model_in_which_nothing_moves_gets_something_to_step():
    program = program_of("a = 1; at time > 2: a = 3")
    assert program.states == ("still",)
    assert program.jacobian == {}


def test_one_row_belongs_to_one_thing():
    program = program_of(ENZYME)
    layout = make_layout(program)
    taken = [row for name in layout.first for row in range(layout.row(name), layout.row(name) + layout.count[name])]
    assert taken == list(range(layout.rows))


def test_the_driver_and_the_kernels_agree_where_things_are():
    rows = {"max_steps": "MOST_STEPS"}
    assert [getattr(tables, rows.get(name, name.upper())) for name in CONTROL] == list(range(len(CONTROL)))
    kernels = {"step": "STEP_KERNEL", "first_step": "FIRST_STEP_KERNEL"}
    named = [kernels.get(name, name.upper()) for name in tables.KERNELS]
    named += [f"ROW_{name.upper()}" for name in tables.BLOCKS]
    named += [
        name.upper() if f"N_{name.upper()}" not in vars(tables) else f"N_{name.upper()}" for name in tables.COUNTS
    ]
    named += [name.upper() for name in tables.SECTIONS]
    assert [getattr(tables, name) for name in named] == list(range(len(tables.HEAD)))


def test_the_same_model_has_the_same_code_in_every_process():
    model = written(ENZYME)
    look = f"""
from adenoscope.simulation.cohort.prepared import Source, prepare
from adenoscope.simulation.kernel.module import model_text
ready = prepare(Source({model.sbml!r}, "model"), 32)
print(model_text(ready.program, ready.layout, 4), end="")
"""
    command = [sys.executable, "-c", look]
    fresh = {**os.environ, "PYTHONHASHSEED": "1"}
    found = subprocess.run(command, env=fresh, capture_output=True, text=True, check=True).stdout
    ready = prepare(Source(model.sbml, "model"), 32)
    assert found == model_text(ready.program, ready.layout, 4)
