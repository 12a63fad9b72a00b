"""One change that a person made to what a study says of a session, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Field = Literal["exclude", "intervention_s", "handling_s"]
FIELDS: tuple[Field, ...] = ("exclude", "intervention_s", "handling_s")


@dataclass(frozen=True)
class Edit:
    """One change: ``field`` of ``session`` becomes ``value``, because of ``reason``; ``at`` is ISO 8601, UTC.

    ``value`` is "a reason that is shown" for ``exclude`` ("": include again), numbers as in sessions.csv for
    ``intervention_s``, and "start end" [s around each intervention] for ``handling_s`` ("0 0": nothing is masked);
    "" goes back to what the study's files say.
    """

    at: str
    session: str
    field: Field
    value: str
    reason: str
