"""How to integrate, and what is allowed there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adenoscope.core.errors import input_error

CHUNK = 512  # subjects: some tenths of a second, so that threads end together


@dataclass(frozen=True)
class Options:
    """How to integrate.

    ``rtol``, ``atol``: tolerance of a step, relative, and absolute in the units of the states. ``largest_step``: by
    default only models with jumps that have to be looked for are bounded, by the longest gap between outputs.
    ``max_steps``: for each subject. ``threads``: by default as many as there are processors. ``chunk``: subjects that
    a thread takes at once. ``lanes``: subjects in a batch, by default what the processor's vectors hold. None of the
    last three changes a bit of the result.
    """

    rtol: float = 1e-6
    atol: float = 1e-9
    largest_step: float | None = None
    max_steps: int = 100_000
    threads: int | None = None
    chunk: int = CHUNK
    lanes: int | None = None


def make_options(options: Mapping[str, float | None]) -> Options:
    """Return options from keywords, checked."""
    unknown = set(options) - set(Options.__dataclass_fields__)
    if unknown:
        raise TypeError(f"simulate() has no option {', '.join(sorted(unknown))}")
    chosen = Options(**options)  # pyright: ignore[reportArgumentType]
    for name in ("rtol", "atol", "largest_step", "max_steps", "threads", "chunk", "lanes"):
        value = getattr(chosen, name)
        if value is not None and not value > 0:
            raise input_error(
                name, found=f"{value}", allowed="a number above 0", remedy="leave it out for the default"
            )
    if chosen.lanes not in (None, 1, 2, 4, 8):
        raise input_error(
            "lanes", found=f"{chosen.lanes}", allowed="1, 2, 4 or 8", remedy="leave it out for the default"
        )
    return chosen
