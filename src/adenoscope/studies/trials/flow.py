"""How people go through a trial as planned: CONSORT's counts, and MADRS over the visits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from adenoscope.core.interval import Interval
from adenoscope.core.recording import Samples
from adenoscope.core.trial import Trial
from adenoscope.io.small_cells import shown_counts


@dataclass(frozen=True)
class ArmFlow:
    """Counts of one arm in a typical replicate, each the median over replicates; None where it is suppressed."""

    arm: str
    randomised: int | None
    started: int | None
    never_started: int | None
    left: int | None
    seen_last: int | None


@dataclass(frozen=True)
class Flow:
    """Everybody's way through a trial.

    ``assessed``: how many would have to be assessed, given the share of the pool that is eligible, for as many as are
    randomised, None where it would tell how few are ``excluded``; ``least``: counts below it are suppressed.
    """

    assessed: int | None
    excluded: int | None
    randomised: int
    arms: tuple[ArmFlow, ...]
    least: int


@dataclass(frozen=True)
class Visit:
    """MADRS [points] of an arm's people at a visit: mean and middle 90 % of replicates; day 0 is baseline.

    ``seen``: the mean number who came, None where it is so small, or so near to all, that it is suppressed.
    """

    arm: str
    day: float
    madrs: Interval | None
    seen: float | None


def consort(trial: Trial, columns: Mapping[str, Samples], eligible_share: float) -> Flow:
    """Return counts of a typical replicate; small ones are suppressed, with what would give them away."""
    assessed = int(np.ceil(trial.people / eligible_share))
    least = trial.smallest_cell
    randomised = [_typical(columns, f"randomised:{place}") for place in range(len(trial.arms))]
    shown = shown_counts(randomised, least=least, with_total=True)
    arms = tuple(
        ArmFlow(arm.name, None, None, None, None, None)
        if shown[place] is None
        else _arm(trial, columns, place, randomised[place])
        for place, arm in enumerate(trial.arms)
    )
    (excluded,) = shown_counts([assessed - trial.people], least=least)
    return Flow(None if excluded is None else assessed, excluded, trial.people, arms, least)


def _arm(trial: Trial, columns: Mapping[str, Samples], place: int, randomised: int) -> ArmFlow:
    started = _typical(columns, f"started:{place}")
    seen = _typical(columns, f"seen:{place}:{len(trial.visit_days) - 1}")
    least = trial.smallest_cell
    never, begun = shown_counts([randomised - started, started], least=least, with_total=True)
    left, stayed = shown_counts([randomised - seen, seen], least=least, with_total=True)
    return ArmFlow(trial.arms[place].name, randomised, begun, never, left, stayed)


def _typical(columns: Mapping[str, Samples], name: str) -> int:
    return round(float(np.median(columns[name])))


def visits(trial: Trial, columns: Mapping[str, Samples]) -> list[Visit]:
    """Return MADRS at baseline and at each visit, by arm."""
    found: list[Visit] = []
    for place, arm in enumerate(trial.arms):
        found.append(Visit(arm.name, 0.0, _middle(columns[f"baseline:{place}"]), _seen(trial, columns, place, None)))
        for number, day in enumerate(trial.visit_days):
            madrs = _middle(columns[f"madrs:{place}:{number}"])
            found.append(Visit(arm.name, day, madrs, _seen(trial, columns, place, number)))
    return found


def _seen(trial: Trial, columns: Mapping[str, Samples], place: int, visit: int | None) -> float | None:
    randomised = float(columns[f"randomised:{place}"].mean())
    count = randomised if visit is None else float(columns[f"seen:{place}:{visit}"].mean())
    few = (0 < cell < trial.smallest_cell for cell in (count, randomised - count))
    return None if any(few) else count


def _middle(values: Samples) -> Interval | None:
    known = values[np.isfinite(values)]
    if not known.size:
        return None
    low, high = (float(end) for end in np.quantile(known, (0.05, 0.95)))
    return Interval(float(np.clip(known.mean(), low, high)), low, high, 0.9)
