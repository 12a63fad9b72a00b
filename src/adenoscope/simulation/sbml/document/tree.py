"""Formulas as trees: what is in them."""

from __future__ import annotations

from collections.abc import Iterator

import libsbml

from adenoscope.simulation.sbml.document.parts import Formula


def children(formula: Formula) -> list[Formula]:
    """Return an operator's arguments; sums of sums are one sum, and products likewise, so depth stays small."""
    kind = formula.getType()
    result, waiting = [], [formula]
    while waiting:
        node = waiting.pop()
        if node is formula or (node.getType() == kind and kind in (libsbml.AST_PLUS, libsbml.AST_TIMES)):
            waiting.extend(node.getChild(i) for i in reversed(range(node.getNumChildren())))
        else:
            result.append(node)
    return result


def names_in(formula: Formula) -> set[str]:
    """Return all names in a formula, those of functions apart."""
    if formula.getType() == libsbml.AST_NAME:
        return {formula.getName()}
    return {name for child in children(formula) for name in names_in(child)}


def calls_in(formula: Formula) -> Iterator[Formula]:
    """Yield every call of a function of the model's own."""
    if formula.getType() == libsbml.AST_FUNCTION:
        yield formula
    for child in children(formula):
        yield from calls_in(child)
