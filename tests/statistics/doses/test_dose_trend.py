"""Whether the dose matters at all: exact under permutation, in both designs."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.statistics.doses.dose_trend import p_any_effect

DOSES = (0.0, 3.0, 10.0, 30.0)


def readings(rng: np.random.Generator, slope: float, crossover: bool, n: int = 6) -> list[tuple[str, float, float]]:
    own = rng.normal(0, 3, n)
    return [
        (
            f"m{i}" if crossover else f"m{i}-{dose}",
            dose,
            slope * dose / (5 + dose) + crossover * own[i] + rng.normal(),
        )
        for i in range(n)
        for dose in DOSES
    ]


@pytest.mark.parametrize("crossover", [False, True])
def test_five_percent_of_studies_without_an_effect_are_called_one(crossover: bool) -> None:
    rng = np.random.default_rng(6)
    called = sum(p_any_effect(readings(rng, 0.0, crossover)) <= 0.05 for _ in range(300))
    assert called / 300 < 0.09  # 5 % and 3 s.e. of 300 studies


def test_an_animal_as_its_own_control_shows_what_the_spread_between_animals_hides() -> None:
    crossed = readings(np.random.default_rng(7), -2.5, crossover=True)
    assert p_any_effect(crossed) < 0.01
    assert p_any_effect([(f"{animal}{dose}", dose, value) for animal, dose, value in crossed]) > 0.05


def test_the_order_of_readings_does_not_matter() -> None:
    found = readings(np.random.default_rng(8), 1.0, crossover=False)
    assert p_any_effect(found) == p_any_effect(found[::-1])
