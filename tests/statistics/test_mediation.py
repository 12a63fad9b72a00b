"""Mediation where the truth is known, and when it is refused."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.core.mediation import Mediation
from adenoscope.core.recording import Samples
from adenoscope.statistics.mediation import mediate

NAMES = ("ketamine", "mean dF/F", "FST immobility")
A, B, DIRECT = 1.5, -0.6, -0.3


def study(
    rng: np.random.Generator, n: int, a: float = A, b: float = B, direct: float = DIRECT, shared: float = 0.0
) -> tuple[np.ndarray, Samples, Samples]:
    treated = np.arange(2 * n) < n
    unseen = rng.normal(size=2 * n)
    mediator = a * treated + np.sqrt(1 - shared) * rng.normal(size=2 * n) + np.sqrt(shared) * unseen
    left = np.sqrt(1 - shared) * rng.normal(size=2 * n) + np.sqrt(shared) * unseen
    return treated, mediator, direct * treated + b * mediator + left


def mediated(seed: int, n: int = 20, **truth: float) -> Mediation:
    return mediate(*study(np.random.default_rng(seed), n, **truth), NAMES)


def test_parts_add_up_to_the_total() -> None:
    found = mediated(1)
    assert found.total is not None
    assert found.direct is not None
    assert found.indirect is not None
    assert found.share is not None
    np.testing.assert_allclose(found.direct.estimate + found.indirect.estimate, found.total.estimate)
    np.testing.assert_allclose(found.share.estimate, found.indirect.estimate / found.total.estimate)
    assert found.exploratory
    assert found.reason is None


def test_the_indirect_effect_vanishes_where_residuals_correlate_as_much_as_mediator_and_outcome_do() -> None:
    treated, mediator, outcome = study(np.random.default_rng(2), 20)
    found = mediate(treated, mediator, outcome, NAMES)
    within = [
        values - np.where(treated, values[treated].mean(), values[~treated].mean()) for values in (mediator, outcome)
    ]
    assert found.rho_zero is not None
    assert found.sensitivity is not None
    np.testing.assert_allclose(found.rho_zero, np.corrcoef(*within)[0, 1])
    curve = np.interp(found.rho_zero, found.sensitivity.rho, found.sensitivity.indirect)
    np.testing.assert_allclose(curve, 0.0, atol=0.01)  # linear between points 0.05 apart


def test_an_unseen_cause_of_both_is_undone_at_its_own_correlation() -> None:
    found = mediated(3, n=20_000, shared=0.4)
    assert found.indirect is not None
    assert found.sensitivity is not None
    assert found.indirect.excludes(A * B)
    at = np.interp(0.4, found.sensitivity.rho, found.sensitivity.indirect)
    np.testing.assert_allclose(at, A * B, atol=0.05)  # 3 s.e. of 40,000 animals


def test_at_no_correlation_the_curve_is_the_indirect_effect() -> None:
    found = mediated(4)
    assert found.sensitivity is not None
    assert found.indirect is not None
    middle = len(found.sensitivity.rho) // 2
    assert found.sensitivity.rho[middle] == pytest.approx(0.0, abs=1e-12)  # rounding
    assert found.sensitivity.low[middle] == pytest.approx(found.indirect.low)


def test_fewer_than_eight_animals_in_an_arm_are_refused() -> None:
    found = mediated(5, n=7)
    assert found.indirect is None
    assert found.total is not None
    assert found.reason == "Mediation needs at least 8 animals in each arm; there are 7 and 7."


def test_a_treatment_that_is_not_told_to_move_the_mediator_is_refused() -> None:
    found = mediated(6, n=10, a=0.0)
    assert found.indirect is None
    assert found.sensitivity is None
    assert found.reason is not None
    assert found.reason.startswith("Could not tell whether ketamine changes mean dF/F")


def test_a_total_effect_that_is_not_told_has_no_share() -> None:
    found = mediated(7, n=20, direct=0.9)
    assert found.indirect is not None
    assert found.share is None
    assert found.reason is not None
    assert "no share is given" in found.reason


def test_animals_that_do_not_differ_are_refused() -> None:
    treated = np.arange(20) < 10
    found = mediate(treated, treated.astype(float), np.zeros(20), NAMES)
    assert found.indirect is None
    assert found.reason is not None
    assert "do not differ at all" in found.reason


def test_the_assumptions_are_said() -> None:
    found = mediated(8)
    assert len(found.assumptions) == 5
    assert found.meaning is not None
    assert f"correlate by {found.rho_zero:.2f}" in found.meaning


@pytest.mark.parametrize("noise", ["normal", "t3"])
def test_intervals_hold_the_truth_in_95_percent_of_studies(noise: str) -> None:
    rng = np.random.default_rng(9)
    held: dict[str, list[bool]] = {"indirect": [], "direct": [], "share": []}
    for _ in range(80):
        treated = np.arange(40) < 20
        drawn = rng.normal(size=(2, 40)) if noise == "normal" else rng.standard_t(3, size=(2, 40)) / np.sqrt(3)
        mediator = A * treated + drawn[0]
        found = mediate(treated, mediator, DIRECT * treated + B * mediator + drawn[1], NAMES)
        for name, truth in (("indirect", A * B), ("direct", DIRECT), ("share", A * B / (A * B + DIRECT))):
            interval = getattr(found, name)
            if interval is not None:
                held[name].append(not interval.excludes(truth))
    for name, of in held.items():
        assert len(of) > 50, name  # most studies are answered
        assert np.mean(of) > 0.875, name  # 95 % less 3 s.e. of 80 studies; benchmarks/mediation.py has the table
