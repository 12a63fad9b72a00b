"""Published trials predicted by a link that has not seen them.

    D = difference predicted with the trial's own shift tau z + SD sqrt(1 / n_active + 1 / n_control) e

with z, e ~ N(0, 1) and SD the spread of people's change. A trial is a predicted win where the active arm is better by
more than 1.96 standard errors. What journals hold of such trials is further off by ``small_study`` standard errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adenoscope.core.interval import Interval
from adenoscope.core.people import Numbers
from adenoscope.mechanism.cohort import Z_95
from adenoscope.studies.trials.link import drug_effect, link_draws, predicted
from adenoscope.studies.trials.published import DESIGNS, PublishedTrial, published_trials

N_DRAWS = 8000
GATE = ("karma_dep_2", "pcn_101", "transform_2", "murrough_2013", "hypoxia_pilot")
NULLS = ("karma_dep_2", "pcn_101")


@dataclass(frozen=True)
class Retrodiction:
    """What was published, and what was predicted without it: median and 90 % interval [points], and power [1].

    ``difference``: of the trial as it is run; ``printed``: as journals print such trials. ``effective``: draws of the
    prior that the link was worth.
    """

    trial: PublishedTrial
    difference: Interval
    printed: Interval
    power: float
    effective: float

    @property
    def inside(self) -> bool:
        """Return whether the published difference lies in the predicted interval."""
        return self.difference.low <= self.trial.difference.value <= self.difference.high


def retrodict(name: str, seed: int = 1, *, selection: bool = True) -> Retrodiction:
    """Return the prediction of a published trial by the link that was calibrated without it.

    Valid: analysis of complete data without covariates; people like the reference people.
    Source: the equation at the top of this file.
    """
    trial = published_trials()[name]
    link = link_draws(N_DRAWS, seed, without=(name,) if name in DESIGNS else (), selection=selection)
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,)))
    draws = link.draws
    own = draws["tau"] * random.standard_normal(N_DRAWS)
    mean, spread = predicted(draws, trial, drug_effect(draws, trial.design) + own)
    error = spread * np.sqrt(1 / trial.n_active + 1 / trial.n_control)
    found = mean + error * random.standard_normal(N_DRAWS)
    printed = found - draws["small_study"] * error
    power = float(np.mean(found / error < -Z_95))
    return Retrodiction(trial, _interval(found), _interval(printed), power, link.effective)


def _interval(found: Numbers) -> Interval:
    low, middle, high = (float(value) for value in np.quantile(found, (0.05, 0.5, 0.95)))
    return Interval(middle, low, high, ci_prob=0.9)
