"""Every error adenoscope raises on purpose.

AdenoscopeError
├── InputError   the input is wrong; carries every problem found          (exit 1)
└── Refused      the input is right and the answer would not be honest    (exit 3)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input: where, what was found, what is allowed, what to do."""

    file: str
    found: str
    allowed: str
    remedy: str
    row: int | None = None
    column: str | None = None

    @property
    def where(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        return place

    def __str__(self) -> str:
        return f"{self.where}: {self.found}\n  allowed: {self.allowed}\n  remedy:  {self.remedy}"


class AdenoscopeError(Exception):
    """Base of all errors raised on purpose."""


class InputError(AdenoscopeError):
    """The input is wrong; ``problems`` lists everything that is wrong with it."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Refused(AdenoscopeError):
    """The input is right, and no honest answer can be given; the message says why and what would help."""


def input_error(
    file: str | Path,
    *,
    found: str,
    allowed: str,
    remedy: str,
    row: int | None = None,
    column: str | None = None,
) -> InputError:
    """Return the error for a single problem."""
    return InputError(Problem(str(file), found, allowed, remedy, row, column))
