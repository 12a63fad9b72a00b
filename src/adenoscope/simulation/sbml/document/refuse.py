"""What SBML can say and the simulator cannot do: refused by name, never simulated as something else."""

from __future__ import annotations

from typing import Any, NoReturn

import libsbml

from adenoscope.core.errors import Refused
from adenoscope.simulation.sbml.document.parts import Formula, Parts
from adenoscope.simulation.sbml.document.tree import children
from adenoscope.simulation.sbml.document.written import Written, written_formulas
from adenoscope.simulation.sbml.operators import LITERALS, OPERATORS

# Level 3 Version 2's operators in a Version 1 document: all of them are supported.
HARMLESS = {"l3v2extendedmath"}
# What a model means without these is not what it says, whether or not they say that they are required.
NEEDED = {
    "comp": "flatten the model first, for example with libsbml's CompFlatteningConverter",
    "fbc": "flux balance needs an optimiser of fluxes, not a simulator",
}
# How rates and distributions were written before the standard had them: the body is a stand-in.
MEANS_ELSE = "http://sbml.org/annotations/"
KNOWN_KINDS = {
    *OPERATORS,
    *LITERALS,
    *(libsbml.AST_INTEGER, libsbml.AST_REAL, libsbml.AST_REAL_E, libsbml.AST_RATIONAL),
    *(libsbml.AST_NAME, libsbml.AST_NAME_TIME, libsbml.AST_FUNCTION, libsbml.AST_FUNCTION_RATE_OF),
}


def refuse(feature: str, place: str, needed: str) -> NoReturn:
    raise Refused(f"{feature} ({place}) is not supported: {needed}")


def refuse_packages(document: Any) -> None:
    """Refuse a package without which the model means something else; before Level 3 there are none."""
    if document.getLevel() < 3:
        return
    for i in range(document.getNumPlugins()):
        name = document.getPlugin(i).getPackageName()
        if name in NEEDED or (name not in HARMLESS and document.getPackageRequired(name)):
            remedy = NEEDED.get(name, "write the model without it")
            refuse(f"package {name}", "at the document's root", remedy)
    for i in range(document.getNumUnknownPackages()):
        if document.getPackageRequired(document.getUnknownPackageURI(i)):
            name = document.getUnknownPackagePrefix(i)
            refuse(f"package {name}", "at the document's root", "write the model without it")


def refuse_elements(model: Any) -> None:
    """Refuse algebraic rules, fast reactions, and functions that stand for something else than their body."""
    for rule in model.getListOfRules():
        if rule.isAlgebraic() and rule.getMath() is not None:
            formula = libsbml.formulaToL3String(rule.getMath())
            refuse("an algebraic rule", f"0 = {formula}", "solve it for one name, and write an assignment rule")
    for reaction in model.getListOfReactions():
        if reaction.isSetFast() and reaction.getFast():
            refuse("a fast reaction", reaction.getId(), 'give it a large rate constant and set fast="false"')
    for function in model.getListOfFunctionDefinitions():
        if MEANS_ELSE in (function.getAnnotationString() or ""):
            refuse("a function with another meaning in its annotation", function.getId(), "write what it means")


def refuse_formulas(parts: Parts) -> None:
    """Refuse delays, distributions and whatever else is not in the table of operators."""
    for written in written_formulas(parts):
        _refuse_kinds(written.formula, written)


def _refuse_kinds(formula: Formula, written: Written) -> None:
    if formula.getType() == libsbml.AST_FUNCTION_DELAY:
        refuse("delay", written.place, "the past would have to be kept; write the delay as a chain of states")
    if formula.getType() not in KNOWN_KINDS:
        refuse(f"operator {formula.getName() or 'unknown'}", written.place, "write it with operators of SBML core")
    for child in children(formula):
        _refuse_kinds(child, written)
