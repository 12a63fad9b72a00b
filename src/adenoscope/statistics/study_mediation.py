"""The mediations that a study asks about: which animals have both readouts, under treatment or vehicle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from adenoscope.core.mediation import Mediation
from adenoscope.core.reading import Given, Reading, Setting
from adenoscope.core.study import MediationQuestion
from adenoscope.statistics.effects.arms import Arm, arm_of, keep_apart
from adenoscope.statistics.effects.contrasts import group_order
from adenoscope.statistics.mediation import mediate


def mediations(
    readings: Sequence[Reading], questions: Sequence[MediationQuestion], vehicle: str
) -> Iterator[Mediation]:
    """Yield a mediation for every dose and kind of animal in which both readouts exist; at least one a question.

    Region and delay may differ between the two readouts: the animals have to be the same.

    Valid, Source: as ``mediate``.
    """
    for question in questions:
        both = [r for r in readings if r.readout in (question.mediator, question.outcome)]
        groups = sorted(
            {(r.given, _animals(r.setting)) for r in both if r.given.treatment == question.treatment},
            key=group_order,
        )
        for given, kind in groups or [(Given(question.treatment), Setting())]:
            here = [r for r in both if _animals(r.setting) == kind]
            treated = _paired([r for r in here if r.given == given], question)
            control = _paired([r for r in here if r.given.treatment == vehicle], question)
            yield replace(_mediation(treated, control, question, given), setting=kind)


def _animals(setting: Setting) -> Setting:
    """Return what kind of animals a setting has, wherever and whenever they were measured."""
    return Setting(genotype=setting.genotype, condition=setting.condition, pretreatment=setting.pretreatment)


def _paired(readings: Sequence[Reading], question: MediationQuestion) -> Mapping[str, tuple[float, float]]:
    """Return (mediator, outcome) of each animal that has both."""
    arms: list[Arm] = [
        arm_of([r for r in readings if r.readout == name]) for name in (question.mediator, question.outcome)
    ]
    return {animal: (arms[0][animal].value, arms[1][animal].value) for animal in arms[0] if animal in arms[1]}


def _mediation(
    treated: Mapping[str, tuple[float, float]],
    control: Mapping[str, tuple[float, float]],
    question: MediationQuestion,
    given: Given,
) -> Mediation:
    first, second = keep_apart(treated, control)
    rows = np.array([*first.values(), *second.values()], dtype=np.float64).reshape(-1, 2)
    is_treated = np.arange(len(rows)) < len(first)
    dose = "" if given.dose is None else f" {given.dose:g} {given.dose_unit}".rstrip()
    names = (f"{given.treatment}{dose}", question.mediator, question.outcome)
    return mediate(is_treated, rows[:, 0], rows[:, 1], names)
