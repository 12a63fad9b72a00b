"""Four arms of one question: an effect (treated, vehicle) without a manipulation, and the same under it.

Every number of a verdict is a combination α · reference effect + β · residual effect: the interaction has
α = 1, β = -1. Animals may be four groups, two groups of pairs (a crossover in each genotype), or one group that
was under all four arms (a crossover with and without a pretreatment).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from adenoscope.statistics.effects.arms import Arm, Arms, choose
from adenoscope.statistics.effects.contrasts import effect_terms
from adenoscope.statistics.effects.groups import Group, Layout, Term, lay_out

REFERENCE, RESIDUAL, INTERACTION = (1.0, 0.0), (0.0, 1.0), (1.0, -1.0)


@dataclass(frozen=True, eq=False)
class Quartet:
    """The animals that enter, as ``reference`` and ``residual`` arms (treated, vehicle each).

    ``crossed``: the same animals in all four.
    """

    reference: Arms
    residual: Arms
    crossed: bool
    note: str = ""

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        if self.crossed:
            return Arms((*self.reference.arms, *self.residual.arms), crossed=True).groups()
        return (*self.reference.groups(), *self.residual.groups())

    @cached_property
    def layout(self) -> Layout:
        return lay_out(self.groups)

    def terms(self, combination: tuple[float, float]) -> tuple[Term, ...]:
        """Return the terms of α times the reference effect plus β times the residual effect."""
        alpha, beta = combination
        if self.crossed:
            return (Term(1.0, np.array([alpha, -alpha, beta, -beta])),)
        return (*effect_terms(self.reference, alpha), *effect_terms(self.residual, beta))

    def smallest(self) -> int:
        """Return how many animals the smallest of the four arms has."""
        return min(len(arm) for arms in (self.reference, self.residual) for arm in arms.arms)


def choose_quartet(reference: tuple[Arm, Arm], residual: tuple[Arm, Arm]) -> Quartet:
    """Return the animals of both effects; one that would stand in both and not in all arms stays in one of them."""
    every = choose(*reference, *residual)
    if every.crossed:
        return Quartet(Arms(every.arms[:2], crossed=True), Arms(every.arms[2:], crossed=True), True, every.note)
    first, second = choose(*reference), choose(*residual)
    shared = _animals(first) & _animals(second)
    note = " ".join(found for found in (first.note, second.note) if found)
    if shared:
        first = choose(*(_without(arm, shared) for arm in reference))
        note += f" {len(shared)} measured with and without the manipulation, too few to pair: counted with it only."
    return Quartet(first, second, False, note.strip())


def _animals(arms: Arms) -> set[str]:
    return {animal for arm in arms.arms for animal in arm}


def _without(arm: Arm, animals: set[str]) -> Arm:
    return {animal: mean for animal, mean in arm.items() if animal not in animals}
