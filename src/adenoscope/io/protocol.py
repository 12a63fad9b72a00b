"""A protocol in TOML, read whole: everything that is wrong with it is said at once."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

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
from adenoscope.io.entries import Rule, number, one_of, read_document, read_entries, read_tables, text, whole
from adenoscope.io.protocol_contradictions import contradictions

UNITS = ("mg/kg", "mg", "µmol/kg", "µg", "umol/kg", "ug")


@dataclass(frozen=True)
class Survey:
    """A protocol as far as it can be read, and its problems; None where not even the species is known."""

    protocol: Protocol | None
    problems: tuple[Problem, ...]


_AT = number("of seconds, 0 or more", lambda x: x >= 0, "600")


def _seconds(example: str) -> Rule:
    return number("of seconds, above 0", lambda x: x > 0, example)


def _above(example: str) -> Rule:
    return number("above 0", lambda x: x > 0, example)


RULES: Mapping[str, Mapping[str, Rule]] = {
    "": {
        "species": one_of(get_args(Species)),
        "region": one_of(get_args(Region), "mPFC"),
        "genotype": one_of(get_args(Genotype), "WT"),
        "condition": one_of(get_args(Condition), "naive"),
        "duration_s": _seconds("5400"),
        "every_s": number("of seconds, above 0", lambda x: x > 0, "10", 10.0),
        "subjects": whole(1, 10**6, "200", 200),
        "seed": whole(0, 2**63 - 1, "1", 1),
    },
    "give": {
        "at_s": _AT,
        "compound": text("ketamine"),
        "dose": number("0 or more", lambda x: x >= 0, "10.0"),
        "unit": one_of(UNITS),
        "route": one_of(get_args(Route)),
        "duration_s": number("of seconds above 0: the length of an infusion", lambda x: x > 0, "2400", None),
    },
    "breathe": {
        "at_s": _AT,
        "fio2": number("above 0 and at most 1: a fraction, not percent", lambda x: 0 < x <= 1, "0.09"),
        "duration_s": _seconds("300"),
        "repeat": whole(1, 1000, "5", 1),
        "rest_s": number("of seconds, 0 or more", lambda x: x >= 0, "300", 0.0),
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
        "strength": number("from 0 to 1", lambda x: 0 <= x <= 1, "1.0", 1.0),
    },
    "gene": {
        "name": one_of(get_args(GeneName)),
        "left": number("from 0, a knock-out, to 10", lambda x: 0 <= x <= 10, "0.5"),
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
    document = read_document(path, "a protocol", problems)
    if document is None:
        return Survey(None, tuple(problems))
    return survey_document(document, path.name, **instead)


def survey_document(document: Mapping[str, Any], file: str, **instead: int | None) -> Survey:
    """Return the protocol that a TOML document holds, as ``survey_protocol`` does; problems name it ``file``."""
    problems: list[Problem] = []
    head = {key: value for key, value in document.items() if key not in KINDS}
    head |= {key: value for key, value in instead.items() if value is not None}
    entries = read_entries(head, RULES[""], file, problems, also=KINDS)
    done: dict[str, Any] = {
        key: tuple(kind(**table) for _, table in read_tables(document, key, RULES[key], file, problems))
        for key, kind in KINDS.items()
    }
    if "species" not in entries:
        return Survey(None, tuple(problems))
    protocol = Protocol(**({"duration_s": math.inf} | entries), **done)
    problems.extend(Problem(file, *fault) for fault in contradictions(protocol))
    return Survey(protocol, tuple(problems))


def protocol_text(protocol: Protocol) -> str:
    """Return a protocol as TOML that ``read_protocol`` reads back; compounds.csv is not part of it."""
    head = [line for key in RULES[""] for line in _entry(key, getattr(protocol, key))]
    tables = [
        ["", f"[[{kind}]]", *(line for key in RULES[kind] for line in _entry(key, getattr(done, key)))]
        for kind in KINDS
        for done in getattr(protocol, kind)
    ]
    return "\n".join([*head, *(line for table in tables for line in table), ""])


def _entry(key: str, value: str | float | None) -> list[str]:
    """Return the line of an entry; none where there is nothing to say. JSON's texts and numbers are TOML's too."""
    return [] if value is None else [f"{key} = {json.dumps(value, ensure_ascii=False)}"]
