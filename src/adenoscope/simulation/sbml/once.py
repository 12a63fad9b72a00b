"""What depends on each other in any order: each is worked out once, and what depends on itself is an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from graphlib import CycleError, TopologicalSorter

from adenoscope.core.errors import input_error
from adenoscope.simulation.expression.graph import Node
from adenoscope.simulation.sbml.document.parts import Formula
from adenoscope.simulation.sbml.document.tree import names_in


class Once:
    """Nodes by name, worked out when they are first asked for."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._known: dict[str, Node] = {}
        self._open: list[str] = []

    def get(self, name: str, work_out: Callable[[str], Node]) -> Node:
        """Return the node of ``name``.

        Raises:
            InputError: it depends on itself.
        """
        if name not in self._known:
            if name in self._open:
                self._raise_cycle(name)
            self._open.append(name)
            self._known[name] = work_out(name)
            self._open.pop()
        return self._known[name]

    def _raise_cycle(self, name: str) -> None:
        cycle = [*self._open[self._open.index(name) :], name]
        raise input_error(
            self._file,
            found=f"{' needs '.join(cycle)}",
            allowed="rules, initial assignments and rates that do not need themselves",
            remedy=f"give {name} a value of its own, or a rate rule",
        )


def in_order(formulas: Mapping[str, Formula]) -> list[str]:
    """Return the names, what others need first, so that a long chain of rules does not nest as many calls."""
    needed = {name: sorted(names_in(formula) & formulas.keys()) for name, formula in formulas.items()}
    try:
        return list(TopologicalSorter(needed).static_order())
    except CycleError:  # it is found again, and named, when the formulas are worked out
        return list(formulas)
