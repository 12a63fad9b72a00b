"""study.toml: what the study is called, what it measures with, and what it asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from adenoscope.core.arrive import ARRIVE_KEYS
from adenoscope.core.errors import Problem
from adenoscope.core.parameter import load_values
from adenoscope.core.study import MediationQuestion, NecessityQuestion, Settings
from adenoscope.io.entries import Rule, is_number, one_of, read_document, read_entries, read_tables, text

FILE = "study.toml"
_TABLES = ("photometry", "necessity", "equivalence_margin", "mediation", "plan", "arrive")


@dataclass(frozen=True)
class Head:
    """What study.toml says; an entry that was wrong has its default."""

    name: str = ""
    sensor: str = ""
    vehicle: str = ""
    synthetic: bool = False
    necessity: tuple[NecessityQuestion, ...] = ()
    equivalence_margin: tuple[tuple[str, float], ...] = ()
    mediation: tuple[MediationQuestion, ...] = ()
    settings: Settings = field(default_factory=Settings)
    arrive: tuple[tuple[str, str], ...] = ()


def _is_span(value: object) -> bool:
    ends = cast("list[Any]", value) if isinstance(value, list) else []
    return len(ends) == 2 and all(is_number(end) for end in ends) and ends[0] < ends[1]


def _are_names(value: object) -> bool:
    names = cast("list[Any]", value) if isinstance(value, list) else []
    return bool(names) and all(isinstance(name, str) and name.strip() for name in names)


def _is_seed(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


_HEAD: Mapping[str, Rule] = {
    "name": text("Ketamine and A1"),
    "sensor": one_of(tuple(load_values("sensors"))),
    "vehicle": text("saline"),
    "synthetic": Rule(
        lambda value: isinstance(value, bool), "true or false", "false, without quotation marks", False
    ),
}
_PHOTOMETRY: Mapping[str, Rule] = {
    "window_s": Rule(_is_span, "two increasing numbers of seconds after the intervention", "[0, 1800]", None),
    "handling_s": Rule(_is_span, "two increasing numbers of seconds around the intervention", "[-30, 60]", None),
    "seed": Rule(_is_seed, "a whole number, 0 or more", "1", Settings().seed),
}
_NECESSITY: Mapping[str, Rule] = {
    "manipulation": text("Adora1-KO"),
    "effect": text("ketamine"),
    "readouts": Rule(_are_names, "a list of readouts", '["mean_dff", "FST immobility"]'),
    "reference": text("Cre-negative", ""),
}
_MEDIATION: Mapping[str, Rule] = {
    "treatment": text("ketamine"),
    "mediator": text("mean_dff"),
    "outcome": text("FST immobility"),
}


_ARRIVE: Mapping[str, Rule] = {key: text(meaning, "") for key, meaning in ARRIVE_KEYS}


def read_head(folder: Path, problems: list[Problem]) -> Head:
    """Return what study.toml says, adding to ``problems`` everything that is wrong with it."""
    path = folder / FILE
    if not path.exists():
        remedy = 'write one with at least: name = "…", sensor = "…", vehicle = "…"'
        problems.append(Problem(FILE, "not found", "a study folder has this file", remedy))
        return Head()
    document = read_document(path, "a study", problems)
    return Head() if document is None else _head(document, problems)


def _head(document: Mapping[str, Any], problems: list[Problem]) -> Head:
    head = read_entries(document, _HEAD, FILE, problems, also=_TABLES)
    return Head(
        name=_stripped(head, "name"),
        sensor=_stripped(head, "sensor"),
        vehicle=_stripped(head, "vehicle"),
        synthetic=bool(head.get("synthetic")),
        necessity=tuple(
            NecessityQuestion(**_with_tuples(entries))
            for _, entries in read_tables(document, "necessity", _NECESSITY, FILE, problems)
        ),
        equivalence_margin=tuple(_margins(_table(document, "equivalence_margin", problems), problems)),
        mediation=tuple(
            MediationQuestion(**entries)
            for _, entries in read_tables(document, "mediation", _MEDIATION, FILE, problems)
        ),
        settings=_settings(_table(document, "photometry", problems), problems),
        arrive=tuple(_arrive(_table(document, "arrive", problems), problems)),
    )


def _arrive(values: Mapping[str, Any], problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Yield what the study says of itself; what it does not say, the checklist says that it does not."""
    entries = read_entries(values, _ARRIVE, FILE, problems, place="arrive.")
    yield from ((key, said) for key, said in entries.items() if said)


def _stripped(entries: Mapping[str, Any], key: str) -> str:
    return str(entries.get(key, "")).strip()


def _with_tuples(entries: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: tuple(cast("list[Any]", value)) if isinstance(value, list) else value for key, value in entries.items()
    }


def _table(document: Mapping[str, Any], key: str, problems: list[Problem]) -> dict[str, Any]:
    value = document.get(key, {})
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)
    problems.append(Problem(FILE, f"{key}: found {value!r}", f"a table headed [{key}]", f"head it with [{key}]"))
    return {}


def _settings(values: Mapping[str, Any], problems: list[Problem]) -> Settings:
    entries = read_entries(values, _PHOTOMETRY, FILE, problems, place="photometry.")
    window_s, handling_s = entries.get("window_s"), entries.get("handling_s")
    if window_s is not None and window_s[0] < 0:
        found = f"photometry.window_s: starts at {window_s[0]:g} s"
        allowed = "0 or more: the response starts there"
        problems.append(Problem(FILE, found, allowed, "start the window at 0 or later"))
    return Settings(
        window_s=Settings().window_s if window_s is None else _span(window_s),
        handling_s=None if handling_s is None else _span(handling_s),
        seed=entries.get("seed", Settings().seed),
    )


def _span(ends: list[float]) -> tuple[float, float]:
    return float(ends[0]), float(ends[1])


def _margins(values: Mapping[str, Any], problems: list[Problem]) -> Iterator[tuple[str, float]]:
    for readout, value in values.items():
        if is_number(value) and value > 0:
            yield readout, float(value)
        else:
            found = f"equivalence_margin.{readout}: found {value!r}"
            remedy = "give the smallest effect of interest in the readout's unit"
            problems.append(Problem(FILE, found, "a number above 0", remedy))
