"""Trials without an effect: a small part of benchmarks/trial_analyses.py, which holds 10,000 to 4.5 to 5.5 %."""

from __future__ import annotations

import numpy as np
import pytest
from simulated_trials import simulate

from adenoscope.statistics.trials.ancova import ancova_difference
from adenoscope.statistics.trials.dropout import lose_at_random, lose_completely_at_random, lose_not_at_random
from adenoscope.statistics.trials.imputation import imputed_differences
from adenoscope.statistics.trials.mmrm import mmrm_difference
from adenoscope.statistics.trials.responder import responded, responder_difference

TRIALS, PERSONS = 500, 100
# Three and a half Monte-Carlo errors of 1.0 % each way
LEAST, MOST = 0.015, 0.085
LOSSES = ["at random", "rates differ, at random", "not at random", "completely at random"]


@pytest.mark.parametrize("loss", LOSSES)
def test_about_one_in_twenty_trials_without_an_effect_finds_one(loss: str) -> None:
    trial = simulate(TRIALS, PERSONS, seed=100 + LOSSES.index(loss), lost=0.0)
    rng, by_arm = np.random.default_rng(1), np.where(trial.arm == 1, 0.35, 0.15)
    y = {
        "at random": lambda: lose_at_random(trial.whole, trial.baseline[..., 0], 0.25, rng),
        "rates differ, at random": lambda: lose_at_random(trial.whole, trial.baseline[..., 0], by_arm, rng),
        "not at random": lambda: lose_not_at_random(trial.whole, 0.25, rng),
        "completely at random": lambda: lose_completely_at_random(trial.whole, 0.25, rng),
    }[loss]()
    last = y[..., -1]
    found = {
        "MMRM": mmrm_difference(y, trial.arm, trial.baseline).p_value[:, -1],
        "jump to reference": imputed_differences(*(y, trial.arm, trial.baseline), strategies=["jump_to_reference"])[
            "jump_to_reference"
        ].p_value,
    }
    if loss != "rates differ, at random":
        event = responded(last, trial.baseline[..., 0])
        found["ANCOVA"] = ancova_difference(last, trial.arm, trial.baseline).p_value
        found["by arm"] = ancova_difference(last, trial.arm, trial.baseline, variances="by_arm").p_value
        found["response"] = responder_difference(event, trial.arm, trial.baseline).p_value
    shares = {name: float(np.mean(p < 0.05)) for name, p in found.items()}
    assert all(LEAST < share < MOST for share in shares.values()), shares
