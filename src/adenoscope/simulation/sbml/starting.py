"""What names mean at the start: inputs, and what initial assignments and rules make of them.

An input has the name of what it starts where it is in the unit in which formulas use the name. A species that the
file gives in the other unit has the input ``amount:S`` or ``concentration:S`` instead, so that ``"S" in inputs`` says
whether S can be given a value as it stands.
"""

from __future__ import annotations

import math

from adenoscope.simulation.expression.graph import Node
from adenoscope.simulation.sbml.document.parts import Formula, Species, local_name, own_names
from adenoscope.simulation.sbml.formula import Bindings, translate
from adenoscope.simulation.sbml.once import Once, in_order
from adenoscope.simulation.sbml.running import Running, law
from adenoscope.simulation.system import TIME


class Starting:
    """The world at the start; its symbols are inputs and time."""

    def __init__(self, running: Running, overridden: frozenset[str], file: str) -> None:
        self.parts = running.parts
        self.graph = running.graph
        self.functions = running.functions
        self._running = running
        self._overridden = overridden
        self._meanings = Once(file)
        for name in in_order({**self.parts.initially, **self.parts.assigned}):
            self.mean(name)

    def mean(self, name: str) -> Node:
        return self._meanings.get(name, self._mean)

    def _mean(self, name: str) -> Node:
        parts = self.parts
        if name in self._overridden:
            return self.graph.symbol(name)
        for formulas in (parts.assigned, parts.initially):
            if name in formulas:
                return translate(self, formulas[name], {})
        if name in parts.reactions:
            return law(self, parts.reactions[name])
        if name in parts.species:
            return self._given(parts.species[name])
        return self.graph.symbol(name)

    def _given(self, species: Species) -> Node:
        given = self.graph.symbol(_input_name(species))
        if species.given == species.means:
            return given
        size = self.mean(species.compartment)
        return self.graph.div(given, size) if species.given == "amount" else self.graph.mul(given, size)

    def stored(self, name: str) -> Node:
        """Return what the state or constant ``name`` holds at the start: its amount, where it is a species."""
        species = self.parts.species.get(name)
        if species is None or species.means == "amount":
            return self.mean(name)
        if self._is_given(name) and species.given == "amount":
            return self.graph.symbol(_input_name(species))
        return self.graph.mul(self.mean(name), self.mean(species.compartment))

    def rate_of(self, formula: Formula, bindings: Bindings) -> Node:
        rate = self._running.rate_of(formula, bindings)
        names = self.graph.symbols([rate])
        stored = {name: self.stored(name) for name in names if name != TIME}
        return self.graph.substitute([rate], stored)[0]

    def _is_given(self, name: str) -> bool:
        return name not in self._overridden and name not in self.parts.initially

    def inputs(self) -> dict[str, float]:
        """Return the numbers that the file gives; NaN where it gives none in the unit asked for."""
        parts = self.parts
        local = {local_name(r.name, p): value for r in parts.reactions.values() for p, value in r.parameters.items()}
        numbers = {**parts.values, **local}
        result: dict[str, float] = {}
        for name in own_names(parts):
            species = parts.species.get(name)
            if species is not None and self._is_given(name):
                result[_input_name(species)] = species.initial
            elif species is not None and name in self._overridden:
                result[name] = species.initial if species.given == species.means else math.nan
            elif species is None and (self._is_given(name) or name in self._overridden):
                result[name] = numbers[name]
        return result


def _input_name(species: Species) -> str:
    return species.name if species.given == species.means else f"{species.given}:{species.name}"
