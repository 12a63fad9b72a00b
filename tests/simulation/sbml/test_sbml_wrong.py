"""Documents that are wrong: every problem is named, with what would mend it."""

import pytest
from sbml_documents import (
    antimony,
    assign,
    assignment,
    begin,
    change,
    compartment,
    document,
    formula,
    parameter,
    species,
)

from adenoscope.core.errors import InputError
from adenoscope.simulation.sbml.antimony import antimony_to_sbml
from adenoscope.simulation.sbml.read import read_sbml

ONE_ARGUMENT = '<math xmlns="http://www.w3.org/1998/Math/MathML"><apply><divide/><ci>p</ci></apply></math>'


def function(name, body):
    return f'<functionDefinition id="{name}">{formula(f"lambda(x, {body})")}</functionDefinition>'


def problems(text):
    with pytest.raises(InputError) as caught:
        read_sbml(text, file="m.xml")
    assert {problem.file for problem in caught.value.problems} == {"m.xml"}
    return [problem.found for problem in caught.value.problems]


@pytest.mark.parametrize("text", ["", "not XML", "<a/>", document()[:-8], document(9, 9)])
def test_a_text_that_is_not_sbml_is_wrong_by_row(text):
    with pytest.raises(InputError) as caught:
        read_sbml(text)
    assert caught.value.problems[0].row is not None


def test_a_document_needs_a_model():
    text = '<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"/>'
    assert problems(text) == ["no model"]


P = parameter("p", 1) + parameter("q", 1)


@pytest.mark.parametrize(
    ("lists", "found"),
    [
        ({"Parameters": P, "Rules": assign("p", "k + q")}, "assignment rule of p uses k"),
        ({"Parameters": P, "Rules": assign("p", "f(q)")}, "assignment rule of p calls f"),
        ({"Parameters": P, "Rules": assign("r", "1")}, "there is a rule for r"),
        ({"Parameters": P, "Rules": assign("p", "1") + change("p", "1")}, "p is given its value by 2 rules"),
        ({"Parameters": P + P}, "p is the id of 2 elements"),
        ({"Species": species("S", "V")}, "compartment of S is V"),
        (
            {"Parameters": P, "Rules": f'<rateRule variable="p">{ONE_ARGUMENT}</rateRule>'},
            "rate rule of p is incomplete",
        ),
        ({"FunctionDefinitions": function("f", "g(x)") + function("g", "f(x)")}, "function f calls g calls f"),
        (
            {"FunctionDefinitions": function("f", "x"), "Parameters": P, "Rules": assign("p", "f(1, 2)")},
            "assignment rule of p calls f with 2 arguments",
        ),
        ({"Parameters": P, "Rules": assign("p", "q") + assign("q", "p + 1")}, "p needs q needs p"),
        ({"Parameters": P, "InitialAssignments": begin("p", "q") + begin("q", "p")}, "p needs q needs p"),
        (
            {"Parameters": P, "Rules": change("p", "rateOf(q)") + change("q", "rateOf(p)")},
            "rateOf(p) needs rateOf(q)",
        ),
    ],
)
def test_a_document_is_wrong_in_one_way(lists, found):
    assert any(problem.startswith(found) for problem in problems(document(**lists)))


def test_all_problems_are_listed_together():
    text = document(Compartments=compartment("cell"), Parameters=P, Rules=assign("p", "k + l") + change("q", "Q"))
    assert len(problems(text)) == 3


def test_a_close_name_is_offered():
    with pytest.raises(InputError, match="did you mean kcat"):
        read_sbml(document(Parameters=parameter("kcat", 1) + P, Rules=assign("p", "kcta")))


def test_a_species_is_changed_by_a_rule_or_by_reactions():
    law = f"<kineticLaw>{formula('1')}</kineticLaw>"
    side = '<listOfReactants><speciesReference species="S" stoichiometry="1" constant="true"/></listOfReactants>'
    text = document(
        Compartments=compartment("V"),
        Species=species("S", "V", 'initialAmount="1"'),
        Rules=change("S", "1"),
        Reactions=f'<reaction id="R" reversible="false">{side}{law}</reaction>',
    )
    assert problems(text) == ["S has a rule, and R changes it"]


def test_an_event_cannot_assign_what_has_a_rule():
    with pytest.raises(InputError):
        antimony("p := 1; at (time > 1): p = 2")
    trigger = f'<trigger initialValue="true" persistent="true">{formula("true")}</trigger>'
    made = f"<listOfEventAssignments>{assignment('p', '2')}</listOfEventAssignments>"
    event = f'<event id="E" useValuesFromTriggerTime="true">{trigger}{made}</event>'
    assert problems(document(Parameters=P, Rules=assign("p", "1"), Events=event)) == [
        "E assigns p, which has an assignment rule"
    ]


def test_antimony_says_in_which_row_it_is_wrong():
    with pytest.raises(InputError) as caught:
        antimony_to_sbml("model m\n S1 -> S2; k*S1\n k = 1\n x = = 3\nend", file="m.ant")
    (problem,) = caught.value.problems
    assert (problem.file, problem.row) == ("m.ant", 4)
    assert problem.found.startswith("syntax error")


def test_antimony_gives_its_last_model():
    text = "model a\n x = 1\nend\nmodel b\n y = 2\nend"
    assert read_sbml(antimony_to_sbml(text)).inputs == {"y": 2}
