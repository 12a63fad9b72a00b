"""Observations that ship: those that the mechanism was calibrated with, and those that it was not."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal

from adenoscope.inference.predict.observations import Observation, read_observations

Name = Literal["observations", "tests"]


@contextmanager
def observations_file(given: Path | None = None, name: Name = "observations") -> Generator[Path]:
    """Yield the file that is given, or else one that ships, as long as the block lasts."""
    if given is not None:
        yield given
        return
    with as_file(files("adenoscope") / "values" / f"{name}.csv") as path:
        yield path


def shipped_observations(name: Name = "observations") -> list[Observation]:
    """Return observations that ship: what the mechanism was calibrated with, or ``tests``, which it was not."""
    with observations_file(name=name) as path:
        return read_observations(path)
