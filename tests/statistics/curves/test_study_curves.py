"""The curves behind a study's contrasts and verdicts: the same animals, the same design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from adenoscope.core.interval import Interval
from adenoscope.core.response import Adenosine, Control, Curve, Estimands, Response
from adenoscope.core.result import RecordingFacts, SessionResult
from adenoscope.core.study import NecessityQuestion, Session
from adenoscope.statistics.curves.study_curves import curve_contrasts
from adenoscope.statistics.effects.contrasts import group_contrasts
from adenoscope.statistics.effects.readings import readings_of_sessions
from adenoscope.statistics.verdicts.verdicts import verdicts

TIMES = np.arange(-300.0, 1800.0, 10.0)
SHAPE = np.where(TIMES > 0, np.exp(-((TIMES - 500) ** 2) / 2e5), 0.0)
FACTS = RecordingFacts("plain", "signal", "control", 100, 10.0, 0.0, 10.0)


def session(animal: str, treatment: str, size: float, seed: int, **about: str) -> SessionResult:
    rng = np.random.default_rng(seed)
    dff = size * SHAPE + rng.normal(0, 0.005) * (TIMES > 0)
    mean = float(dff[TIMES > 0].mean())
    interval = Interval(mean, mean - 0.01, mean + 0.01)
    estimands = Estimands((0.0, 1800.0), interval, interval, interval, interval, None, None, None, None)
    response = Response("estimated", None, Control("usable", None, ""), (), estimands, Curve(TIMES, dff, dff, dff))
    named = Session(f"{animal}-{treatment}-{about}", animal, treatment, Path("a.csv"), (600.0,))
    return SessionResult(replace(named, **about), FACTS, response, Adenosine(False, "", None, ()))


def curves_of(sessions: Sequence[SessionResult], manipulation: str) -> list:
    readings = tuple(readings_of_sessions(sessions))
    question = NecessityQuestion(manipulation, "ketamine", ("mean_dff",))
    judged = verdicts(readings, [question], {"mean_dff": 0.05}, "saline")
    return list(curve_contrasts(sessions, group_contrasts(readings, "saline"), judged, 1))


def pairs(name: str, left: float, **about: str) -> list[SessionResult]:
    rng = np.random.default_rng(len(name) + 3)
    return [
        session(
            f"{name}{mouse}", treatment, size * left if treatment == "ketamine" else 0.0, 100 * mouse + index, **about
        )
        for mouse in range(8)
        for size in [0.2 * np.exp(rng.normal(0, 0.1))]
        for index, treatment in enumerate(("saline", "ketamine"))
    ]


def test_each_genotype_has_its_effect_and_their_interaction_is_drawn_too() -> None:
    sessions = pairs("w", 1.0) + pairs("k", 0.0, genotype="Adora1-KO")
    wild_type, knock_out, interaction = curves_of(sessions, "Adora1-KO")
    assert (wild_type.kind, wild_type.design, wild_type.setting.genotype) == ("effect", "paired", "WT")
    assert wild_type.treated.shape == (8, TIMES.size)
    (stretch,) = wild_type.excludes_zero_s
    assert stretch[0] <= 500 <= stretch[1]
    assert knock_out.excludes_zero_s == ()
    assert (interaction.kind, interaction.manipulation, interaction.n_treated) == ("interaction", "Adora1-KO", 16)
    np.testing.assert_allclose(interaction.difference, wild_type.difference - knock_out.difference, atol=1e-12)


def test_animals_under_all_arms_have_one_difference_of_differences_each() -> None:
    sessions = pairs("m", 1.0) + pairs("m", 0.1, pretreatment="PSB36")
    *_, interaction = curves_of(sessions, "PSB36")
    assert interaction.design == "paired"
    assert interaction.n_treated == 8
    (stretch,) = interaction.excludes_zero_s
    assert stretch[0] <= 500 <= stretch[1]


def test_a_study_without_recordings_has_no_curves() -> None:
    assert list(curve_contrasts([], (), (), 1)) == []
