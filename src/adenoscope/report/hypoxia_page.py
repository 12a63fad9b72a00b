"""The page of a hypoxia design: the front, the schedule, who breaks a limit, and how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from adenoscope.core.provenance import software
from adenoscope.mechanism.envelope import conduct, envelope
from adenoscope.report.answer_page import AnswerPage, Exhibit, Section, Table
from adenoscope.report.hypoxia_figures import (
    OUTPUT_WORDS,
    front_figure,
    nadir_figure,
    sensitivity_figure,
    session_figure,
)
from adenoscope.report.hypoxia_words import BURDEN, ENGAGEMENT, GAS, SPO2, TISSUE, findings, override_words, said
from adenoscope.report.numbers import GAP, Measure, number
from adenoscope.studies.hypoxia.answer import HypoxiaAnswer
from adenoscope.studies.hypoxia.curves import SessionCurves
from adenoscope.studies.hypoxia.evaluated import Evaluated
from adenoscope.studies.hypoxia.tables import PROTOCOL, protocol_rows

KIND = {
    "human": "Hypoxia schedules · virtual people, simulated; nothing here was measured in a person",
    "mouse": "Hypoxia schedules · virtual mice, simulated",
}
PEOPLE_BAND = "Virtual people, simulated. No advice to any person; every limit needs a clinician and an ethics board."
MOST_STEPS, MOST_TIMES = 40, 30
READINGS: Mapping[str, tuple[str, Measure]] = {
    "spo2_nadir": ("SpO2, mean of the nadirs of bouts", SPO2),
    "spo2_lowest": ("SpO2, lowest of all", SPO2),
    "spo2_resumed": ("SpO2, lowest when a bout starts", SPO2),
    "below_floor_s": ("time below the floor, a session", Measure("", "s")),
    "pto2_lowest_mmhg": ("lowest oxygen of brain tissue", TISSUE),
    "atp_fall": ("fall of ATP/ADP, share of rest", Measure("", "%", 100.0)),
    "a1_engagement_min": ("engagement of A1, a session", ENGAGEMENT),
    "a2a_engagement_min": ("engagement of A2A, a session", ENGAGEMENT),
    "a1_peak_rise": ("largest rise of A1 occupancy", Measure("", "points", 100.0)),
    "a2a_peak_rise": ("largest rise of A2A occupancy", Measure("", "points", 100.0)),
    "gas_fio2": ("oxygen inspired late in bouts", GAS),
}


def hypoxia_page(answer: HypoxiaAnswer, file: str) -> AnswerPage:
    """Return the page of an answer; ``file`` is the name of the design's file."""
    design, made = answer.design, software()
    people = design.species == "human"
    sections = [_front(answer), _session(answer), _limits(answer), _cohort(answer)]
    sections += [_presets(answer)] if answer.presets else []
    sections += [_sensitivity(answer), _protocol(answer), _doubts(answer)]
    return AnswerPage(
        title="Intermittent hypoxia: engagement against burden",
        kind=KIND[design.species],
        byline=f"{file} · {design.species}, {design.region} · seed {design.seed} · {made.name} {made.version}",
        notices=(*override_words(answer), *([PEOPLE_BAND] if people else [])),
        findings=tuple(findings(answer)),
        sections=tuple(sections),
    )


def _front(answer: HypoxiaAnswer) -> Section:
    rows = tuple(
        (
            one.schedule.words + (" (recommended)" if one.schedule == answer.recommended.schedule else ""),
            number(one.burden, 0),
            number(one.engagement, 1),
            f"{100 * (float(one.slacks[0]) + answer.design.limits.risk):.0f}{GAP}%",
        )
        for one in answer.front
    )
    header = ("schedule", f"burden (%{GAP}min)", f"engagement (occupancy{GAP}min)", "subjects that break a limit")
    weights = answer.design.objective
    words = (
        f"Engagement is the area by which adenosine holds more of A1 (weight {weights.a1:g}) and of A2A (weight "
        f"{weights.a2a:g}) than at the subject’s own rest, in occupancy times minutes, over the whole course. Burden is the "
        "area by which SpO2 falls below the subject’s own rest. On the front no schedule engages more for less.",
        f"Rule: {answer.rule}",
    )
    if answer.passed_over:
        names = "; ".join(one.schedule.words for one in answer.passed_over)
        words += (f"Before it in the order of the rule, but outside a limit in fresh subjects: {names}.",)
    figure = Exhibit(
        anchor="figure-front",
        figure=front_figure(answer),
        alt="Engagement over burden: the front rises and flattens; the recommended schedule is marked.",
        caption="Medians over the cohort. Blue: schedules that no other beats. Red: the recommended one in subjects "
        "that the search had not seen, with the central 95 %. Green squares: presets, numbered as in their table.",
        table=Table(header, rows, "The front, in order of burden, in the cohort of the search."),
    )
    return Section("front", "The front", words, (figure,))


def _session(answer: HypoxiaAnswer) -> Section:
    curves = answer.curves
    words = (
        f"One session of {answer.recommended.schedule.words}, over {answer.fresh_subjects} virtual subjects: medians and "
        "central 95 %. The oximeter is late: the finger shows what the lung saw some 20 s before."
        if answer.design.species == "human"
        else f"One session of {answer.recommended.schedule.words}, over {answer.fresh_subjects} virtual mice: medians "
        "and central 95 %.",
        f"Sessions on different days are alike: over {answer.days_tried} days the last differs from the first by at most "
        f"{100 * answer.days_interact:.2g}{GAP}%.",
    )
    rows = tuple(
        (label, said(answer.recommended.readings.get(name), measure)) for name, (label, measure) in _known(answer)
    )
    figure = Exhibit(
        anchor="figure-session",
        figure=session_figure(curves, answer.design.limits.spo2_floor),
        alt="A session over time: saturation falls in every bout and returns, tissue oxygen and receptors follow.",
        caption="Shaded: bouts of the gas. The whole of it is in session.csv.",
        table=_times(curves),
    )
    table = Table(("reading", "median (central 95 %)"), rows, "The recommended schedule, in numbers.")
    return Section("session", "One session", words, (figure,), (table,))


def _known(answer: HypoxiaAnswer) -> Iterator[tuple[str, tuple[str, Measure]]]:
    for name, shown in READINGS.items():
        if name != "below_floor_s" or answer.design.limits.spo2_floor is not None:
            yield name, shown


def _times(curves: SessionCurves) -> Table:
    picked = np.unique(np.linspace(0, curves.time_s.size - 1, MOST_TIMES).round().astype(int))
    scale = {"spo2": 100.0, "inspired_fio2": 100.0, "a1_occupancy": 100.0, "a2a_occupancy": 100.0}
    names = {
        "inspired_fio2": "inspired oxygen (%)",
        "spo2": "SpO2 (%)",
        "pto2": "tissue PO2 (mmHg)",
        "a1_occupancy": "rise of A1 (points)",
        "a2a_occupancy": "rise of A2A (points)",
    }
    rows = tuple(
        (
            number(curves.time_s[at] / 60, 1),
            *(_cell(scale.get(name, 1.0) * curves.bands[name][:, at]) for name in names),
        )
        for at in picked
    )
    return Table(("time (min)", *names.values()), rows, "Medians with the central 95 %, at some of the times.")


def _cell(values: np.ndarray) -> str:
    middle, low, high = (number(float(value), 1) for value in values)
    return f"{middle} ({low} to {high})"


def _limits(answer: HypoxiaAnswer) -> Section:
    words = (
        "The probability that a virtual subject breaks a limit of the design, with the exact 95 % interval of the number "
        "of subjects drawn. Constants that are wrong for everybody are not in that interval.",
    )
    risks = tuple(
        (risk.words, f"{risk.n_broke} of {risk.n_subjects}", said(risk.probability, Measure("", "%", 100.0)))
        for risk in answer.recommended.risks
    )
    tables = [Table(("limit of the design", "subjects that break it", "probability (95 %)"), risks)]
    low = answer.recommended.outcome.low_responder
    if low is not None:
        floor = envelope()["LOW_RESPONDER_CHECK"].value
        words += (
            f"A low responder, who hardly breathes more when oxygen falls and wears a mask without leak, has a nadir of "
            f"{100 * low['spo2_nadir']:.1f}{GAP}% where {100 * floor:g}{GAP}% is asked for.",
        )
        tables.append(_envelope(answer))
    return Section("limits", "Limits", words, tables=tuple(tables))


def _envelope(answer: HypoxiaAnswer) -> Table:
    passed = {breach.limit for breach in answer.recommended.let_pass}
    rows = tuple(
        (
            name,
            f"{limit.value:g}{'' if limit.unit in ('1', 'count') else GAP + limit.unit}",
            limit.words,
            "LET PASS" if name in passed else "kept",
            limit.source + ("" if limit.verified else "; not verified"),
        )
        for name, limit in envelope().items()
    )
    header = ("limit", "value", "what it is", "here", "source")
    return Table(
        header, rows, "The envelope for people. Bounds of published trials, and no proof of safety within them."
    )


def _cohort(answer: HypoxiaAnswer) -> Section:
    shown = [answer.recommended, *([answer.comparison] if answer.comparison is not None else [])]
    groups = [(_gas_label(one), 100 * one.outcome.spo2_nadir[one.outcome.finished]) for one in shown]
    header = ("gas", "nadir of SpO2", "sd", "lowest of all", "engagement", "burden", "breaks a limit")
    rows = tuple((_gas_label(one).replace("\n", " "), *_cohort_cells(one)) for one in shown)
    words = (
        "The same gas does not do the same to everybody. Each dot is a virtual subject; lines are the median and the "
        "central 95 %.",
    )
    if answer.comparison is None:
        words += (f"Not simulated, {answer.comparison_schedule.words}: {' '.join(answer.comparison_breaches)}",)
    figure = Exhibit(
        anchor="figure-cohort",
        figure=nadir_figure(groups, answer.design.limits.spo2_floor),
        alt="Nadirs of saturation of every virtual subject under fixed gas and under gas that follows the oximeter.",
        caption="Nadirs under the recommended schedule, and under the same bouts with gas of the other kind.",
        table=Table(header, rows, "Every subject is in subjects.csv."),
    )
    return Section("cohort", "Fixed gas or gas that follows the oximeter", words, (figure,))


def _gas_label(one: Evaluated) -> str:
    kind = "fixed" if one.schedule.spo2_target is None else "follows oximeter"
    return f"{kind}\n{one.schedule.gas_words.split(' (')[0].removeprefix('of ')}"


def _cohort_cells(one: Evaluated) -> Iterator[str]:
    nadir = 100 * one.outcome.spo2_nadir[one.outcome.finished]
    yield said(one.readings["spo2_nadir"], SPO2)
    yield f"{number(float(nadir.std(ddof=1)), 1)} points"
    yield f"{number(float(nadir.min()), 1)}{GAP}%"
    yield said(one.engagement, ENGAGEMENT)
    yield said(one.burden, BURDEN)
    yield said(one.risk.probability, Measure("", "%", 100.0))


def _presets(answer: HypoxiaAnswer) -> Section:
    rows: list[tuple[str, ...]] = []
    number_of = 0
    for one in answer.presets:
        preset, found = one.preset, one.evaluated
        published = preset.published_spo2
        number_of += found is not None
        rows.append(
            (
                f"{number_of}. {preset.name}" if found is not None else preset.name,
                preset.schedule.words,
                said(found.readings["spo2_nadir"], SPO2) if found is not None else "not simulated",
                "none read" if published is None else f"{100 * published.value:g}{GAP}%",
                said(found.engagement, ENGAGEMENT) if found is not None else "",
                said(found.burden, BURDEN) if found is not None else "",
                " ".join(breach.words for breach in one.breaches) or "kept",
                preset.source,
            )
        )
    header = ("preset", "schedule", "nadir of SpO2", "published SpO2", "engagement", "burden", "envelope", "source")
    words = (
        "Schedules of published studies, in the same virtual subjects. What leaves the envelope is not simulated.",
    )
    return Section("presets", "Known schedules beside it", words, tables=(Table(header, tuple(rows)),))


def _sensitivity(answer: HypoxiaAnswer) -> Section:
    found = answer.sensitivities
    if not found:
        return Section("sensitivity", "What decides it", ("No constant stands out from chance over these subjects.",))
    rows = tuple(
        (
            f"{OUTPUT_WORDS.get(one.output, one.output)} ~ {one.constant.name.split('.')[-1]}",
            number(one.correlation, 2),
            "read" if one.constant.verified else "not verified",
            one.constant.source,
        )
        for one in found
    )
    explained = "; ".join(
        f"{OUTPUT_WORDS.get(name, name)} {100 * share:.0f}{GAP}%" for name, share in answer.explained.items()
    )
    words = (
        "Rank correlations of outcomes with the drawn constants, over virtual subjects, beyond chance after correction for "
        "the number of constants. A constant that is not verified and stands here is what to measure first.",
        f"Share of each outcome’s variance by rank that they explain together: {explained}.",
    )
    figure = Exhibit(
        anchor="figure-sensitivity",
        figure=sensitivity_figure(found),
        alt="Bars of rank correlation between outcomes and constants.",
        caption="Constants that the outcomes of the recommended schedule follow.",
        table=Table(("outcome ~ constant", "rank correlation", "constant", "source"), rows),
    )
    return Section("sensitivity", "What decides it", words, (figure,))


def _protocol(answer: HypoxiaAnswer) -> Section:
    design, schedule = answer.design, answer.recommended.schedule
    steps = [row for row in protocol_rows(schedule, design) if row[0] == 1]
    used = [n for n, name in enumerate(PROTOCOL) if name != "session" and any(_filled(row[n]) for row in steps)]
    header = tuple(PROTOCOL[n].replace("_", " ") for n in used)
    rows = tuple(tuple("" if row[n] is None else f"{row[n]}" for n in used) for row in _first(steps))
    more = "" if len(steps) <= MOST_STEPS else f" The first {MOST_STEPS} of {len(steps)} steps."
    tables = [Table(header, rows, f"Session 1 of {schedule.sessions}.{more} The whole is in protocol.csv.")]
    words = ("A table that a chamber or mask can be set from, for a study that has been approved where it is done.",)
    if design.species == "human":
        rules = tuple(
            (name, f"{limit.value:g}{'' if limit.unit == '1' else GAP + limit.unit}", limit.words, limit.source)
            for name, limit in conduct().items()
        )
        tables.append(Table(("rule", "value", "what it is", "source"), rules, "How a session is run and ended."))
    return Section("protocol", "Protocol", words, tables=tuple(tables))


def _filled(cell: object) -> bool:
    return cell is not None and cell != ""


def _first(steps: Sequence[list[object]]) -> Sequence[list[object]]:
    return steps[:MOST_STEPS]


def _doubts(answer: HypoxiaAnswer) -> Section:
    words = (
        f"{100 * answer.unverified_share:.0f}{GAP}% of the constants that this answer rests on were not read in their "
        "source. What was left, or never entered:",
        *answer.outside_validity,
    )
    return Section("doubts", "What this cannot tell", words)
