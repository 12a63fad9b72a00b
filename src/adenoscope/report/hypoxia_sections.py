"""Sections of a hypoxia design's page: limits, the cohort, known schedules, what decides, and the protocol."""

from __future__ import annotations

from collections.abc import Iterator

from adenoscope.mechanism.envelope import conduct, envelope
from adenoscope.report.answer_page import Exhibit, Section, Table
from adenoscope.report.hypoxia_figures import OUTPUT_WORDS, nadir_figure, sensitivity_figure
from adenoscope.report.hypoxia_words import BURDEN, ENGAGEMENT, SHARE, SPO2, bare, said, said_share
from adenoscope.report.numbers import GAP, number
from adenoscope.studies.hypoxia.answer import HypoxiaAnswer
from adenoscope.studies.hypoxia.evaluated import Evaluated
from adenoscope.studies.hypoxia.tables import PROTOCOL, protocol_rows

MOST_STEPS = 40


def limits_section(answer: HypoxiaAnswer) -> Section:
    """Return who breaks which limit, and the envelope that people have."""
    words = (
        "The probability that a virtual subject breaks a limit of the design, with the exact 95 % interval of the "
        "number of subjects drawn. Constants that are wrong for everybody are not in that interval.",
    )
    risks = tuple(
        (risk.words, f"{risk.n_broke} of {risk.n_subjects}", said(risk.probability, SHARE))
        for risk in answer.recommended.risks
    )
    tables = [Table(("limit of the design", "subjects that break it", "probability (95 %)"), risks)]
    low = answer.recommended.outcome.low_responder
    if low is not None:
        floor = envelope()["LOW_RESPONDER_CHECK"].value
        words += (
            "A low responder, who hardly breathes more when oxygen falls and wears a mask without leak, has a nadir "
            f"of {100 * low['spo2_nadir']:.1f}{GAP}% where {100 * floor:g}{GAP}% is asked for.",
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


def cohort_section(answer: HypoxiaAnswer) -> Section:
    """Return what fixed gas and gas that follows the oximeter do to the same subjects."""
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
    yield said(one.risk.probability, SHARE)


def presets_section(answer: HypoxiaAnswer) -> Section:
    """Return schedules of published studies, beside what was published of them."""
    header = ("preset", f"burden (%{GAP}min)", f"engagement (occupancy{GAP}min)", "nadir of SpO2", "published SpO2")
    results: list[tuple[str, ...]] = []
    origins: list[tuple[str, ...]] = []
    simulated = (str(number_of) for number_of in range(1, len(answer.presets) + 1))
    for one in answer.presets:
        preset, found = one.preset, one.evaluated
        published = "none read" if preset.published_spo2 is None else said_share(preset.published_spo2.value)
        if found is not None:
            cells = (bare(found.burden, BURDEN), bare(found.engagement, ENGAGEMENT))
            nadir = said(found.readings["spo2_nadir"], SPO2)
            results.append((f"{next(simulated)}. {preset.name}", *cells, nadir, published))
        kept = " ".join(breach.words for breach in one.breaches) or "kept"
        origins.append((preset.name, preset.schedule.words, kept, preset.source))
    words = (
        "Schedules of published studies, in the same virtual subjects. What leaves the envelope by itself is not "
        "simulated.",
    )
    tables = (
        Table(header, tuple(results), "Medians and the central 95 %, over the whole course."),
        Table(("preset", "schedule", "envelope", "source"), tuple(origins), "Where they are from."),
    )
    return Section("presets", "Known schedules beside it", words, tables=tables)


def sensitivity_section(answer: HypoxiaAnswer) -> Section:
    """Return the constants that decide the outcome."""
    found = answer.sensitivities
    if not found:
        return Section("sensitivity", "What decides it", ("No constant stands out from chance over these subjects.",))
    rows = tuple(
        (
            f"{OUTPUT_WORDS.get(one.effect.output, one.effect.output)} ~ {one.constant.name.split('.')[-1]}",
            number(one.effect.partial, 2),
            f"{100 * one.effect.share:.0f}{GAP}%",
            "from the fit" if one.fitted else "read" if one.constant.verified else "not verified",
            one.constant.source,
        )
        for one in found
    )
    explained = "; ".join(
        f"{OUTPUT_WORDS.get(name, name)} {'could not tell' if share is None else f'{100 * share:.0f}{GAP}%'}"
        for name, share in answer.explained.items()
    )
    words = (
        "Partial rank correlations of outcomes with the drawn constants, the others held, over virtual subjects: "
        "those beyond chance among all. One that is not verified and stands here is what to measure first.",
        f"Share of each outcome’s variance by rank that all constants explain together: {explained}.",
    )
    figure = Exhibit(
        anchor="figure-sensitivity",
        figure=sensitivity_figure(found),
        alt="Bars of partial rank correlation between outcomes and constants.",
        caption="Constants that the outcomes of the recommended schedule follow most; the table has all of them.",
        table=Table(("outcome ~ constant", "partial correlation", "explains alone", "constant", "source"), rows),
    )
    return Section("sensitivity", "What decides it", words, (figure,))


def protocol_section(answer: HypoxiaAnswer) -> Section:
    """Return the table that a device is set from, and how a session is run."""
    design, schedule = answer.design, answer.recommended.schedule
    steps = [row for row in protocol_rows(schedule, design) if row[0] == 1]
    used = [n for n, name in enumerate(PROTOCOL) if name != "session" and any(_filled(row[n]) for row in steps)]
    header = tuple(PROTOCOL[n].replace("_", " ") for n in used)
    rows = tuple(tuple("" if row[n] is None else f"{row[n]}" for n in used) for row in steps[:MOST_STEPS])
    more = "" if len(steps) <= MOST_STEPS else f" The first {MOST_STEPS} of {len(steps)} steps."
    tables = [Table(header, rows, f"Session 1 of {schedule.sessions}.{more} The whole is in protocol.csv.")]
    words = ("A table that a chamber or mask can be set from, for a study that has been approved where it is done.",)
    if design.species == "human":
        tables.append(conduct_table())
    return Section("protocol", "Protocol", words, tables=tuple(tables))


def conduct_table() -> Table:
    """Return what whoever runs a session of hypoxia in people keeps."""
    rules = tuple(
        (name, f"{limit.value:g}{'' if limit.unit == '1' else GAP + limit.unit}", limit.words, limit.source)
        for name, limit in conduct().items()
    )
    return Table(("rule", "value", "what it is", "source"), rules, "How a session is run and ended.")


def _filled(cell: object) -> bool:
    return cell is not None and cell != ""
