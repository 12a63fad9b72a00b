"""What cannot be simulated is refused by its name; what does not matter is passed over."""

import pytest
from sbml_documents import antimony, assign, document, formula, parameter

from adenoscope.core.errors import Refused
from adenoscope.simulation.sbml.read import read_sbml

PARAMETERS = parameter("x", 1) + parameter("y", 2)
DELAY = (
    '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/delay"> delay </csymbol>'
    "<ci> x </ci><cn> 1 </cn>"
)
FAST = '<reaction id="R7" reversible="false" fast="true"/>'
STAND_IN = (
    '<functionDefinition id="draw"><annotation><d xmlns="http://sbml.org/annotations/distribution"/></annotation>'
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><lambda><cn>1</cn></lambda></math></functionDefinition>'
)


def package(name, required, version=1):
    url = f"http://www.sbml.org/sbml/level3/version1/{name}/version{version}"
    return f'xmlns:{name}="{url}" {name}:required="{required}"'


def rule_with(content):
    math = f'<math xmlns="http://www.w3.org/1998/Math/MathML"><apply>{content}</apply></math>'
    return f'<assignmentRule variable="y">{math}</assignmentRule>'


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (document(root=package("comp", "true")), "package comp"),
        (document(root=package("comp", "false")), "package comp"),
        (document(root=package("fbc", "false", 2)), "package fbc"),
        (document(root=package("distrib", "true")), "package distrib"),
        (document(root=package("arrays", "true")), "package arrays"),
        (document(root=package("unheard", "true")), "package unheard"),
        (document(Parameters=PARAMETERS, Rules=rule_with(DELAY)), r"delay \(assignment rule of y\)"),
        (
            document(Parameters=PARAMETERS, Rules=f"<algebraicRule>{formula('x + y')}</algebraicRule>"),
            r"algebraic rule \(0 = x \+ y\)",
        ),
        (document(3, 1, Reactions=FAST), r"fast reaction \(R7\)"),
        (document(2, 4, FunctionDefinitions=STAND_IN), r"annotation \(draw\)"),
    ],
)
def test_a_feature_is_refused_by_name_and_place(text, names):
    with pytest.raises(Refused, match=names):
        read_sbml(text)


def test_a_random_number_is_refused():
    with pytest.raises(Refused, match="package distrib"):
        antimony("x := normal(1, 2)")


@pytest.mark.parametrize(
    "text",
    [
        document(root=package("layout", "false")),
        document(root=package("unheard", "false")),
        document(
            3, 1, root=package("l3v2extendedmath", "true"), Parameters=PARAMETERS, Rules=assign("y", "max(x, 2)")
        ),
        document(Parameters=PARAMETERS, Rules="<algebraicRule/>"),
    ],
)
def test_what_does_not_change_the_meaning_is_passed_over(text):
    assert read_sbml(text).name == "m"
