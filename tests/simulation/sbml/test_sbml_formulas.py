"""Formulas: every operator means what MathML says, and functions are put in."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sbml_documents import antimony, assign, change, document, formula, parameter, value
from sbml_documents import math as mathml

from adenoscope.simulation.sbml.antimony import antimony_to_sbml
from adenoscope.simulation.sbml.read import read_sbml

X, Y = 0.7, -2.5
NUMBERS = st.floats(-50, 50).filter(lambda x: abs(x) > 1e-3)


def system_of(content, x=X, y=Y):
    rule = f'<assignmentRule variable="z">{content}</assignmentRule>'
    return read_sbml(document(Parameters=parameter("x", x) + parameter("y", y) + parameter("z"), Rules=rule))


def result(text, time=0.0, x=X, y=Y):
    return value(system_of(formula(text), x, y), "z", time)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x + y * 2 - x / y", X + Y * 2 - X / Y),
        ("-x^3", -(X**3)),
        ("y^2 + x^y", Y**2 + X**Y),
        ("sqrt(x) + root(3, x)", X**0.5 + X ** (1 / 3)),
        ("exp(x) + ln(x) + log10(x) + log(2, x) + log(7, x)", None),
        ("abs(y) + floor(y) + ceil(y)", 2.5 - 3 - 2),
        ("factorial(4) + factorial(0)", 25),
        ("quotient(y, x) * 10 + rem(y, x)", -30 + math.fmod(Y, X)),
        ("max(x, y, 0.1) + 10 * min(x, y, 0.1)", X + 10 * Y),
        ("sin(x) + cos(x) + tan(x)", math.sin(X) + math.cos(X) + math.tan(X)),
        ("sec(x) + csc(x) + cot(x)", 1 / math.cos(X) + 1 / math.sin(X) + 1 / math.tan(X)),
        ("sinh(x) + cosh(x) + tanh(x)", math.sinh(X) + math.cosh(X) + math.tanh(X)),
        ("sech(x) + csch(x) + coth(x)", 1 / math.cosh(X) + 1 / math.sinh(X) + 1 / math.tanh(X)),
        ("arcsin(x) + arccos(x) + arctan(y)", math.pi / 2 + math.atan(Y)),
        ("arcsec(y) + arccsc(y) + arccot(y)", math.pi / 2 + math.atan(1 / Y)),
        ("arcsinh(x) + arccosh(2) + arctanh(x)", math.asinh(X) + math.acosh(2) + math.atanh(X)),
        ("arcsech(x) + arccsch(x) + arccoth(y)", math.acosh(1 / X) + math.asinh(1 / X) + math.atanh(1 / Y)),
        ("piecewise(1, x < 0, 2, y < 0, 3)", 2),
        ("piecewise(1, x < 0)", math.nan),
        ("(x > y) + 10 * (x >= x) + 100 * (x == y) + 1000 * (x != y) + 10000 * (y <= x)", 11011),
        ("lt(y, 0, x, 1) + 10 * gt(3, 2, 2)", 1),
        ("(x && y) + 10 * (x || 0) + 100 * !x + 1000 * xor(x, y, 1)", 1011),
        ("implies(x, 0) + 10 * implies(0, x)", 10),
        ("true + false + pi + exponentiale", 1 + math.pi + math.e),
        ("1 / infinity + avogadro", 6.02214179e23),
        ("time * 2", 6),
    ],
)
def test_an_operator_means_what_mathml_says(text, expected):
    if expected is None:
        expected = math.exp(X) + math.log(X) + math.log10(X) + math.log2(X) + math.log(X) / math.log(7)
    # a few roundings of double precision
    assert result(text, time=3.0) == pytest.approx(expected, rel=1e-14, nan_ok=True)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('<cn type="rational"> 3 <sep/> 8 </cn>', 0.375),
        ('<cn type="e-notation"> 2.5 <sep/> -3 </cn>', 0.0025),
        ('<cn type="integer"> 12345678 </cn>', 12345678),
        ("<notanumber/>", math.nan),
        ("<apply><plus/></apply>", 0),
        ("<apply><times/></apply>", 1),
        ("<apply><and/></apply>", 1),
        ("<apply><or/></apply>", 0),
        ("<apply><xor/></apply>", 0),
        ("<apply><and/><cn>7</cn></apply>", 1),
    ],
)
def test_a_number_or_an_empty_operator_has_its_value(content, expected):
    assert value(system_of(mathml(content)), "z") == pytest.approx(expected, rel=1e-15, nan_ok=True)


@given(NUMBERS, NUMBERS)
def test_quotient_and_remainder_make_up_what_was_divided(a, b):
    q, r = result("quotient(x, y)", x=a, y=b), result("rem(x, y)", x=a, y=b)
    assert q == int(q)
    # the remainder is a difference of numbers up to |a|, so it carries their rounding
    assert q * b + r == pytest.approx(a, rel=1e-12)
    assert r * a >= -1e-12 * abs(a)
    assert abs(r) <= abs(b) * (1 + 1e-12)


def test_functions_are_put_in_however_deep_and_hide_the_models_names():
    text = """function half(x)
  x / 2
end
function twice(y, x)
  half(y) * 4 + x
end
function five()
  5
end
model m
  x = 3; y = 8
  z := twice(half(x), five()) + y
end
"""
    # twice(1.5, 5) = 0.75 * 4 + 5
    assert value(read_sbml(antimony_to_sbml(text)), "z") == 8 + 8


def test_a_chain_of_rules_may_be_longer_than_pythons_stack_is_deep():
    count = 1500
    names = "".join(parameter(f"p{i}", 1) for i in range(count + 1))
    rules = "".join(
        f'<assignmentRule variable="p{i}">{mathml(f"<ci>p{i + 1}</ci>")}</assignmentRule>' for i in range(count)
    )
    assert value(read_sbml(document(Parameters=names, Rules=rules)), "p0") == 1


def test_a_sum_may_be_nested_deeper_than_pythons_stack():
    depth = 1200
    inner = "<cn>1</cn>"
    for _ in range(depth):
        inner = f"<apply><plus/><ci>x</ci>{inner}</apply>"
    # a thousand roundings of double precision
    assert value(system_of(mathml(inner)), "z") == pytest.approx(1 + depth * X, rel=1e-12)


def test_a_rate_is_the_total_derivative_through_rules_and_functions():
    rules = change("a", "2") + assign("b", "a^2 + time") + assign("c", "rateOf(b) + rateOf(k)")
    names = parameter("a", 3) + parameter("b") + parameter("c") + parameter("k", 5)
    assert value(read_sbml(document(Parameters=names, Rules=rules)), "c") == 2 * 3 * 2 + 1


def test_the_same_document_gives_the_same_graph():
    text = "a' = b; b := c * d; c := d + 1; d := time; a = 1; R: S -> T; a * S * c; S = 1"
    one, two = antimony(text), antimony(text)
    assert (one.graph.ops, one.graph.args, one.graph.payload) == (two.graph.ops, two.graph.args, two.graph.payload)
