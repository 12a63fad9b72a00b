"""Where a fit has come to, kept in a file so that one that was stopped goes on."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

from adenoscope.core.atomic import write_json
from adenoscope.inference.problem.fit_problem import FitProblem
from adenoscope.inference.problem.scales import Numbers


@dataclass(frozen=True)
class Start:
    """The lowest point of one start, in the problem's scales: minus the log posterior there, and how it ended."""

    point: tuple[float, ...]
    value: float
    status: str
    steps: int


@dataclass(frozen=True)
class State:
    """All starts after a number of rounds."""

    rounds: int
    starts: list[Start]


def fit_key(problem: FitProblem, search: object, starts: Numbers | None) -> str:
    """Return a digest of what the result of a fit depends on; ``search`` says all of itself when it is printed."""
    conditions = {name: dict(sets) for name, sets in problem.conditions.items()}
    parts = (
        *(problem.model.sbml, problem.parameters, dict(problem.observables), problem.measurements, conditions),
        *(search, None if starts is None else starts.tolist()),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def load_state(path: Path | None, key: str) -> State | None:
    """Return where this very fit has come to; None where there is no file, or one of another fit."""
    if path is None:
        return None
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["key"] != key:
            return None
        found = [Start(tuple(s["point"]), _number(s["value"]), s["status"], s["steps"]) for s in document["starts"]]
        return State(int(document["rounds"]), found)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def save_state(path: Path | None, key: str, state: State) -> None:
    """Write where a fit has come to, whole or not at all."""
    if path is None:
        return
    found = [asdict(start) | {"value": start.value if math.isfinite(start.value) else None} for start in state.starts]
    write_json(path, {"key": key, "rounds": state.rounds, "starts": found})


def _number(value: float | None) -> float:
    return math.inf if value is None else value
