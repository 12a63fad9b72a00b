"""The difference that a trial would find with endless people: what it is made of, and how sure it makes a trial.

    D = (1 - q) m(arm, guesses of arm) + q m0 - [(1 - q0) m(control, guesses of control) + q0 m0] + tau z

with m mean scores of the same people with the same noise, m0 those of people who never start, and q the shares who do
not. With guesses of control in the place of the arm's, D is the specific part, and the rest unblinding. What an
estimate with standard error s has of success at a bound c of z is

    P = Phi((-D - c s) / sqrt(s^2 + tau^2)),   s ~ 1 / sqrt(people)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from adenoscope.core.recording import Samples
from adenoscope.core.trial import Trial
from adenoscope.studies.trials.allocation import Places
from adenoscope.studies.trials.conduct import CENTRE, UNTREATED, Treated
from adenoscope.studies.trials.world import World, guess_chances

MOST_PEOPLE, FEWEST_PEOPLE = 20_000, 8
N_SIZES = 40


@dataclass(frozen=True, eq=False)
class Difference:
    """An arm's expected difference from control [MADRS points, negative where it does better], each of shape (draw,).

    ``specific``: by way of receptors; ``unblinding``: by guesses that differ between arms. ``tau`` is the standard
    deviation between trials.
    """

    specific: Samples
    unblinding: Samples
    tau: Samples

    @property
    def total(self) -> Samples:
        return self.specific + self.unblinding

    def take(self, draws: npt.NDArray[np.bool_]) -> Difference:
        """Return the difference at some of its draws."""
        return Difference(self.specific[draws], self.unblinding[draws], self.tau[draws])


def primary_visit(trial: Trial) -> int:
    """Return which visit the primary endpoint is of."""
    return trial.visit_days.index(trial.primary.endpoint.day)


def expected_difference(
    trial: Trial, world: World, place: int, people: Places, draws: Places, *, engaged: Places | None = None
) -> Difference:
    """Return what an arm differs by from control at the primary visit, at each draw of the link.

    ``people``: places in the pool that the mean is over; ``engaged``: whose engagement they have, else their own.
    """
    still = world.with_parameters(tau=0.0)
    patient, rater = (guess[draws] for guess in guess_chances(trial, world.parameters))
    found: list[tuple[float, float]] = []
    for number, draw in enumerate(draws.tolist()):
        own, of_control = (np.array([patient[number, k], rater[number, k]]) for k in (place, trial.control))
        group = _Group(trial, still, people, people if engaged is None else engaged, draw)
        control = _mean_score(group, trial.control, of_control)
        found.append((_mean_score(group, place, of_control) - control, _mean_score(group, place, own) - control))
    specific, total = np.array(found).T
    return Difference(specific, total - specific, world.parameters["tau"][draws])


@dataclass(frozen=True, eq=False)
class _Group:
    """The people whose mean scores are compared, the same with the same noise in all arms."""

    trial: Trial
    world: World
    people: Places
    engaged: Places
    draw: int


def _mean_score(group: _Group, place: int, guesses: Samples) -> float:
    """Return the mean score of an arm at the primary visit [points], ``guesses`` [1] being patients' and raters'."""
    never = group.trial.arms[place].dropout.never_started
    score = (1 - never) * _score(group, place, *guesses.tolist())
    return score + (never * _score(group, UNTREATED, 0.0, 0.0) if never else 0.0)


def _score(group: _Group, under: int, patient: float, rater: float) -> float:
    n = group.people.size
    shape = np.full(n, under, dtype=np.intp)
    treated = Treated(group.draw, group.people, shape, group.engaged, np.full(n, patient), np.full(n, rater))
    # The trial's seed, so that one draw is one stream, whatever is compared.
    random = np.random.default_rng(np.random.SeedSequence(group.trial.seed, spawn_key=(1 << 33, group.draw + 1)))
    return float(group.world(treated, random)[:, primary_visit(group.trial)].mean())


def individual_effects(
    trial: Trial, world: World, place: int, people: Places, draw: int = CENTRE, engaged: Places | None = None
) -> Samples:
    """Return each person's improvement by way of receptors, at the primary visit [points], shape (person,)."""
    nobody = np.zeros(people.size)
    under = np.full(people.size, place, dtype=np.intp)
    treated = Treated(draw, people, under, people if engaged is None else engaged, nobody, nobody)
    return world.specific(treated)[:, primary_visit(trial)]


def single_bound(trial: Trial) -> float:
    """Return the bound of z at a single look, alpha being shared among the active arms."""
    return float(-ndtri(trial.alpha / 2 / len(trial.active)))


def success(difference: Samples, tau: Samples, error: Samples, bound: float) -> Samples:
    """Return the chance of success [1] at each expected difference, of their common shape."""
    return ndtr((-difference - bound * error) / np.sqrt(error**2 + tau**2))


@dataclass(frozen=True, eq=False)
class SizeCurve:
    """Chances of success over the number of people randomised.

    ``power`` at the link's centre, ``assurance`` over its draws, ``low`` and ``high`` where the middle 80 % of draws
    are; each of shape (size,). ``for_power`` and ``for_assurance``: the people that the wanted chance takes, None
    where ``MOST_PEOPLE`` are not enough. ``limit``: assurance with endless people.
    """

    people: Samples
    power: Samples
    assurance: Samples
    low: Samples
    high: Samples
    for_power: int | None
    for_assurance: int | None
    limit: float


def size_curve(
    trial: Trial, drawn: Difference, error: Samples, centre: Difference, central_error: float
) -> SizeCurve:
    """Return chances of success of one arm at the bound of a single look, shared among arms.

    ``error``: standard errors at the planned size, one for each draw of ``drawn``; ``centre`` has one draw.
    """
    bound = single_bound(trial)

    def power(people: float) -> float:
        at_size = np.array([central_error * np.sqrt(trial.people / people)])
        return float(success(centre.total, centre.tau, at_size, bound)[0])

    def assurance(people: float) -> float:
        return float(chances_at(people).mean())

    def chances_at(people: float) -> Samples:
        return success(drawn.total, drawn.tau, error * np.sqrt(trial.people / people), bound)

    sizes = np.geomspace(max(FEWEST_PEOPLE, trial.people / 6), min(MOST_PEOPLE, trial.people * 12), N_SIZES)
    chances = np.stack([chances_at(people) for people in sizes.tolist()])
    low, high = np.quantile(chances, (0.1, 0.9), axis=1)
    return SizeCurve(
        people=sizes,
        power=np.array([power(people) for people in sizes.tolist()]),
        assurance=chances.mean(axis=1),
        low=low,
        high=high,
        for_power=_needed(power, trial.power),
        for_assurance=_needed(assurance, trial.power),
        limit=float(success(drawn.total, drawn.tau, np.array([1e-9]), bound).mean()),
    )


def _needed(chance: Callable[[float], float], wanted: float) -> int | None:
    if chance(MOST_PEOPLE) < wanted:
        return None
    if chance(FEWEST_PEOPLE) >= wanted:
        return FEWEST_PEOPLE

    def beyond(people: float) -> float:
        return chance(people) - wanted

    found: Any = brentq(beyond, FEWEST_PEOPLE, MOST_PEOPLE, xtol=0.01)
    return int(np.ceil(found))
