"""From libsbml's document to ``Parts``: the defaults of every level and version are put in here, and nowhere else."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from adenoscope.simulation.sbml.document.parts import (
    EventParts,
    Formula,
    Function,
    Participant,
    Parts,
    Reaction,
    Species,
)
from adenoscope.simulation.system import TIME

Element = Any  # any object of libsbml's, which has no types


def take_apart(document: Element) -> Parts:
    """Return the parts of a document that was read without errors."""
    model = document.getModel()
    renamed = _rename_time(document)
    reactions = {reaction.getId(): _reaction(reaction) for reaction in model.getListOfReactions()}
    references = [p for r in reactions.values() for p in r.participants if p.reference is not None]
    rules = list(model.getListOfRules())
    return Parts(
        name=model.getId() or model.getName() or "model",
        values={
            **{c.getId(): _size(c) for c in model.getListOfCompartments()},
            **{p.getId(): _value(p) for p in model.getListOfParameters()},
            **{str(p.reference): p.stoichiometry for p in references},
        },
        species={species.getId(): _species(model, species) for species in model.getListOfSpecies()},
        reactions=reactions,
        functions={f.getId(): _function(f) for f in model.getListOfFunctionDefinitions()},
        assigned={
            **{str(p.reference): p.formula for p in references if p.formula is not None},
            **_formulas((rule for rule in rules if rule.isAssignment()), lambda rule: rule.getVariable()),
        },
        rated=_formulas((rule for rule in rules if rule.isRate()), lambda rule: rule.getVariable()),
        initially=_formulas(model.getListOfInitialAssignments(), lambda assignment: assignment.getSymbol()),
        events=tuple(_events(model)),
        identifiers=tuple(_identifiers(model)),
        targets=tuple(_targets(model)),
        renamed=renamed,
        document=document,
    )


def _rename_time(document: Element) -> dict[str, str]:
    """Rename what has the id that ``System`` keeps for time; return the old id by the new."""
    model, new = document.getModel(), f"{TIME}_"
    element = model.getElementBySId(TIME)
    if element is None:
        return {}
    while model.getElementBySId(new) is not None:
        new += "_"
    for other in document.getListOfAllElements():
        other.renameSIdRefs(TIME, new)
    element.setId(new)
    return {new: TIME}


def _identifiers(model: Element) -> Iterable[str]:
    """Yield every id of what shares one space of names."""
    reactions = model.getListOfReactions()
    lists = (
        model.getListOfFunctionDefinitions(),
        model.getListOfCompartments(),
        model.getListOfSpecies(),
        model.getListOfParameters(),
        reactions,
        *(reaction.getListOfReactants() for reaction in reactions),
        *(reaction.getListOfProducts() for reaction in reactions),
        model.getListOfEvents(),
    )
    return (element.getId() for elements in lists for element in elements if element.getId())


def _targets(model: Element) -> Iterable[str]:
    """Yield every name that is given a value; a rate rule and an initial assignment go together, and count once."""
    rated = {rule.getVariable() for rule in model.getListOfRules() if rule.isRate()}
    yield from (rule.getVariable() for rule in model.getListOfRules() if not rule.isAlgebraic())
    yield from (a.getSymbol() for a in model.getListOfInitialAssignments() if a.getSymbol() not in rated)


def _formula(holder: Element | None) -> Formula | None:
    """Return an element's formula; None where the element is missing or, as in Level 3 Version 2, its math is."""
    return holder.getMath() if holder is not None else None


def _formulas(holders: Iterable[Element], name: Callable[[Element], str]) -> dict[str, Formula]:
    """Return formulas by name; an element without math is as if it were not there."""
    return {name(holder): holder.getMath() for holder in holders if holder.getMath() is not None}


def _value(parameter: Element) -> float:
    return parameter.getValue() if parameter.isSetValue() else math.nan


def _size(compartment: Element) -> float:
    if compartment.getLevel() == 1:
        return compartment.getVolume()
    return compartment.getSize() if compartment.isSetSize() else math.nan


def _species(model: Element, species: Element) -> Species:
    compartment = model.getCompartment(species.getCompartment())
    # A point has no volume to divide by: what is in it counts as an amount.
    is_point = compartment is not None and compartment.getSpatialDimensionsAsDouble() == 0
    in_amount = species.getHasOnlySubstanceUnits() or is_point
    given = "concentration" if species.isSetInitialConcentration() else "amount"
    initial = math.nan
    if species.isSetInitialConcentration():
        initial = species.getInitialConcentration()
    elif species.isSetInitialAmount():
        initial = species.getInitialAmount()
    return Species(
        name=species.getId(),
        compartment=species.getCompartment(),
        means="amount" if in_amount else "concentration",
        given=given,
        initial=initial,
        fixed=species.getBoundaryCondition() or species.getConstant(),
        factor=species.getConversionFactor() or model.getConversionFactor() or None,
    )


def _reaction(reaction: Element) -> Reaction:
    law = reaction.getKineticLaw()
    parameters: Iterable[Element] = ()
    if law is not None:
        parameters = law.getListOfLocalParameters() if law.getLevel() > 2 else law.getListOfParameters()
    return Reaction(
        name=reaction.getId(),
        law=_formula(law),
        parameters={p.getId(): _value(p) for p in parameters},
        participants=(
            *(_participant(reference, -1.0) for reference in reaction.getListOfReactants()),
            *(_participant(reference, 1.0) for reference in reaction.getListOfProducts()),
        ),
    )


def _participant(reference: Element, sign: float) -> Participant:
    """Return one side's entry; up to Level 2 the stoichiometry is 1 where nothing is said."""
    said = reference.isSetStoichiometry() or reference.getLevel() < 3
    return Participant(
        species=reference.getSpecies(),
        sign=sign,
        reference=reference.getId() or None,
        stoichiometry=reference.getStoichiometry() / reference.getDenominator() if said else math.nan,
        formula=_formula(reference.getStoichiometryMath()),
    )


def _function(definition: Element) -> Function:
    arguments = (definition.getArgument(i).getName() for i in range(definition.getNumArguments()))
    return Function(tuple(arguments), definition.getBody())


def _events(model: Element) -> Iterable[EventParts]:
    """Yield the events that can happen: those that have a trigger."""
    for number, event in enumerate(model.getListOfEvents(), start=1):
        trigger = event.getTrigger()
        if _formula(trigger) is None:
            continue
        has_say = event.getLevel() > 2  # before Level 3 a trigger could not say how it starts and lasts
        yield EventParts(
            name=event.getId() or f"event {number}",
            trigger=trigger.getMath(),
            delay=_formula(event.getDelay()),
            priority=_formula(event.getPriority()),
            assignments=_formulas(event.getListOfEventAssignments(), lambda assignment: assignment.getVariable()),
            initial_value=trigger.getInitialValue() if has_say else True,
            persistent=trigger.getPersistent() if has_say else True,
            values_from_trigger=event.getUseValuesFromTriggerTime(),
        )
