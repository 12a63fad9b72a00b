"""Blocks keep arms in balance within every stratum."""

from __future__ import annotations

import numpy as np

from adenoscope.studies.trials.allocation import allocate, strata_of


def test_every_whole_block_of_a_stratum_has_the_weights() -> None:
    random = np.random.default_rng(1)
    stratum = random.integers(0, 3, 200)
    arm = allocate(stratum, (2, 1), 6, random)
    for one in range(3):
        own = arm[stratum == one]
        for start in range(0, own.size - 5, 6):
            assert np.bincount(own[start : start + 6], minlength=2).tolist() == [4, 2]


def test_the_next_person_cannot_be_told_from_the_stratum() -> None:
    first = [allocate(np.zeros(8, dtype=np.intp), (1, 1), 4, np.random.default_rng(seed))[0] for seed in range(400)]
    # Binomial with 400 draws at a half: 4 standard deviations are 40.
    assert abs(sum(first) - 200) < 40


def test_strata_cross_classes_and_cut_numbers_at_the_median() -> None:
    covariates = {"sex": np.array([0.0, 1.0, 0.0, 1.0, 0.0]), "age_y": np.array([20.0, 30.0, 40.0, 50.0, 60.0])}
    assert strata_of(covariates, ("sex", "age_y")).tolist() == [0, 2, 0, 3, 1]
    assert strata_of(covariates, ()).tolist() == [0, 0, 0, 0, 0]
