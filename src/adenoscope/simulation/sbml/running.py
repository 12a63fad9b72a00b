"""What names mean while the model runs, and how fast its states change.

A species is a state or constant that holds its amount n; its concentration is n/V, whatever V does, and where a rate
rule says how a concentration c changes, dn/dt = V dc/dt + c dV/dt.
"""

from __future__ import annotations

from adenoscope.simulation.expression.derive import gradient
from adenoscope.simulation.expression.graph import Graph, Node
from adenoscope.simulation.sbml.document.parts import (
    Formula,
    Participant,
    Parts,
    Reaction,
    Species,
    local_name,
    own_names,
)
from adenoscope.simulation.sbml.formula import Bindings, World, translate
from adenoscope.simulation.sbml.once import Once, in_order
from adenoscope.simulation.system import TIME


class Running:
    """The world of a running model; its symbols are states, constants and time."""

    def __init__(self, parts: Parts, graph: Graph, file: str) -> None:
        self.parts = parts
        self.graph = graph
        self.functions = parts.functions
        self.changes = _changes(parts)
        self.states = [name for name in own_names(parts) if name in parts.rated or name in self.changes]
        self._state_set = frozenset(self.states)
        self._meanings = Once(file)
        self._rates = Once(file)
        laws = {name: reaction.law for name, reaction in parts.reactions.items() if reaction.law is not None}
        for name in in_order({**laws, **parts.assigned}):
            self.mean(name)

    def mean(self, name: str) -> Node:
        return self._meanings.get(name, self._mean)

    def _mean(self, name: str) -> Node:
        parts = self.parts
        if name in parts.assigned:
            return translate(self, parts.assigned[name], {})
        if name in parts.reactions:
            return law(self, parts.reactions[name])
        if name in parts.species and parts.species[name].means == "concentration":
            return self.concentration(parts.species[name])
        return self.graph.symbol(name)

    def amount(self, species: Species) -> Node:
        if species.name not in self.parts.assigned:
            return self.graph.symbol(species.name)
        value = self.mean(species.name)
        return value if species.means == "amount" else self.graph.mul(value, self.mean(species.compartment))

    def concentration(self, species: Species) -> Node:
        if species.name in self.parts.assigned and species.means == "concentration":
            return self.mean(species.name)
        return self.graph.div(self.amount(species), self.mean(species.compartment))

    def rate(self, state: str) -> Node:
        """Return d/dt of what the state holds."""
        return self._rates.get(f"rateOf({state})", lambda _: self._rate(state))

    def _rate(self, state: str) -> Node:
        g, species = self.graph, self.parts.species.get(state)
        if state not in self.parts.rated:
            return self._turnover(self.changes[state])
        rate = translate(self, self.parts.rated[state], {})
        if species is None or species.means == "amount":
            return rate
        size = self.mean(species.compartment)
        return g.add(g.mul(rate, size), g.mul(self.mean(state), self.derivative(size)))

    def _turnover(self, changes: list[tuple[Reaction, Participant]]) -> Node:
        """Return the sum of all reactions of one species, in its own unit where it has a conversion factor."""
        g = self.graph
        terms: list[Node] = []
        for reaction, participant in changes:
            term = g.mul(self.mean(reaction.name), self._stoichiometry(participant))
            factor = self.parts.species[participant.species].factor
            term = term if factor is None else g.mul(term, self.mean(factor))
            terms.append(g.mul(g.constant(participant.sign), term))
        return g.sum(terms)

    def _stoichiometry(self, participant: Participant) -> Node:
        if participant.reference is not None:
            return self.mean(participant.reference)
        if participant.formula is not None:
            return translate(self, participant.formula, {})
        return self.graph.constant(participant.stoichiometry)

    def rate_of(self, formula: Formula, bindings: Bindings) -> Node:
        return self.derivative(translate(self, formula, bindings))

    def derivative(self, node: Node) -> Node:
        """Return the total derivative by time: through every state the node depends on."""
        g, terms = self.graph, []
        for name, partial in gradient(self.graph, node).items():
            if name == TIME:
                terms.append(partial)
            elif name in self._state_set:
                terms.append(g.mul(partial, self.rate(name)))
        return g.sum(terms)


def law(world: World, reaction: Reaction) -> Node:
    """Return a reaction's rate; without a law it does not happen."""
    if reaction.law is None:
        return world.graph.constant(0.0)
    local = {name: world.graph.symbol(local_name(reaction.name, name)) for name in reaction.parameters}
    return translate(world, reaction.law, local)


def _changes(parts: Parts) -> dict[str, list[tuple[Reaction, Participant]]]:
    """Return who changes each species that reactions change."""
    changes: dict[str, list[tuple[Reaction, Participant]]] = {}
    for reaction in parts.reactions.values():
        for participant in reaction.participants:
            if reaction.law is not None and not parts.species[participant.species].fixed:
                changes.setdefault(participant.species, []).append((reaction, participant))
    return changes
