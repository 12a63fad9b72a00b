"""Simulated sizes of studies: they agree with the pipeline that judges real ones."""

from __future__ import annotations

import numpy as np
import pytest
from simulated_studies import EFFECT_SD, MARGIN_S, SD_S, TRUTHS, judge_study, simulate

from adenoscope.statistics.verdicts.decision import FINDINGS
from adenoscope.statistics.verdicts.planning import (
    Truth,
    animals_needed,
    chance_of_effect,
    tells_either_way,
    verdict_rates,
)


@pytest.mark.parametrize("margin_s", [MARGIN_S, None])
@pytest.mark.parametrize("name", ["removed", "halved", "removed, unequal variances"])
def test_rates_are_those_of_the_pipeline_that_judges_real_studies(name: str, margin_s: float | None) -> None:
    truth, rng = TRUTHS[name], np.random.default_rng(5)
    found = [judge_study(simulate(truth, 12, rng), margin_s).finding for _ in range(250)]
    sd = tuple(SD_S * spread for spread in truth.spread)
    rates = verdict_rates(Truth(-SD_S * truth.effect, -SD_S * truth.residual, sd, margin_s), 12, 20_000)
    for finding in FINDINGS:
        # Three standard errors of 250 studies at most.
        assert found.count(finding) / 250 == pytest.approx(rates[finding], abs=0.095)


def test_the_size_for_an_effect_is_the_textbooks() -> None:
    # Two groups, d = 1, two-sided 5 %, power 80 %: 17 in each (Cohen 1988, table 2.4.1).
    truth = Truth(1.0, 0.0, (1.0,) * 4, 0.5)
    assert animals_needed(lambda n: chance_of_effect(truth, n, 20_000)) == pytest.approx(17, abs=1)


def test_the_size_for_equivalence_is_that_of_two_one_sided_tests() -> None:
    # Interaction of four groups, sd 1, margin m: n = 4 (1.645 + 1.282)² / m², and a little for estimated spreads.
    truth = Truth(EFFECT_SD, EFFECT_SD, (1.0,) * 4, EFFECT_SD / 2)
    expected = 4 * (1.645 + 1.2816) ** 2 / (EFFECT_SD / 2) ** 2
    assert tells_either_way(truth)["not_necessary"] == pytest.approx(expected, abs=2)


def test_a_crossover_needs_fewer_animals_the_more_its_effects_go_together() -> None:
    sizes = [
        tells_either_way(Truth(0.15, 0.0, (0.05, 0.05), 0.05, "crossed", correlation))["not_necessary"]
        for correlation in (0.0, 0.8)
    ]
    assert None not in sizes
    assert sizes[1] < sizes[0]  # type: ignore[operator]


def test_what_no_study_can_tell_is_said() -> None:
    assert tells_either_way(Truth(0.1, 0.0, (1.0,) * 4, 0.05)) == {"necessary": None, "not_necessary": None}
