"""Constants with a unit, a spread and a source, read from ``values/*.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Parameter:
    """A constant: its value, unit, plausible range (95 %), source, and whether the source was read.

    ``words``: what the value is of, where its name does not say it.
    """

    name: str
    value: float
    unit: str
    low: float
    high: float
    source: str
    verified: bool
    words: str = ""

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.name}: {self.value} is outside its own range {self.low} to {self.high}")
        if not self.unit or not self.source:
            raise ValueError(f"{self.name} lacks a unit or a source")


@cache
def load_values(topic: str) -> dict[str, dict[str, Parameter]]:
    """Return the constants of ``values/<topic>.toml``: a table for each thing, a parameter for each entry."""
    text = (files("adenoscope") / "values" / f"{topic}.toml").read_text(encoding="utf-8")
    return {
        thing: {name: Parameter(name=f"{thing}.{name}", **entry) for name, entry in table.items()}
        for thing, table in tomllib.loads(text).items()
    }
