"""A whole-trace contrast: a treated group's curve minus its vehicle's, with a band for all times at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from adenoscope.core.reading import Given, Setting
from adenoscope.core.recording import Samples

Kind = Literal["effect", "interaction"]
Design = Literal["paired", "unpaired"]


@dataclass(frozen=True, eq=False)
class CurveContrast:
    """A mean difference of ΔF/F [1] at ``time_s`` [s after the intervention], with the animal as the unit.

    An "effect" is treated minus vehicle in one setting, whose animals' curves ``treated`` and ``vehicle`` hold,
    shape (animal, time); an "interaction" is the effect in the reference animals minus that under
    ``manipulation``, and has no such curves. ``low`` and ``high`` hold simultaneously at 95 %, ``point_low`` and
    ``point_high`` at each time by itself; all four and ``difference`` are None where the animals are too few,
    and ``reason`` says so. ``n_treated`` and ``n_vehicle`` are animals, over both sides of an interaction.
    ``excludes_zero_s`` are the stretches [s] in which the simultaneous band does not hold 0.
    """

    kind: Kind
    design: Design
    time_s: Samples
    n_treated: int
    n_vehicle: int
    difference: Samples | None = None
    low: Samples | None = None
    high: Samples | None = None
    point_low: Samples | None = None
    point_high: Samples | None = None
    excludes_zero_s: tuple[tuple[float, float], ...] = ()
    reason: str | None = None
    treated: Samples | None = None
    vehicle: Samples | None = None
    given: Given = field(default_factory=lambda: Given(""))
    setting: Setting = field(default_factory=Setting)
    versus: str = ""
    manipulation: str = ""
