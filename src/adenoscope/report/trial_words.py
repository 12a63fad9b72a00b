"""What a simulated trial says in sentences; "could not tell" where an interval holds both."""

from __future__ import annotations

from collections.abc import Iterator

from adenoscope.core.interval import Interval
from adenoscope.core.trial import Analysis
from adenoscope.report.numbers import GAP, MINUS, count, number
from adenoscope.report.words import first_upper
from adenoscope.studies.trials.answer import ArmAnswer, Enrichment, TrialAnswer

WORTH_MEASURING = 0.1  # share of how people's own effects differ, from which a covariate is worth its measurement
ENGAGEMENTS = ("engagement of A1 and A2A", "block of NMDA receptors")


def percent(share: float) -> str:
    """Return a chance or a share as whole per cent, with one digit below 10 %."""
    return f"{100 * share:.1f}{GAP}%" if 0 < 100 * share < 9.95 else f"{100 * share:.0f}{GAP}%"


def analysis_words(analysis: Analysis) -> str:
    """Return what an analysis is, in a line."""
    measure = {"madrs_change": "MADRS", "response": "response", "remission": "remission"}[analysis.endpoint.measure]
    method = {"mmrm": "MMRM", "ancova": "ANCOVA", "responder": "difference of risks"}[analysis.method]
    imputed = "" if analysis.imputation == "none" else f", {analysis.imputation.replace('_', ' ')}"
    estimand = analysis.estimand.replace("_", " ")
    return f"{analysis.name}: {method} of {measure} at day {analysis.endpoint.day:g}, {estimand}{imputed}"


def points(interval: Interval) -> str:
    """Return "-3.2 points (90 % -8.5 to 2.2)"."""
    said = f"{number(interval.low, 1)} to {number(interval.high, 1)}"
    return f"{number(interval.estimate, 1)} points ({100 * interval.ci_prob:.0f}{GAP}% {said})"


def findings(found: TrialAnswer) -> tuple[str, ...]:
    """Return the summary's sentences."""
    said = [sentence for arm in found.arms for sentence in _of_arm(found, arm)]
    return tuple(first_upper(sentence) for sentence in (*said, *_of_past(found)))


def _of_arm(found: TrialAnswer, arm: ArmAnswer) -> Iterator[str]:
    trial = found.trial
    planned, unblinded = (found.rate(world, trial.primary.name, arm.arm) for world in ("planned", "unblinded"))
    wins = planned.wins
    yield (
        f"With {trial.people} people, {arm.arm} would win in {percent(wins.estimate)} of trials (95{GAP}% of "
        f"simulation: {percent(wins.low)} to {percent(wins.high)}). Expected difference {points(arm.total)}."
    )
    yield (
        f"Guessing alone, without any effect on receptors, would win in {percent(unblinded.wins.estimate)} of them. "
        f"{blinded_sentence(arm)}"
    )
    if arm.curve is not None:
        yield size_sentence(found, arm)
    if arm.mechanism is not None:
        yield mechanism_sentence(arm)
    if arm.enrichment is not None:
        yield enrichment_sentence(arm.arm, arm.enrichment)


def blinded_sentence(arm: ArmAnswer) -> str:
    """Return what would be left of an arm's difference if blinding were perfect."""
    left = points(arm.blinded)
    if arm.blinded.excludes(0.0):
        return f"{arm.arm} with perfect blinding: {left} would be expected."
    return f"{arm.arm} with perfect blinding: {left}. Whether any effect is left could not be told."


def size_sentence(found: TrialAnswer, arm: ArmAnswer) -> str:
    """Return how many people the wanted chance takes."""
    curve, wanted = arm.curve, percent(found.trial.power)
    if curve is None:
        return arm.reason
    at_centre = "more than 20 000 people" if curve.for_power is None else count(curve.for_power, "person", "people")
    said = f"{arm.arm}: a chance of {wanted} takes {at_centre} if the link is at its centre"
    if curve.for_assurance is not None:
        return f"{said}, and {count(curve.for_assurance, 'person', 'people')} over what is unknown of it."
    return (
        f"{said}. Over what is unknown of it no size reaches {wanted}: with endless people the chance is "
        f"{percent(curve.limit)}."
    )


def mechanism_sentence(arm: ArmAnswer) -> str:
    """Return how much of an arm's answer is the mechanism's."""
    source = arm.mechanism
    if source is None:
        return arm.reason
    share = {part.name: part.share for part in source.components}
    return (
        f"{arm.arm}: of the variance of what one trial finds, at most {percent(share['mechanism'])} is the "
        f"mechanism's, {percent(share['link'])} the link's, {percent(share['between'])} between trials, and "
        f"{percent(share['chance'])} chance. Had the mechanism said nothing but that the arm is like ketamine, "
        f"{number(source.without_it, 1)} points would be expected in the place of {number(source.with_it, 1)}."
    )


def covariate_sentence(arm: ArmAnswer) -> str:
    """Return which covariate would have to be measured."""
    measured = {name: share for name, share in arm.covariates.items() if name not in ENGAGEMENTS}
    if not measured:
        return f"{arm.arm}: people's own effects do not differ in the model."
    best, share = next(iter(measured.items()))
    said = f"{arm.arm}: people's own effects differ by an SD of {number(arm.effect_sd, 1)} points."
    engagement = arm.covariates.get(ENGAGEMENTS[0], 0.0)
    if share >= WORTH_MEASURING:
        return f"{said} Of covariates, `{best}` explains most, {percent(share)}: it would have to be measured."
    return (
        f"{said} No covariate that can be measured explains more than {percent(share)} (`{best}`). Engagement itself "
        f"explains {percent(engagement)}, and could only be had by imaging."
    )


def enrichment_sentence(arm: str, bought: Enrichment) -> str:
    """Return what it would buy to ask only people who meet the rules."""
    rules = " and ".join(f"`{rule}`" for rule in bought.rules)
    who = f"{arm}, only people with {rules} ({percent(bought.share)} of those eligible)"
    if bought.gain is None:
        return f"{who}: could not tell. {bought.reason}"
    low, high = (number(end, 2) for end in (bought.gain.low, bought.gain.high))
    change = f"the expected difference changes by {number(bought.gain.estimate, 2)} points (90{GAP}% {low} to {high})"
    return (
        f"{who}: {change}." if bought.gain.excludes(0.0) else f"{who}: {change}. Whether it helps could not be told."
    )


def _of_past(found: TrialAnswer) -> Iterator[str]:
    past = found.retrodiction
    if past is None:
        return
    where = "inside" if past.inside else "outside"
    read = "" if past.published.verified else " (a figure that nobody here has read in its source)"
    left = "" if past.published.left_out else "; the link had seen every published trial"
    yield (
        f"Published: {number(past.published.difference, 2)} points{read}. That is {where} what was predicted for "
        f"{past.published.arm}, {points(past.predicted)}{left}."
    )


def notices(found: TrialAnswer) -> tuple[str, ...]:
    """Return what no reader may miss."""
    said = ["Virtual people: nothing here was measured in anybody."]
    past = found.retrodiction
    if past is not None and not past.inside:
        said.append(f"The published difference ({past.published.difference:g}".replace("-", MINUS) + ") was missed.")
    return tuple(said)
