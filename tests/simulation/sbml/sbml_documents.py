"""Small SBML documents written by hand, and what a system read from them says in numbers."""

from __future__ import annotations

import libsbml

from adenoscope.simulation.expression.evaluate import evaluate
from adenoscope.simulation.sbml.antimony import antimony_to_sbml
from adenoscope.simulation.sbml.read import read_sbml
from adenoscope.simulation.system import TIME

MATHML = "http://www.w3.org/1998/Math/MathML"


def document(level=3, version=2, root="", model="", **lists):
    """Return a document; ``Parameters='...'`` puts the text into listOfParameters, and so on."""
    core = f"level{level}/version{version}/core" if level == 3 else f"level{level}/version{version}"
    core = "level2" if (level, version) == (2, 1) else core
    body = "".join(f"<listOf{name}>{text}</listOf{name}>" for name, text in lists.items())
    head = f'<sbml xmlns="http://www.sbml.org/sbml/{core}" level="{level}" version="{version}" {root}>'
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<model id="m" {model}>{body}</model></sbml>'


def formula(text):
    """Return MathML for an infix formula."""
    tree = libsbml.parseL3Formula(text)
    if tree is None:
        raise ValueError(libsbml.getLastParseL3Error())
    return libsbml.writeMathMLToString(tree).split("?>", 1)[1]


def math(inner):
    """Return MathML around what is written by hand."""
    return f'<math xmlns="{MATHML}">{inner}</math>'


def parameter(name, value=None):
    number = "" if value is None else f'value="{value}"'
    return f'<parameter id="{name}" {number} constant="false"/>'


def compartment(name, size=1.0):
    return f'<compartment id="{name}" spatialDimensions="3" size="{size}" constant="false"/>'


def species(name, where, initial="", *, substance=False, boundary=False, factor=""):
    flags = {"hasOnlySubstanceUnits": substance, "boundaryCondition": boundary, "constant": False}
    words = " ".join(f'{key}="{str(value).lower()}"' for key, value in flags.items())
    return f'<species id="{name}" compartment="{where}" {initial} {factor} {words}/>'


def assign(name, text):
    return f'<assignmentRule variable="{name}">{formula(text)}</assignmentRule>'


def assignment(name, text):
    return f'<eventAssignment variable="{name}">{formula(text)}</eventAssignment>'


def change(name, text):
    return f'<rateRule variable="{name}">{formula(text)}</rateRule>'


def begin(name, text):
    return f'<initialAssignment symbol="{name}">{formula(text)}</initialAssignment>'


def antimony(text, **options):
    """Return the system of a model written in Antimony, without its frame."""
    return read_sbml(antimony_to_sbml(f"model m()\n{text}\nend"), **options)


def start(system, time=0.0, **inputs):
    """Return what every state and constant holds at the start."""
    symbols = {**system.inputs, **inputs, TIME: time}
    names = [*system.rates, *system.constants]
    nodes = [system.initial.get(name, system.graph.symbol(name)) for name in names]
    return dict(zip(names, evaluate(system.graph, nodes, symbols), strict=True))


def now(system, nodes, time=0.0, **held):
    """Return nodes by name as numbers, where states and constants hold what they start with, but for ``held``."""
    symbols = {**start(system, time), **held, TIME: time}
    return dict(zip(nodes, evaluate(system.graph, list(nodes.values()), symbols), strict=True))


def value(system, name, time=0.0, **held):
    return now(system, {name: system.quantities[name]}, time, **held)[name]


def slope(system, name, time=0.0, **held):
    return now(system, {name: system.rates[name]}, time, **held)[name]
