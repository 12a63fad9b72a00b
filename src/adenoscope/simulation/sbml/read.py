"""From SBML text to a ``System``."""

from __future__ import annotations

from adenoscope.simulation.expression.graph import Graph
from adenoscope.simulation.sbml.check import check_overridden, check_parts
from adenoscope.simulation.sbml.document.parse import read_document
from adenoscope.simulation.sbml.document.parts import Parts, local_name, own_names
from adenoscope.simulation.sbml.document.refuse import refuse_formulas
from adenoscope.simulation.sbml.document.take_apart import take_apart
from adenoscope.simulation.sbml.events import build_event
from adenoscope.simulation.sbml.running import Running
from adenoscope.simulation.sbml.starting import Starting
from adenoscope.simulation.system import System


def read_sbml(text: str, *, overridden: frozenset[str] = frozenset(), file: str = "model") -> System:
    """Return the model that an SBML document describes, Level 2 or 3.

    Args:
        text: the document.
        overridden: names whose value at the start the caller gives, in the unit in which the model's formulas use
            the name; what the file says about their start is ignored. Only needed for names that are not among the
            ``inputs`` already: species given in the other unit, and what has an initial assignment.
        file: what errors call the document.

    Raises:
        InputError: the document is broken, or names in it are.
        Refused: the model uses what is not supported.
    """
    parts = take_apart(read_document(text, file))
    refuse_formulas(parts)
    check_parts(parts, file)
    check_overridden(parts, overridden, file)
    return _build(parts, overridden, file)


def _build(parts: Parts, overridden: frozenset[str], file: str) -> System:
    graph = Graph()
    running = Running(parts, graph, file)
    starting = Starting(running, overridden, file)
    start = {name: starting.stored(name) for name in own_names(parts)}
    local = [local_name(r.name, p) for r in parts.reactions.values() for p in r.parameters]
    named = (*parts.values, *parts.species, *parts.reactions)
    return System(
        name=parts.name,
        graph=graph,
        inputs=starting.inputs(),
        initial={name: node for name, node in start.items() if graph.name(node) != name},
        rates={name: running.rate(name) for name in running.states},
        constants=tuple(name for name in own_names(parts) if name not in running.states),
        events=tuple(build_event(running, event) for event in parts.events if event.assignments),
        quantities={
            **{parts.renamed.get(name, name): running.mean(name) for name in named},
            **{name: graph.symbol(name) for name in local},
        },
        amounts={name: running.amount(species) for name, species in parts.species.items()},
        concentrations={name: running.concentration(species) for name, species in parts.species.items()},
    )
