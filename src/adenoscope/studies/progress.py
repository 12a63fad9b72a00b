"""How far long work has come, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` sessions, subjects or steps have been through a stage; ``session`` is the latest."""

    stage: str  # what is being done, as a word that is shown
    done: int
    total: int
    session: str


def ignore(_: Progress) -> None:
    """Show nothing."""
