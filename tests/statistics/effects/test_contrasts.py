"""Who is compared with whom, once per animal, and what is said when there are too few."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from adenoscope.core.contrast import Contrast
from adenoscope.core.interval import Interval
from adenoscope.core.response import Adenosine, Control, Estimands, Response
from adenoscope.core.result import RecordingFacts, SessionResult
from adenoscope.core.study import Session
from adenoscope.statistics.effects.arms import Animal, choose
from adenoscope.statistics.effects.contrasts import READOUTS, group_contrasts
from adenoscope.statistics.effects.readings import readings_of_sessions

FACTS = RecordingFacts("plain", "signal", "control", 100, 10.0, 0.0, 10.0)
CONTROL = Control("usable", None, "")
NO_ADENOSINE = Adenosine(identified=False, reason="", nanomolar=None, assumed=())


def session(animal: str, treatment: str, mean: float | None, *, auc: bool = True, **fields: object) -> SessionResult:
    about = Session(f"{animal}-{treatment}-{mean}", animal, treatment, Path("a.csv"), (600.0,))
    response = Response("refused", "no baseline", CONTROL)
    if mean is not None:
        response = Response("estimated", None, CONTROL, estimands=_estimands(mean, auc))
    return SessionResult(replace(about, **fields), FACTS, response, NO_ADENOSINE)


def _estimands(mean: float, auc: bool) -> Estimands:
    wide = Interval(mean, mean - 0.1, mean + 0.1)
    return Estimands(
        (0.0, 1800.0),
        wide,
        wide if auc else None,
        wide,
        Interval(500.0, 400.0, 600.0),
        None,
        None,
        None,
        None,
    )


def arm(treatment: str, means: Sequence[float], first: int = 0, **fields: object) -> list[SessionResult]:
    return [session(f"m{first + i}", treatment, mean, **fields) for i, mean in enumerate(means)]


def contrasts_of(sessions: Sequence[SessionResult]) -> tuple[Contrast, ...]:
    return group_contrasts(tuple(readings_of_sessions(sessions)), "saline")


def only(contrasts: Sequence[Contrast], readout: str = "mean_dff") -> Contrast:
    found = [contrast for contrast in contrasts if contrast.readout == readout]
    assert len(found) == 1
    return found[0]


def bounds(contrast: Contrast) -> list[float]:
    assert contrast.difference is not None
    return [contrast.difference.low, contrast.difference.high]


TREATED, VEHICLE = [0.15, 0.17, 0.12, 0.20, 0.16], [0.01, 0.03, -0.02, 0.02, 0.00]


def test_the_same_animals_in_both_arms_are_paired() -> None:
    contrast = only(contrasts_of(arm("ketamine", TREATED) + arm("saline", VEHICLE)))
    expected = stats.ttest_rel(TREATED, VEHICLE).confidence_interval()
    assert contrast.design == "paired"
    assert contrast.reason is None
    np.testing.assert_allclose(bounds(contrast), [expected.low, expected.high])


def test_different_animals_are_compared_by_welch() -> None:
    contrast = only(contrasts_of(arm("ketamine", TREATED) + arm("saline", VEHICLE[:4], first=10)))
    expected = stats.ttest_ind(TREATED, VEHICLE[:4], equal_var=False).confidence_interval()
    assert contrast.design == "unpaired"
    assert contrast.reason is None
    np.testing.assert_allclose(bounds(contrast), [expected.low, expected.high])


def test_an_animal_that_missed_one_arm_is_left_out_of_the_pairs_and_this_is_said() -> None:
    contrast = only(contrasts_of(arm("ketamine", TREATED) + arm("saline", VEHICLE[:4])))
    assert contrast.design == "paired"
    assert [animal for animal, _ in contrast.treated] == ["m0", "m1", "m2", "m3"]
    assert contrast.reason == "1 animal in one arm only left out of the pairs."


def test_too_few_shared_animals_count_in_the_smaller_arm_only_so_that_arms_stay_independent() -> None:
    results = arm("ketamine", TREATED) + arm("saline", VEHICLE[:4], first=4)
    contrast = only(contrasts_of(results))
    expected = stats.ttest_ind(TREATED[:4], VEHICLE[:4], equal_var=False).confidence_interval()
    assert contrast.design == "unpaired"
    assert "1 animal in both arms" in (contrast.reason or "")
    np.testing.assert_allclose(bounds(contrast), [expected.low, expected.high])


@given(
    treated=st.sets(st.sampled_from("abcdefgh"), max_size=8),
    vehicle=st.sets(st.sampled_from("abcdefgh"), max_size=8),
)
def test_arms_are_either_the_same_animals_or_have_none_in_common(treated: set[str], vehicle: set[str]) -> None:
    one, two = Animal(1.0, 0.0, "", ""), Animal(2.0, 0.0, "", "")
    chosen = choose(dict.fromkeys(sorted(treated), one), dict.fromkeys(sorted(vehicle), two))
    first, second = chosen.arms
    if chosen.crossed:
        assert list(first) == list(second)
    else:
        assert not set(first) & set(second)
        assert set(first) | set(second) == treated | vehicle
    assert set(first.values()) <= {one}
    assert set(second.values()) <= {two}


def test_sessions_of_one_animal_are_averaged_and_the_animal_counts_once() -> None:
    results = arm("ketamine", TREATED) + arm("saline", VEHICLE) + [session("m0", "ketamine", 0.25)]
    contrast = only(contrasts_of(results))
    assert len(contrast.treated) == 5
    assert dict(contrast.treated)["m0"] == pytest.approx(0.20)


def test_settings_and_doses_are_never_mixed() -> None:
    results = [
        *arm("ketamine", TREATED, dose=10.0, dose_unit="mg/kg", region="mPFC"),
        *arm("ketamine", TREATED, dose=20.0, dose_unit="mg/kg", region="mPFC"),
        *arm("saline", VEHICLE, region="mPFC"),
        *arm("ketamine", TREATED, dose=10.0, dose_unit="mg/kg", region="NAc", genotype="Adora1-KO"),
        *arm("saline", VEHICLE, region="NAc", genotype="Adora1-KO"),
    ]
    means = [c for c in contrasts_of(results) if c.readout == "mean_dff"]
    assert [(c.given.dose, c.setting.region, c.setting.genotype) for c in means] == [
        (10.0, "NAc", "Adora1-KO"),
        (10.0, "mPFC", "WT"),
        (20.0, "mPFC", "WT"),
    ]
    assert all(len(c.treated) == len(c.vehicle) == 5 for c in means)


def test_two_doses_of_a_pretreatment_are_two_settings() -> None:
    results = [
        result
        for dose in (1.0, 3.0)
        for treatment, means in (("ketamine", TREATED), ("saline", VEHICLE))
        for result in arm(
            treatment, means, pretreatment="dipyridamole", pretreatment_dose=dose, pretreatment_unit="µg"
        )
    ]
    means = [c for c in contrasts_of(results) if c.readout == "mean_dff"]
    assert [(c.setting.pretreatment, c.setting.pretreatment_dose) for c in means] == [
        ("dipyridamole", 1.0),
        ("dipyridamole", 3.0),
    ]


@pytest.mark.parametrize(("n_treated", "n_vehicle"), [(1, 5), (5, 1), (0, 5), (5, 0)])
def test_fewer_than_two_animals_in_an_arm_give_a_reason_and_no_number(n_treated: int, n_vehicle: int) -> None:
    results = arm("ketamine", TREATED[:n_treated]) + arm("saline", VEHICLE[:n_vehicle], first=20)
    if n_treated == 0:
        results.append(session("m0", "ketamine", None))
    contrast = only(contrasts_of(results))
    assert contrast.difference is None
    assert f"there are {n_treated} and {n_vehicle}" in (contrast.reason or "")


def test_refused_sessions_and_readouts_without_a_claim_are_counted_aloud() -> None:
    results = arm("ketamine", TREATED) + arm("saline", VEHICLE)
    results += [session("m9", "ketamine", None), session("m10", "saline", 0.01, auc=False)]
    contrasts = contrasts_of(results)
    assert "1 of 12 sessions gave no mean_dff." in (only(contrasts).reason or "")
    assert "2 of 12 sessions gave no auc_dff_s." in (only(contrasts, "auc_dff_s").reason or "")


def test_excluded_sessions_do_not_enter() -> None:
    results = arm("ketamine", TREATED) + arm("saline", VEHICLE)
    results.append(session("m9", "ketamine", 9.0, exclude="fibre came off"))
    assert "m9" not in dict(only(contrasts_of(results)).treated)


def test_every_readout_is_contrasted_and_a_study_of_vehicle_alone_has_no_contrast() -> None:
    contrasts = contrasts_of(arm("ketamine", TREATED) + arm("saline", VEHICLE))
    assert tuple(contrast.readout for contrast in contrasts) == READOUTS
    assert contrasts_of(arm("saline", VEHICLE)) == ()


@given(seed=st.integers(0, 10_000))
def test_the_order_of_sessions_changes_nothing_not_even_the_last_bit(seed: int) -> None:
    results = arm("ketamine", TREATED) + arm("saline", VEHICLE) + arm("ketamine", [0.11, 0.13, 0.19])
    results += arm("ketamine", TREATED, region="mPFC", dose=5.0) + arm("saline", VEHICLE, region="mPFC")
    shuffled = random.Random(seed).sample(results, len(results))
    assert contrasts_of(shuffled) == contrasts_of(results)
