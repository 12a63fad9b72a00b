"""Curves of occupancy over a cohort in a few numbers: bands, peaks, times above a threshold, what adenosine keeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adenoscope.core.interval import Interval
from adenoscope.mechanism.occupancy import Numbers
from adenoscope.studies.simulated import PERCENTILES, cohort_interval

THRESHOLDS = (0.05, 0.25, 0.50)
BEYOND = 1e9  # hours: not within the simulation
LEAST_RISE = 1e-4  # of occupancy; below, nothing rose


@dataclass(frozen=True)
class Band:
    """Median and central 95 % over subjects at each time, each of shape (time,)."""

    estimate: Numbers
    low: Numbers
    high: Numbers


@dataclass(frozen=True)
class Span:
    """A time [h] over subjects, median and central 95 %; None for a bound beyond the end of the simulation."""

    estimate: float | None
    low: float | None
    high: float | None
    still_above: float  # share of subjects at the end


@dataclass(frozen=True)
class AboveThreshold:
    """How long antagonists hold more than ``threshold`` in all [h], and until when after the last dose [h]."""

    threshold: float
    hours_above: Interval
    until_h: Span


@dataclass(frozen=True)
class AtTime:
    """Shares [1] at ``after_h`` [h after the first dose]: antagonists', adenosine's without and with them."""

    after_h: float
    by_antagonist: Interval
    adenosine_without: Interval | None
    adenosine_with: Interval | None


@dataclass(frozen=True)
class Raised:
    """Adenosine's share [1] where it peaks without antagonists, without and with them, and the rise kept [1].

    The rise with antagonists counts from what adenosine would hold beside them at that time if nothing raised it.
    """

    peak_without: Interval
    peak_with: Interval
    rise_kept: Interval | None


@dataclass(frozen=True)
class Readings:
    """The numbers of one target under one set of constants; those of adenosine are None at a carrier."""

    peak: Interval
    time_to_peak_h: Interval | None
    at: tuple[AtTime, ...]
    above: tuple[AboveThreshold, ...]
    least_kept: Interval | None
    raised: Raised | None


@dataclass(frozen=True)
class Shares:
    """Shares [1] of one target over time, each of shape (subject, time); at a carrier adenosine's are None.

    ``adenosine_unraised``: with antagonists, and without what raises adenosine; None where nothing does.
    """

    by_antagonist: Numbers
    adenosine_without: Numbers | None = None
    adenosine_with: Numbers | None = None
    adenosine_unraised: Numbers | None = None


@dataclass(frozen=True)
class Clock:
    """Times looked at [h], and when the first and last dose and the first rise of adenosine come [h]."""

    hours: Numbers
    first_h: float
    last_h: float
    challenge_h: float | None
    report_h: tuple[float, ...]

    def at(self, hour: float) -> int:
        """Return the place of a time that is looked at."""
        return min(int(np.searchsorted(self.hours, hour - 1e-9)), self.hours.size - 1)


def band(curves: Numbers) -> Band:
    """Return the median and central 95 % of curves, shape (subject, time), at each time."""
    return Band(*np.percentile(curves, PERCENTILES, axis=0))


def readings(clock: Clock, shares: Shares) -> Readings:
    """Return the numbers of one target's shares."""
    held = shares.by_antagonist
    place = np.argmax(held, axis=1)
    peak = held[np.arange(held.shape[0]), place]
    moved = peak > 0
    return Readings(
        peak=known(peak),
        time_to_peak_h=cohort_interval(np.where(moved, clock.hours[place] - clock.first_h, np.nan)),
        at=tuple(_at(clock, shares, after) for after in clock.report_h),
        above=tuple(_above(clock, held, threshold) for threshold in THRESHOLDS),
        least_kept=_least_kept(clock, shares),
        raised=_raised(clock, shares),
    )


def hours_above(hours: Numbers, curves: Numbers, threshold: float) -> Numbers:
    """Return how long each curve is above a threshold [h], shape (subject,); straight between the times looked at."""
    before, after = curves[:, :-1], curves[:, 1:]
    top, bottom = np.maximum(before, after), np.minimum(before, after)
    step = np.where(top > bottom, top - bottom, 1.0)
    share = np.where(bottom >= threshold, 1.0, np.clip((top - threshold) / step, 0, 1))
    return np.asarray(np.where(top > threshold, share, 0.0) @ np.diff(hours))


def hours_until_below(hours: Numbers, curves: Numbers, threshold: float, start_h: float) -> Numbers:
    """Return when each curve is last above a threshold [h after start], shape (subject,); ``BEYOND`` at the end.

    A curve that is never above it after the start gives 0.
    """
    start = int(np.searchsorted(hours, start_h - 1e-9))
    time, after = hours[start:], curves[:, start:]
    above = after >= threshold
    last = time.size - 1 - np.argmax(above[:, ::-1], axis=1)
    row, following = np.arange(after.shape[0]), np.minimum(last + 1, time.size - 1)
    fall = after[row, last] - after[row, following]
    share = np.divide(after[row, last] - threshold, fall, out=np.zeros_like(fall), where=fall > 0)
    found = time[last] + share * (time[following] - time[last]) - start_h
    return np.where(above.any(axis=1), np.where(above[:, -1], BEYOND, found), 0.0)


def _at(clock: Clock, shares: Shares, after_h: float) -> AtTime:
    place = clock.at(clock.first_h + after_h)
    without, beside = shares.adenosine_without, shares.adenosine_with
    return AtTime(
        after_h,
        known(shares.by_antagonist[:, place]),
        None if without is None else known(without[:, place]),
        None if beside is None else known(beside[:, place]),
    )


def _above(clock: Clock, held: Numbers, threshold: float) -> AboveThreshold:
    until = hours_until_below(clock.hours, held, threshold, clock.last_h)
    bounds = np.percentile(until, PERCENTILES)
    estimate, low, high = (None if x > clock.hours[-1] else float(x) for x in bounds.tolist())
    still = float(np.mean(until == BEYOND))
    return AboveThreshold(
        threshold, known(hours_above(clock.hours, held, threshold)), Span(estimate, low, high, still)
    )


def _least_kept(clock: Clock, shares: Shares) -> Interval | None:
    """Return adenosine's share with antagonists over that without, where it is least after the first dose."""
    if shares.adenosine_without is None or shares.adenosine_with is None:
        return None
    start = clock.at(clock.first_h)
    return known((shares.adenosine_with[:, start:] / shares.adenosine_without[:, start:]).min(axis=1))


def _raised(clock: Clock, shares: Shares) -> Raised | None:
    without, beside, unraised = shares.adenosine_without, shares.adenosine_with, shares.adenosine_unraised
    if clock.challenge_h is None or without is None or beside is None or unraised is None:
        return None
    start = clock.at(clock.challenge_h)
    row = np.arange(without.shape[0])
    place = start + np.argmax(without[:, start:], axis=1)
    rise = without[row, place] - without[:, start]
    kept = (beside[row, place] - unraised[row, place]) / np.where(rise > LEAST_RISE, rise, np.nan)
    return Raised(known(without[row, place]), known(beside[row, place]), cohort_interval(kept))


def known(values: Numbers) -> Interval:
    """Return the median and central 95 % of subjects that all have a value."""
    estimate, *bounds = np.percentile(values, PERCENTILES).tolist()
    return Interval(estimate, min(bounds), max(bounds))  # alike to the last digit, bounds may come in either order
