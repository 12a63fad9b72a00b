"""A question of occupancy in TOML, read whole: everything that is wrong with it is said at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from adenoscope.core.errors import Problem
from adenoscope.core.occupancy import REFERENCE, OccupancyDesign
from adenoscope.core.parameter import load_values
from adenoscope.core.protocol import Breath, Dose, Protocol, Region, Route, Species
from adenoscope.io.entries import (
    Rule,
    is_number,
    number,
    one_of,
    read_document,
    read_entries,
    read_tables,
    text,
    whole,
)
from adenoscope.io.nearest import did_you_mean
from adenoscope.io.protocol import RULES as OF_PROTOCOLS
from adenoscope.io.protocol import UNITS
from adenoscope.io.protocol_contradictions import MOST_ROWS, contradictions

HOUR_S = 3600.0
GROUPS = (REFERENCE, *load_values("half_life_groups"))
MOST_DOSES = 200
_AT = number("of hours, 0 or more", lambda x: x >= 0, "8", 0.0)


def _numbers(value: Any) -> list[float]:
    """Return a number, or a list of numbers, as a list; [] where it is neither."""
    values: list[Any] = cast("list[Any]", value) if isinstance(value, list) else [value]
    return [float(each) for each in values] if all(is_number(each) for each in values) else []


def _hours(allowed: str, least: float, example: str, default: Any) -> Rule:
    def fits(value: Any) -> bool:
        hours = _numbers(value)
        return bool(hours) and all(hour >= least and hour > 0 for hour in hours)

    return Rule(fits, allowed, example, default)


def _are_groups(value: Any) -> bool:
    return isinstance(value, list) and bool(cast("list[Any]", value)) and all(x in GROUPS for x in cast("Any", value))


RULES: Mapping[str, Mapping[str, Rule]] = {
    "": {
        "species": one_of(get_args(Species)),
        "region": one_of(get_args(Region), "mPFC"),
        "duration_h": number("of hours, above 0 and at most 720", lambda x: 0 < x <= 720, "24"),
        "every_min": number("of minutes, at least 1", lambda x: x >= 1, "15", 15.0),
        "subjects": whole(8, 10**5, "200", 200),
        "seed": whole(0, 2**63 - 1, "1", 1),
        "body_mass_kg": number("of kilograms, above 0", lambda x: x > 0, "70", None),
        "groups": Rule(_are_groups, f"a list of words from {', '.join(GROUPS)}", '["reference", "smoker"]', None),
        "half_life_h": _hours("hours above 0: one number, or a list of them", 0.0, "[5, 10]", None),
        "report_h": _hours("hours after the first dose, above 0: a list", 0.0, "[1, 4, 12]", [1, 2, 4, 8, 12, 24]),
    },
    "give": {
        "at_h": _AT,
        "compound": text("caffeine"),
        "dose": number("0 or more", lambda x: x >= 0, "200"),
        "unit": one_of(UNITS),
        "route": one_of(get_args(Route)),
        "duration_s": number("of seconds above 0: the length of an infusion", lambda x: x > 0, "2400", None),
        "repeat": whole(1, MOST_DOSES, "3", 1),
        "every_h": number("of hours, above 0: from dose to dose", lambda x: x > 0, "24", 24.0),
    },
}
CHALLENGE: Mapping[str, Mapping[str, Rule]] = {
    "give": {name: rule for name, rule in RULES["give"].items() if name not in ("repeat", "every_h")},
    "breathe": {"at_h": _AT} | {name: rule for name, rule in OF_PROTOCOLS["breathe"].items() if name != "at_s"},
}


@dataclass(frozen=True)
class OccupancySurvey:
    """A design as far as it can be read, and its problems; None where nobody could be simulated."""

    design: OccupancyDesign | None
    problems: tuple[Problem, ...]


def survey_occupancy(path: Path) -> OccupancySurvey:
    """Return the design in a file as far as it can be read, and everything that is wrong with its form."""
    problems: list[Problem] = []
    document = read_document(path, "a question of occupancy", problems)
    if document is None:
        return OccupancySurvey(None, tuple(problems))
    own = ("give", "challenge")
    head = {key: value for key, value in document.items() if key not in own}
    entries = read_entries(head, RULES[""], path.name, problems, also=own)
    given = [dose for _, table in read_tables(document, "give", RULES["give"], path.name, problems)
             for dose in _doses(table)]  # fmt: skip
    challenge, breathe = _challenge(document.get("challenge", {}), path.name, problems)
    if not given and not document.get("give"):
        remedy = 'say what is given: [[give]] compound = "caffeine", dose = 200, unit = "mg", route = "oral"'
        problems.append(Problem(path.name, "no [[give]]", "at least one antagonist that is given", remedy))
    if not {"species", "duration_h"} <= entries.keys() or not given:
        return OccupancySurvey(None, tuple(problems))
    half_lives = _numbers(entries.pop("half_life_h", None))
    groups = entries.pop("groups", None) or ([] if half_lives else [REFERENCE])
    entries["report_h"] = tuple(sorted(set(_numbers(entries.get("report_h", [1, 2, 4, 8, 12, 24])))))
    design = OccupancyDesign(
        **entries, give=tuple(given), challenge=challenge, breathe=breathe,
        groups=tuple(dict.fromkeys(groups)), half_lives_h=tuple(dict.fromkeys(half_lives)),
    )  # fmt: skip
    problems += [Problem(path.name, *fault) for fault in _contradictions(design)]
    return OccupancySurvey(design, tuple(problems))


def _doses(table: dict[str, Any]) -> list[Dose]:
    """Return the single doses that a table stands for."""
    repeat, every_h, at_h = table.pop("repeat", 1), table.pop("every_h", 24.0), table.pop("at_h")
    return [Dose(at_s=HOUR_S * (at_h + number * every_h), **table) for number in range(repeat)]


def _challenge(found: Any, file: str, problems: list[Problem]) -> tuple[tuple[Dose, ...], tuple[Breath, ...]]:
    if not isinstance(found, dict):
        remedy = "head its tables [[challenge.give]] and [[challenge.breathe]]"
        problems.append(Problem(file, f"challenge: found {found!r}", "a table [challenge]", remedy))
        return (), ()
    tables = cast("dict[str, Any]", found)
    for key in tables.keys() - CHALLENGE.keys():
        remedy = did_you_mean(key, CHALLENGE) or "delete it"
        problems.append(Problem(file, f"challenge.{key}: an unknown key", "give, breathe", remedy))
    place = f"{file}, [challenge]"
    doses = [_doses(table)[0] for _, table in read_tables(tables, "give", CHALLENGE["give"], place, problems)]
    bouts = [
        Breath(at_s=HOUR_S * table.pop("at_h"), **table)
        for _, table in read_tables(tables, "breathe", CHALLENGE["breathe"], place, problems)
    ]
    return tuple(doses), tuple(bouts)


def _contradictions(design: OccupancyDesign) -> Iterator[tuple[str, str, str]]:
    yield from _late(design)
    yield from _of_groups(design)
    yield from contradictions(Protocol(design.species, math.inf, breathe=design.breathe))
    if design.every_min > 60 * design.duration_h:
        found, allowed = f"every_min: found {design.every_min:g}", f"at most {60 * design.duration_h:g}, the duration"
        yield found, allowed, "look more often"
    rows = design.subjects * 60 * design.duration_h / design.every_min
    if rows > MOST_ROWS:
        found = f"{design.subjects} subjects at {60 * design.duration_h / design.every_min:.0f} times"
        yield found, f"at most {MOST_ROWS:.0e} of both together", "raise every_min, or lower subjects"


def _late(design: OccupancyDesign) -> Iterator[tuple[str, str, str]]:
    done: dict[str, Sequence[Dose | Breath]] = {
        "give": design.give, "challenge.give": design.challenge, "challenge.breathe": design.breathe
    }  # fmt: skip
    for key, items in done.items():
        late = max((item.at_s for item in items), default=0.0) / HOUR_S
        if late >= design.duration_h:
            allowed = f"before duration_h = {design.duration_h:g}"
            yield f"{key}: one at {late:g} h is after the end", allowed, "do it earlier, or simulate longer"


def _of_groups(design: OccupancyDesign) -> Iterator[tuple[str, str, str]]:
    others = [group for group in design.groups if group != REFERENCE]
    if design.species == "mouse" and others:
        yield f"groups: {', '.join(others)} in mice", "reference: the others are of people", "use half_life_h instead"
    compounds = sorted({dose.compound.strip().lower() for dose in design.give})
    if design.half_lives_h and len(compounds) > 1:
        found = f"half_life_h with {len(compounds)} compounds: {', '.join(compounds)}"
        yield found, "one compound, whose half-life it is", "give one of them, or use groups"
