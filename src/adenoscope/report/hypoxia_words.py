"""What is said of a hypoxia design in sentences: the findings, and who lets which limit pass."""

from __future__ import annotations

from adenoscope.core.interval import Interval
from adenoscope.report.numbers import GAP, Measure, bounds, count, estimate, grouped, number
from adenoscope.studies.hypoxia.answer import HypoxiaAnswer
from adenoscope.studies.hypoxia.evaluated import Evaluated
from adenoscope.studies.hypoxia.judging import LimitRisk

SPO2 = Measure("SpO2", "%", 100.0)
GAS = Measure("inspired oxygen", "%", 100.0)
SHARE = Measure("share", "%", 100.0)
ENGAGEMENT = Measure("engagement", f"occupancy{GAP}min")
BURDEN = Measure("burden", f"%{GAP}min")
POINTS = Measure("rise", "points", 100.0)
TISSUE = Measure("tissue PO2", "mmHg")
NOBODY_MEASURED = (
    "No recording of adenosine in people exists: the brain's constants are those of mice, so what a schedule engages "
    "in people is an extrapolation, and whether engaging receptors helps anybody is not asked here."
)
UNKNOWN = "could not tell"


def said(interval: Interval | None, measure: Measure) -> str:
    """Return an interval as "84.5 % (80.1 to 88.0)"."""
    if interval is None:
        return UNKNOWN
    unit = f"{GAP}{measure.unit}" if measure.unit else ""
    if interval.low == interval.high:
        return f"{measure.scale * interval.estimate:.4g}{unit} in all"
    return f"{estimate(interval, measure)}{unit} ({bounds(interval, measure)})"


def bare(interval: Interval | None, measure: Measure) -> str:
    """Return an interval as "84.5 (80.1 to 88.0)", its unit standing elsewhere."""
    return said(interval, Measure(measure.name, "", measure.scale))


def said_share(value: float) -> str:
    """Return a fraction as "84 %"."""
    return f"{100 * value:g}{GAP}%"


def override_words(answer: HypoxiaAnswer) -> list[str]:
    """Return the sentence that is due on every page where somebody lets limits pass."""
    override = answer.override
    if override is None:
        return []
    names = ", ".join(override.limits)
    return [f"OVERRIDE of the safety envelope: {names} let pass by {override.by}, because: {override.reason}"]


def findings(answer: HypoxiaAnswer) -> list[str]:
    """Return what the design found, the most important first."""
    design, best = answer.design, answer.recommended
    people = design.species == "human"
    whom = "virtual people" if people else "virtual mice"
    lines = [
        f"{answer.simulated} of {grouped(answer.possible)} schedules in the ranges were simulated in "
        f"{design.subjects} {whom}"
        + (f" ({grouped(answer.allowed)} keep the envelope by themselves)" if people else "")
        + f"; {count(len(answer.front), 'schedule is', 'schedules are')} on the front.",
        f"Best by the rule below, in {answer.fresh_subjects} {whom} that the search had not seen: "
        f"{best.schedule.words}. It engages {said(best.engagement, ENGAGEMENT)} for a burden of "
        f"{said(best.burden, BURDEN)}; nadir of SpO2 {said(best.readings['spo2_nadir'], SPO2)}. "
        f"At its highest, adenosine holds {said(best.readings['a1_peak_rise'], POINTS)} more of A1 than at rest and "
        f"{said(best.readings['a2a_peak_rise'], POINTS)} more of A2A.",
        f"{risk_words(best.risk)} Accepted by the design: {number(100 * design.limits.risk, 0)}{GAP}%.",
        *_against(answer),
    ]
    if people:
        lines.append(NOBODY_MEASURED)
    lines.append(f"{100 * answer.unverified_share:.0f}{GAP}% of the constants used are unverified.")
    return lines


def risk_words(risk: LimitRisk) -> str:
    """Return how likely a virtual subject breaks a limit."""
    return (
        f"A virtual subject breaks {risk.words if risk.limit == 'any' else 'the limit'} with a probability of "
        f"{said(risk.probability, SHARE)}: {risk.n_broke} of {risk.n_subjects}."
    )


def _against(answer: HypoxiaAnswer) -> list[str]:
    """Return what gas of the other kind does to the same cohort."""
    other, best = answer.comparison, answer.recommended
    if other is None:
        reasons = " ".join(answer.comparison_breaches)
        return [f"The same bouts as {answer.comparison_schedule.gas_words} leave the envelope: {reasons}"]
    fixed, clamped = (best, other) if best.schedule.spo2_target is None else (other, best)
    return [
        f"Fixed gas lets nadirs differ from one subject to the next by {_width(fixed)}, gas that follows the "
        f"oximeter by {_width(clamped)} (widths of the central 95{GAP}%; {fixed.schedule.gas_words} against "
        f"{clamped.schedule.gas_words})."
    ]


def _width(one: Evaluated) -> str:
    nadir = one.readings["spo2_nadir"]
    return UNKNOWN if nadir is None else f"{number(100 * (nadir.high - nadir.low), 1)} points of SpO2"
