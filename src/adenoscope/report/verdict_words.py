"""A verdict in sentences: what was found, how large, and what could not be told and why."""

from __future__ import annotations

from dataclasses import replace

from adenoscope.core.contrast import Contrast
from adenoscope.core.interval import Interval
from adenoscope.core.reading import Given, Setting
from adenoscope.core.verdict import Finding, Margin, Verdict
from adenoscope.report.numbers import GAP, Measure, bounds, decimals, number, per_cent, without_sign
from adenoscope.report.words import (
    amount_words,
    first_upper,
    full_stop,
    given_words,
    interval_words,
    joined,
    measure_of,
    p_words,
    pretreatment_words,
)
from adenoscope.statistics.verdicts.share import share_left

FINDING_WORDS: dict[Finding, str] = {
    "necessary": "necessary",
    "reduced": "reduced",
    "not_necessary": "not necessary",
    "could_not_tell": "could not tell",
}
SYMBOLS: dict[Finding, str] = {"necessary": "●", "reduced": "◐", "not_necessary": "○", "could_not_tell": "?"}


def question_words(verdict: Verdict) -> str:
    """Return what the question is about: "the effect of ketamine 10 mg/kg on FST immobility (CRS, 1 h later)"."""
    name = measure_of(verdict.readout, verdict.unit).name
    return f"the effect of {given_words(verdict.effect)} on {name}{_among(verdict)}"


def effect_words(verdict: Verdict) -> str:
    """Return what was given, and to whom: "ketamine 10 mg/kg (CRS, 1 h later)"."""
    return f"{given_words(verdict.effect)}{_among(verdict)}"


def verdict_sentence(verdict: Verdict) -> str:
    """Return the finding in one sentence."""
    effect, manipulation = question_words(verdict), verdict.manipulation
    said = {
        "necessary": f"What {manipulation} takes away is necessary for {effect}.",
        "reduced": f"{manipulation} reduces {effect}; {_rest(verdict)}.",
        "not_necessary": f"What {manipulation} takes away is not necessary for {effect}.",
        "could_not_tell": f"Could not tell whether {effect} needs what {manipulation} takes away.",
    }
    return first_upper(said[verdict.finding])


def _rest(verdict: Verdict) -> str:
    left = verdict.residual.difference if verdict.residual is not None else None
    whole = verdict.reference.difference if verdict.reference is not None else None
    if left is None or whole is None or not left.excludes(0):
        return "whether any of it is left could not be told"
    return "some of it is left" if left.estimate * whole.estimate > 0 else "what is left goes the other way"


def verdict_paragraph(verdict: Verdict) -> tuple[str, ...]:
    """Return the results paragraph, sentence by sentence; the finding itself is `verdict_sentence`."""
    measure = measure_of(verdict.readout, verdict.unit)
    reason = full_stop(first_upper(verdict.reason.replace(verdict.readout, measure.name)))
    if verdict.reference is None or verdict.residual is None:
        return (reason,)
    told = (
        _effect(verdict.reference, without_words(verdict), measure),
        _effect(verdict.residual, under_words(verdict), measure),
        _interaction(verdict, measure),
        _left(verdict, measure),
        reason,
    )
    return tuple(sentence for sentence in told if sentence)


def verdict_warnings(verdict: Verdict) -> tuple[str, ...]:
    """Return what a reader must not overlook: a margin from the data, a claim that separate tests would make."""
    warnings = (margin_warning(verdict), separate_tests_warning(verdict))
    return tuple(warning for warning in warnings if warning)


def without_words(verdict: Verdict) -> str:
    """Return where the reference effect was measured: "in WT", "after saline", "without pretreatment"."""
    if verdict.reference is None or verdict.residual is None:
        return f"without {verdict.manipulation}"
    return _place(verdict.reference.setting, by_genotype=_by_genotype(verdict))


def under_words(verdict: Verdict) -> str:
    """Return where the residual effect was measured: "in Adora1-KO", "after PSB36 1 mg/kg"."""
    if verdict.residual is None:
        return f"under {verdict.manipulation}"
    return _place(verdict.residual.setting, by_genotype=_by_genotype(verdict))


def margin_words(margin: Margin, measure: Measure) -> str:
    """Return the margin with its unit: "±20 s"."""
    size = margin.size * measure.scale
    places = max(0, decimals(size) - 1) if not margin.given else _places(size)
    return joined(GAP, f"±{number(size, places)}", measure.points or measure.unit)


def share_words(verdict: Verdict) -> str:
    """Return how much of the effect is left: "3 % left (−20 to 26 %)"; nothing without an effect to share."""
    share = share_left(verdict)
    if share is None:
        return ""
    estimate, low, high = (number(100 * value, 0) for value in (share.estimate, share.low, share.high))
    if share.high < 0:
        return f"turned round ({low} to {high}{GAP}%)"
    return f"{estimate}{GAP}% left ({low} to {high}{GAP}%)"


def needed_words(verdict: Verdict) -> str:
    """Return how many animals in each group would tell, or nothing."""
    return "" if verdict.animals_needed is None else f"n{GAP}={GAP}{verdict.animals_needed} would tell"


def separate_tests_warning(verdict: Verdict) -> str:
    """Return what separate tests would have claimed, and why it does not follow; nothing where they would not."""
    if not verdict.separate_tests or verdict.finding == "necessary":
        return ""
    return (
        f"Two separate tests would have claimed that it is necessary, because the effect passes the 5{GAP}% "
        f"threshold {without_words(verdict)} and misses it {under_words(verdict)}. That does not follow: a test that "
        "misses its threshold shows neither that nothing is left nor that the two effects differ. Only the "
        "interaction and the equivalence can show that."
    )


def _by_genotype(verdict: Verdict) -> bool:
    return verdict.residual is not None and verdict.residual.setting.genotype == verdict.manipulation


def _place(setting: Setting, *, by_genotype: bool) -> str:
    if by_genotype:
        return f"in {setting.genotype}"
    return pretreatment_words(setting) or "without pretreatment"


def _among(verdict: Verdict) -> str:
    """Return what both effects have in common, in brackets: region, condition, delay, and the other factor."""
    if verdict.residual is None:
        return ""
    at, by_genotype = verdict.residual.setting, _by_genotype(verdict)
    late = "" if at.time_h is None else f"{at.time_h:g}{GAP}h later"
    other = pretreatment_words(at) if by_genotype else at.genotype
    found = joined(", ", at.region, other, at.condition, late)
    return f" ({found})" if found else ""


def _effect(contrast: Contrast, where: str, measure: Measure) -> str:
    difference, given = contrast.difference, first_upper(given_words(contrast.given))
    if difference is None:
        return ""
    n = _animals(contrast)
    if difference.excludes(0):
        size = without_sign(difference)
        verb = "raised" if difference.estimate > 0 else "lowered"
        facts = f"{interval_words(size, measure)}; {n}"
        return f"{given} {verb} {measure.name} {where} by {amount_words(size, measure)} ({facts})."
    facts = f"{interval_words(difference, measure)}; {n}"
    changed = f"{first_upper(where)} the difference was {amount_words(difference, measure)} ({facts})"
    return f"{changed}, which could not be told from zero."


def _animals(contrast: Contrast) -> str:
    if contrast.design == "paired":
        return f"n = {len(contrast.treated)} under both"
    return f"n = {len(contrast.treated)} and {len(contrast.vehicle)}"


def _interaction(verdict: Verdict, measure: Measure) -> str:
    if verdict.interaction is None:
        return ""
    p = f"; permutation {p_words(verdict.p_interaction)}" if verdict.p_interaction is not None else ""
    return (
        f"The interaction, the effect {without_words(verdict)} minus the effect {under_words(verdict)}, is "
        f"{amount_words(verdict.interaction, measure)} ({interval_words(verdict.interaction, measure)}{p})."
    )


def _left(verdict: Verdict, measure: Measure) -> str:
    """Return what is left of the effect, and the 90 % intervals that are held against the margin."""
    if verdict.margin is None or verdict.residual_90 is None or verdict.interaction_90 is None:
        return ""
    share, of = share_left(verdict), "the residual effect"
    if share is not None:
        of += f" ({number(100 * share.estimate, 0)}{GAP}% of the whole effect, {per_cent(share.ci_prob)} interval "
        of += f"{bounds(share, Measure('', '%', 100.0))})"
    held, what = (
        (verdict.interaction_90, "the interaction")
        if verdict.finding == "not_necessary"
        else (verdict.residual_90, of)
    )
    inside = "lies" if max(-held.low, held.high) < verdict.margin.size else "does not lie"
    return (
        f"The {per_cent(0.9)} interval of {what} is {bounds(held, measure)} and {inside} "
        f"within {margin_words(verdict.margin, measure)}."
    )


def margin_warning(verdict: Verdict) -> str:
    """Return that the margin depends on the data, nothing where the study gave it."""
    if verdict.margin is None or verdict.margin.given:
        return ""
    measure = measure_of(verdict.readout, verdict.unit)
    return (
        f"The margin of {margin_words(verdict.margin, measure)} depends on the data: it is half of the effect seen "
        f"in these animals, because study.toml gives none for {measure.name}. What it is unsure of makes the "
        f"{per_cent(0.9)} intervals wider."
    )


def _places(value: float) -> int:
    """Return the decimals that a given number was written with."""
    return len(f"{value:g}".partition(".")[2])


def same_setting(verdict: Verdict) -> Setting | None:
    """Return the setting of the residual effect without where and when; None where nobody was measured."""
    if verdict.residual is None:
        return None
    return replace(verdict.residual.setting, region="", time_h=None)


def row_words(verdict: Verdict) -> tuple[str, str]:
    """Return the name of a manipulation with its dose, and of the effect with what else its animals share."""
    setting = same_setting(verdict)
    if setting is None:
        return verdict.manipulation, given_words(verdict.effect)
    if _by_genotype(verdict):
        others = (pretreatment_words(setting), setting.condition)
        return verdict.manipulation, joined(", ", given_words(verdict.effect), *others)
    name = given_words(Given(verdict.manipulation, setting.pretreatment_dose, setting.pretreatment_unit))
    return name, joined(", ", given_words(verdict.effect), setting.genotype, setting.condition)


def interval_of(interval: Interval | None, measure: Measure) -> str:
    """Return "estimate (low to high)" without its unit, or nothing."""
    if interval is None:
        return ""
    places = decimals(interval.half_width * measure.scale)
    return f"{number(interval.estimate * measure.scale, places)} ({bounds(interval, measure)})"
