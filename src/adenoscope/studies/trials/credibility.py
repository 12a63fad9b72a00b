"""How far an answer may be relied on, under the headings of ICH M15, filled from the run itself.

Model risk is the higher of influence and consequence where both are medium or more, else the lower of them.

Source: ICH M15 (2024 draft), General principles for model-informed drug development, sections 2 and 3.
"""

from __future__ import annotations

from dataclasses import dataclass

from adenoscope.studies.trials.answer import TrialAnswer

LEVELS = ("low", "medium", "high")
NOT_BLIND = "The link's term for small published trials was added after a first comparison with them had been seen."


@dataclass(frozen=True)
class Heading:
    """One row of the table: a heading, what stands under it, and where that is from."""

    heading: str
    entry: str
    basis: str


def model_risk(influence: str, consequence: str) -> str:
    """Return the risk of relying on the model: "low", "medium" or "high"."""
    both = sorted(LEVELS.index(level) for level in (influence, consequence))
    return LEVELS[both[1] if both[0] >= 1 else both[0]]


def credibility(found: TrialAnswer) -> list[Heading]:
    """Return the table of a run."""
    purpose = found.trial.purpose
    risk = model_risk(purpose.influence, purpose.consequence)
    return [
        Heading("Question of interest", purpose.question, "the trial's file"),
        Heading("Context of use", purpose.context, "the trial's file"),
        Heading("Model influence", purpose.influence, "the trial's file"),
        Heading("Consequence of a wrong decision", purpose.consequence, "the trial's file"),
        Heading("Model risk", risk, "influence and consequence"),
        Heading("Verification", *_verification(found)),
        Heading("Validation", *_validation(found)),
        Heading("Uncertainty", *_uncertainty(found)),
        Heading("Sensitivity", *_sensitivity(found)),
        Heading("Applicability", *_applicability(found)),
        Heading("What this supports", *_supports(found, risk)),
    ]


def _verification(found: TrialAnswer) -> tuple[str, str]:
    nulls = [rate for rate in found.rates if rate.scenario == "null" and rate.analysis == found.trial.primary.name]
    said = "; ".join(
        f"{rate.arm} {100 * rate.rejections.estimate:.1f} % "
        f"({100 * rate.rejections.low:.1f} to {100 * rate.rejections.high:.1f})"
        for rate in nulls
    )
    wanted = f"{100 * found.trial.alpha:g} %"
    return f"Rejections by the primary analysis without any difference: {said}; wanted: {wanted}.", "null replicates"


def _validation(found: TrialAnswer) -> tuple[str, str]:
    past = found.retrodiction
    if past is None:
        return "None: no published result is given for this trial. No trial of the future was predicted yet.", "-"
    where = "inside" if past.inside else "outside"
    left = ", ".join(past.published.left_out) or "none"
    entry = (
        f"Published difference {past.published.difference:g} points lies {where} the predicted 90 % interval "
        f"({past.predicted.low:.1f} to {past.predicted.high:.1f}); chance of a win {100 * past.wins:.0f} %. "
        f"Trials left out of the calibration: {left}. {NOT_BLIND}"
    )
    return entry, past.published.source + ("" if past.published.verified else " (unverified)")


def _uncertainty(found: TrialAnswer) -> tuple[str, str]:
    entry = (
        f"{100 * found.unverified_share:.0f} % of the constants used are unverified. The link's draws are worth "
        f"{found.effective:.0f} independent ones; {found.trial.replicates} replicates."
    )
    return entry, "values/*.toml, the link's posterior"


def _sensitivity(found: TrialAnswer) -> tuple[str, str]:
    first = found.arms[0]
    if not first.tornado:
        return first.reason or "Nothing of the link's parameters changes the answer.", "tornado"
    three = [f"{swing.name} ({swing.at_low:.1f} to {swing.at_high:.1f} points)" for swing in first.tornado[:3]]
    widest = "; ".join(three)
    return f"Widest for {first.arm}: {widest}.", "tornado"


def _applicability(found: TrialAnswer) -> tuple[str, str]:
    n = len(found.outside_validity)
    first = f" {found.outside_validity[0]}" if n else ""
    return f"{n} reasons lie outside what the mechanism was compared with.{first}", "outside_validity"


def _supports(found: TrialAnswer, risk: str) -> tuple[str, str]:
    past = found.retrodiction
    if past is not None and not past.inside:
        return "No decision: the published result was not predicted.", "validation"
    if risk == "high":
        return "No decision by itself: evidence of this kind does not carry a high model risk.", "model risk"
    kept = "Planning of size, blinding and measurements, beside other evidence; no claim of efficacy and no dose."
    return kept, "model risk and validation"
