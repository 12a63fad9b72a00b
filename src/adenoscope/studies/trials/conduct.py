"""A trial carried out in virtual people, replicate by replicate: who is asked, given what, believes what, and stays.

A replicate depends on the trial's seed and its own number alone: not on which others are simulated, where, or when.
Each thing that is left to chance has a stream of its own, so worlds that differ in one thing share all the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.core.trial import Trial
from adenoscope.studies.trials.allocation import Places, Random, allocate
from adenoscope.studies.trials.scenario import Scenario

CHANCES = ("people", "allocation", "guesses", "starting", "outcome", "leaving", "exchange")
UNTREATED, CENTRE = -1, -1


class Outcome(Protocol):
    """Gives MADRS at the visits, shape (person, visit), had everybody stayed."""

    def __call__(self, treated: Treated, random: Random, /) -> Samples: ...


@dataclass(frozen=True, eq=False)
class Treated:
    """What people of one replicate get; arrays of shape (person,).

    ``person``: places in the pool; ``under``: the arm whose sessions they have, ``UNTREATED`` for none; ``engaged``:
    places of those whose engagement they have, mostly their own; ``belief`` and ``rater``: whether they, and their
    rater, take them for treated, 0 or 1. ``draw``: of the link's posterior, ``CENTRE`` for its centre.
    """

    draw: int
    person: Places
    under: Places
    engaged: Places
    belief: Samples
    rater: Samples


@dataclass(frozen=True, eq=False)
class Roster:
    """The pool as a trial sees it: ``baseline`` MADRS and strata, shape (person,), and who may be asked.

    ``eligible`` and ``enriched`` are places in the pool. ``patient`` and ``rater``, shape (draw + 1, arm), are how
    probable it is [1] to guess an arm to be an active one; their last row is that of the link's centre.
    """

    baseline: Samples
    stratum: Places
    eligible: Places
    enriched: Places
    patient: Samples
    rater: Samples

    @property
    def n_draws(self) -> int:
        """Return how many draws the link has."""
        return len(self.patient) - 1


@dataclass(frozen=True, eq=False)
class Conducted:
    """Replicates of a trial in one world, people in the order in which they came.

    ``y`` (replicate, person, visit) is MADRS, NaN from the visit on before which a person left. Of shape (replicate,
    person): ``person`` (places in the pool), ``arm``, ``stratum``, ``baseline``, ``belief`` and ``rater`` (0 or 1),
    ``started`` (0 or 1) and ``left``, the number of visits they came to. ``draw`` (replicate,) is that of the link.
    """

    y: Samples
    person: Places
    arm: Places
    stratum: Places
    baseline: Samples
    belief: Samples
    rater: Samples
    started: Samples
    left: Places
    draw: Places


def conduct(
    trial: Trial, roster: Roster, outcome: Outcome, scenario: Scenario, replicates: Iterable[int]
) -> Conducted:
    """Return replicates of a trial by their numbers, with as many people as its looks may ask for.

    Raises:
        ValueError: fewer people may be asked than the trial needs.
    """
    parts = [_replicate(trial, roster, outcome, scenario, number) for number in replicates]
    stacked = {field.name: np.stack([getattr(part, field.name) for part in parts]) for field in fields(Conducted)}
    return Conducted(**stacked)


def most_people(trial: Trial) -> int:
    """Return how many people a replicate needs, should the trial be enlarged as far as its looks allow."""
    again = trial.looks.reestimation
    return trial.people if again is None else int(np.ceil(trial.people * again.most))


def _streams(seed: int, replicate: int) -> dict[str, Random]:
    return {
        name: np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(replicate, number)))
        for number, name in enumerate(CHANCES)
    }


def _replicate(trial: Trial, roster: Roster, outcome: Outcome, scenario: Scenario, number: int) -> Conducted:
    chance = _streams(trial.seed, number)
    asked = roster.enriched if scenario.enriched else roster.eligible
    person = chance["people"].choice(asked, most_people(trial), replace=False)
    stratum = roster.stratum[person]
    arm = allocate(stratum, [arm.weight for arm in trial.arms], trial.block, chance["allocation"])
    draw = CENTRE if scenario.link == "central" else number % roster.n_draws
    guesses = guess_probabilities(trial, roster, scenario, draw)
    belief, rater = (chance["guesses"].random((2, arm.size)) < np.stack(guesses)[:, arm]).astype(float)
    started = _started(trial, arm, chance["starting"])
    under = np.where(started, arm if scenario.specific else trial.control, UNTREATED)
    treated = Treated(
        draw=draw,
        person=person,
        under=under,
        engaged=person if scenario.own_engagement else _exchanged(person, arm, chance["exchange"]),
        belief=np.where(started, belief, 0.0),
        rater=np.where(started, rater, 0.0),
    )
    y = outcome(treated, chance["outcome"])
    left = _left(trial, arm, roster.baseline[person], y, chance["leaving"])
    y = np.where(np.arange(y.shape[1]) < left[:, None], y, np.nan)
    return Conducted(
        y, person, arm, stratum, roster.baseline[person], treated.belief, treated.rater, started.astype(float), left,
        np.array(treated.draw),
    )  # fmt: skip


def guess_probabilities(trial: Trial, roster: Roster, scenario: Scenario, draw: int) -> tuple[Samples, Samples]:
    """Return how probable it is that patients, and raters, guess each arm to be an active one, shape (arm,)."""
    both = roster.patient[draw], roster.rater[draw]
    if scenario.beliefs == "by_arm":
        return both
    weight = [arm.weight for arm in trial.arms]
    patient, rater = (np.full(len(weight), np.average(guess, weights=weight)) for guess in both)
    return patient, rater


def _started(trial: Trial, arm: Places, random: Random) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    never = np.array([own.dropout.never_started for own in trial.arms])
    return random.random(arm.size) >= never[arm]


def _exchanged(person: Places, arm: Places, random: Random) -> Places:
    """Return people in the order of others of their arm."""
    exchanged = person.copy()
    for one in np.unique(arm):
        own = np.flatnonzero(arm == one)
        exchanged[own] = person[random.permutation(own)]
    return exchanged


def _left(trial: Trial, arm: Places, baseline: Samples, y: Samples, random: Random) -> Places:
    """Return to how many visits each person comes, shape (person,); leaving depends on what was seen before alone."""
    hazard, slope = (
        np.array([getattr(own.dropout, name) for own in trial.arms])[arm] for name in ("hazard", "per_point")
    )
    drawn = random.random(y.shape)
    with np.errstate(divide="ignore"):
        odds = np.log(hazard) - np.log1p(-hazard)
    left, last = np.zeros(arm.size, dtype=np.intp), baseline
    there = np.ones(arm.size, dtype=np.bool_)
    for visit in range(y.shape[1]):
        chance = 1 / (1 + np.exp(-(odds + slope * (last - _mean_by(arm, last, there)))))
        there &= drawn[:, visit] >= chance
        left += there
        last = y[:, visit]
    return left


def _mean_by(arm: Places, values: Samples, there: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Samples:
    """Return the mean of each person's arm, of those still there, shape (person,); 0 where nobody is."""
    count = np.bincount(arm[there], minlength=int(arm.max()) + 1)
    total = np.bincount(arm[there], weights=values[there], minlength=count.size)
    return (total / np.maximum(count, 1))[arm]
