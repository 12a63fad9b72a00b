"""Species: kept as amounts, spoken of as what the modeller means, and changed by reactions or rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sbml_documents import (
    antimony,
    assign,
    begin,
    change,
    compartment,
    document,
    formula,
    now,
    parameter,
    slope,
    species,
    start,
    value,
)

from adenoscope.simulation.sbml.read import read_sbml

POSITIVE = st.floats(0.01, 100)
LAW = f"<kineticLaw>{formula('k')}</kineticLaw>"


def reaction(reactants="", products="", law=LAW):
    lists = f"<listOfReactants>{reactants}</listOfReactants><listOfProducts>{products}</listOfProducts>"
    return f'<reaction id="R" reversible="false">{lists}{law}</reaction>'


def side(name, rest='stoichiometry="1" constant="true"'):
    return f'<speciesReference species="{name}" {rest}/>'


def one_species(**kind):
    text = document(Compartments=compartment("V", 2), Species=species("S", "V", **kind))
    return read_sbml(text)


@pytest.mark.parametrize(
    ("initial", "substance", "name", "amount", "means"),
    [
        ('initialAmount="6"', False, "amount:S", 6, 3),
        ('initialAmount="6"', True, "S", 6, 6),
        ('initialConcentration="6"', False, "S", 12, 6),
        ('initialConcentration="6"', True, "concentration:S", 12, 12),
    ],
)
def test_an_input_has_the_files_unit_and_says_so_in_its_name(initial, substance, name, amount, means):
    system = one_species(initial=initial, substance=substance)
    assert system.inputs == {"V": 2, name: 6}
    assert start(system)["S"] == amount
    assert value(system, "S") == means
    assert now(system, system.amounts) == {"S": amount}
    assert now(system, system.concentrations) == {"S": amount / 2}


@given(POSITIVE, POSITIVE)
def test_an_overridden_concentration_is_what_the_name_means_at_the_start(concentration, volume):
    text = document(Compartments=compartment("V", volume), Species=species("S", "V", 'initialAmount="6"'))
    system = read_sbml(text, overridden=frozenset({"S"}))
    # one multiplication and one division
    amount = start(system, S=concentration)["S"]
    assert amount == pytest.approx(concentration * volume, rel=1e-15)
    assert value(system, "S", S=amount) == pytest.approx(concentration, rel=1e-15)


@given(POSITIVE, POSITIVE, st.floats(-10, 10), st.floats(-10, 10))
def test_a_concentrations_rate_rule_holds_while_the_volume_changes(concentration, volume, rate, growth):
    text = document(
        Compartments=compartment("V", volume),
        Species=species("S", "V", f'initialConcentration="{concentration}"', boundary=True),
        Parameters=parameter("r"),
        Rules=change("S", str(rate)) + change("V", str(growth)) + assign("r", "rateOf(S)"),
    )
    # products up to 1e5, and a difference of such: some digits may cancel
    assert value(read_sbml(text), "r") == pytest.approx(rate, rel=1e-9, abs=1e-8)


def test_a_volume_by_rule_counts_in_a_concentrations_rate():
    text = document(
        Compartments=compartment("V"),
        Species=species("S", "V", 'initialConcentration="3"', boundary=True),
        Rules=change("S", "5") + assign("V", "2 + 7 * time"),
    )
    assert slope(read_sbml(text), "S", time=1.0) == 9 * 5 + 3 * 7


def test_a_reaction_takes_and_gives_by_stoichiometry_and_factor():
    text = document(
        model='conversionFactor="f"',
        Compartments=compartment("V"),
        Species=species("A", "V", 'initialAmount="1"')
        + species("B", "V", 'initialAmount="1"', factor='conversionFactor="g"')
        + species("C", "V", 'initialAmount="1"', boundary=True),
        Parameters=parameter("k", 3) + parameter("f", 10) + parameter("g", 100),
        Reactions=reaction(
            side("A", 'stoichiometry="2" constant="true"'),
            side("B", 'id="n" stoichiometry="4" constant="false"') + side("C"),
        ),
    )
    system = read_sbml(text)
    assert (slope(system, "A"), slope(system, "B")) == (-2 * 3 * 10, 4 * 3 * 100)
    assert "C" in system.constants
    assert value(system, "R") == 3
    assert system.inputs["n"] == 4
    assert slope(system, "B", n=5.0) == 5 * 3 * 100


def test_a_stoichiometry_may_follow_a_formula_in_level_2():
    reactant = (
        f'<speciesReference species="A"><stoichiometryMath>{formula("k + 1")}</stoichiometryMath></speciesReference>'
    )
    text = document(
        2,
        4,
        Compartments='<compartment id="V" size="1"/>',
        Species='<species id="A" compartment="V" initialAmount="1"/><species id="B" compartment="V"/>',
        Parameters='<parameter id="k" value="3"/>',
        Reactions=f'<reaction id="R"><listOfReactants>{reactant}</listOfReactants>'
        f'<listOfProducts><speciesReference species="B"/></listOfProducts>{LAW}</reaction>',
    )
    system = read_sbml(text)
    assert (slope(system, "A"), slope(system, "B")) == (-4 * 3, 3)


def test_a_species_that_nothing_but_events_changes_is_a_constant():
    system = antimony("species S in V; S = 1; V = 2; at (time > 1): S = 3")
    assert not system.rates
    assert set(system.constants) == {"S", "V"}


def test_a_reaction_without_a_law_does_not_happen():
    text = document(
        Compartments=compartment("V"),
        Species=species("A", "V", 'initialAmount="1"'),
        Reactions=reaction(side("A"), law=""),
    )
    system = read_sbml(text)
    assert (system.rates, value(system, "R")) == ({}, 0)


def test_a_local_parameter_hides_a_global_one_and_is_an_input():
    local = '<listOfLocalParameters><localParameter id="k" value="5"/></listOfLocalParameters>'
    law = f"<kineticLaw>{formula('k * A')}{local}</kineticLaw>"
    text = document(
        Compartments=compartment("V"),
        Species=species("A", "V", 'initialAmount="2"'),
        Parameters=parameter("k", 3),
        Reactions=reaction(side("A"), law=law),
    )
    system = read_sbml(text)
    assert (system.inputs["R.k"], slope(system, "A")) == (5, -10)
    assert value(system, "R.k") == 5


def test_what_is_in_a_point_counts_as_an_amount():
    text = document(
        Compartments='<compartment id="V" spatialDimensions="0" constant="true"/>',
        Species=species("S", "V", 'initialAmount="4"'),
    )
    assert value(read_sbml(text), "S") == 4


def test_a_parameter_may_be_called_time():
    system = read_sbml(document(Parameters=parameter("time", 10) + parameter("x"), Rules=assign("x", "1")))
    assert value(system, "time", time=3.0) == 10


def test_an_initial_concentration_may_set_its_own_volume():
    text = document(
        Compartments=compartment("V"),
        Species=species("S", "V", 'initialConcentration="3"'),
        InitialAssignments=begin("V", "2 * S"),
    )
    assert start(read_sbml(text)) == {"V": 6, "S": 18}
