"""A design of hypoxia in TOML, read whole: everything that is wrong with it is said at once.

A quantity of the schedule is a number, which is kept, or [low, high], which is searched in steps that a device can be
set to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any, cast, get_args

from adenoscope.core.errors import InputError, Problem
from adenoscope.core.hypoxia_design import HypoxiaDesign, Limits, Objective, Range
from adenoscope.core.parameter import load_values
from adenoscope.core.protocol import Region, Species
from adenoscope.core.schedule import DAYS_OF_WEEK, Override, Schedule
from adenoscope.io.entries import Rule, is_number, number, one_of, read_document, read_entries, text, whole
from adenoscope.io.hypoxia_presets import presets

TABLES = ("schedule", "objective", "limits", "override")
SHORT_S = 300.0  # up to here times are searched in short steps
MOST_SCHEDULES = 2_000_000
PEOPLE_FLOOR = "SPO2_PLAN_FLOOR"  # of the envelope: where a person's floor is, if the design does not say


@dataclass(frozen=True)
class Quantity:
    """What a quantity of a schedule may be, the step of a range, and what it is when left out."""

    low: float
    high: float
    step: Callable[[float], float]
    words: str
    example: str
    default: float | None = None

    @property
    def rule(self) -> Rule:
        """Return the rule for a number, or for two that are in order."""

        def fits(value: Any) -> bool:
            ends = cast("list[Any]", value) if isinstance(value, list) else [value, value]
            within = all(is_number(end) and self.low <= end <= self.high for end in ends)
            return len(ends) == 2 and within and ends[0] <= ends[1]

        allowed = f"{self.words} from {self.low:g} to {self.high:g}, or [low, high] to search"
        required = Rule(fits, allowed, self.example)
        return required if self.default is None else replace(required, default=self.default)

    def range(self, value: Any) -> Range:
        """Return what an entry says."""
        low, high = value if isinstance(value, list) else (value, value)
        return Range(float(low), float(high), self.step(float(high)))


def _time_step(high: float) -> float:
    return 15.0 if high <= SHORT_S else 30.0


QUANTITIES: Mapping[str, Quantity] = {
    "spo2_target": Quantity(0.5, 0.97, lambda _: 0.01, "a fraction, not percent,", "[0.85, 0.92]"),
    "fio2": Quantity(0.05, 0.20, lambda _: 0.005, "a fraction, not percent,", "[0.10, 0.14]"),
    "bout_s": Quantity(15, 14400, _time_step, "seconds", "[60, 300]"),
    "rest_s": Quantity(0, 14400, _time_step, "seconds", "[60, 300]"),
    "bouts": Quantity(1, 100, lambda _: 1.0, "a count", "[3, 15]"),
    "sessions": Quantity(1, 100, lambda _: 1.0, "a count", "5", 1.0),
}


def _optional(allowed: str, fits: Callable[[float], bool], example: str) -> Rule:
    return number(allowed, fits, example, None)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in cast("list[Any]", value))


def _texts(example: str, default: Any) -> Rule:
    return Rule(_are_texts, "a list of texts", example, default)


HEAD: Mapping[str, Rule] = {
    "species": one_of(get_args(Species)),
    "region": one_of(get_args(Region), "mPFC"),
    "subjects": whole(8, 5000, "64", 64),
    "seed": whole(0, 2**63 - 1, "1", 1),
    "preset": one_of(tuple(presets()), ""),
    "presets": _texts('["human_15x60s_10"]', None),
    "burden_percent_min": _optional("above 0: % of SpO2 x minutes over all sessions", lambda x: x > 0, "600"),
    "also_given": _texts('["caffeine"]', []),
    "added_co2": Rule(lambda value: isinstance(value, bool), "true or false", "false", False),
}
RULES: Mapping[str, Mapping[str, Rule]] = {
    "schedule": {
        **{name: quantity.rule for name, quantity in QUANTITIES.items() if name != "spo2_target"},
        "spo2_target": replace(QUANTITIES["spo2_target"].rule, default=None),
        "sessions_per_day": whole(1, 10, "1", 1),
        "sessions_per_week": whole(1, 70, "5", 5),
    },
    "objective": {
        "a1": number("0 or more", lambda x: x >= 0, "1", 1.0),
        "a2a": number("0 or more", lambda x: x >= 0, "1", 1.0),
    },
    "limits": {
        "spo2_floor": _optional("from 0.3 to 0.95: a fraction, not percent", lambda x: 0.3 <= x <= 0.95, "0.80"),
        "below_floor_s": number("of seconds, 0 or more", lambda x: x >= 0, "30", 0.0),
        "pto2_floor_mmhg": _optional("of mmHg, above 0", lambda x: x > 0, "15"),
        "atp_fall": _optional("above 0 and below 1: a share of rest", lambda x: 0 < x < 1, "0.2"),
        "dose_percent_min": _optional("above 0: % of SpO2 x minutes over all sessions", lambda x: x > 0, "1000"),
        "risk": number("from 0 to 0.5: a probability", lambda x: 0 <= x <= 0.5, "0.1", 0.1),
    },
    "override": {
        "limits": _texts('["BOUTS_MAX_PER_DAY"]', []),
        "reason": text("ethics board 2025-14: titrated by an anaesthetist"),
        "by": text("A. Name, principal investigator"),
    },
}


def read_hypoxia(path: Path) -> HypoxiaDesign:
    """Return the design in a file.

    Raises:
        InputError: something is wrong with it; every problem is listed.
    """
    problems: list[Problem] = []
    document = read_document(path, "a design of hypoxia", problems)
    if document is None:
        raise InputError(*problems)
    return design_of(document, path.name)


def design_of(document: Mapping[str, Any], file: str) -> HypoxiaDesign:
    """Return the design that a TOML document holds, as ``read_hypoxia`` does; problems name it ``file``."""
    problems: list[Problem] = []
    head = read_entries(
        {key: value for key, value in document.items() if key not in TABLES}, HEAD, file, problems, also=TABLES
    )
    tables = {
        key: _table(document, key, file, problems)
        for key in TABLES
        if key in ("objective", "limits") or key in document
    }
    problems += [Problem(file, *fault) for fault in _contradictions(document, head, tables)]
    if problems:
        raise InputError(*problems)
    return _design(head, tables)


def _table(document: Mapping[str, Any], key: str, file: str, problems: list[Problem]) -> dict[str, Any]:
    table = document.get(key, {})
    if not isinstance(table, dict):
        problems.append(Problem(file, f"{key}: found {table!r}", f"a table headed [{key}]", f"head it [{key}]"))
        return {}
    return read_entries(cast("dict[str, Any]", table), RULES[key], file, problems, place=f"{key}.")


Fault = tuple[str, str, str]  # what was found, what is allowed, what to do


def _contradictions(
    document: Mapping[str, Any], head: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]
) -> Iterator[Fault]:
    if ("preset" in document) == ("schedule" in document):
        found = "a preset and a [schedule]" if "preset" in document else "neither a preset nor a [schedule]"
        yield (found, "one of them", 'for example preset = "human_15x60s_10"')
    yield from _of_species(head, tables)
    objective = tables["objective"]
    if objective.get("a1") == 0 and objective.get("a2a") == 0:
        yield ("objective: a1 and a2a are both 0", "one of them above 0", "leave them out for 1 and 1")
    schedule = tables.get("schedule", {})
    per_day, per_week = schedule.get("sessions_per_day", 1), schedule.get("sessions_per_week", 1)
    if per_week > DAYS_OF_WEEK * per_day:
        most = f"at most {DAYS_OF_WEEK * per_day} with {per_day} a day"
        yield (f"schedule.sessions_per_week: found {per_week}", most, "raise sessions_per_day")
    yield from _of_override(tables.get("override", {}))
    asked = [QUANTITIES[name].range(schedule[name]) for name in QUANTITIES if schedule.get(name) is not None]
    if (n_schedules := prod(len(one.levels) for one in asked)) > MOST_SCHEDULES:
        yield (f"[schedule] has {n_schedules:.2g} schedules", f"at most {MOST_SCHEDULES:,}", "narrow its ranges")


def _of_species(head: Mapping[str, Any], tables: Mapping[str, Any]) -> Iterator[Fault]:
    species = head.get("species")
    own = [name for name, preset in presets().items() if preset.species == species]
    asked = [*([head["preset"]] if head.get("preset") else []), *(head.get("presets") or [])]
    for name in dict.fromkeys(asked):
        if species and name not in own:
            yield (f"preset `{name}` in a {species}", f"one of {', '.join(own)}", "take one of these")
    if species == "mouse" and "override" in tables:
        yield ("override in a mouse", "people: there is no envelope for mice", "delete [override]")
    if species == "mouse" and (head.get("also_given") or head.get("added_co2")):
        yield ("drugs or CO2 with hypoxia", "air and nitrogen alone", "use `adenoscope simulate`")


def _of_override(override: Mapping[str, Any]) -> Iterator[Fault]:
    envelope = load_values("envelope")
    if override.get("limits") == []:
        yield ("override.limits: empty", "the names of limits", 'for example limits = ["BOUTS_MAX_PER_DAY"]')
    for name in override.get("limits", []):
        if name in envelope["prohibited"]:
            yield (f"override of {name}", "any other limit: this one is not let pass", "take it from override.limits")
        elif name not in envelope["limits"]:
            yield (f"override.limits: `{name}`", f"one of {', '.join(envelope['limits'])}", "take one of these")


def _design(head: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]) -> HypoxiaDesign:
    species: Species = head["species"]
    limits = Limits(**tables["limits"])
    if species == "human" and limits.spo2_floor is None:
        limits = replace(limits, spo2_floor=load_values("envelope")["limits"][PEOPLE_FLOOR].value)
    own = tuple(name for name, preset in presets().items() if preset.species == species)
    override = tables.get("override")
    return HypoxiaDesign(
        **_ranges(head, tables),
        species=species,
        region=head["region"],
        objective=Objective(**tables["objective"]),
        limits=limits,
        burden_percent_min=head["burden_percent_min"],
        subjects=head["subjects"],
        seed=head["seed"],
        presets=own if head["presets"] is None else tuple(head["presets"]),
        preset=head["preset"],
        override=None
        if override is None
        else Override(tuple(override["limits"]), override["reason"], override["by"]),
        also_given=tuple(head["also_given"]),
        added_co2=head["added_co2"],
    )


def _ranges(head: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a design says of its schedule, by the names of ``HypoxiaDesign``."""
    entries = _entries(presets()[head["preset"]].schedule) if head["preset"] else tables["schedule"]
    asked = {
        name: quantity.range(entries[name]) for name, quantity in QUANTITIES.items() if entries[name] is not None
    }
    often = {name: entries[name] for name in ("sessions_per_day", "sessions_per_week")}
    return {"gas": "clamped" if "spo2_target" in asked else "fixed"} | asked | often


def _entries(schedule: Schedule) -> dict[str, Any]:
    names = (*QUANTITIES, "sessions_per_day", "sessions_per_week")
    return {name: getattr(schedule, name) for name in names}
