"""A schedule in a cohort that the search has not seen: readings, risks, and what it breaks of the envelope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from adenoscope.core.hypoxia_design import HypoxiaDesign
from adenoscope.core.interval import Interval
from adenoscope.core.schedule import Breach, Preset, Schedule
from adenoscope.io.hypoxia_presets import presets
from adenoscope.mechanism.cohort import Numbers
from adenoscope.mechanism.envelope import envelope
from adenoscope.studies.hypoxia.judging import (
    ANY,
    LimitRisk,
    breaches,
    broken,
    burden,
    engagement,
    limit_risks,
    predicted,
)
from adenoscope.studies.hypoxia.outcomes import NAMES, Outcome, outcome_of, session_outcome
from adenoscope.studies.hypoxia.session import Cohort, breathe
from adenoscope.studies.simulated import cohort_interval

TITRATED = "BOUT_MAX_S_AT_FIO2_0.11_TO_0.13"
GAS_STEP, TARGET_STEP = 0.005, 0.01  # of a twin: as devices are set
MORE_FIO2, LEAST_FIO2 = 0.02, 0.05  # of a twin: how far below a fixed gas a clamp may go, and how far at all


@dataclass(frozen=True)
class Evaluated:
    """A schedule in a cohort.

    ``readings``: each number of a session by name, the median and central 95 % of subjects; None where most have
    none. ``engagement`` [occupancy min] and ``burden`` [% min] are of all sessions. ``breaches``: limits of the
    envelope that are not kept and that nobody lets pass; ``let_pass``: those that somebody does.
    """

    label: str
    schedule: Schedule
    outcome: Outcome
    readings: Mapping[str, Interval | None]
    engagement: Interval | None
    burden: Interval | None
    risks: tuple[LimitRisk, ...]
    breaches: tuple[Breach, ...]
    let_pass: tuple[Breach, ...] = ()

    @property
    def risk(self) -> LimitRisk:
        """Return how likely a subject breaks any limit of the design."""
        return next(risk for risk in self.risks if risk.limit == ANY)


@dataclass(frozen=True)
class PresetAnswer:
    """A preset to compare with; ``evaluated`` is None where it was not simulated, and ``breaches`` say why."""

    preset: Preset
    evaluated: Evaluated | None
    breaches: tuple[Breach, ...]


def evaluate(label: str, schedule: Schedule, design: HypoxiaDesign, cohort: Cohort) -> Evaluated:
    """Return what a schedule does to a cohort."""
    return evaluate_outcome(label, schedule, design, outcome_of(schedule, cohort, design.limits.spo2_floor))


def evaluate_outcome(label: str, schedule: Schedule, design: HypoxiaDesign, outcome: Outcome) -> Evaluated:
    """Return a schedule's outcome held against what a design asks."""
    found = (*breaches(schedule, design), *predicted(outcome, design))
    strict = replace(design, override=None)
    all_found = (*breaches(schedule, strict), *predicted(outcome, strict))
    return Evaluated(
        label=label,
        schedule=schedule,
        outcome=outcome,
        readings={name: cohort_interval(getattr(outcome, name)) for name in NAMES},
        engagement=cohort_interval(engagement(outcome, design, schedule.sessions)),
        burden=cohort_interval(burden(outcome, schedule.sessions)),
        risks=limit_risks(outcome, design, schedule.sessions),
        breaches=found,
        let_pass=tuple(breach for breach in all_found if breach not in found),
    )


def keeps_limits(evaluated: Evaluated, design: HypoxiaDesign) -> bool:
    """Return whether a schedule keeps the envelope, and no more subjects break a limit than are accepted."""
    return not evaluated.breaches and evaluated.risk.probability.estimate <= design.limits.risk


def who_breaks(evaluated: Evaluated, design: HypoxiaDesign) -> tuple[tuple[str, ...], ...]:
    """Return the limits of the design that each subject breaks, by name."""
    found = broken(evaluated.outcome, design, evaluated.schedule.sessions)
    named = {name: mask for name, mask in found.items() if name != ANY}
    n_subjects = evaluated.outcome.burden_percent_min.size
    return tuple(tuple(name for name, mask in named.items() if mask[k]) for k in range(n_subjects))


def preset_answers(design: HypoxiaDesign, cohort: Cohort) -> tuple[PresetAnswer, ...]:
    """Return the presets that the design names; what breaks the envelope by itself is not simulated."""
    return tuple(_preset_answer(presets()[name], design, cohort) for name in design.presets)


def _preset_answer(preset: Preset, design: HypoxiaDesign, cohort: Cohort) -> PresetAnswer:
    strict = replace(design, override=None)
    found = breaches(preset.schedule, strict)
    if found:
        return PresetAnswer(preset, None, found)
    evaluated = evaluate(preset.name, preset.schedule, strict, cohort)
    return PresetAnswer(preset, evaluated, evaluated.breaches)


def twin(evaluated: Evaluated, design: HypoxiaDesign) -> Schedule:
    """Return the same bouts with gas of the other kind, as near as devices are set.

    Of a fixed gas: clamped at the median nadir, with somewhat less oxygen at the least. Of a clamped gas: fixed at
    the median of what was given.
    """
    schedule = evaluated.schedule
    if schedule.spo2_target is not None:
        given = float(np.nanmedian(evaluated.outcome.gas_fio2))
        return replace(schedule, gas="fixed", fio2=_rounded(given, GAS_STEP), spo2_target=None)
    target = _rounded(float(np.nanmedian(evaluated.outcome.spo2_nadir)), TARGET_STEP)
    least = max(_rounded(schedule.fio2 - MORE_FIO2, GAS_STEP), LEAST_FIO2)
    if design.species == "human":  # longer bouts are for gases that are not titrated below
        too_long = schedule.bout_s > envelope()[TITRATED].value
        least = schedule.fio2 if too_long else max(least, envelope()["FIO2_MIN"].value)
    return replace(schedule, gas="clamped", fio2=min(least, schedule.fio2), spo2_target=target)


def _rounded(value: float, step: float) -> float:
    return round(round(value / step) * step, 6)


def days_interact(schedule: Schedule, cohort: Cohort, sessions: int) -> float:
    """Return how much the last of some sessions differs from the first [1], at most, in engagement and in burden.

    Valid: within the mechanism, which has no memory of days but in receptors, synapses and stores of gas.
    Source: ``mechanism``.
    """
    shown = breathe(schedule, cohort, sessions)
    first, last = (session_outcome(shown, schedule, cohort, session=number) for number in (0, sessions - 1))
    differences: list[Numbers] = []
    for name in ("a1_engagement_min", "a2a_engagement_min", "burden_percent_min"):
        before, after = getattr(first, name), getattr(last, name)
        differences.append(np.abs(after - before) / np.maximum(np.abs(before), np.finfo(float).tiny))
    return float(np.nanmax(np.stack(differences)))
