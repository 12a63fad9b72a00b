"""Observations to hold the mechanism against, as a table that anyone can extend."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

from adenoscope.core.errors import InputError, Problem, input_error

NEEDED = ("id", "readout", "intervention", "dose")


@dataclass(frozen=True)
class Observation:
    """One observed number and the band in which a prediction agrees with it.

    ``low`` and ``high`` are infinite where a side is open. ``readout`` and ``statistic`` say how it was made;
    everything else says what was done to whom.
    """

    id: str
    readout: str
    unit: str
    region: str
    stress: str
    genotype: str
    pretreatment: str
    intervention: str
    dose: float
    dose_unit: str
    statistic: str
    time_after_h: float | None
    mean: float
    low: float
    high: float
    source: str
    status: str


def read_observations(path: Path) -> list[Observation]:
    """Return the observations of a CSV with the columns of ``calibration.csv``.

    Raises:
        InputError: a column is missing, or a number is not one; all of them are listed.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise input_error(path, found=str(error.strerror), allowed="a CSV file", remedy="check the path") from None
    missing = [name for name in (*NEEDED, "mean", "band_low", "band_high") if not rows or name not in rows[0]]
    if missing:
        raise input_error(
            path, found=f"no column {', '.join(missing)}", allowed="the columns of calibration.csv", remedy="add them"
        )
    problems: list[Problem] = []
    found = [_observation(path, number, row, problems) for number, row in enumerate(rows, start=2)]
    if problems:
        raise InputError(*problems)
    return found


def _observation(path: Path, number: int, row: dict[str, str], problems: list[Problem]) -> Observation:
    def value(name: str, default: float) -> float:
        text = (row.get(name) or "").strip()
        try:
            return float(text) if text else default
        except ValueError:
            problems.append(Problem(str(path), f"`{text}`", "a number", "mend this cell", number, name))
            return default

    mean, sem, after = value("mean", math.nan), value("sem", math.nan), value("time_after_h", math.nan)
    low, high = value("band_low", -math.inf), value("band_high", math.inf)
    if math.isinf(low) and math.isinf(high) and math.isfinite(sem):
        low, high = mean - 2 * sem, mean + 2 * sem
    words = {name: (row.get(name) or "").strip() for name in ("readout", "unit", "region", "stress", "genotype")}
    named = ("pretreatment", "intervention", "dose_unit", "statistic", "source", "status")
    more = {name: (row.get(name) or "").strip() for name in named}
    return Observation(
        id=row["id"].strip(),
        **words,
        **more,
        dose=value("dose", 0.0),
        time_after_h=None if math.isnan(after) else after,
        mean=mean,
        low=low,
        high=high,
    )
