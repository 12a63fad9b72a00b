"""Tables of an answer: the front, every subject, and the protocol that a chamber or mask is set from."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

import numpy as np

from adenoscope.core.hypoxia_design import HypoxiaDesign
from adenoscope.core.schedule import Schedule
from adenoscope.mechanism.envelope import bout_limit, conduct, conduct_words, envelope
from adenoscope.mechanism.pieces import constants
from adenoscope.studies.hypoxia.answer import HypoxiaAnswer
from adenoscope.studies.hypoxia.evaluated import TITRATED, Evaluated, who_breaks
from adenoscope.studies.hypoxia.outcomes import NAMES

RESEARCH = "Research use only: virtual subjects, no advice to any person. Every limit needs a clinician and a board."
OF_SCHEDULE = ("gas", "fio2", "spo2_target", "bout_s", "rest_s", "bouts", "sessions")
PROTOCOL = (
    *("session", "day", "step", "phase", "bout", "start_s", "duration_s", "oxygen_percent"),
    *("spo2_target_percent", "oxygen_least_percent", "oxygen_most_percent", "note"),
)
SHORT = "BOUT_MAX_S_AT_FIO2_BELOW_0.11"
LEAD_IN = "lead-in: see SpO2 before stepping down"
DECIMALS = 6


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table as CSV text; what is not known is empty."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    return text.getvalue()


def front_rows(answer: HypoxiaAnswer) -> Iterator[list[Any]]:
    """Yield a row for each schedule of the front, in order of burden; see ``front_header``."""
    for one in answer.front:
        schedule = [getattr(one.schedule, name) for name in OF_SCHEDULE]
        numbers = [round(value, DECIMALS) for value in (one.engagement, one.burden, one.risk)]
        yield [*schedule, *numbers, one.schedule == answer.recommended.schedule]


def front_header() -> tuple[str, ...]:
    """Return the columns of the front: engagement [occupancy min] and burden [% min] of all sessions."""
    return (*OF_SCHEDULE, "engagement_occupancy_min", "burden_percent_min", "risk", "recommended")


def subject_rows(answer: HypoxiaAnswer) -> Iterator[list[Any]]:
    """Yield a row for each fresh subject under the recommended schedule, then under the gas of the other kind."""
    for evaluated in (answer.recommended, answer.comparison):
        if evaluated is not None:
            yield from _subjects(evaluated, answer.design)


def subject_header() -> tuple[str, ...]:
    """Return the columns of the subjects; see ``Outcome``."""
    return ("schedule", "subject", *NAMES, "limits_broken")


def _subjects(evaluated: Evaluated, design: HypoxiaDesign) -> Iterator[list[Any]]:
    columns = np.stack([getattr(evaluated.outcome, name) for name in NAMES], axis=1)
    for subject, (values, broken) in enumerate(zip(columns.tolist(), who_breaks(evaluated, design), strict=True)):
        known = [round(value, DECIMALS) if np.isfinite(value) else None for value in values]
        yield [evaluated.label, subject, *known, ";".join(broken)]


def protocol_rows(schedule: Schedule, design: HypoxiaDesign) -> Iterator[list[Any]]:
    """Yield a row for each step of each session, gas and air in turn; see ``PROTOCOL``."""
    people = design.species == "human"
    for session in range(1, schedule.sessions + 1):
        head, step = [session, schedule.day_of(session)], 0
        for bout, start in enumerate(schedule.starts_s, start=1):
            step += 1
            gas = _gas(schedule, people=people, first=session == bout == 1)
            yield [*head, step, "gas", bout, start, schedule.bout_s, *gas]
            if schedule.rest_s and bout < schedule.bouts:
                step += 1
                air = [_percent(_room(design)), None, None, None, _air_note(people=people)]
                yield [*head, step, "air", bout, start + schedule.bout_s, schedule.rest_s, *air]


def _gas(schedule: Schedule, *, people: bool, first: bool) -> list[Any]:
    """Return what the device is set to in a bout, and what to mind."""
    least = max(schedule.fio2, conduct()["FIO2_START"].value) if people and first else schedule.fio2
    note = [LEAD_IN] if least > schedule.fio2 else []
    room = _percent(constants("oxygen", "human" if people else "mouse")["room_fio2"].value)
    if schedule.spo2_target is not None:
        words = "; ".join([*note, "gas follows SpO2"])
        return [None, _percent(schedule.spo2_target), _percent(least), room, words]
    long_for_fixed = schedule.bout_s > envelope()[SHORT].value and bout_limit(least) == TITRATED
    if people and long_for_fixed:
        note.append(envelope()[TITRATED].words)
    return [_percent(least), None, None, None, "; ".join(note)]


def _room(design: HypoxiaDesign) -> float:
    return constants("oxygen", design.species)["room_fio2"].value


def _air_note(*, people: bool) -> str:
    return f"no bout before SpO2 is {100 * conduct()['SPO2_RESUME'].value:g} %" if people else ""


def _percent(share: float) -> float:
    return round(100 * share, 4)


def protocol_notes(answer: HypoxiaAnswer) -> str:
    """Return what goes with the protocol table: who lets what pass, and how a session is run and ended."""
    design, schedule = answer.design, answer.recommended.schedule
    lines = [RESEARCH, "", f"Schedule: {schedule.words}; {schedule.sessions_per_week} sessions a week at most."]
    if design.species == "human":
        lines += ["", "No recording of adenosine in people exists: what this schedule engages is not known."]
        lines += ["", "How a session is run and ended:"]
        lines += [f"  {name}: {conduct_words(name)}" for name in conduct()]
    if design.override is not None:
        let = "; ".join(breach.words for breach in answer.recommended.let_pass) or "nothing that this schedule breaks"
        who = f"{', '.join(design.override.limits)} let pass by {design.override.by}: {design.override.reason}"
        lines += ["", f"OVERRIDE. {who}", f"  It lets pass: {let}"]
    return "\n".join(lines) + "\n"
