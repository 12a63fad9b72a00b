"""A small trial and a world to carry it out in, for tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.core.trial import Analysis, Arm, Blinding, Dropout, Endpoint, Purpose, Trial
from adenoscope.studies.trials.conduct import CENTRE, UNTREATED, Random, Roster, Treated

DAY_7 = Endpoint("madrs_change", 7.0)
TRIAL = Trial(
    name="a trial",
    people=60,
    arms=(
        Arm("drug", "active", weight=2, blinding=Blinding(0.9, 0.6)),
        Arm("placebo", "control", blinding=Blinding(0.3, 0.3)),
    ),
    visit_days=(1.0, 3.0, 7.0),
    analyses=(Analysis("primary", "ancova", DAY_7, "treatment_policy"),),
    purpose=Purpose("Does it?", "a test", "low", "low"),
    block=3,
    replicates=20,
    pool=200,
    seed=5,
)
N_DRAWS = 7


def roster(n: int = 200) -> Roster:
    random = np.random.default_rng(11)
    everybody = np.arange(n)
    patient, rater = np.tile([0.9, 0.3], (N_DRAWS + 1, 1)), np.tile([0.6, 0.3], (N_DRAWS + 1, 1))
    return Roster(random.normal(30, 4, n), random.integers(0, 2, n), everybody, everybody[: n // 2], patient, rater)


class World:
    """MADRS falls by ``effect`` under the first arm, by ``expectancy`` with belief, and has noise."""

    def __init__(self, effect: float = 4.0, expectancy: float = 3.0, sd: float = 5.0) -> None:
        self.effect, self.expectancy, self.sd = effect, expectancy, sd
        self.baseline = roster().baseline
        self.seen: list[Treated] = []

    def __call__(self, treated: Treated, random: Random) -> Samples:
        self.seen.append(treated)
        specific = self.effect * (treated.under == 0) * (1.0 if treated.draw == CENTRE else 1 + 0.1 * treated.draw)
        fall = 5.0 + specific + self.expectancy * treated.belief
        fall = np.where(treated.under == UNTREATED, 5.0, fall)
        noise = random.normal(0, self.sd, (treated.person.size, 3))
        return (self.baseline[treated.person] - fall)[:, None] + noise


def with_dropout(never_started: float, hazard: float, per_point: float = 0.0) -> Trial:
    dropout = Dropout(never_started, hazard, per_point)
    return replace(TRIAL, arms=tuple(replace(arm, dropout=dropout) for arm in TRIAL.arms))
