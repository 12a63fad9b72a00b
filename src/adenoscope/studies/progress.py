"""How far long work has come, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` sessions have been through a stage; ``session`` is the latest."""

    stage: Literal["checking", "estimating", "writing NWB"]
    done: int
    total: int
    session: str


def ignore(_: Progress) -> None:
    """Show nothing."""
