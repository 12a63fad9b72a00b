"""What the simulation of a trial answers, put together from its replicates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from adenoscope.core.interval import Interval
from adenoscope.core.recording import Samples
from adenoscope.core.trial import Published, Trial
from adenoscope.studies.trials.allocation import Places
from adenoscope.studies.trials.assembly import Assembled
from adenoscope.studies.trials.conduct import CENTRE
from adenoscope.studies.trials.expected import (
    Difference,
    SizeCurve,
    expected_difference,
    individual_effects,
    size_curve,
)
from adenoscope.studies.trials.flow import Flow, Visit, consort, visits
from adenoscope.studies.trials.rates import LookRate, Rate, look_rates, rates
from adenoscope.studies.trials.replicates import WHOLE, name_of, scenarios
from adenoscope.studies.trials.scenario import CENTRAL, PLANNED
from adenoscope.studies.trials.shares import Mechanism, covariate_shares, mechanism_share
from adenoscope.studies.trials.tornado import Swing, swings

MOST_DRAWS, MOST_PEOPLE = 1000, 300  # that expectations are taken over
CI_PROB = 0.9
FEWEST_ANSWERED = 2  # replicates


@dataclass(frozen=True)
class Enrichment:
    """What it would buy to ask only people who meet the rules of enrichment.

    ``share``: of eligible people who meet them; ``gain``: what they change the expected difference by [points, below
    0 for the better], middle 90 % of the link's draws; ``reason``: why it could not be told, else "".
    """

    rules: tuple[str, ...]
    share: float
    gain: Interval | None
    reason: str


@dataclass(frozen=True)
class Retrodiction:
    """A published difference beside the prediction of it: whether it is ``inside``, and the chance to win."""

    published: Published
    predicted: Interval
    wins: float

    @property
    def inside(self) -> bool:
        return self.predicted.low <= self.published.difference <= self.predicted.high


@dataclass(frozen=True)
class ArmAnswer:
    """What is expected of one active arm against control, at the primary endpoint in MADRS points.

    ``total``: expected difference; ``blinded``: the same if guesses were alike; ``unblinding``: what differing
    guesses add; middle 90 % of the link's draws. ``reason``: why sizes and sources are not given, else "".
    """

    arm: str
    total: Interval
    blinded: Interval
    unblinding: Interval
    curve: SizeCurve | None
    tornado: tuple[Swing, ...]
    mechanism: Mechanism | None
    covariates: Mapping[str, float]
    effect_sd: float
    enrichment: Enrichment | None
    reason: str


@dataclass(frozen=True)
class TrialAnswer:
    """Everything that a simulated trial answers."""

    trial: Trial
    rates: tuple[Rate, ...]
    looks: tuple[LookRate, ...]
    arms: tuple[ArmAnswer, ...]
    flow: Flow
    visits: tuple[Visit, ...]
    retrodiction: Retrodiction | None
    lost: int
    effective: float
    eligible: int
    outside_validity: tuple[str, ...] = ()
    unverified_share: float = 0.0

    def rate(self, scenario: str, analysis: str, arm: str) -> Rate:
        """Return the rate of one world, analysis and arm."""
        return next(r for r in self.rates if (r.scenario, r.analysis, r.arm) == (scenario, analysis, arm))


def answer(whole: Assembled, columns: Mapping[str, Samples], *, enriched: bool) -> TrialAnswer:
    """Return the answers of a trial from what it is made of and its replicates' columns."""
    trial = whole.trial
    worlds = [scenario for scenario in scenarios(trial) if enriched or not scenario.enriched]
    found = rates(trial, columns, worlds)
    return TrialAnswer(
        trial=trial,
        rates=tuple(found),
        looks=tuple(look_rates(trial, columns)),
        arms=tuple(_arm(whole, columns, number) for number in range(len(trial.active))),
        flow=consort(trial, columns, whole.roster.eligible.size / whole.people.n),
        visits=tuple(visits(trial, columns)),
        retrodiction=_retrodiction(trial, found),
        lost=whole.pool.lost,
        effective=whole.effective,
        eligible=int(whole.roster.eligible.size),
    )


def _arm(whole: Assembled, columns: Mapping[str, Samples], number: int) -> ArmAnswer:
    trial, place = whole.trial, whole.trial.active[number]
    people = whole.roster.eligible[:MOST_PEOPLE]
    draws = np.arange(min(MOST_DRAWS, trial.replicates, whole.roster.n_draws))
    drawn = expected_difference(trial, whole.world, place, people, draws)
    centre = expected_difference(trial, whole.world, place, people, np.array([CENTRE]))
    error, central = (_errors(columns, world, number) for world in (PLANNED.name, CENTRAL.name))
    reason = _why_not(trial, error[: draws.size], central)
    able, known = not reason, np.isfinite(error[: draws.size])
    of_centre = float(np.mean(central[np.isfinite(central)])) if able else math.nan
    own = whole.roster.eligible
    effects = covariate_shares(trial, whole.world, place, own, whole.people.covariates)
    tornado = swings(trial, whole.world, place, people, of_centre) if able else []
    names = [swing.name for swing in tornado if swing.kind == "link"]
    # Replicates without an answer have no standard error: their draws are left out of sizes and sources.
    answered = (drawn.take(known), draws[known], error[: draws.size][known])
    sources = (trial, whole.world, place, people, *answered, names)
    return ArmAnswer(
        arm=trial.arms[place].name,
        total=_middle(drawn.total),
        blinded=_middle(drawn.specific),
        unblinding=_middle(drawn.unblinding),
        curve=size_curve(trial, answered[0], answered[2], centre, of_centre) if able else None,
        tornado=tuple(tornado),
        mechanism=mechanism_share(*sources) if able else None,
        covariates=effects,
        effect_sd=_effect_sd(whole, place, own),
        enrichment=_enrichment(whole, place, drawn, draws),
        reason=reason,
    )


def _why_not(trial: Trial, error: Samples, central: Samples) -> str:
    """Return why sizes and sources are not worked out, else ""."""
    if trial.primary.endpoint.measure != "madrs_change":
        return "Sizes and sources are worked out for a primary endpoint in MADRS points alone."
    if min(int(np.isfinite(values).sum()) for values in (error, central)) < FEWEST_ANSWERED:
        return "The primary analysis had an answer in too few replicates to work out sizes and sources."
    return ""


def _errors(columns: Mapping[str, Samples], scenario: str, number: int) -> Samples:
    return columns[name_of("error", scenario, 0, WHOLE, number)]


def _effect_sd(whole: Assembled, place: int, people: Places) -> float:
    return float(individual_effects(whole.trial, whole.world, place, people).std())


def _enrichment(whole: Assembled, place: int, drawn: Difference, draws: Places) -> Enrichment | None:
    trial, roster = whole.trial, whole.roster
    if not trial.enrich:
        return None
    rules = tuple(rule.text for rule in trial.enrich)
    share = roster.enriched.size / roster.eligible.size
    if roster.enriched.size < MOST_PEOPLE // 4:
        reason = f"Only {roster.enriched.size} people of the pool meet the rules: take a larger pool."
        return Enrichment(rules, share, None, reason)
    with_rules = expected_difference(trial, whole.world, place, roster.enriched[:MOST_PEOPLE], draws)
    gain = _middle(with_rules.total - drawn.total)
    reason = "" if gain.excludes(0.0) else "Whether it helps cannot be told: the interval has no change in it."
    return Enrichment(rules, share, gain, reason)


def _retrodiction(trial: Trial, found: list[Rate]) -> Retrodiction | None:
    published = trial.published
    if published is None:
        return None
    primary = next(
        rate
        for rate in found
        if (rate.scenario, rate.analysis, rate.arm) == (PLANNED.name, trial.primary.name, published.arm)
    )
    return None if primary.found is None else Retrodiction(published, primary.found, primary.wins.estimate)


def _middle(values: Samples) -> Interval:
    low, middle, high = (float(value) for value in np.quantile(values, (0.05, 0.5, 0.95)))
    return Interval(middle, low, high, CI_PROB)
