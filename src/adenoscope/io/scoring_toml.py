"""A scoring document in TOML: which exports, which assay, and by what rule each animal gets its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast, get_args

from adenoscope.core.errors import InputError, Problem
from adenoscope.io.assays.read import FORMATS
from adenoscope.io.entries import Rule, is_number, number, one_of, read_document, read_entries, read_tables, text

Score = Literal["immobility", "distance", "latency", "preference"]
UNITS: Mapping[Score, tuple[str, ...]] = {
    "immobility": ("s",),
    "distance": ("m", "cm"),
    "latency": ("s",),
    "preference": ("%",),
}
GAP_S, MISSING_PERCENT = 0.5, 5.0


@dataclass(frozen=True)
class Scoring:
    """How one assay is scored: a table ``[[assay]]``. Times count from each recording's start of the test.

    ``window_s`` is scored, or the whole test where it is None. ``gap_s`` is the longest gap of a track that is
    bridged, and ``missing_percent`` of the window the most that may be missing beyond that. ``never_s`` is the
    latency of an animal that never did it. An entry that was left out is "" or None.
    """

    document: str
    place: str
    name: str
    score: Score
    unit: str
    files: tuple[str, ...]
    animals: str
    format: str = ""
    behaviour: str = ""
    measure: str = ""
    measure_unit: str = ""
    where: Mapping[str, str] = field(default_factory=dict[str, str])
    bodypart: str = ""
    window_s: tuple[float, float] | None = None
    length_s: float | None = None
    never_s: float | None = None
    at_least_s: float | None = None
    speed_below_cm_per_s: float | None = None
    smooth_s: float | None = None
    fps: float | None = None
    px_per_cm: float | None = None
    likelihood: float | None = None
    gap_s: float = GAP_S
    missing_percent: float = MISSING_PERCENT

    def problem(self, key: str, found: str, allowed: str, remedy: str) -> Problem:
        """Return what is wrong with the entry ``key`` of this assay."""
        return Problem(self.document, f"{self.place}.{key}: {found}", allowed, remedy)


def _is_window(value: object) -> bool:
    ends = cast("list[Any]", value) if isinstance(value, list) else []
    return len(ends) == 2 and all(is_number(end) for end in ends) and 0 <= ends[0] < ends[1]


def _are_files(value: object) -> bool:
    names = cast("list[Any]", value) if isinstance(value, list) else [value]
    return bool(names) and all(isinstance(name, str) and name.strip() for name in names)


def _are_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(v, str | int) for v in cast("dict[str, Any]", value).values())


def _above_zero(words: str, example: str) -> Rule:
    return number(f"{words}, above 0", lambda x: x > 0, example, None)


def _from_zero(words: str, example: str, default: float | None = None) -> Rule:
    return number(f"{words}, 0 or more", lambda x: x >= 0, example, default)


RULES: Mapping[str, Rule] = {
    "name": text("FST immobility"),
    "score": one_of(get_args(Score)),
    "files": Rule(_are_files, "a file, a pattern, or a list of them", '"fst/*.csv"'),
    "animals": text("animals.csv", ""),
    "format": one_of(tuple(FORMATS), ""),
    "unit": text("m", ""),
    "behaviour": text("immobile", ""),
    "measure": text("Total time immobile (s)", ""),
    "measure_unit": text("m", ""),
    "where": Rule(_are_texts, "columns and the texts they must hold", '{ Stage = "Test" }', {}),
    "bodypart": text("tailbase", ""),
    "window_s": Rule(_is_window, "two increasing times [s] from the start of the test", "[120, 360]", None),
    "length_s": _above_zero("of seconds", "360"),
    "never_s": _above_zero("of seconds", "600"),
    "at_least_s": _from_zero("of seconds", "1.0"),
    "speed_below_cm_per_s": _above_zero("of cm/s", "1.5"),
    "smooth_s": _above_zero("of seconds", "0.2"),
    "fps": _above_zero("of frames a second", "30"),
    "px_per_cm": _above_zero("of pixels", "12.5"),
    "likelihood": number("from 0 to 1", lambda x: 0 <= x <= 1, "0.9", None),
    "gap_s": _from_zero("of seconds", "0.5", GAP_S),
    "missing_percent": number("from 0 to 50", lambda x: 0 <= x <= 50, "5", MISSING_PERCENT),
}


def read_scoring(path: Path) -> tuple[Scoring, ...]:
    """Return every assay of a scoring document.

    Raises:
        InputError: something is wrong with it; every problem is listed.
    """
    problems: list[Problem] = []
    document = read_document(path, "a scoring document", problems)
    if document is None:
        raise InputError(*problems)
    head = {key: value for key, value in document.items() if key != "assay"}
    shared = read_entries(head, {"animals": text("animals.csv", "")}, path.name, problems, also=("assay",))
    if "assay" not in document:
        remedy = "head one with [[assay]] and give at least name, score and files"
        problems.append(Problem(path.name, "no assay", "a table [[assay]] for each assay", remedy))
    read = [
        _scoring(path.name, index, entries, shared.get("animals", ""))
        for index, entries in read_tables(document, "assay", RULES, path.name, problems)
    ]
    problems.extend(problem for scoring in read for problem in _contradictions(scoring))
    problems.extend(_repeated(read))
    if problems:
        raise InputError(*problems)
    return tuple(read)


def _scoring(document: str, index: int, entries: dict[str, Any], animals: str) -> Scoring:
    files, window, fixed = entries["files"], entries["window_s"], UNITS[entries["score"]]
    changed: dict[str, Any] = {
        "files": tuple(cast("list[str]", files)) if isinstance(files, list) else (files,),
        "animals": entries["animals"] or animals,
        "unit": entries["unit"] or (fixed[0] if len(fixed) == 1 else ""),
        "where": {column: str(value) for column, value in entries["where"].items()},
        "window_s": None if window is None else (float(window[0]), float(window[1])),
    }
    return Scoring(document=document, place=f"assay[{index}]", **(entries | changed))


def _contradictions(scoring: Scoring) -> Sequence[Problem]:
    """Return what is right by itself in an assay and not together."""
    problems: list[Problem] = []
    allowed = UNITS[scoring.score]
    if scoring.unit not in allowed:
        found = f'found "{scoring.unit}"' if scoring.unit else "missing"
        said = f"for the score {scoring.score} one of {', '.join(allowed)}"
        problems.append(scoring.problem("unit", found, said, f'for example unit = "{allowed[0]}"'))
    if not scoring.animals:
        said = "a table that assigns recordings to animals"
        problems.append(scoring.problem("animals", "missing", said, 'for example animals = "animals.csv"'))
    span = scoring.window_s
    if span and scoring.length_s is not None and span[1] > scoring.length_s:
        found = f"ends at {span[1]:g} s, after length_s = {scoring.length_s:g}"
        problems.append(scoring.problem("window_s", found, "a window inside the test", "correct one of the two"))
    if span and scoring.never_s is not None and scoring.never_s < span[1] - span[0]:
        found = f"{scoring.never_s:g} s is less than the window of {span[1] - span[0]:g} s"
        remedy = "give the length of the window, or more"
        problems.append(scoring.problem("never_s", found, "at least as long as an animal was waited for", remedy))
    return problems


def _repeated(read: Sequence[Scoring]) -> Sequence[Problem]:
    first: dict[str, Scoring] = {}
    problems: list[Problem] = []
    for scoring in read:
        earlier = first.setdefault(scoring.name.casefold(), scoring)
        if earlier is not scoring:
            found = f'"{scoring.name}" is {earlier.place} already'
            problems.append(scoring.problem("name", found, "each assay once", "rename one; one may list many files"))
    return problems
