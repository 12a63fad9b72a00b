"""The page of ``adenoscope occupancy``: who holds A1 and A2A over time, by which constants, and what is known."""

from __future__ import annotations

from pathlib import Path

from adenoscope.core.interval import Interval
from adenoscope.core.provenance import software
from adenoscope.mechanism.occupancy import WRITTEN, named
from adenoscope.report.answer_page import AnswerPage, Exhibit, Section, Table, write_answer
from adenoscope.report.numbers import count
from adenoscope.report.occupancy_figures import (
    adenosine_figure,
    antagonist_figure,
    duration_figure,
    level_figure,
    shown_span,
)
from adenoscope.studies.occupancy.answer import GroupAnswer, OccupancyAnswer, TargetAnswer
from adenoscope.studies.occupancy.evidence import ConstantRow, GroupRow, constant_rows, evidence, group_rows
from adenoscope.studies.occupancy.readings import THRESHOLDS
from adenoscope.studies.occupancy.words import SPREAD, TARGETS, findings, hours

READ = {True: "Read", False: "Not verified"}
EQUATIONS = (
    "In vitro: with a = A / Kd of adenosine and b = Σ B / Ki of antagonists, both free in brain, antagonists hold "
    "b / (1 + a + b) and adenosine a / (1 + a + b) (Gaddum 1937).",
    "In vivo: PET compares what a radioligand finds before and after, so antagonists hold C / (C + K), with C in "
    "total plasma, times the largest share seen where that was not 1. Adenosine was there when K was measured and "
    "is in it.",
    "For adenosine's own share by the PET constant, K is turned into a Ki: K × f_unbound × kpuu is what is free in "
    "brain, and division by 1 + A_rest / Kd takes resting adenosine out (Cheng and Prusoff 1973). At rest, and with "
    "brain in balance with plasma, both equations then say the same; while adenosine is raised, it takes back a "
    "little of what C / (C + K) gives the antagonist.",
    "The two sets of constants differ because binding in vitro is measured in membranes without what competes in "
    "a living brain; neither is taken as the true one.",
)
SAYS = {"for": "it interferes", "against": "it does not, or helps", "neither": "occupancy alone", "open": "open"}


def write_occupancy_page(answer: OccupancyAnswer, path: Path) -> None:
    """Write the page of an answer about occupancy to ``path``."""
    write_answer(occupancy_page(answer), path)


def occupancy_page(answer: OccupancyAnswer) -> AnswerPage:
    """Return the page of an answer about occupancy."""
    design, ours = answer.design, software()
    finished = design.subjects - len(answer.failed)
    kind = "Virtual mice" if design.species == "mouse" else "Virtual people"
    byline = f"{count(finished, 'subject')}, seed {design.seed}, {design.region}, {ours.name} {ours.version}".strip()
    return AnswerPage(
        title=f"Adenosine receptors held by {named(answer.compounds)}",
        kind=f"Occupancy over time. {kind}",
        byline=byline,
        notices=(),
        findings=tuple(findings(answer)),
        sections=(
            _by_antagonists(answer),
            _by_adenosine(answer),
            _levels(answer),
            _constants(answer),
            _evidence(answer),
            Section("equations", "How it is computed", (*EQUATIONS, SPREAD)),
            _trust(answer),
        ),
    )


def _by_antagonists(answer: OccupancyAnswer) -> Section:
    marks = "Triangles: doses." + (" Orange: what raises adenosine." if answer.clock.challenge_h is not None else "")
    caption = f"Share held by antagonists, medians by group; the band holds 95 % of the first group. {marks}"
    words = [
        f"{group.group}, {TARGETS[target.target]} {target.kind}: peak {_percent(target.readings.peak)} %"
        for group in answer.groups
        for target in group.targets
        if target.readings is not None and target.bound
    ]
    held = Exhibit("held", antagonist_figure(answer), "; ".join(words), caption, _held_table(answer))
    return Section("antagonists", "Held by antagonists", (), (held, _durations(answer)))


def _durations(answer: OccupancyAnswer) -> Exhibit:
    words = [
        f"{group.group}, {TARGETS[target.target]} {target.kind}: {hours(target.readings.above[0].until_h)}"
        for group, target in _told(answer)
        if target.readings is not None
    ]
    caption = (
        "When antagonists last hold more than 5 %, after the last dose: median and 95 % of subjects. An arrow: "
        "beyond the end of what was simulated."
    )
    return Exhibit("durations", duration_figure(answer), "; ".join(words), caption, _threshold_table(answer))


def _held_table(answer: OccupancyAnswer) -> Table:
    header = ("group", "target", "constants", "peak", *(f"{after:g} h" for after in answer.clock.report_h))
    rows = tuple(
        (group.group, TARGETS[target.target], target.kind, _percent(target.readings.peak),
         *(_percent(at.by_antagonist) for at in target.readings.at))
        for group, target in _told(answer)
        if target.readings is not None
    )  # fmt: skip
    return Table(header, rows, "Held by antagonists [%], median and 95 %, by time after the first dose.")


def _threshold_table(answer: OccupancyAnswer) -> Table:
    rows = tuple(
        (group.group, TARGETS[target.target], target.kind,
         *(hours(above.until_h) for above in target.readings.above),
         f"{100 * target.readings.above[0].until_h.still_above:.0f} %")
        for group, target in _told(answer)
        if target.readings is not None
    )  # fmt: skip
    shares = (f"> {100 * threshold:.0f} %" for threshold in THRESHOLDS)
    header = ("group", "target", "constants", *shares, "still above the first at the end")
    return Table(header, rows, "When antagonists last hold more than a share, after the last dose; 0 where never.")


def _by_adenosine(answer: OccupancyAnswer) -> Section:
    first, (start, end) = answer.groups[0], shown_span(answer)
    words = (
        "What adenosine holds is small to begin with: its resting level is set low by the fit, and is not known in "
        "people. Which part of it an antagonist takes hardly depends on that while it is small.",
    )
    caption = f"Share held by adenosine without and with {named(answer.compounds)}, {first.group}; bands hold 95 %."
    alt = f"Adenosine's share from {start:g} to {end:g} h; its numbers stand in the table."
    rows = tuple(
        (TARGETS[target.target], target.kind, f"{at.after_h:g} h", _percent(at.adenosine_without),
         _percent(at.adenosine_with))
        for target in first.targets
        if target.readings is not None and target.adenosine_with is not None
        for at in target.readings.at
    )  # fmt: skip
    table = Table(("receptor", "constants", "after the first dose", "without", "with"), rows, f"{first.group} [%].")
    exhibit = Exhibit("adenosine", adenosine_figure(answer), alt, caption, table)
    return Section("by-adenosine", "Held by adenosine", words, (exhibit,), _raised_tables(answer))


def _raised_tables(answer: OccupancyAnswer) -> tuple[Table, ...]:
    rows = tuple(
        (group.group, TARGETS[target.target], target.kind, _percent(raised.peak_without), _percent(raised.peak_with),
         _percent(raised.rise_kept))
        for group in answer.groups
        for target in group.targets
        if target.readings is not None and (raised := target.readings.raised) is not None
    )  # fmt: skip
    header = ("group", "receptor", "constants", "peak without", "with, then", "of the rise left")
    return (Table(header, rows, "Where adenosine's share peaks [%], median and 95 %."),) if rows else ()


def _levels(answer: OccupancyAnswer) -> Section:
    rows = tuple(
        (group.group, WRITTEN.get(level.compound, level.compound), _plain(level.half_life_h), _plain(level.peak))
        for group in answer.groups
        for level in group.levels
    )
    table = Table(("group", "compound", "half-life [h]", "peak [mg/L]"), rows, "Median and 95 % over subjects.")
    caption = "Total plasma, medians by group; the band holds 95 % of the first group. Dashed: half held, by PET."
    alt = "; ".join(f"{row[0]}, {row[1]}: peak {row[3]} mg/L" for row in rows)
    return Section("levels", "Levels", (), (Exhibit("plasma", level_figure(answer), alt, caption, table),))


def _constants(answer: OccupancyAnswer) -> Section:
    rows = tuple(_constant_cells(row) for row in constant_rows(answer.design.species, answer.compounds))
    header = ("compound", "target", "constant", "value (95 % plausible)", "source")
    tables = [Table(header, rows, "In vitro and in vivo side by side.")]
    groups = tuple(_group_cells(row) for row in group_rows(answer.design, answer.compounds))
    if groups:
        header = ("group", "compound", "clearance over reference (95 % plausible)", "source")
        tables.append(Table(header, groups, "How groups clear a drug."))
    return Section("constants", "Constants side by side", (), (), tuple(tables))


def _constant_cells(row: ConstantRow) -> tuple[str, ...]:
    name, target = WRITTEN.get(row.compound, row.compound), TARGETS[row.target]
    if row.value is None:
        return (name, target, row.constants, row.source, "")
    unit = "" if row.unit == "1" else f" {row.unit}"
    value = f"{row.value:g}{unit} ({row.low:g} to {row.high:g})"
    return (name, target, row.constants, value, f"{row.source}. {READ[row.verified]}.")


def _group_cells(row: GroupRow) -> tuple[str, ...]:
    name = WRITTEN.get(row.compound, row.compound)
    if row.ratio is None:
        return (row.group, name, row.source, "")
    value = f"{row.ratio:g} ({row.low:g} to {row.high:g})"
    return (row.group, name, value, f"{row.source}. {READ[row.verified]}.")


def _evidence(answer: OccupancyAnswer) -> Section:
    words = (
        "Occupancy does not say what follows from it. This is what is known of these compounds, for and against an "
        "interference with ketamine, electroconvulsive therapy or intermittent hypoxia; it conflicts.",
    )
    rows = tuple((row.claim, SAYS[row.says], f"{row.source} ({row.status})") for row in evidence(answer.compounds))
    table = Table(("what is known", "speaks for", "source"), rows)
    return Section("evidence", "Evidence that conflicts", words, (), (table,))


def _trust(answer: OccupancyAnswer) -> Section:
    share = (
        f"{100 * answer.unverified_share:.0f} % of the constants used are not verified: their sources were not read."
    )
    failed = f"{count(len(answer.failed), 'subject')} of {answer.design.subjects} could not be followed to the end."
    said = (failed,) if answer.failed else ()
    return Section("trust", "How far to trust it", (share, *said, *answer.outside_validity))


def _told(answer: OccupancyAnswer) -> list[tuple[GroupAnswer, TargetAnswer]]:
    return [(group, target) for group in answer.groups for target in group.targets if target.bound]


def _percent(interval: Interval | None) -> str:
    if interval is None:
        return "not told"
    return f"{100 * interval.estimate:.0f} ({100 * interval.low:.0f} to {100 * interval.high:.0f})"


def _plain(interval: Interval) -> str:
    return f"{interval.estimate:.2g} ({interval.low:.2g} to {interval.high:.2g})"
