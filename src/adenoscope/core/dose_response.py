"""A readout over the doses of a treatment, and how two such curves differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from adenoscope.core.interval import Interval
from adenoscope.core.reading import Setting
from adenoscope.core.recording import Samples


@dataclass(frozen=True, eq=False)
class DoseCurve:
    """A curve with its pointwise 95 % band, in the readout's unit over ``dose``, every array shape (dose,)."""

    dose: Samples
    estimate: Samples
    low: Samples
    high: Samples


@dataclass(frozen=True, eq=False)
class DoseResponse:
    """What doses of a treatment do to a readout: E = e0 + emax · dose^hill / (ed50^hill + dose^hill).

    ``readings`` holds (animal, dose, value); vehicle is dose 0. ``e0`` and ``emax`` are in ``unit``, ``ed50`` is
    in ``dose_unit``. What could not be told is None, and ``reason`` says why; ``hill`` is also None where the
    doses are too few to fit it and it is held at 1. ``p_any_effect`` judges whether the dose matters at all,
    ``p_misfit`` whether the means stray from the curve more than animals do.
    """

    readout: str
    unit: str
    treatment: str
    dose_unit: str
    setting: Setting
    readings: tuple[tuple[str, float, float], ...]
    e0: Interval | None
    emax: Interval | None
    ed50: Interval | None
    hill: Interval | None
    curve: DoseCurve | None
    p_any_effect: float | None
    p_misfit: float | None
    reason: str | None
    method: str


@dataclass(frozen=True)
class DoseComparison:
    """The second of two dose-responses of a readout against the first, both in ``setting`` where it is the same.

    ``shift`` is the second's ED50 over the first's under a common ceiling and steepness: 3 means that three times
    the dose is needed. ``ceiling`` is the second's emax minus the first's, in the readout's unit, and
    ``ceiling_ratio`` the second's over the first's. ``common_ceiling`` says whether one ceiling may serve both.
    """

    readout: str
    setting: Setting | None
    first: str
    second: str
    shift: Interval | None
    ceiling: Interval | None
    ceiling_ratio: Interval | None
    common_ceiling: Literal["compatible", "excluded", "could_not_tell"]
    reason: str | None
    method: str
