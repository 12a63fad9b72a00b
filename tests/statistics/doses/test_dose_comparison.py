"""Two dose-responses: a shift, another ceiling, and what is said when neither can be told."""

from __future__ import annotations

import numpy as np

from adenoscope.core.dose_response import DoseResponse
from adenoscope.statistics.doses.dose_comparison import compare_dose_responses
from adenoscope.statistics.doses.dose_response import DoseLabels, fit_dose_response

OF = DoseLabels("mean dF/F", "1", "ketamine", "mg/kg")
DOSES = (0.0, 3.0, 10.0, 60.0)


def response(
    ed50: float, emax: float, seed: int, n: int = 12, doses: tuple[float, ...] = DOSES, sd: float = 1.0
) -> DoseResponse:
    rng = np.random.default_rng(seed)
    readings = [
        (f"{seed}-{i}-{dose}", dose, 1.0 + emax * dose / (ed50 + dose) + sd * rng.normal())
        for dose in doses
        for i in range(n)
    ]
    return fit_dose_response(readings, OF)


def test_a_shifted_curve_is_told_from_a_lower_one() -> None:
    wild_type, shifted = response(4.0, 6.0, 1), response(12.0, 6.0, 2)
    found = compare_dose_responses(wild_type, shifted, "WT", "antagonist")
    assert found.common_ceiling == "compatible"
    assert found.shift is not None
    assert not found.shift.excludes(3.0)
    assert found.shift.excludes(1.0)
    assert found.ceiling_ratio is not None
    assert not found.ceiling_ratio.excludes(1.0)
    assert found.reason is None


def test_a_lower_ceiling_is_told_and_then_there_is_no_shift() -> None:
    found = compare_dose_responses(response(4.0, 6.0, 3), response(4.0, 2.5, 4), "WT", "KO")
    assert found.common_ceiling == "excluded"
    assert found.ceiling is not None
    assert not found.ceiling.excludes(-3.5)
    assert found.ceiling.high < 0
    assert found.shift is None
    assert found.reason is not None
    assert "The ceilings differ" in found.reason


def test_where_a_ceiling_was_not_reached_a_common_one_is_assumed_aloud() -> None:
    short = response(20.0, 6.0, 5, doses=(0.0, 3.0, 6.0, 12.0))
    found = compare_dose_responses(response(4.0, 6.0, 6), short, "WT", "antagonist")
    assert found.common_ceiling == "could_not_tell"
    assert found.ceiling is None
    assert found.shift is not None
    assert not found.shift.excludes(5.0)
    assert found.reason is not None
    assert "Could not tell the ceiling of antagonist" in found.reason
    assert "the shift assumes that it is" in found.reason


def test_an_effect_that_was_not_told_has_no_shift() -> None:
    found = compare_dose_responses(response(4.0, 6.0, 7), response(4.0, 0.0, 8), "WT", "KO")
    assert found.shift is None
    assert found.reason is not None
    assert "A shift needs an effect" in found.reason


def test_the_shift_turns_over_when_the_curves_change_places() -> None:
    first, second = response(4.0, 6.0, 9), response(8.0, 6.0, 10)
    one = compare_dose_responses(first, second, "a", "b").shift
    other = compare_dose_responses(second, first, "b", "a").shift
    assert one is not None
    assert other is not None
    # each grid closes in on its own curve, so bounds agree to a part of its last step
    np.testing.assert_allclose(
        [one.estimate, one.low, one.high], [1 / x for x in (other.estimate, other.high, other.low)], rtol=0.02
    )


def test_the_shift_holds_the_truth_in_95_percent_of_studies() -> None:
    held: list[bool] = []
    for seed in range(40):
        found = compare_dose_responses(response(5.0, 6.0, 2 * seed), response(10.0, 6.0, 2 * seed + 1), "a", "b")
        if found.shift is not None:
            held.append(not found.shift.excludes(2.0))
    assert len(held) > 30  # most studies are answered
    assert np.mean(held) > 0.84  # 95 % less 3 s.e. of 40 studies; benchmarks/dose_response.py has the table
