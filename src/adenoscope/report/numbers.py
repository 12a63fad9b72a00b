"""Numbers as people read them: no more digits than the interval supports, always with a unit."""

from __future__ import annotations

import math
from dataclasses import dataclass

from adenoscope.core.interval import Interval

GAP = "\u00a0"
MINUS = "−"
LONGEST_IN_SECONDS = 120.0


@dataclass(frozen=True)
class Measure:
    """How a quantity is shown: its name, the factor from house units, and its unit.

    ``points`` is the unit of a difference, which is not the unit itself where that is a percentage.
    """

    name: str
    unit: str = ""
    scale: float = 1.0
    points: str = ""

    @property
    def axis(self) -> str:
        """Return the label of an axis."""
        return f"{self.name} ({self.unit})" if self.unit else self.name

    @property
    def difference_axis(self) -> str:
        """Return the label of an axis of differences."""
        unit = self.points or self.unit
        return f"difference ({unit})" if unit else "difference"


POINTS = "percentage points"
MEASURES = {
    "mean_dff": Measure("mean ΔF/F", "%", 100.0, POINTS),
    "peak_dff": Measure("peak ΔF/F", "%", 100.0, POINTS),
    "auc_dff_s": Measure("area under ΔF/F", f"%{GAP}min", 100.0 / 60.0),
    "time_to_peak_s": Measure("time to peak", "min", 1.0 / 60.0),
    "onset_s": Measure("onset", "min", 1.0 / 60.0),
    "half_decay_s": Measure("half decay", "min", 1.0 / 60.0),
}


def duration(name: str, longest_s: float) -> Measure:
    """Return a measure in seconds or minutes, whichever suits times up to ``longest_s`` [s]."""
    if abs(longest_s) <= LONGEST_IN_SECONDS:
        return Measure(name, "s")
    return Measure(name, "min", 1.0 / 60.0)


def decimals(spread: float) -> int:
    """Return how many decimals show two digits of ``spread`` (one if it begins with 7, 8 or 9)."""
    if not spread > 0 or not math.isfinite(spread):
        return 2
    return min(4, max(0, 1 - math.floor(math.log10(spread / 0.7))))


def number(value: float, places: int) -> str:
    """Return ``value`` rounded, with a true minus and never a minus zero."""
    text = f"{value:.{places}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def number_with_unit(value: float, unit: str, places: int) -> str:
    """Return ``value`` with its unit, kept on one line."""
    return f"{number(value, places)}{GAP}{unit}" if unit else number(value, places)


def estimate(interval: Interval, measure: Measure) -> str:
    """Return the estimate alone, in the measure's scale, without its unit."""
    return number(interval.estimate * measure.scale, decimals(interval.half_width * measure.scale))


def bounds(interval: Interval, measure: Measure) -> str:
    """Return "low to high", in the measure's scale, without its unit."""
    places = decimals(interval.half_width * measure.scale)
    return f"{number(interval.low * measure.scale, places)} to {number(interval.high * measure.scale, places)}"


def without_sign(interval: Interval) -> Interval:
    """Return the size of an estimate whose interval excludes zero: -3 (-5 to -1) is 3 (1 to 5)."""
    low, high = sorted((abs(interval.low), abs(interval.high)))
    return Interval(abs(interval.estimate), low, high, interval.ci_prob)


def grouped(whole: int) -> str:
    """Return a large count with its thousands apart: 216 000."""
    return f"{whole:,}".replace(",", "\u202f")


def per_cent(probability: float) -> str:
    """Return a probability as a percentage: 0.95 is "95 %"."""
    return f"{probability * 100:g}{GAP}%"


def count(how_many: int, singular: str, plural: str = "") -> str:
    """Return a count with its noun: "1 animal", "6 animals"."""
    return f"{how_many} {singular if how_many == 1 else plural or singular + 's'}"
