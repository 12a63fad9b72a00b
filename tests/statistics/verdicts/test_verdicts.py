"""Verdicts of necessity: the rule, who is compared with whom, and how often they are wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from simulated_studies import (
    EFFECT_SD,
    KNOCK_OUT,
    MARGIN_S,
    QUESTION,
    TRUTHS,
    judge_study,
    separate_tests_claim,
    simulate,
)

from adenoscope.core.reading import Given, Reading, Setting
from adenoscope.core.study import NecessityQuestion
from adenoscope.core.verdict import Verdict
from adenoscope.statistics.verdicts.verdicts import verdicts

MARGINS = {"FST immobility": MARGIN_S}


def one(
    readings: list[Reading], question: NecessityQuestion = QUESTION, margins: dict[str, float] = MARGINS
) -> Verdict:
    (verdict,) = verdicts(readings, [question], margins, "saline")
    return verdict


def study(name: str, n: int, seed: int = 1) -> list[Reading]:
    return simulate(TRUTHS[name], n, np.random.default_rng(seed))


def by_the_contract(verdict: Verdict) -> str:
    """The rule as the contract words it, from the intervals that are published."""
    assert verdict.reference is not None
    assert verdict.residual is not None
    reference, residual, interaction = verdict.reference.difference, verdict.residual.difference, verdict.interaction
    assert reference is not None
    assert residual is not None
    assert interaction is not None
    assert verdict.margin is not None
    inside = [
        interval is not None and -verdict.margin.size < interval.low and interval.high < verdict.margin.size
        for interval in (verdict.residual_90, verdict.interaction_90)
    ]
    same_side = reference.estimate * interaction.estimate > 0
    if reference.excludes(0) and interaction.excludes(0) and same_side:
        return "necessary" if inside[0] else "reduced"
    return "not_necessary" if residual.excludes(0) and inside[1] else "could_not_tell"


@pytest.mark.parametrize("margins", [MARGINS, {}])
@pytest.mark.parametrize("truth", sorted(TRUTHS))
def test_the_verdict_follows_from_the_published_intervals(truth: str, margins: dict[str, float]) -> None:
    for seed in range(6):
        verdict = one(study(truth, 16, seed), margins=margins)
        assert verdict.finding == by_the_contract(verdict)
        assert verdict.reference is not None
        assert verdict.reference.difference is not None
        if not margins:
            assert verdict.margin is not None
            assert verdict.margin.size == abs(verdict.reference.difference.estimate) / 2
            assert not verdict.margin.given


@pytest.mark.parametrize(
    ("truth", "finding"),
    [
        ("removed", "necessary"),
        ("halved", "reduced"),
        ("untouched", "not_necessary"),
        ("no effect", "could_not_tell"),
    ],
)
def test_large_studies_find_the_truth(truth: str, finding: str) -> None:
    verdict = one(study(truth, 60))
    assert verdict.finding == finding
    assert (verdict.p_interaction or 0) < 0.001 or truth in ("untouched", "no effect")


def test_the_intervals_are_welchs() -> None:
    verdict = one(study("removed", 8))
    assert verdict.interaction is not None
    assert verdict.reference is not None
    assert verdict.residual is not None
    cells = [
        np.array([value for _, value in arm])
        for contrast in (verdict.reference, verdict.residual)
        for arm in (contrast.treated, contrast.vehicle)
    ]
    estimate = cells[0].mean() - cells[1].mean() - cells[2].mean() + cells[3].mean()
    parts = np.array([cell.var(ddof=1) / cell.size for cell in cells])
    degrees = parts.sum() ** 2 / np.sum(parts**2 / 7)
    from scipy import stats

    half = stats.t.ppf(0.975, degrees) * np.sqrt(parts.sum())
    assert verdict.interaction.estimate == pytest.approx(estimate)
    assert verdict.interaction.half_width == pytest.approx(half)


def test_could_not_tell_names_the_animals_that_would_tell_either_way() -> None:
    verdict = one(study("untouched", 8))
    assert verdict.finding == "could_not_tell"
    # With d = 1.9 and a margin of half the effect, equivalence of the interaction takes about 40.
    assert verdict.animals_needed is not None
    assert 25 <= verdict.animals_needed <= 70
    assert f"{verdict.animals_needed} animals in each group would tell" in verdict.reason


def test_without_an_effect_and_a_margin_no_number_of_animals_is_made_up() -> None:
    verdict = one(study("no effect", 8), margins={})
    assert verdict.finding == "could_not_tell"
    assert verdict.animals_needed is None
    assert "cannot be said" in verdict.reason


def test_a_manipulation_that_enlarges_the_effect_is_never_called_necessary_or_reduced() -> None:
    enlarged = replace(TRUTHS["removed"], effect=EFFECT_SD, residual=3 * EFFECT_SD)
    verdict = one(simulate(enlarged, 20, np.random.default_rng(1)))
    assert verdict.finding == "could_not_tell"
    assert "larger under the manipulation" in verdict.reason


@pytest.mark.parametrize("gone", ["treated", "vehicle"])
def test_too_few_animals_give_a_reason_and_no_interval(gone: str) -> None:
    treatment = "ketamine" if gone == "treated" else "saline"
    readings = [
        reading
        for reading in study("removed", 8)
        if (reading.setting.genotype, reading.given.treatment) != (KNOCK_OUT, treatment)
        or reading.animal.endswith("-1")
    ]
    verdict = one(readings)
    assert verdict.finding == "could_not_tell"
    assert verdict.interaction is None
    assert "At least 2 animals" in verdict.reason


def test_a_question_nobody_was_measured_for_is_answered_all_the_same() -> None:
    verdict = one([reading for reading in study("removed", 8) if reading.setting.genotype == "WT"])
    assert verdict.finding == "could_not_tell"
    assert verdict.reason == "No animal with Adora1-KO got ketamine and gave FST immobility."


def test_controls_of_another_name_are_asked_for_and_found_by_it() -> None:
    readings = [
        replace(r, setting=replace(r.setting, genotype="Cre-negative")) if r.setting.genotype == "WT" else r
        for r in study("removed", 30)
    ]
    unnamed = one(readings)
    assert unnamed.finding == "could_not_tell"
    assert "the reference is WT. If the controls are called otherwise, say so in [[necessity]]" in unnamed.reason
    assert one(readings, replace(QUESTION, reference="Cre-negative")).finding == "necessary"


def crossover(*, effect: float, residual: float, n: int = 8, genotypes: bool = False) -> list[Reading]:
    """Photometry: every mouse under saline and ketamine, without and with a blocker or in two genotypes."""
    rng = np.random.default_rng(3)
    readings = []
    for mouse in range(2 * n if genotypes else n):
        own, under = rng.normal(0, 0.05), genotypes and mouse >= n
        for blocker in ("", "PSB36") if not genotypes else ("",):
            size = residual if blocker or under else effect
            setting = Setting("mPFC", KNOCK_OUT if under else "WT", pretreatment=blocker)
            for treatment in ("saline", "ketamine"):
                value = own + rng.normal(0, 0.01) + (size if treatment == "ketamine" else 0.0)
                readings.append(
                    Reading("mean_dff", "", f"m{mouse}", value, Given(treatment), setting, error_sd=0.005)
                )
    return readings


def test_mice_that_had_everything_are_compared_within_themselves() -> None:
    question = NecessityQuestion("PSB36", "ketamine", ("mean_dff",))
    verdict = one(crossover(effect=0.15, residual=0.0), question, {"mean_dff": 0.05})
    assert verdict.finding == "necessary"
    assert verdict.reference is not None
    assert verdict.reference.design == "paired"
    assert verdict.interaction is not None
    # Mice differ by 0.05, which would make the interval far wider than the sessions' own 0.01 does.
    assert verdict.interaction.half_width < 0.03


def test_pairs_in_two_genotypes_are_compared_as_pairs() -> None:
    question = NecessityQuestion(KNOCK_OUT, "ketamine", ("mean_dff",))
    verdict = one(crossover(effect=0.15, residual=0.14, genotypes=True), question, {"mean_dff": 0.05})
    assert verdict.finding == "not_necessary"
    assert verdict.residual is not None
    assert verdict.residual.design == "paired"


def test_the_control_of_a_pretreatment_is_the_vehicle_before_nothing() -> None:
    question = NecessityQuestion("PSB36", "ketamine", ("mean_dff",))
    readings = crossover(effect=0.15, residual=0.0)
    also = [replace(r, animal=f"v{r.animal}", setting=replace(r.setting, pretreatment="saline")) for r in readings]
    both = readings + [r for r, source in zip(also, readings, strict=True) if not source.setting.pretreatment]
    assert one(readings, question, {}).reference.setting.pretreatment == ""  # type: ignore[union-attr]
    assert one(both, question, {}).reference.setting.pretreatment == "saline"  # type: ignore[union-attr]
    named = replace(question, reference="PSB36-vehicle")
    assert one(both, named, {}).finding == "could_not_tell"


def test_each_dose_and_setting_has_its_own_verdict() -> None:
    first = study("removed", 8)
    second = [replace(r, animal=f"n{r.animal}", setting=replace(r.setting, condition="naive")) for r in first]
    found = verdicts(first + second, [QUESTION], MARGINS, "saline")
    assert [verdict.residual.setting.condition for verdict in found if verdict.residual] == ["CRS", "naive"]


def test_verdicts_do_not_depend_on_the_order_of_readings() -> None:
    readings = study("halved", 8)
    shuffled = [readings[index] for index in np.random.default_rng(1).permutation(len(readings))]
    assert one(readings) == one(shuffled)


@pytest.mark.parametrize("margin_s", [MARGIN_S, None])
def test_false_verdicts_are_rare(margin_s: float | None) -> None:
    rng = np.random.default_rng(2)
    for truth, wrong in (("halved", "necessary"), ("untouched", "necessary"), ("removed", "not_necessary")):
        found = [judge_study(simulate(TRUTHS[truth], 20, rng), margin_s).finding for _ in range(150)]
        assert found.count(wrong) / 150 <= 0.10  # 5 % and three standard errors of 150 studies


def test_separate_tests_claim_what_is_not_so_in_many_halved_effects() -> None:
    rng = np.random.default_rng(4)
    judged = [judge_study(simulate(TRUTHS["halved"], 8, rng), MARGIN_S) for _ in range(150)]
    assert sum(separate_tests_claim(found) for found in judged) > 0.4 * 150
    assert sum(found.finding == "necessary" for found in judged) < 0.1 * 150
