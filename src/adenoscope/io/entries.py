"""Entries of a TOML document, each held against its rule; everything that is wrong becomes a Problem."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from adenoscope.core.errors import Problem
from adenoscope.io.nearest import did_you_mean
from adenoscope.io.table import read_utf8

_MISSING = object()


@dataclass(frozen=True)
class Rule:
    """What an entry may be: a test of the value, the words for it, an example, and what it is when left out."""

    fits: Callable[[Any], bool]
    allowed: str
    example: str
    default: Any = _MISSING
    words: tuple[str, ...] = ()


def number(allowed: str, fits: Callable[[float], bool], example: str, default: Any = _MISSING) -> Rule:
    """Return the rule for a number that ``fits``."""
    return Rule(lambda value: is_number(value) and fits(value), f"a number {allowed}", example, default)


def whole(least: int, most: int, example: str, default: int) -> Rule:
    """Return the rule for a whole number between two."""

    def fits(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return Rule(fits, f"a whole number from {least} to {most}", example, default)


def one_of(words: Sequence[str], default: Any = _MISSING) -> Rule:
    """Return the rule for one of some words."""
    return Rule(lambda value: value in words, f"one of {', '.join(words)}", f'"{words[0]}"', default, tuple(words))


def text(example: str, default: Any = _MISSING) -> Rule:
    """Return the rule for a text that is not empty."""
    fits = "a text in quotation marks"
    return Rule(lambda value: isinstance(value, str) and bool(value.strip()), fits, f'"{example}"', default)


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def read_document(path: Path, kind: str, problems: list[Problem]) -> Mapping[str, Any] | None:
    """Return what a TOML file holds, a ``kind`` of document; None after a complaint."""
    if not path.exists():
        problems.append(Problem(str(path), "no such file", f"{kind} in TOML", "check the path"))
        return None
    content = read_utf8(path, path.name, problems)
    if content is None:
        return None
    try:
        return tomllib.loads(content)
    except (ValueError, RecursionError) as error:  # a number, or a depth, that no document needs
        remedy = "look there for a missing quotation mark or bracket"
        problems.append(Problem(path.name, f"not TOML: {error}", "a TOML document", remedy))
        return None


def read_tables(
    document: Mapping[str, Any], key: str, rules: Mapping[str, Rule], file: str, problems: list[Problem]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each table headed ``[[key]]`` that has nothing wrong with it, with its number from 1."""
    found = document.get(key, [])
    tables = cast("list[Any]", found) if isinstance(found, list) else [None]
    if not all(isinstance(table, dict) for table in tables):
        problems.append(Problem(file, f"{key}: found {found!r}", f"tables headed [[{key}]]", f"head it [[{key}]]"))
        return
    for index, table in enumerate(tables, start=1):
        before = len(problems)
        entries = read_entries(cast("dict[str, Any]", table), rules, file, problems, place=f"{key}[{index}].")
        if len(problems) == before:
            yield index, entries


def read_entries(
    values: Mapping[str, Any],
    rules: Mapping[str, Rule],
    file: str,
    problems: list[Problem],
    *,
    place: str = "",
    also: Iterable[str] = (),
) -> dict[str, Any]:
    """Return the entries of one table that are right, and ``also`` keys that other rules look after."""
    known = (*rules, *also)
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
