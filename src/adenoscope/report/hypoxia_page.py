"""The page of a hypoxia design: the front, the schedule, who breaks a limit, and how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from adenoscope.core.provenance import software
from adenoscope.mechanism.cohort import Numbers
from adenoscope.report.answer_page import AnswerPage, Exhibit, Section, Table
from adenoscope.report.hypoxia_figures import front_figure, session_figure
from adenoscope.report.hypoxia_sections import (
    cohort_section,
    limits_section,
    presets_section,
    protocol_section,
    sensitivity_section,
)
from adenoscope.report.hypoxia_words import ENGAGEMENT, GAS, POINTS, SPO2, TISSUE, findings, override_words, said
from adenoscope.report.numbers import GAP, Measure, number
from adenoscope.studies.hypoxia.answer import HypoxiaAnswer
from adenoscope.studies.hypoxia.curves import SessionCurves

KIND = {
    "human": "Hypoxia schedules · virtual people, simulated; nothing here was measured in a person",
    "mouse": "Hypoxia schedules · virtual mice, simulated",
}
PEOPLE_BAND = "Virtual people, simulated. No advice to any person; every limit needs a clinician and an ethics board."
MOST_TIMES = 30
READINGS: Mapping[str, tuple[str, Measure]] = {
    "spo2_nadir": ("SpO2, mean of the nadirs of bouts", SPO2),
    "spo2_lowest": ("SpO2, lowest of all", SPO2),
    "spo2_resumed": ("SpO2, lowest when a bout starts", SPO2),
    "below_floor_s": ("time below the floor, a session", Measure("", "s")),
    "pto2_lowest_mmhg": ("lowest oxygen of brain tissue", TISSUE),
    "atp_fall": ("fall of ATP/ADP, share of rest", Measure("", "%", 100.0)),
    "a1_engagement_min": ("engagement of A1, a session", ENGAGEMENT),
    "a2a_engagement_min": ("engagement of A2A, a session", ENGAGEMENT),
    "a1_peak_rise": ("largest rise of A1 occupancy", POINTS),
    "a2a_peak_rise": ("largest rise of A2A occupancy", POINTS),
    "gas_fio2": ("oxygen inspired late in bouts", GAS),
}


def hypoxia_page(answer: HypoxiaAnswer, file: str) -> AnswerPage:
    """Return the page of an answer; ``file`` is the name of the design's file."""
    design, made = answer.design, software()
    people = design.species == "human"
    sections = [_front(answer), _session(answer), limits_section(answer), cohort_section(answer)]
    sections += [presets_section(answer)] if answer.presets else []
    sections += [sensitivity_section(answer), protocol_section(answer), _doubts(answer)]
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
            f"{100 * one.risk:.0f}{GAP}%",
        )
        for one in answer.front
    )
    header = ("schedule", f"burden (%{GAP}min)", f"engagement (occupancy{GAP}min)", "subjects that break a limit")
    weights = answer.design.objective
    words = (
        f"Engagement is the area by which adenosine holds more of A1 (weight {weights.a1:g}) and of A2A (weight "
        f"{weights.a2a:g}) than at the subject’s own rest, in occupancy times minutes, over the whole course. Burden "
        "is the area by which SpO2 falls below that rest. On the front no schedule engages more for less.",
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
    best, people = answer.recommended, answer.design.species == "human"
    who = "virtual subjects" if people else "virtual mice"
    words = [f"One session of {best.schedule.words}, over {answer.fresh_subjects} {who}."]
    if people:
        words.append("The oximeter is late: the finger shows what the lung saw some 20 s before.")
    words.append(
        f"Sessions on different days are alike: over {answer.days_tried} days the last differs from the first by at "
        f"most {100 * answer.days_interact:.2g}{GAP}%."
    )
    rows = tuple((label, said(best.readings.get(name), measure)) for name, label, measure in _readings(answer))
    figure = Exhibit(
        anchor="figure-session",
        figure=session_figure(answer.curves, answer.design.limits.spo2_floor),
        alt="A session over time: saturation falls in every bout and returns, tissue oxygen and receptors follow.",
        caption="Medians and the central 95 %. Shaded: bouts of the gas. The whole of it is in session.csv.",
        table=_times(answer.curves),
    )
    table = Table(("reading", "median (central 95 %)"), rows, "The recommended schedule, in numbers.")
    return Section("session", "One session", tuple(words), (figure,), (table,))


def _readings(answer: HypoxiaAnswer) -> Iterator[tuple[str, str, Measure]]:
    for name, (label, measure) in READINGS.items():
        if name != "below_floor_s" or answer.design.limits.spo2_floor is not None:
            yield name, label, measure


def _times(curves: SessionCurves) -> Table:
    picked = np.unique(np.linspace(0, curves.time_s.size - 1, MOST_TIMES).round().astype(int))
    names = {
        "inspired_fio2": "inspired oxygen (%)",
        "spo2": "SpO2 (%)",
        "pto2": "tissue PO2 (mmHg)",
        "a1_occupancy": "rise of A1 (points)",
        "a2a_occupancy": "rise of A2A (points)",
    }
    rows: list[tuple[str, ...]] = []
    for at in picked.tolist():
        cells = (_cell(curves.bands[name][:, at], name) for name in names)
        rows.append((number(float(curves.time_s[at]) / 60, 1), *cells))
    return Table(("time (min)", *names.values()), tuple(rows), "Medians with the central 95 %, at some of the times.")


def _cell(values: Numbers, name: str) -> str:
    scale = 1.0 if name == "pto2" else 100.0
    middle, low, high = (number(scale * value, 1) for value in values.tolist())
    return f"{middle} ({low} to {high})"


def _doubts(answer: HypoxiaAnswer) -> Section:
    words = (
        f"{100 * answer.unverified_share:.0f}{GAP}% of the constants that this answer rests on were not read in "
        "their source. Where the mechanism leaves what it was built for:",
        *answer.outside_validity,
    )
    return Section("doubts", "What this cannot tell", words)
