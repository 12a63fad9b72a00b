"""What replicates come to: how often an arm wins in each world, by each analysis, with the error of simulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from adenoscope.core.interval import Interval
from adenoscope.core.recording import Samples
from adenoscope.core.trial import Trial
from adenoscope.studies.trials.looks import Course, course, success_bounds
from adenoscope.studies.trials.replicates import LOOKED_AT, WHOLE, name_of
from adenoscope.studies.trials.scenario import Scenario

PREDICTED = (0.05, 0.5, 0.95)
Columns = Mapping[str, Samples]


@dataclass(frozen=True)
class Rate:
    """How an arm fares in one world by one analysis, over replicates.

    ``wins``: p below alpha, shared among active arms, in favour of the arm; ``rejections``: p below alpha whichever
    way; both [1] with the 95 % interval of simulation. ``found``: median and middle 90 % of estimates [points, or a
    fraction]; ``error``: mean standard error. ``unanswered``: replicates that the analysis had no answer for.
    """

    scenario: str
    analysis: str
    arm: str
    wins: Interval
    rejections: Interval
    found: Interval | None
    error: float
    unanswered: int


@dataclass(frozen=True)
class LookRate:
    """How trials with looks go in one world, by the primary analysis.

    ``success`` [1] in any arm; ``stopped``: the chance [1] to stop at each look, the last one being the end, of which
    ``for_success`` and ``for_futility``; ``people``: the mean number randomised; ``kept``: the chance of each active
    arm to go on after the first look; ``won``: of each to win.
    """

    scenario: str
    success: Interval
    stopped: tuple[float, ...]
    for_success: tuple[float, ...]
    for_futility: tuple[float, ...]
    people: float
    kept: Mapping[str, float]
    won: Mapping[str, float]


def proportion(hits: int, n: int, ci_prob: float = 0.95) -> Interval:
    """Return a chance [1] with its interval by simulation.

    Valid: independent replicates.
    Source: Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    z = float(ndtri((1 + ci_prob) / 2))
    p = hits / n
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return Interval(p, float(max(0.0, centre - half)), float(min(1.0, centre + half)), ci_prob)


def rates(trial: Trial, columns: Columns, worlds: Sequence[Scenario]) -> list[Rate]:
    """Return the rates of every world, analysis and active arm."""
    return [
        _rate(trial, columns, scenario.name, number, arm)
        for scenario in worlds
        for number in range(len(trial.analyses))
        for arm in range(len(trial.active))
    ]


def _rate(trial: Trial, columns: Columns, scenario: str, number: int, arm: int) -> Rate:
    estimate, error, p_value, z = (
        columns[name_of(field, scenario, number, WHOLE, arm)] for field in ("estimate", "error", "p_value", "z")
    )
    answered = np.isfinite(p_value)
    shared = trial.alpha / len(trial.active)
    known = estimate[answered]
    found = None
    if known.size:
        low, middle, high = (float(value) for value in np.quantile(known, PREDICTED))
        found = Interval(middle, low, high, 0.9)
    return Rate(
        scenario=scenario,
        analysis=trial.analyses[number].name,
        arm=trial.arms[trial.active[arm]].name,
        wins=proportion(int(((p_value <= shared) & (z > 0)).sum()), p_value.size),
        rejections=proportion(int((p_value <= trial.alpha).sum()), p_value.size),
        found=found,
        error=float(np.mean(error[answered])) if known.size else float("nan"),
        unanswered=int((~answered).sum()),
    )


def look_rates(trial: Trial, columns: Columns) -> list[LookRate]:
    """Return how trials with looks go; [] where there is no look before the end."""
    if len(trial.looks.fractions) == 1:
        return []
    return [_look_rate(trial, columns, scenario.name) for scenario in LOOKED_AT]


def courses(trial: Trial, columns: Columns, scenario: str) -> Course:
    """Return how every replicate of a world went through its looks."""
    z = np.stack(
        [
            np.stack(
                [
                    columns[name_of("z", scenario, 0, stage, arm)]
                    for stage in range(1, 1 + len(trial.looks.fractions))
                ],
                axis=1,
            )
            for arm in range(len(trial.active))
        ],
        axis=1,
    )
    return course(z, trial.looks, success_bounds(trial))


def _look_rate(trial: Trial, columns: Columns, scenario: str) -> LookRate:
    went = courses(trial, columns, scenario)
    n, looks = went.success.size, range(len(trial.looks.fractions))
    names = [trial.arms[place].name for place in trial.active]
    return LookRate(
        scenario=scenario,
        success=proportion(int(went.success.sum()), n),
        stopped=tuple(float((went.stopped == look).mean()) for look in looks),
        for_success=tuple(float(((went.stopped == look) & went.success).mean()) for look in looks),
        for_futility=tuple(float(((went.stopped == look) & went.futile).mean()) for look in looks),
        people=float(_people(trial, columns[f"growth:{scenario}"], went).mean()),
        kept=dict(zip(names, went.kept.mean(axis=0).tolist(), strict=True)),
        won=dict(zip(names, went.won.mean(axis=0).tolist(), strict=True)),
    )


def _people(trial: Trial, growth: Samples, went: Course) -> Samples:
    """Return how many people each replicate randomised; arms that are dropped recruit nobody further."""
    fractions = np.array(trial.looks.fractions)
    weight = np.array([trial.arms[place].weight for place in trial.active], dtype=float)
    whole = weight.sum() + trial.arms[trial.control].weight
    going = (went.kept @ weight + trial.arms[trial.control].weight) / whole
    last = np.where(went.stopped == fractions.size - 1, growth, fractions[went.stopped])
    return trial.people * (fractions[0] + (last - fractions[0]) * going)
