"""A contrast: one readout of a treated group minus that of its vehicle."""

from __future__ import annotations

from dataclasses import dataclass

from adenoscope.core.interval import Interval
from adenoscope.core.reading import Given, Setting


@dataclass(frozen=True)
class Contrast:
    """A group's readout minus its vehicle's, in ``unit``, with the animal as the unit of replication.

    ``difference`` is None where there are too few animals, and ``reason`` says so; it also says who was left
    out. ``treated`` and ``vehicle`` hold one (animal, value) for each animal that entered the difference;
    ``design`` is "paired" or "unpaired"; ``method`` says how the interval was made, ``p_permutation`` [1] is
    that of a permutation which keeps pairs and cohorts together.
    """

    readout: str
    unit: str
    given: Given
    setting: Setting
    versus: str
    treated: tuple[tuple[str, float], ...]
    vehicle: tuple[tuple[str, float], ...]
    design: str
    difference: Interval | None
    reason: str | None = None
    method: str = ""
    p_permutation: float | None = None
