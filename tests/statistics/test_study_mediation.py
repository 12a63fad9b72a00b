"""Which animals enter a mediation: those that have both readouts, each in one arm."""

from __future__ import annotations

import numpy as np

from adenoscope.core.reading import Given, Reading, Setting
from adenoscope.core.study import MediationQuestion
from adenoscope.statistics.study_mediation import mediations

QUESTION = MediationQuestion("ketamine", "mean_dff", "FST immobility")


def both(animal: str, treatment: str, seed: int, genotype: str = "WT") -> list[Reading]:
    rng = np.random.default_rng(seed)
    given = Given(treatment, 10.0, "mg/kg") if treatment == "ketamine" else Given(treatment)
    surge = (0.1 if treatment == "ketamine" else 0.0) + rng.normal(0, 0.02)
    immobility = 150 - 400 * surge + rng.normal(0, 5)
    return [
        Reading("mean_dff", "", animal, surge, given, Setting("mPFC", genotype)),
        Reading("FST immobility", "s", animal, immobility, given, Setting(genotype=genotype, time_h=1.0)),
    ]


def study(n: int = 12) -> list[Reading]:
    arms = [(f"{treatment}{mouse}", treatment) for treatment in ("ketamine", "saline") for mouse in range(n)]
    return [reading for seed, (animal, treatment) in enumerate(arms) for reading in both(animal, treatment, seed)]


def test_region_and_delay_may_differ_between_the_readouts() -> None:
    (found,) = mediations(study(), [QUESTION], "saline")
    assert (found.n_treated, found.n_vehicle, found.treatment) == (12, 12, "ketamine 10 mg/kg")
    assert found.indirect is not None
    assert not found.indirect.excludes(-40.0)


def test_animals_with_one_readout_do_not_enter_and_nobody_stands_in_both_arms() -> None:
    lone = study()[:-1]
    twice = [*lone, *both("ketamine0", "saline", 99)]
    (found,) = mediations(twice, [QUESTION], "saline")
    assert (found.n_treated, found.n_vehicle) == (12, 11)  # of equal arms, the treated one keeps it


def test_genotypes_are_kept_apart_and_a_question_without_animals_has_a_reason() -> None:
    knock_out = [r for seed in range(9) for r in both(f"k{seed}", "ketamine", seed, "Adora1-KO")]
    found = list(mediations([*study(), *knock_out], [QUESTION], "saline"))
    assert [item.setting.genotype for item in found] == ["WT", "Adora1-KO"]
    assert found[1].n_vehicle == 0
    assert "at least 8 animals" in (found[1].reason or "")
    (nobody,) = mediations([], [QUESTION], "saline")
    assert "there are 0 and 0" in (nobody.reason or "")
