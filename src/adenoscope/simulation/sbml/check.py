"""What is wrong with the names of a document: unknown, used twice, or not free to be given a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter

import libsbml

from adenoscope.core.errors import InputError, Problem
from adenoscope.simulation.sbml.document.parts import Parts, local_name
from adenoscope.simulation.sbml.document.tree import calls_in, names_in
from adenoscope.simulation.sbml.document.written import Written, written_formulas


def check_parts(parts: Parts, file: str) -> None:
    """Check every name of the document.

    Raises:
        InputError: with every problem found.
    """
    problems = [
        *_repeated(parts, file),
        *_unknown_in_elements(parts, file),
        *(problem for written in written_formulas(parts) for problem in _formula_problems(parts, written, file)),
        *_ruled_and_reacting(parts, file),
        *_recursive(parts, file),
    ]
    if problems:
        raise InputError(*problems)


def check_overridden(parts: Parts, overridden: Collection[str], file: str) -> None:
    """Check that each name can be given a value at the start.

    Raises:
        InputError: a name is unknown, or an assignment rule gives its value.
    """
    local = [local_name(r.name, parameter) for r in parts.reactions.values() for parameter in r.parameters]
    known = {*parts.values, *parts.species, *local}
    problems = [_unknown(file, name, "a value for", known) for name in sorted(set(overridden) - known)]
    for name in sorted(known.intersection(overridden, parts.assigned)):
        remedy = "give a value to what the rule is made of instead"
        problems.append(Problem(file, f"{name} has an assignment rule", "names without a rule", remedy))
    if problems:
        raise InputError(*problems)


def _unknown(file: str, name: str, place: str, known: Collection[str]) -> Problem:
    close = get_close_matches(name, sorted(known), n=3)
    remedy = f"did you mean {' or '.join(close)}?" if close else "define it, or take it out"
    return Problem(file, f"{place} {name}, which the model does not define", "names that the model defines", remedy)


def _repeated(parts: Parts, file: str) -> Iterator[Problem]:
    for name, count in Counter(parts.identifiers).items():
        if count > 1:
            found = f"{name} is the id of {count} elements"
            yield Problem(file, found, "each id once", f"rename all {name} but one")
    for name, count in Counter(parts.targets).items():
        if count > 1:
            found = f"{name} is given its value by {count} rules or initial assignments"
            yield Problem(file, found, "one of them for each name", "keep one")


def _unknown_in_elements(parts: Parts, file: str) -> Iterator[Problem]:
    """Yield names that elements refer to outside of formulas."""
    targets = {*parts.values, *parts.species}
    used = [(f"compartment of {s.name} is", s.compartment, parts.values) for s in parts.species.values()]
    factors = [(f"factor of {s.name} is", s.factor, parts.values) for s in parts.species.values() if s.factor]
    taking_part = [
        (f"{reaction.name} changes", participant.species, parts.species)
        for reaction in parts.reactions.values()
        for participant in reaction.participants
    ]
    ruled = [("there is a rule for", name, targets) for name in parts.targets]
    assigned = [(f"{event.name} assigns", name, targets) for event in parts.events for name in event.assignments]
    for place, name, known in (*used, *factors, *taking_part, *ruled, *assigned):
        if name not in known:
            yield _unknown(file, name, place, known)
    for event in parts.events:
        for name in sorted(event.assignments.keys() & parts.assigned.keys()):
            found = f"{event.name} assigns {name}, which has an assignment rule"
            yield Problem(file, found, "events assign names without a rule", "take one of the two out")


def _ruled_and_reacting(parts: Parts, file: str) -> Iterator[Problem]:
    """Yield species that both a rule and a reaction change: which of them holds is not said."""
    ruled = parts.assigned.keys() | parts.rated.keys()
    for reaction in parts.reactions.values():
        for name in sorted({p.species for p in reaction.participants} & ruled & parts.species.keys()):
            if not parts.species[name].fixed:
                found = f"{name} has a rule, and {reaction.name} changes it"
                remedy = "take out one, or make it a boundary condition, which reactions leave alone"
                yield Problem(file, found, "a rule or reactions", remedy)


def _formula_problems(parts: Parts, written: Written, file: str) -> Iterator[Problem]:
    known = {*parts.values, *parts.species, *parts.reactions, *written.local}
    for name in sorted(names_in(written.formula) - known):
        yield _unknown(file, name, f"{written.place} uses", known)
    for call in calls_in(written.formula):
        name, count = call.getName(), call.getNumChildren()
        if name not in parts.functions:
            yield _unknown(file, name, f"{written.place} calls", parts.functions)
        elif count != len(parts.functions[name].arguments):
            found = f"{written.place} calls {name} with {count} arguments"
            yield Problem(file, found, f"{len(parts.functions[name].arguments)} arguments", "mend the call")
    if not written.formula.isWellFormedASTNode():
        found = f"{written.place} is incomplete: {libsbml.formulaToL3String(written.formula)}"
        yield Problem(file, found, "every operator with its arguments", "mend the formula")


def _recursive(parts: Parts, file: str) -> Iterator[Problem]:
    bodies = {name: function.body for name, function in parts.functions.items() if function.body is not None}
    calls = {name: {call.getName() for call in calls_in(body)} for name, body in bodies.items()}
    try:
        TopologicalSorter(calls).prepare()
    except CycleError as error:
        cycle = " calls ".join(error.args[1])
        yield Problem(file, f"function {cycle}", "functions that do not call themselves", "write it without the call")
