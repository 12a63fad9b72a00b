"""study.toml: what the study is called, what it measures with, and what it asks."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from adenoscope.core.errors import Problem
from adenoscope.core.parameter import load_values
from adenoscope.core.study import NecessityQuestion, Settings
from adenoscope.io.nearest import did_you_mean
from adenoscope.io.table import read_utf8

FILE = "study.toml"
_KEYS = ("name", "sensor", "vehicle", "synthetic", "photometry", "necessity", "equivalence_margin", "plan")
_PHOTOMETRY_KEYS = ("window_s", "handling_s", "seed")
_NECESSITY_KEYS = ("manipulation", "effect", "readouts", "reference")


@dataclass(frozen=True)
class Head:
    """What study.toml says; an entry that was wrong has its default."""

    name: str = ""
    sensor: str = ""
    vehicle: str = ""
    synthetic: bool = False
    necessity: tuple[NecessityQuestion, ...] = ()
    equivalence_margin: tuple[tuple[str, float], ...] = ()
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True)
class _Entries:
    """One TOML table, read key by key; what is wrong is added to ``problems``."""

    values: Mapping[str, Any]
    problems: list[Problem]
    place: str = ""

    def complain(self, key: str, found: str, allowed: str, remedy: str) -> None:
        name = f"{self.place}.{key}" if self.place else key
        self.problems.append(Problem(FILE, f"{name}: {found}", allowed, remedy))

    def refuse_unknown(self, known: Collection[str]) -> None:
        for key in self.values:
            if key not in known:
                remedy = did_you_mean(key, known) or "delete it"
                self.complain(key, "an unknown key", f"one of {', '.join(known)}", remedy)

    def text(self, key: str, example: str) -> str:
        value = self.values.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        found = "missing" if value is None else f"found {value!r}"
        self.complain(key, found, "a text in quotation marks", f"write: {key} = {example}")
        return ""

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.complain(key, f"found {value!r}", "true or false", "write it without quotation marks")
            return False
        return value

    def span(self, key: str, default: tuple[float, float] | None, rule: str) -> tuple[float, float] | None:
        """Return two increasing numbers [s]."""
        if key not in self.values:
            return default
        value = self.values[key]
        pair = cast("list[Any]", value) if isinstance(value, list) else []
        if len(pair) == 2 and all(_is_number(end) for end in pair) and pair[0] < pair[1]:
            return float(pair[0]), float(pair[1])
        example = list(default or (-30, 60))
        self.complain(key, f"found {value!r}", f"two increasing numbers, {rule}", f"for example {key} = {example}")
        return default

    def tables(self, key: str) -> list[_Entries]:
        value = self.values.get(key, [])
        items = cast("list[Any]", value) if isinstance(value, list) else [value]
        if not all(isinstance(item, dict) for item in items) or not isinstance(value, list):
            self.complain(key, f"found {value!r}", f"tables headed [[{key}]]", f"head it with [[{key}]]")
            return []
        return [_Entries(item, self.problems, f"{key}[{index}]") for index, item in enumerate(items, start=1)]

    def table(self, key: str) -> _Entries:
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.complain(key, f"found {value!r}", f"a table headed [{key}]", f"head it with [{key}]")
            value = {}
        return _Entries(cast("dict[str, Any]", value), self.problems, key)


def read_head(folder: Path, problems: list[Problem]) -> Head:
    """Return what study.toml says, adding to ``problems`` everything that is wrong with it."""
    path = folder / FILE
    if not path.exists():
        remedy = 'write one with at least: name = "…", sensor = "…", vehicle = "…"'
        problems.append(Problem(FILE, "not found", "a study folder has this file", remedy))
        return Head()
    text = read_utf8(path, FILE, problems)
    if text is None:
        return Head()
    try:
        entries = _Entries(tomllib.loads(text), problems)
    except tomllib.TOMLDecodeError as error:
        remedy = "look there for a missing quotation mark or bracket"
        problems.append(Problem(FILE, f"not TOML: {error}", "a TOML document", remedy))
        return Head()
    return _head(entries)


def _head(entries: _Entries) -> Head:
    entries.refuse_unknown(_KEYS)
    return Head(
        name=entries.text("name", '"Ketamine and A1"'),
        sensor=_sensor(entries),
        vehicle=entries.text("vehicle", '"saline"'),
        synthetic=entries.flag("synthetic"),
        necessity=tuple(_necessity(table) for table in entries.tables("necessity")),
        equivalence_margin=_margins(entries.table("equivalence_margin")),
        settings=_settings(entries.table("photometry")),
    )


def _sensor(entries: _Entries) -> str:
    sensor = entries.text("sensor", '"GRAB_Ado1.0"')
    known = tuple(load_values("sensors"))
    if sensor and sensor not in known:
        remedy = did_you_mean(sensor, known) or "take the sensor of the list that was expressed"
        entries.complain("sensor", f'found "{sensor}"', f"one of {', '.join(known)}", remedy)
    return sensor


def _settings(entries: _Entries) -> Settings:
    entries.refuse_unknown(_PHOTOMETRY_KEYS)
    default = Settings()
    window_s = entries.span("window_s", default.window_s, "in seconds after the intervention")
    handling_s = entries.span("handling_s", None, "in seconds around the intervention")
    seed = entries.values.get("seed", default.seed)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        entries.complain("seed", f"found {seed!r}", "a whole number, 0 or more", "for example seed = 1")
        seed = default.seed
    if window_s is not None and window_s[0] < 0:
        remedy = "start the window at 0 or later"
        entries.complain("window_s", f"starts at {window_s[0]:g} s", "0 or more: the response starts there", remedy)
    return Settings(window_s or default.window_s, handling_s, seed)


def _necessity(entries: _Entries) -> NecessityQuestion:
    entries.refuse_unknown(_NECESSITY_KEYS)
    readouts = entries.values.get("readouts")
    names = (
        [name for name in cast("list[Any]", readouts) if isinstance(name, str)] if isinstance(readouts, list) else []
    )
    if not names or not isinstance(readouts, list) or len(names) < len(cast("list[Any]", readouts)):
        remedy = 'for example readouts = ["mean_dff", "FST immobility"]'
        entries.complain("readouts", f"found {readouts!r}", "a list of readouts", remedy)
    return NecessityQuestion(
        manipulation=entries.text("manipulation", '"Adora1-KO"'),
        effect=entries.text("effect", '"ketamine"'),
        readouts=tuple(names),
        reference=entries.text("reference", '"Cre-negative"') if "reference" in entries.values else "",
    )


def _margins(entries: _Entries) -> tuple[tuple[str, float], ...]:
    margins: list[tuple[str, float]] = []
    for readout, value in entries.values.items():
        if _is_number(value) and value > 0:
            margins.append((readout, float(value)))
        else:
            remedy = "give the smallest effect of interest in the readout's unit"
            entries.complain(readout, f"found {value!r}", "a number above 0", remedy)
    return tuple(margins)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
