"""Verdicts of necessity, with the reason in a sentence and the number of animals that would tell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from adenoscope.core.contrast import Contrast
from adenoscope.core.reading import Given, Reading
from adenoscope.core.study import NecessityQuestion
from adenoscope.core.verdict import Verdict
from adenoscope.statistics.effects.contrasts import fill_contrast
from adenoscope.statistics.effects.permutation import permutation_p
from adenoscope.statistics.verdicts.judge import Case, Judged, cases_of, judge
from adenoscope.statistics.verdicts.planning import MOST, tells_either_way, truth_of
from adenoscope.statistics.verdicts.quartet import INTERACTION

REASONS = {
    "necessary": "The effect is there without the manipulation, smaller under it, and what is left of it is smaller "
    "than the margin.",
    "reduced": "The effect is smaller under the manipulation, but what is left of it may be as large as the margin.",
    "not_necessary": "The effect is there under the manipulation too, and by less than the margin different.",
}


def verdicts(
    readings: Sequence[Reading],
    questions: Sequence[NecessityQuestion],
    margins: Mapping[str, float],
    vehicle: str,
) -> tuple[Verdict, ...]:
    """Return a verdict for each question, readout and setting where it can be asked; at least one for each readout.

    Valid: as `judge.judge`.
    Source: as `judge`.
    """
    return tuple(
        verdict
        for question in questions
        for readout in question.readouts
        for verdict in _of_readout(readings, question, readout, margins, vehicle)
    )


def _of_readout(
    readings: Sequence[Reading],
    question: NecessityQuestion,
    readout: str,
    margins: Mapping[str, float],
    vehicle: str,
) -> Iterator[Verdict]:
    cases = tuple(cases_of(readings, question, readout, vehicle))
    yield from (verdict_of(case, margins) for case in cases)
    if not cases:
        reason = f"No animal with {question.manipulation} got {question.effect} and gave {readout}."
        yield Verdict(
            question.manipulation, Given(question.effect), readout, "", None, None,
            None, None, None, None, "could_not_tell", reason,
        )  # fmt: skip


def verdict_of(case: Case, margins: Mapping[str, float]) -> Verdict:
    """Return the verdict of one case.

    Valid: as `judge.judge`.
    Source: as `judge`.
    """
    quartet, judged = case.quartet, judge(case, margins)
    treated, control, treated_left, control_left = case.arms
    bare = Contrast(case.readout, case.unit, case.given, case.reference, case.vehicle, (), (), "unpaired", None)
    reference = fill_contrast(bare, quartet.reference, (*treated, *control))
    residual = fill_contrast(
        replace(bare, setting=case.manipulated), quartet.residual, (*treated_left, *control_left)
    )
    named = (case.question.manipulation, case.given, case.readout, case.unit, reference, residual)
    if judged is None:
        return Verdict(*named, None, None, None, None, "could_not_tell", _too_few(case, reference, residual))
    needed, how_many = (None, "")
    reason = REASONS.get(judged.finding, "")
    if judged.finding == "could_not_tell":
        needed, how_many = _needed(case, judged, margins.get(case.readout))
        reason = _missing(judged)
    return Verdict(
        *named,
        interaction=judged.interaction,
        residual_90=judged.residual_90,
        interaction_90=judged.interaction_90,
        margin=judged.margin,
        finding=judged.finding,
        reason=" ".join(part for part in (reason, how_many, quartet.note) if part),
        animals_needed=needed,
        p_interaction=permutation_p(quartet.groups, quartet.terms(INTERACTION), quartet.layout),
        separate_tests=judged.reference.excludes(0) and not judged.residual.excludes(0),
    )


def _missing(judged: Judged) -> str:
    """Return what kept the verdict from being one of the other three."""
    reference, interaction = judged.reference, judged.interaction
    if not reference.excludes(0):
        return "The effect itself could not be told from zero without the manipulation."
    if not interaction.excludes(0):
        return "Whether the manipulation changes the effect could not be told: the interaction's interval holds zero."
    if reference.estimate * interaction.estimate < 0:
        return "The effect is larger under the manipulation, which is no question of necessity."
    return "The intervals fit none of the other verdicts."


def _needed(case: Case, judged: Judged, margin: float | None) -> tuple[int | None, str]:
    """Return the group size that would tell either way, and that in words."""
    effect = judged.reference.estimate
    if not judged.reference.excludes(0):
        if margin is None:
            return None, "How many animals would tell cannot be said without an effect, or a margin in study.toml."
        effect = math.copysign(2 * margin, effect)
    truth = truth_of(case.quartet, effect, margin)
    sizes = tells_either_way(truth)
    each = "group" if truth.design == "unpaired" else "genotype or pretreatment, each with and without the treatment"
    assumed = "the effect seen" if judged.reference.excludes(0) else "an effect of twice the margin"
    if None in sizes.values():
        return None, f"More than {MOST} animals in each {each} would be needed, with {assumed} and spreads as seen."
    gone, untouched = (size or 0 for size in sizes.values())
    needed = max(gone, untouched)
    return needed, (
        f"{needed} animals in each {each} would tell with four chances in five: {gone} if nothing of {assumed} "
        f"is left, {untouched} if all of it is, with spreads as seen."
    )


def _too_few(case: Case, reference: Contrast, residual: Contrast) -> str:
    if not reference.treated and not reference.vehicle:
        control = (
            case.reference.genotype if case.reference.genotype != case.manipulated.genotype else "no pretreatment"
        )
        return (
            f"Nobody is there to compare with: the reference is {case.reference.pretreatment or control}. "
            'If the controls are called otherwise, say so in [[necessity]] with reference = "their name".'
        )
    reasons = [
        contrast.reason for contrast in (reference, residual) if contrast.difference is None and contrast.reason
    ]
    return " ".join(dict.fromkeys(reasons)) or "The animals of the four groups do not allow a comparison."
