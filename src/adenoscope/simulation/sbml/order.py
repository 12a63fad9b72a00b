"""The order in which formulas that need each other are worked out."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from adenoscope.simulation.sbml.formula import names_in
from adenoscope.simulation.sbml.parts import Formula


def in_order(formulas: Mapping[str, Formula]) -> list[str]:
    """Return the names, what others need first, so that a long chain of rules does not nest as many calls."""
    needed = {name: sorted(names_in(formula) & formulas.keys()) for name, formula in formulas.items()}
    try:
        return list(TopologicalSorter(needed).static_order())
    except CycleError:  # it is found again, and named, when the formulas are worked out
        return list(formulas)
