"""Every formula of a document, with the place where it is written and the names that only it knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adenoscope.simulation.sbml.document.parts import EventParts, Formula, Parts


@dataclass(frozen=True)
class Written:
    """A formula where it is written; ``local`` are names that mean something only there."""

    place: str
    formula: Formula
    local: frozenset[str] = frozenset()


def written_formulas(parts: Parts) -> Iterator[Written]:
    """Yield all formulas of a document."""
    for name, function in parts.functions.items():
        if function.body is not None:
            yield Written(f"function {name}", function.body, frozenset(function.arguments))
    for kind, formulas in (
        ("assignment rule of", parts.assigned),
        ("rate rule of", parts.rated),
        ("initial assignment of", parts.initially),
    ):
        yield from (Written(f"{kind} {name}", formula) for name, formula in formulas.items())
    for reaction in parts.reactions.values():
        if reaction.law is not None:
            yield Written(f"rate law of {reaction.name}", reaction.law, frozenset(reaction.parameters))
        for participant in reaction.participants:
            if participant.formula is not None:
                yield Written(f"stoichiometry of {participant.species} in {reaction.name}", participant.formula)
    for event in parts.events:
        yield from _of_event(event)


def _of_event(event: EventParts) -> Iterator[Written]:
    for kind, formula in (("trigger", event.trigger), ("delay", event.delay), ("priority", event.priority)):
        if formula is not None:
            yield Written(f"{kind} of {event.name}", formula)
    for target, formula in event.assignments.items():
        yield Written(f"{event.name}'s assignment of {target}", formula)
