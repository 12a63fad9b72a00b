"""A protocol in TOML, read whole: everything that is wrong with it is said at once."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from adenoscope.core.errors import InputError, Problem
from adenoscope.core.protocol import (
    Breath,
    Condition,
    Dose,
    Gene,
    GeneName,
    Genotype,
    Light,
    Protocol,
    Region,
    Route,
    Shock,
    Species,
)
from adenoscope.io.nearest import did_you_mean
from adenoscope.io.protocol_contradictions import contradictions
from adenoscope.io.table import read_utf8

UNITS = ("mg/kg", "mg", "µmol/kg", "µg", "umol/kg", "ug")
_MISSING = object()


@dataclass(frozen=True)
class Rule:
    """What an entry may be: a test of the value, the words for it, an example, and what it is when left out."""

    fits: Callable[[Any], bool]
    allowed: str
    example: str
    default: Any = _MISSING
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Survey:
    """A protocol as far as it can be read, and its problems; None where not even the species is known."""

    protocol: Protocol | None
    problems: tuple[Problem, ...]


def _number(allowed: str, fits: Callable[[float], bool], example: str, default: Any = _MISSING) -> Rule:
    return Rule(lambda value: _is_number(value) and fits(value), f"a number {allowed}", example, default)


def _whole(least: int, most: int, example: str, default: int) -> Rule:
    def fits(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return Rule(fits, f"a whole number from {least} to {most}", example, default)


def _one_of(words: Sequence[str], default: Any = _MISSING) -> Rule:
    return Rule(lambda value: value in words, f"one of {', '.join(words)}", f'"{words[0]}"', default, tuple(words))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


_AT = _number("of seconds, 0 or more", lambda x: x >= 0, "600")


def _seconds(example: str) -> Rule:
    return _number("of seconds, above 0", lambda x: x > 0, example)


def _above(example: str) -> Rule:
    return _number("above 0", lambda x: x > 0, example)


_TEXT = Rule(lambda x: isinstance(x, str) and bool(x.strip()), "a text in quotation marks", '"ketamine"')
RULES: Mapping[str, Mapping[str, Rule]] = {
    "": {
        "species": _one_of(get_args(Species)),
        "region": _one_of(get_args(Region), "mPFC"),
        "genotype": _one_of(get_args(Genotype), "WT"),
        "condition": _one_of(get_args(Condition), "naive"),
        "duration_s": _seconds("5400"),
        "every_s": _number("of seconds, above 0", lambda x: x > 0, "10", 10.0),
        "subjects": _whole(1, 10**6, "200", 200),
        "seed": _whole(0, 2**63 - 1, "1", 1),
    },
    "give": {
        "at_s": _AT,
        "compound": _TEXT,
        "dose": _number("0 or more", lambda x: x >= 0, "10.0"),
        "unit": _one_of(UNITS),
        "route": _one_of(get_args(Route)),
        "duration_s": _number("of seconds above 0: the length of an infusion", lambda x: x > 0, "2400", None),
    },
    "breathe": {
        "at_s": _AT,
        "fio2": _number("above 0 and at most 1: a fraction, not percent", lambda x: 0 < x <= 1, "0.09"),
        "duration_s": _seconds("300"),
        "repeat": _whole(1, 1000, "5", 1),
        "rest_s": _number("of seconds, 0 or more", lambda x: x >= 0, "300", 0.0),
    },
    "shock": {
        "at_s": _AT,
        "current_ma": _above("40"),
        "frequency_hz": _above("100"),
        "pulse_ms": _above("0.5"),
        "duration_s": _seconds("10"),
    },
    "light": {
        "at_s": _AT,
        "duration_s": _seconds("600"),
        "strength": _number("from 0 to 1", lambda x: 0 <= x <= 1, "1.0", 1.0),
    },
    "gene": {
        "name": _one_of(get_args(GeneName)),
        "left": _number("from 0, a knock-out, to 10", lambda x: 0 <= x <= 10, "0.5"),
    },
}
KINDS: Mapping[str, type] = {"give": Dose, "breathe": Breath, "shock": Shock, "light": Light, "gene": Gene}


def read_protocol(path: Path) -> Protocol:
    """Return the protocol in a file.

    Raises:
        InputError: something is wrong with it; every problem is listed.
    """
    survey = survey_protocol(path)
    if survey.problems or survey.protocol is None:
        raise InputError(*survey.problems)
    return survey.protocol


def survey_protocol(path: Path, **instead: int | None) -> Survey:
    """Return the protocol in a file as far as it can be read, and everything that is wrong with its form.

    ``instead``: entries of the head, ``subjects`` or ``seed``, that replace the file's where they are not None.
    """
    problems: list[Problem] = []
    document = _document(path, problems)
    if document is None:
        return Survey(None, tuple(problems))
    head = {key: value for key, value in document.items() if key not in KINDS}
    head |= {key: value for key, value in instead.items() if value is not None}
    entries = _read(head, "", path.name, problems)
    done: dict[str, Any] = {
        key: tuple(kind(**table) for table in _tables(document, key, path.name, problems))
        for key, kind in KINDS.items()
    }
    if "species" not in entries:
        return Survey(None, tuple(problems))
    protocol = Protocol(**({"duration_s": math.inf} | entries), **done)
    problems.extend(Problem(path.name, *fault) for fault in contradictions(protocol))
    return Survey(protocol, tuple(problems))


def _document(path: Path, problems: list[Problem]) -> Mapping[str, Any] | None:
    if not path.exists():
        problems.append(Problem(str(path), "no such file", "a protocol in TOML", "check the path"))
        return None
    text = read_utf8(path, path.name, problems)
    if text is None:
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        remedy = "look there for a missing quotation mark or bracket"
        problems.append(Problem(path.name, f"not TOML: {error}", "a TOML document", remedy))
        return None


def _tables(document: Mapping[str, Any], key: str, file: str, problems: list[Problem]) -> Iterator[dict[str, Any]]:
    """Yield each table of a kind that has nothing wrong with it."""
    found = document.get(key, [])
    tables = cast("list[Any]", found) if isinstance(found, list) else [None]
    if not all(isinstance(table, dict) for table in tables):
        problems.append(Problem(file, f"{key}: found {found!r}", f"tables headed [[{key}]]", f"head it [[{key}]]"))
        return
    for number, table in enumerate(tables, start=1):
        before = len(problems)
        entries = _read(cast("dict[str, Any]", table), key, file, problems, f"{key}[{number}].")
        if len(problems) == before:
            yield entries


def _read(
    values: Mapping[str, Any], kind: str, file: str, problems: list[Problem], place: str = ""
) -> dict[str, Any]:
    """Return the entries of one table that are right; the others are added to ``problems``."""
    rules = RULES[kind]
    known = (*rules, *KINDS) if kind == "" else tuple(rules)
    for key in values:
        if key not in known:
            remedy = did_you_mean(key, known) or "delete it"
            problems.append(Problem(file, f"{place}{key}: an unknown key", f"one of {', '.join(known)}", remedy))
    entries: dict[str, Any] = {}
    for key, rule in rules.items():
        value = values.get(key, _MISSING)
        if value is _MISSING and rule.default is not _MISSING:
            entries[key] = rule.default
        elif value is not _MISSING and rule.fits(value):
            entries[key] = float(value) if rule.allowed.startswith("a number") else value
        else:
            found = "missing" if value is _MISSING else f"found {value!r}"
            meant = did_you_mean(value, rule.words) if isinstance(value, str) else ""
            remedy = meant or f"for example {key} = {rule.example}"
            problems.append(Problem(file, f"{place}{key}: {found}", rule.allowed, remedy))
    return entries
