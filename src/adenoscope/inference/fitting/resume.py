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


def load_state(path: Path, problem: FitProblem, seed: int, starts: int | Numbers) -> State | None:
    """Return where this very fit has come to; None where the file is absent, or is of another fit."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["key"] != _key(problem, seed, starts):
            return None
        found = [Start(tuple(s["point"]), _number(s["value"]), s["status"], s["steps"]) for s in document["starts"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return State(int(document["rounds"]), found)


def save_state(path: Path, problem: FitProblem, seed: int, starts: int | Numbers, state: State) -> None:
    """Write where a fit has come to, whole or not at all."""
    found = [asdict(start) | {"value": start.value if math.isfinite(start.value) else None} for start in state.starts]
    write_json(path, {"key": _key(problem, seed, starts), "rounds": state.rounds, "starts": found})


def _number(value: float | None) -> float:
    return math.inf if value is None else value


def _key(problem: FitProblem, seed: int, starts: int | Numbers) -> str:
    """Return a digest of what the result depends on."""
    parts = (
        *(problem.model.sbml, problem.parameters, problem.observables, problem.measurements),
        *({name: dict(own) for name, own in problem.conditions.items()}, seed),
        starts if isinstance(starts, int) else starts.tolist(),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()
