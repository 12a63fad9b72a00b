"""A trial in TOML, read whole: everything that is wrong with it is said at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from adenoscope.core.errors import InputError, Problem
from adenoscope.core.people import Population
from adenoscope.core.protocol import Breath, Dose, Shock
from adenoscope.core.trial import (
    Analysis,
    Arm,
    Assumption,
    Blinding,
    Criterion,
    Dropout,
    Endpoint,
    Looks,
    Published,
    Purpose,
    Reestimation,
    Trial,
)
from adenoscope.io import trial_rules
from adenoscope.io.entries import read_document, read_entries, read_tables
from adenoscope.io.trial_contradictions import contradictions

KINDS: Mapping[str, type] = {"give": Dose, "breathe": Breath, "shock": Shock}
TABLES = ("purpose", "population", "arm", "analysis", "looks", "assume", "published")
REESTIMATION = ("reestimate_low", "reestimate_high", "reestimate_most")


def read_trial(path: Path, **instead: int | None) -> Trial:
    """Return the trial in a file.

    ``instead``: entries of the head, such as ``replicates``, that replace the file's where they are not None.

    Raises:
        InputError: something is wrong with it; every problem is listed.
    """
    problems: list[Problem] = []
    document = read_document(path, "a trial", problems)
    if document is None:
        raise InputError(*problems)
    head = {key: value for key, value in document.items() if key not in TABLES}
    head |= {key: value for key, value in instead.items() if value is not None}
    entries = read_entries(head, trial_rules.HEAD, path.name, problems, also=TABLES)
    parts = {
        "arms": tuple(_arms(document, path.name, problems)),
        "analyses": tuple(_analyses(document, path.name, problems)),
        "purpose": _purpose(document, path.name, problems),
        "population": _population(document, path.name, problems),
        "looks": _looks(document, path.name, problems),
        "assumptions": tuple(
            Assumption(**table)
            for _, table in read_tables(document, "assume", trial_rules.ASSUME, path.name, problems)
        ),
        "published": _published(document, path.name, problems),
    }
    if problems:  # what contradicts itself can only be told of what could be read
        raise InputError(*problems)
    trial = Trial(**_head(entries, path.parent), **cast("Any", parts))
    faults = list(contradictions(trial, path.name))
    if faults:
        raise InputError(*faults)
    return trial


def _head(entries: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    covariates = entries["covariates"]
    return {
        **entries,
        "visit_days": tuple(float(day) for day in entries["visit_days"]),
        "eligible": tuple(map(criterion, entries["eligible"])),
        "enrich": tuple(map(criterion, entries["enrich"])),
        "strata": tuple(entries["strata"]),
        "covariates": None if covariates is None else folder / covariates,
    }


def criterion(text: str) -> Criterion:
    """Return the rule of eligibility that stands in a text of the right form."""
    found = trial_rules.CRITERION.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a rule such as caffeine_mg_per_day <= 100")
    covariate, sense, value = found.groups()
    return Criterion(covariate, cast("Any", sense), float(value))


def _arms(document: Mapping[str, Any], file: str, problems: list[Problem]) -> Iterator[Arm]:
    found: Any = document.get("arm", [])
    tables = cast("list[dict[str, Any]]", found) if isinstance(found, list) else []
    if not tables or not all(isinstance(table, dict) for table in cast("list[Any]", tables)):
        remedy = "write a table headed [[arm]] for each arm"
        problems.append(Problem(file, "no [[arm]]", "two arms or more, one of them a control", remedy))
        return
    for index, table in enumerate(tables, start=1):
        before, place = len(problems), f"arm[{index}]."
        entries = read_entries(table, trial_rules.ARM, file, problems, place=place, also=KINDS)
        done: dict[str, Any] = {}
        for key, kind in KINDS.items():
            # The place in messages: "arm[2].give[1].dose".
            own = {f"{place}{key}": table[key]} if key in table else {}
            read = read_tables(own, f"{place}{key}", trial_rules.DONE[key], file, problems)
            done[key] = tuple(kind(**entry) for _, entry in read)
        if len(problems) == before:
            yield _arm(entries, done)


def _arm(entries: Mapping[str, Any], done: Mapping[str, Any]) -> Arm:
    return Arm(
        name=entries["name"],
        kind=entries["kind"],
        session_days=tuple(float(day) for day in entries["session_days"]),
        weight=entries["weight"],
        blinding=Blinding(entries["guess_patient"], entries["guess_rater"], entries["guess_like"]),
        dropout=Dropout(entries["never_started"], entries["dropout"], entries["dropout_per_point"]),
        **done,
    )


def _analyses(document: Mapping[str, Any], file: str, problems: list[Problem]) -> Iterator[Analysis]:
    if not document.get("analysis"):
        remedy = 'write for example [[analysis]] name = "primary", method = "mmrm", day = 28'
        problems.append(Problem(file, "no [[analysis]]", "at least one; the first is the primary one", remedy))
    for _, table in read_tables(document, "analysis", trial_rules.ANALYSIS, file, problems):
        endpoint = Endpoint(table.pop("measure"), table.pop("day"))
        yield Analysis(endpoint=endpoint, **table)


def _purpose(document: Mapping[str, Any], file: str, problems: list[Problem]) -> Purpose | None:
    entries = _table(document, "purpose", file, problems)
    if entries is None:
        remedy = "write [purpose] with question, context, influence and consequence"
        problems.append(Problem(file, "no [purpose]", "the headings of ICH M15", remedy))
        return None
    before = len(problems)
    read = read_entries(entries, trial_rules.PURPOSE, file, problems, place="purpose.")
    return Purpose(**read) if len(problems) == before else None


def _population(document: Mapping[str, Any], file: str, problems: list[Problem]) -> Population:
    entries = _table(document, "population", file, problems) or {}
    return Population(**read_entries(entries, trial_rules.POPULATION, file, problems, place="population."))


def _looks(document: Mapping[str, Any], file: str, problems: list[Problem]) -> Looks | None:
    before = len(problems)
    entries = _table(document, "looks", file, problems) or {}
    read = read_entries(entries, trial_rules.LOOKS, file, problems, place="looks.")
    given = [key for key in REESTIMATION if read.get(key) is not None]
    if given and len(given) < len(REESTIMATION):
        allowed, remedy = "all or none of " + ", ".join(REESTIMATION), "add the others"
        problems.append(Problem(file, f"looks: {', '.join(given)} alone", allowed, remedy))
    if len(problems) > before:
        return None
    again = Reestimation(*(read[key] for key in REESTIMATION)) if given else None
    keep = read["keep"] if "keep" in entries else None
    fractions = tuple(float(fraction) for fraction in read["fractions"])
    return Looks(fractions, read["spending"], read["futility"], again, keep)


def _published(document: Mapping[str, Any], file: str, problems: list[Problem]) -> Published | None:
    entries = _table(document, "published", file, problems)
    if entries is None:
        return None
    before = len(problems)
    read = read_entries(entries, trial_rules.PUBLISHED, file, problems, place="published.")
    left_out = tuple(cast("list[str]", read.pop("left_out", [])))
    return Published(**read, left_out=left_out) if len(problems) == before else None


def _table(document: Mapping[str, Any], key: str, file: str, problems: list[Problem]) -> Mapping[str, Any] | None:
    """Return a table headed ``[key]``; None where it is not there, or is no table."""
    found = document.get(key)
    if found is not None and not isinstance(found, dict):
        problems.append(Problem(file, f"{key}: found {found!r}", f"a table headed [{key}]", f"head it [{key}]"))
        return None
    return cast("Mapping[str, Any] | None", found)
