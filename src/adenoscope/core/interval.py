"""An estimate with its interval, the only form in which a measured number leaves adenoscope."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """An estimate between two bounds; which unit it has is said where it is used."""

    estimate: float
    low: float
    high: float
    ci_prob: float = 0.95

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"low {self.low} is above high {self.high}")
        if not 0 < self.ci_prob < 1:
            raise ValueError(f"ci_prob {self.ci_prob} is outside (0, 1)")

    def excludes(self, value: float) -> bool:
        """Return whether ``value`` lies outside the interval."""
        return not self.low <= value <= self.high

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2

    def as_json(self) -> dict[str, float]:
        """Return the form that ``results.json`` uses."""
        values = {"estimate": self.estimate, "low": self.low, "high": self.high, "ci_prob": self.ci_prob}
        if not all(math.isfinite(value) for value in values.values()):
            raise ValueError(f"{self} is not finite; report it as null with a reason")
        return values
