"""What the numbers say, in sentences: a wide interval is "could not tell", never an absence."""

from __future__ import annotations

from adenoscope.core.contrast import Contrast
from adenoscope.core.interval import Interval
from adenoscope.core.reading import Given, Setting
from adenoscope.core.response import Control, ControlVerdict, Estimands, Status
from adenoscope.core.result import SessionResult, StudyResult
from adenoscope.core.study import Session, Settings, Study
from adenoscope.report.numbers import (
    GAP,
    MEASURES,
    POINTS,
    Measure,
    bounds,
    count,
    decimals,
    duration,
    estimate,
    number_with_unit,
    per_cent,
    without_sign,
)

CONTROL_WORDS: dict[ControlVerdict, str] = {
    "usable": "usable",
    "caution": "usable with caution",
    "signal_only": "signal only",
    "unusable": "unusable",
}
STATUS_WORDS: dict[Status, str] = {"estimated": "estimated", "refused": "refused"}


def dose(amount: float | None, unit: str) -> str:
    """Return "10 mg/kg", or nothing where no dose is given."""
    return "" if amount is None else f"{amount:g}{GAP}{unit}".rstrip()


def given_words(given: Given) -> str:
    """Return what a group got: "ketamine 10 mg/kg"."""
    return joined(" ", given.treatment, dose(given.dose, given.dose_unit))


def treatment(session: Session) -> str:
    """Return what a session's animal was given, after which pretreatment."""
    given = given_words(Given(session.treatment, session.dose, session.dose_unit))
    before = joined(" ", session.pretreatment, dose(session.pretreatment_dose, session.pretreatment_unit))
    return f"{given} after {before}" if before else given


def setting(session: Session) -> str:
    """Return where and in whom a session was recorded: region, genotype, condition."""
    return joined(", ", session.region, session.genotype, session.condition)


def window(window_s: tuple[float, float]) -> str:
    """Return a window [s after the intervention] in words: "0 to 30 min"."""
    unit = duration("", max(abs(edge) for edge in window_s))
    start, end = (f"{edge * unit.scale:g}".replace("-", "−") for edge in window_s)
    return f"{start} to {end}{GAP}{unit.unit}"


def session_sentence(estimands: Estimands) -> str:
    """Return what one session shows, or that it could not tell."""
    mean, measure = estimands.mean_dff, MEASURES["mean_dff"]
    over = f"over {window(estimands.window_s)}"
    if mean.excludes(0):
        verb = "rose" if mean.estimate > 0 else "fell"
        size = without_sign(mean)
        return f"ΔF/F {verb} by {estimate(size, measure)}{GAP}% on average {over} ({interval_words(size, measure)})."
    amount = f"{estimate(mean, measure)}{GAP}% on average {over} ({interval_words(mean, measure)})"
    smallest = estimands.minimum_detectable_dff
    if smallest is None:
        return f"Could not tell whether ΔF/F changed: {amount}."
    limit = number_with_unit(smallest * measure.scale, measure.unit, decimals(smallest * measure.scale / 2))
    missed = f"judged by the baseline alone, a mean change under {limit} may be missed"
    return f"Could not tell whether ΔF/F changed: {amount}; {missed}."


def leak(control: Control) -> str:
    """Return the leak of the response into the control channel with its bounds, or nothing."""
    if control.kappa is None:
        return ""
    measure = Measure("κ")
    return f"κ{GAP}{estimate(control.kappa, measure)} ({bounds(control.kappa, measure)})"


def measure_of(readout: str, unit: str) -> Measure:
    """Return how to show a readout; an assay of behaviour has the ``unit`` its table gives."""
    if readout in MEASURES:
        return MEASURES[readout]
    return Measure(readout, unit, points=POINTS if unit == "%" else "")


def contrast_title(contrast: Contrast) -> str:
    """Return what is compared: "ketamine 10 mg/kg against saline"."""
    given = given_words(contrast.given)
    return f"{given} against {contrast.versus}"


def pretreatment_words(at: Setting) -> str:
    """Return what came before: "after PSB36 1 mg/kg", or nothing."""
    before = joined(" ", at.pretreatment, dose(at.pretreatment_dose, at.pretreatment_unit))
    return f"after {before}" if before else ""


def contrast_group(contrast: Contrast) -> str:
    """Return among whom a contrast is made."""
    return setting_words(contrast.setting)


def setting_words(at: Setting) -> str:
    """Return where and in whom: region, genotype, condition, pretreatment, delay."""
    late = "" if at.time_h is None else f"{at.time_h:g}{GAP}h later"
    return joined(", ", at.region, at.genotype, at.condition, pretreatment_words(at), late)


def contrast_animals(contrast: Contrast) -> str:
    """Return how many animals a contrast rests on, and how they are matched."""
    if contrast.design == "paired":
        both = {animal for animal, _ in contrast.treated} & {animal for animal, _ in contrast.vehicle}
        return f"{count(len(both), 'animal')} under both"
    return f"{count(len(contrast.treated), 'treated animal')}, {len(contrast.vehicle)} with {contrast.versus}"


def contrast_sentence(contrast: Contrast, study: Study) -> str:
    """Return what a contrast shows, or that it could not tell and why."""
    measure, difference = measure_of(contrast.readout, contrast.unit), contrast.difference
    given = given_words(contrast.given)
    group = contrast_group(contrast)
    among = f" ({group})" if group else ""
    if difference is not None and difference.excludes(0):
        size = without_sign(difference)
        direction = "higher" if difference.estimate > 0 else "lower"
        facts = f"{interval_words(size, measure)}; {contrast_animals(contrast)}"
        return (
            f"{first_upper(measure.name)} was {amount_words(size, measure)} {direction} with {given} "
            f"than with {contrast.versus}{among}: {facts}."
        )
    pair = f"between {given} and {contrast.versus}{among}"
    if difference is None:
        return f"Could not tell whether {measure.name} differs {pair}. {contrast_note(contrast, measure)}"
    facts = f"difference {contrast_numbers(contrast)}"
    margin = _margin_met(contrast, study, difference)
    if margin:
        return f"{first_upper(measure.name)} differs {pair} by less than {margin}, the study's margin: {facts}."
    return f"Could not tell whether {measure.name} differs {pair}: {facts}."


def contrast_numbers(contrast: Contrast) -> str:
    """Return the difference with its interval and animals, or why there is none; for under a figure."""
    measure = measure_of(contrast.readout, contrast.unit)
    if contrast.difference is None:
        return contrast_note(contrast, measure)
    amount = amount_words(contrast.difference, measure)
    note = f". {contrast_note(contrast, measure)}" if contrast.reason else ""
    return f"{amount} ({interval_words(contrast.difference, measure)}; {contrast_animals(contrast)}){note}"


def contrast_note(contrast: Contrast, measure: Measure) -> str:
    """Return what a contrast says of itself, with the readout's name in words."""
    reason = (contrast.reason or "no interval could be made").replace(contrast.readout, measure.name)
    return full_stop(first_upper(reason))


def _margin_met(contrast: Contrast, study: Study, difference: Interval) -> str:
    """Return the study's margin in words where the whole interval lies inside it, else nothing."""
    margin = dict(study.equivalence_margin).get(contrast.readout)
    if margin is None or max(abs(difference.low), abs(difference.high)) >= margin:
        return ""
    measure = measure_of(contrast.readout, contrast.unit)
    return joined(GAP, f"{margin * measure.scale:g}", measure.points or measure.unit)


def amount_words(interval: Interval, measure: Measure) -> str:
    """Return the estimate of a difference with its unit."""
    return joined(GAP, estimate(interval, measure), measure.points or measure.unit)


def interval_words(interval: Interval, measure: Measure) -> str:
    """Return "95 % interval low to high", without the unit."""
    return f"{per_cent(interval.ci_prob)} interval {bounds(interval, measure)}"


def p_words(p: float) -> str:
    """Return a p value: "p = 0.012", never "p = 0"."""
    return f"p{GAP}={GAP}{p:.2g}" if p >= 1e-4 else f"p{GAP}<{GAP}0.0001"


def first_upper(text: str) -> str:
    """Return a sentence's beginning: only its first letter is touched."""
    return text[:1].upper() + text[1:]


def kind_words(result: StudyResult) -> str:
    """Return what kind of study this is, for above its name."""
    if not included(result):
        return "Behaviour, and what its effects need" if result.verdicts else "Behaviour"
    behaviour = " and behaviour" if result.study.behaviour else ""
    return f"Adenosine responses from fibre photometry{behaviour}"


def counts_sentence(result: StudyResult) -> str:
    """Return how many sessions were estimated, refused and excluded, and how many animals gave behaviour."""
    sessions, told = included(result), []
    refused = sum(item.response.status == "refused" for item in sessions)
    parts = [f"{len(sessions) - refused} estimated", f"{refused} refused"]
    left_out = len(excluded(result))
    if left_out:
        parts.append(f"{left_out} excluded by the laboratory")
    if sessions or left_out:
        told.append(f"{count(len(sessions) + left_out, 'session')}: {', '.join(parts)}.")
    behaviour = result.study.behaviour
    if behaviour:
        animals, assays = {row.animal for row in behaviour}, {row.assay for row in behaviour}
        told.append(f"{count(len(animals), 'animal')} in {count(len(assays), 'assay')} of behaviour.")
    return " ".join(told) or "No session and no behaviour."


def included(result: StudyResult) -> tuple[SessionResult, ...]:
    """Return the sessions that were to be estimated, in the study's order."""
    return tuple(item for item in result.sessions if not item.session.exclude)


def excluded(result: StudyResult) -> tuple[Session, ...]:
    """Return the sessions that the laboratory took out, whether or not they came back with the results."""
    listed = {session.session: session for session in result.study.sessions}
    listed.update({item.session.session: item.session for item in result.sessions})
    return tuple(session for session in listed.values() if session.exclude)


def handling(settings: Settings) -> str:
    """Return what was masked around each intervention."""
    if settings.handling_s is None:
        return "30 s before to 60 s after a single intervention, nothing around repeated bouts (the default)"
    start, end = settings.handling_s
    return f"{start:g} to {end:g} s around each intervention".replace("-", "−")


def full_stop(text: str) -> str:
    """Return a text that ends as a sentence does."""
    return text if text.endswith((".", "!", "?")) else text + "."


def joined(separator: str, *parts: str) -> str:
    """Return the parts that hold something, joined."""
    return separator.join(part for part in parts if part)
