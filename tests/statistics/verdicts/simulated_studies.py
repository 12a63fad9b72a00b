"""Simulated studies of a genotype and a drug, whose truth is known: what verdicts are tested on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adenoscope.core.reading import Given, Reading, Setting
from adenoscope.core.study import NecessityQuestion
from adenoscope.statistics.verdicts.judge import Judged, cases_of, judge

KNOCK_OUT = "Adora1-KO"
QUESTION = NecessityQuestion(KNOCK_OUT, "ketamine", ("FST immobility",))
# The effect on immobility over the spread between mice that the calibration targets have (-40 s, d = 1.9).
EFFECT_SD = 1.9
SD_S = 21.0
MARGIN_S = EFFECT_SD * SD_S / 2


@dataclass(frozen=True)
class Truth:
    """Effects in units of the spread between animals, and that spread in each group (treated, vehicle; twice)."""

    effect: float
    residual: float
    spread: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)


TRUTHS = {
    "no effect": Truth(0.0, 0.0),
    "untouched": Truth(EFFECT_SD, EFFECT_SD),
    "removed": Truth(EFFECT_SD, 0.0),
    "halved": Truth(EFFECT_SD, EFFECT_SD / 2),
    "removed, unequal variances": Truth(EFFECT_SD, 0.0, (1.0, 1.5, 0.7, 2.0)),
    "removed, noisy readout": Truth(EFFECT_SD, 0.0, (2.5, 2.5, 2.5, 2.5)),
}


def simulate(truth: Truth, n: int, rng: np.random.Generator) -> list[Reading]:
    """Return the readings [s] of ``n`` mice in each of four groups; immobility falls by the effect."""
    readings: list[Reading] = []
    groups = (
        ("WT", "ketamine", -truth.effect),
        ("WT", "saline", 0.0),
        (KNOCK_OUT, "ketamine", -truth.residual),
        (KNOCK_OUT, "saline", 0.0),
    )
    for (genotype, treatment, mean), spread in zip(groups, truth.spread, strict=True):
        given = Given(treatment, 10.0, "mg/kg") if treatment == "ketamine" else Given(treatment)
        for mouse, value in enumerate(150 + SD_S * (mean + spread * rng.standard_normal(n))):
            name = f"{genotype}-{treatment}-{mouse}"
            setting = Setting(genotype=genotype, condition="CRS")
            readings.append(Reading("FST immobility", "s", name, float(value), given, setting))
    return readings


def judge_study(readings: list[Reading], margin_s: float | None) -> Judged:
    """Return what the whole pipeline finds in a study; ``margin_s`` None takes half of the effect it sees."""
    (case,) = cases_of(readings, QUESTION, "FST immobility", "saline")
    judged = judge(case, {} if margin_s is None else {"FST immobility": margin_s})
    if judged is None:
        raise RuntimeError("a simulated study always has intervals")
    return judged


def separate_tests_claim(judged: Judged) -> bool:
    """Return whether two separate tests would say "necessary": significant here, not significant there."""
    return judged.reference.excludes(0) and not judged.residual.excludes(0)
