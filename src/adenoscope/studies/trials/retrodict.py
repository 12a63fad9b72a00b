"""Published trials predicted by a link that has not seen them, and how well such predictions did together.

    D = difference predicted with the trial's own shift tau z + SD sqrt(1 / n_active + 1 / n_control) e

with z, e ~ N(0, 1) and SD the spread of people's change. A trial is a predicted win where the active arm is better by
more than 1.96 standard errors. What journals hold of such trials is further off by ``small_study`` standard errors.
Of k trials of one design that were pooled, the shift is tau z / sqrt(k), and selection that of trials of a kth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from adenoscope.core.interval import Interval
from adenoscope.core.people import Numbers
from adenoscope.mechanism.cohort import Z_95
from adenoscope.studies.trials.link import drug_effect, link_draws, predicted
from adenoscope.studies.trials.published import DESIGNS, PublishedTrial, published_trials

N_DRAWS = 8000
GATE = ("karma_dep_2", "pcn_101", "transform_2", "murrough_2013", "hypoxia_pilot")
NULLS = ("karma_dep_2", "pcn_101")


@dataclass(frozen=True)
class Forecast:
    """A difference predicted without having been seen: median and 90 % interval, and what was published [points].

    ``wins``: the predicted chance that the active arm is better by more than 1.96 standard errors [1].
    ``log_density``: logarithm of the density [1/points] that the prediction gave to what was published.
    """

    difference: Interval
    wins: float
    published: float
    log_density: float

    @property
    def inside(self) -> bool:
        """Return whether the published difference lies in the predicted interval."""
        return self.difference.low <= self.published <= self.difference.high

    @property
    def error(self) -> float:
        """Return the published difference less the median of the predicted one [points]."""
        return self.published - self.difference.estimate


@dataclass(frozen=True)
class Retrodiction:
    """A published trial as it was predicted without it.

    ``as_run``: what a trial of the design finds; ``printed``: what journals print of such trials. ``effective``:
    draws of the prior that the link was worth.
    """

    trial: PublishedTrial
    as_run: Forecast
    printed: Forecast
    effective: float


@dataclass(frozen=True)
class Score:
    """How forecasts of ``n`` trials did: how many were ``inside``, mean log density, mean signed error [points]."""

    n: int
    inside: int
    log_density: float
    error: float


def retrodict(name: str, seed: int = 1, *, selection: bool = True, also_without: Sequence[str] = ()) -> Retrodiction:
    """Return the prediction of a published trial by the link that was calibrated without it, and without some more.

    Valid: analysis of complete data without covariates; people like the reference people.
    Source: the equations at the top of this file.
    """
    trial = published_trials()[name]
    without = [other for other in dict.fromkeys((name, *also_without)) if other in DESIGNS]
    link = link_draws(N_DRAWS, seed, without=without, selection=selection)
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,)))
    draws, pooled = link.draws, np.sqrt(trial.n_trials)
    own = draws["tau"] / pooled * random.standard_normal(N_DRAWS)
    mean, spread = predicted(draws, trial, drug_effect(draws, trial.design) + own)
    error = spread * np.sqrt(1 / trial.n_active + 1 / trial.n_control)
    chance = error * random.standard_normal(N_DRAWS)
    selected = mean - draws["small_study"] * error * pooled
    as_run, printed = (_forecast(centre, chance, error, trial.difference.value) for centre in (mean, selected))
    return Retrodiction(trial, as_run, printed, link.effective)


def _forecast(centre: Numbers, chance: Numbers, error: Numbers, published: float) -> Forecast:
    found = centre + chance
    low, middle, high = (float(value) for value in np.quantile(found, (0.05, 0.5, 0.95)))
    missed = (published - centre) / error
    densities = -0.5 * missed**2 - np.log(error * np.sqrt(2 * np.pi))
    density = float(logsumexp(densities) - np.log(densities.size))
    wins = float(np.mean(found / error < -Z_95))
    return Forecast(Interval(middle, low, high, ci_prob=0.9), wins, published, density)


def score(forecasts: Sequence[Forecast]) -> Score:
    """Return how forecasts did together.

    Valid: a description; forecasts that leave one trial out share all others, so they are not independent.
    Source: the logarithmic score of Good (1952), doi:10.1111/j.2517-6161.1952.tb00104.x.
    """
    inside = sum(forecast.inside for forecast in forecasts)
    density = float(np.mean([forecast.log_density for forecast in forecasts]))
    return Score(len(forecasts), inside, density, float(np.mean([forecast.error for forecast in forecasts])))


def density_gain(one: Sequence[Forecast], other: Sequence[Forecast]) -> tuple[float, float]:
    """Return by how much the mean log density of one kind of forecast exceeds another's, and its standard error.

    Both are of the same trials, in one order.

    Valid: as ``score``; the standard error takes trials as independent, and is too small by as much as they are not.
    Source: Vehtari et al. (2017), doi:10.1007/s11222-016-9696-4, section 5.
    """
    gains = [mine.log_density - yours.log_density for mine, yours in zip(one, other, strict=True)]
    return float(np.mean(gains)), float(np.std(gains, ddof=1) / np.sqrt(len(gains)))
