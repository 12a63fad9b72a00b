"""The estimands of one session as rows of a table."""

from __future__ import annotations

from dataclasses import dataclass

from adenoscope.core.interval import Interval
from adenoscope.core.response import Estimands
from adenoscope.report.numbers import MEASURES, Measure, bounds, decimals, duration, estimate, number
from adenoscope.report.words import window

NOT_CLAIMED = "not claimed"


@dataclass(frozen=True)
class Row:
    """One line of the table; ``bounds`` is empty where the value has no interval."""

    name: str
    value: str
    bounds: str
    unit: str


def estimand_rows(estimands: Estimands) -> tuple[Row, ...]:
    """Return the table's lines, in the order a reader asks."""
    over = window(estimands.window_s)
    dff = MEASURES["mean_dff"]
    rows = [
        _row(f"Mean ΔF/F, {over}", estimands.mean_dff, dff),
        _row(f"Area under ΔF/F, {over}", estimands.auc_dff_s, MEASURES["auc_dff_s"]),
        _row("Peak ΔF/F", estimands.peak_dff, dff),
        _time_row("Time to peak", estimands.time_to_peak_s),
        _time_row("Onset", estimands.onset_s),
        _time_row("Half decay", estimands.half_decay_s),
    ]
    if estimands.minimum_detectable_dff is not None:
        smallest = 100 * estimands.minimum_detectable_dff
        rows.append(Row("Minimum detectable mean", number(smallest, decimals(smallest / 2)), "", "%"))
    if estimands.placebo_dff is not None:
        rows.append(_row("Placebo: mean at a sham time in the baseline", estimands.placebo_dff, dff))
    return tuple(rows)


def _row(name: str, interval: Interval | None, measure: Measure) -> Row:
    if interval is None:
        return Row(name, NOT_CLAIMED, "", "")
    return Row(name, estimate(interval, measure), bounds(interval, measure), measure.unit)


def _time_row(name: str, interval: Interval | None) -> Row:
    return _row(name, interval, duration(name, interval.high if interval is not None else 0.0))
