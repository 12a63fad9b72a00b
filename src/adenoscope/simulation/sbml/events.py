"""Events: what their assignments store, as a concentration that is assigned is kept as an amount."""

from __future__ import annotations

from adenoscope.simulation.expression.graph import Node
from adenoscope.simulation.sbml.document.parts import EventParts, Formula
from adenoscope.simulation.sbml.formula import translate
from adenoscope.simulation.sbml.running import Running
from adenoscope.simulation.system import Assignment, Event


def build_event(running: Running, event: EventParts) -> Event:
    """Return the event with its formulas as nodes."""
    return Event(
        name=event.name,
        trigger=translate(running, event.trigger, {}),
        assignments=tuple(_assignment(running, *item) for item in event.assignments.items()),
        delay=_optional(running, event.delay),
        priority=_optional(running, event.priority),
        initial_value=event.initial_value,
        persistent=event.persistent,
        values_from_trigger=event.values_from_trigger,
    )


def _optional(running: Running, formula: Formula | None) -> Node | None:
    return None if formula is None else translate(running, formula, {})


def _assignment(running: Running, target: str, formula: Formula) -> Assignment:
    """Return an assignment; a concentration counts in the volume that was there before the event."""
    g, species = running.graph, running.parts.species.get(target)
    stored = g.symbol(f"value:{target}")
    if species is not None and species.means == "concentration":
        stored = g.mul(stored, running.mean(species.compartment))
    return Assignment(target, translate(running, formula, {}), stored)
