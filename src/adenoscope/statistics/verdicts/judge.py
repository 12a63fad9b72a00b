"""Is a receptor necessary for an effect? The effect, what is left of it, and the interaction, as one verdict.

"Significant in the wild type, not significant in the knock-out" is not the question. It is whether the effect
shrinks (the interaction) and whether what is left is too small to matter (equivalence).
Source: Nieuwenhuis, Forstmann & Wagenmakers (2011), doi:10.1038/nn.2886; Schuirmann (1987),
doi:10.1007/BF01068419; docs/decisions/0011-verdicts-from-one-linear-contrast.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from adenoscope.core.interval import Interval
from adenoscope.core.reading import Given, Reading, Setting
from adenoscope.core.study import NecessityQuestion
from adenoscope.core.verdict import Finding, Margin
from adenoscope.statistics.effects.arms import arm_of
from adenoscope.statistics.effects.contrasts import group_order
from adenoscope.statistics.effects.estimation import effect_interval
from adenoscope.statistics.verdicts.decision import FINDINGS, Bounds, Evidence, decide
from adenoscope.statistics.verdicts.quartet import INTERACTION, REFERENCE, RESIDUAL, Quartet, choose_quartet

HALF = 0.5
WILD_TYPE = "WT"


@dataclass(frozen=True, eq=False)
class Case:
    """One question in one setting: the readings of its four arms, and the animals chosen from them."""

    question: NecessityQuestion
    readout: str
    unit: str
    given: Given
    reference: Setting
    manipulated: Setting
    arms: tuple[tuple[Reading, ...], ...]
    vehicle: str

    @cached_property
    def quartet(self) -> Quartet:
        treated, control, treated_left, control_left = (arm_of(readings) for readings in self.arms)
        return choose_quartet((treated, control), (treated_left, control_left))


@dataclass(frozen=True)
class Judged:
    """The intervals of a case; None where there are too few animals or no spread."""

    reference: Interval
    residual: Interval
    interaction: Interval
    residual_90: Interval
    interaction_90: Interval
    margin: Margin
    finding: Finding


def cases_of(readings: Sequence[Reading], question: NecessityQuestion, readout: str, vehicle: str) -> Iterator[Case]:
    """Yield a case for every dose and setting in which the manipulation met the effect.

    The reference is the setting that differs in nothing but the manipulation: its genotype is the question's
    ``reference``, else WT; its pretreatment is that, else the study's vehicle, else none.
    """
    here = [reading for reading in readings if reading.readout == readout]
    met = {
        (reading.given, reading.setting)
        for reading in here
        if reading.given.treatment == question.effect and _is_manipulated(reading.setting, question)
    }
    for given, setting in sorted(met, key=group_order):
        reference = _reference(here, question, setting, vehicle)

        def arm(place: Setting, what: Given | None) -> tuple[Reading, ...]:
            return tuple(
                reading
                for reading in here
                if reading.setting == place
                and (reading.given == what if what else reading.given.treatment == vehicle)
            )

        arms = (arm(reference, given), arm(reference, None), arm(setting, given), arm(setting, None))
        yield Case(question, readout, here[0].unit, given, reference, setting, arms, vehicle)


def _is_manipulated(setting: Setting, question: NecessityQuestion) -> bool:
    return question.manipulation in (setting.genotype, setting.pretreatment)


def _reference(readings: Sequence[Reading], question: NecessityQuestion, setting: Setting, vehicle: str) -> Setting:
    """Return the setting without the manipulation; of several controls of a pretreatment, the most similar."""
    if setting.genotype == question.manipulation:
        return replace(setting, genotype=question.reference or WILD_TYPE)
    bare = replace(setting, pretreatment="", pretreatment_dose=None, pretreatment_unit="")
    held = {
        reading.setting
        for reading in readings
        if replace(reading.setting, pretreatment="", pretreatment_dose=None, pretreatment_unit="") == bare
    }
    for control in (question.reference,) if question.reference else (vehicle, ""):
        found = sorted((place for place in held if place.pretreatment == control), key=repr)
        if found:
            return found[0]
    return replace(bare, pretreatment=question.reference)


def judge(case: Case, margins: Mapping[str, float]) -> Judged | None:
    """Return the intervals and the finding of a case, None where there are too few animals to have any.

    Valid: readouts about normal between animals, or enough animals; spreads may differ between arms.
    Source: the head of this file.
    """
    quartet = case.quartet
    if quartet.smallest() < 2:
        return None
    reference, residual, interaction = (_interval(quartet, of) for of in (REFERENCE, RESIDUAL, INTERACTION))
    if reference is None or residual is None or interaction is None:
        return None
    given = margins.get(case.readout)
    margin = Margin(HALF * abs(reference.estimate) if given is None else given, given is not None)
    residual_90 = _ninety(quartet, RESIDUAL, reference, margin)
    interaction_90 = _ninety(quartet, INTERACTION, reference, margin)
    evidence = Evidence(
        _bounds(reference), _bounds(interaction), _bounds(residual), _bounds(interaction_90), _bounds(residual_90),
        np.array([margin.size]),
    )  # fmt: skip
    code = int(decide(evidence)[0])
    return Judged(reference, residual, interaction, residual_90, interaction_90, margin, FINDINGS[code])


def _ninety(quartet: Quartet, of: tuple[float, float], reference: Interval, margin: Margin) -> Interval:
    """Return the 90 % interval of an effect, wider by the margin's own uncertainty where it came from the data.

    Half of the reference effect is a combination of effects like any other: the effect minus it is tested from
    above and the effect plus it from below, each with its own standard error.
    """
    plain = _known(_interval(quartet, of, 0.90))
    if margin.given:
        return plain
    up = 1.0 if reference.estimate >= 0 else -1.0
    above = _known(_interval(quartet, (of[0] - HALF, of[1]), 0.90))
    below = _known(_interval(quartet, (of[0] + HALF, of[1]), 0.90))
    if up > 0:
        low, high = below.low - margin.size, above.high + margin.size
    else:
        low, high = above.low - margin.size, below.high + margin.size
    return Interval(plain.estimate, min(low, plain.low), max(high, plain.high), 0.90)


def _interval(quartet: Quartet, of: tuple[float, float], ci_prob: float = 0.95) -> Interval | None:
    return effect_interval(quartet.groups, quartet.terms(of), quartet.layout, ci_prob=ci_prob)[0]


def _known(interval: Interval | None) -> Interval:
    if interval is None:
        raise RuntimeError("an effect whose arms vary has an interval")
    return interval


def _bounds(interval: Interval) -> Bounds:
    return Bounds(np.array([interval.low]), np.array([interval.high]))
