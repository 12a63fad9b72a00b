"""Numbers for a browser: five digits are more than a screen shows, and half the bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from adenoscope.core.interval import Interval

DIGITS = 5


def short(values: np.ndarray[Any, Any]) -> list[float]:
    """Return finite numbers with five significant digits."""
    size = np.abs(values)
    digits = DIGITS - 1 - np.floor(np.log10(np.where(size > 0, size, 1.0))).astype(int)
    scale = 10.0 ** np.clip(digits, -300, 300)
    return [float(value) for value in (np.round(values * scale) / scale).tolist()]


def interval_json(interval: Interval | None) -> dict[str, float] | None:
    """Return an interval as results have it."""
    return None if interval is None else interval.as_json()


def as_bytes(document: Any) -> bytes:
    """Return JSON as it is sent; a number that is not finite is a mistake of ours."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
