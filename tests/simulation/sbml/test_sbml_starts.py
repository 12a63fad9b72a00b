"""Initial values: assignments in any order, out of anything, and what a caller may set instead."""

from itertools import permutations

import pytest
from sbml_documents import antimony, assign, begin, change, compartment, document, parameter, species, start, value

from adenoscope.core.errors import InputError
from adenoscope.simulation.sbml.read import read_sbml

CHAIN = (begin("a", "b + 1"), begin("b", "c * 2"), begin("c", "d"))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_initial_assignments_may_come_in_any_order(order):
    names = "".join(parameter(name) for name in "abc") + parameter("d", 5)
    system = read_sbml(document(Parameters=names, InitialAssignments="".join(CHAIN[i] for i in order)))
    assert start(system) == {"a": 11, "b": 10, "c": 5, "d": 5}
    assert system.inputs == {"d": 5}
    assert start(system, d=1)["a"] == 3


def test_an_initial_assignment_sees_rules_reactions_rates_and_the_time():
    system = antimony("""
        species S in V; S = 4; V = 2; k = 3; u := S + 1; w' = 7; w = 1
        R: S -> ; k * S
        a = u + 10 * R + time
        b = rateOf(S) + rateOf(w)
    """)
    values = start(system, time=0.5)
    assert values["a"] == 5 + 10 * 12 + 0.5
    assert values["b"] == -12 / 2 + 7


def test_a_concentration_assigned_at_the_start_becomes_an_amount():
    system = antimony("species S in V; S = k + 1; k = 3; V = k * 2")
    assert start(system)["S"] == 4 * 6


def test_the_caller_comes_before_an_initial_assignment():
    text = document(Parameters=parameter("a", 1) + parameter("b", 2), InitialAssignments=begin("a", "b * 10"))
    assert "a" not in read_sbml(text).inputs
    system = read_sbml(text, overridden=frozenset({"a"}))
    assert start(system, a=7.0) == {"a": 7, "b": 2}


def test_what_is_changed_by_a_rate_rule_may_be_assigned_at_the_start():
    text = document(
        Parameters=parameter("a") + parameter("b", 2), InitialAssignments=begin("a", "b + 1"), Rules=change("a", "1")
    )
    assert start(read_sbml(text))["a"] == 3


def test_a_value_that_is_nowhere_given_is_nan():
    system = read_sbml(document(Parameters=parameter("a")))
    assert value(system, "a") != value(system, "a")


def test_only_known_names_without_a_rule_can_be_set():
    text = document(
        Compartments=compartment("V"),
        Species=species("S", "V", 'initialAmount="1"'),
        Parameters=parameter("kcat", 1) + parameter("x"),
        Rules=assign("x", "kcat"),
    )
    with pytest.raises(InputError) as caught:
        read_sbml(text, overridden=frozenset({"kat", "x"}), file="m.xml")
    unknown, ruled = caught.value.problems
    assert (unknown.file, unknown.remedy) == ("m.xml", "did you mean kcat?")
    assert ruled.found == "x has an assignment rule"
