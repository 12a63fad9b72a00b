"""Numbers with their intervals, the same in every language."""

from __future__ import annotations

import math
from dataclasses import dataclass

from adenoscope.core.interval import Interval
from adenoscope.report.numbers import Measure, decimals, number
from adenoscope.report.words import first_upper, full_stop

OPEN = "∞"
SHARE = Measure("share", "%", 100.0)


@dataclass(frozen=True)
class Row:
    """A named number with its interval as text, for one line of a table."""

    name: str
    numbers: str
    unit: str


def numbers(interval: Interval | None, measure: Measure) -> str:
    """Return "estimate [low, high]" without its unit, the same in every language; nothing without an interval."""
    if interval is None:
        return ""
    sides = [interval.low * measure.scale, interval.high * measure.scale]
    spread = interval.half_width * measure.scale
    places = decimals(spread if math.isfinite(spread) else abs(interval.estimate * measure.scale) / 2)
    low, high = (number(side, places) if math.isfinite(side) else ("−" if side < 0 else "") + OPEN for side in sides)
    return f"{number(interval.estimate * measure.scale, places)} [{low}, {high}]"


def sentence(text: str | None, *named: tuple[str, str]) -> str:
    """Return what science said as a sentence, each key in it by its name; nothing where it said nothing."""
    for key, name in named:
        text = text and text.replace(key, name)
    return full_stop(first_upper(text)) if text else ""
