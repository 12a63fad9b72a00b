"""Sentences: what is claimed, what could not be told, and in which unit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_results import ALONE, USABLE, a_contrast, a_result, a_session, a_study, an_answer, estimated

from adenoscope.core.interval import Interval
from adenoscope.core.study import Settings
from adenoscope.report.words import (
    contrast_sentence,
    counts_sentence,
    dose,
    handling,
    leak,
    measure_of,
    session_sentence,
    treatment,
    window,
)

ESTIMANDS = an_answer().estimands
assert ESTIMANDS is not None


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_rise_is_told_with_its_window_and_interval() -> None:
    estimands = replace(ESTIMANDS, mean_dff=Interval(0.081, 0.052, 0.113))
    assert plain(session_sentence(estimands)) == (
        "ΔF/F rose by 8.1 % on average over 0 to 30 min (95 % interval 5.2 to 11.3)."
    )


def test_a_fall_is_told_by_its_size() -> None:
    estimands = replace(ESTIMANDS, mean_dff=Interval(-0.05, -0.07, -0.03))
    assert "fell by 5.0 %" in plain(session_sentence(estimands))
    assert "interval 3.0 to 7.0" in plain(session_sentence(estimands))


def test_an_interval_that_holds_zero_could_not_tell_and_says_what_would_have_shown() -> None:
    estimands = replace(ESTIMANDS, mean_dff=Interval(0.003, -0.019, 0.024), minimum_detectable_dff=0.031)
    sentence = plain(session_sentence(estimands))
    assert sentence.startswith("Could not tell whether ΔF/F changed: 0.3 %")
    assert sentence.endswith("a mean change under 3.1 % may be missed.")
    without = session_sentence(replace(estimands, minimum_detectable_dff=None))
    assert without.endswith("(95\u00a0% interval −1.9 to 2.4).")


def test_a_contrast_names_both_groups_and_the_animals() -> None:
    assert plain(contrast_sentence(a_contrast(), a_study())) == (
        "Mean ΔF/F was 7.6 percentage points higher with ketamine 10 mg/kg than with saline (mPFC, WT, CRS): "
        "95 % interval 5.8 to 9.4; 6 animals under both."
    )


def test_a_wide_contrast_could_not_tell() -> None:
    wide = a_contrast(difference=Interval(0.01, -0.03, 0.05), design="unpaired")
    sentence = plain(contrast_sentence(wide, a_study()))
    assert sentence.startswith("Could not tell whether mean ΔF/F differs between ketamine 10 mg/kg and saline")
    assert "6 treated animals, 6 with saline" in sentence


def test_a_contrast_without_an_interval_gives_its_reason() -> None:
    single = a_contrast(difference=None, reason="one animal is not enough")
    assert contrast_sentence(single, a_study()).endswith("One animal is not enough.")


def test_a_narrow_contrast_is_told_against_the_margin_of_the_study() -> None:
    narrow = a_contrast(difference=Interval(0.001, -0.006, 0.008))
    study = a_study(equivalence_margin=(("mean_dff", 0.01),))
    assert "by less than 1 percentage points, the study's margin" in plain(contrast_sentence(narrow, study))
    assert "Could not tell" in contrast_sentence(narrow, a_study())


def test_an_assay_has_the_unit_of_its_table() -> None:
    assert measure_of("FST immobility", "s").unit == "s"
    assert measure_of("locomotion", "").unit == ""


@given(
    estimate=st.floats(-1, 1),
    below=st.floats(0, 1),
    above=st.floats(0, 1),
    design=st.sampled_from(["paired", "unpaired"]),
)
def test_whatever_the_numbers_absence_is_never_claimed(
    estimate: float, below: float, above: float, design: str
) -> None:
    interval = Interval(estimate, estimate - below, estimate + above)
    contrast = a_contrast(difference=interval, design=design)
    sentences = (
        contrast_sentence(contrast, a_study()),
        session_sentence(replace(ESTIMANDS, mean_dff=interval)),
    )
    for sentence in sentences:
        assert "no effect" not in sentence.lower()
        assert sentence.startswith("Could not tell") is not interval.excludes(0)
        assert "-" not in sentence


def test_a_control_is_told_with_its_leak_or_without_one() -> None:
    assert plain(leak(USABLE)) == "κ 0.06 (−0.02 to 0.15)"
    assert leak(ALONE) == ""


def test_sessions_are_counted_by_what_became_of_them() -> None:
    assert counts_sentence(a_result(estimated())) == "1 session: 1 estimated, 0 refused."


@pytest.mark.parametrize(
    ("window_s", "words"),
    [((0.0, 1800.0), "0 to 30 min"), ((0.0, 90.0), "0 to 90 s"), ((-600.0, 0.0), "−10 to 0 min")],
)
def test_windows_read_in_seconds_or_minutes(window_s: tuple[float, float], words: str) -> None:
    assert plain(window(window_s)) == words


def test_what_was_given_includes_what_was_given_before() -> None:
    session = replace(a_session("s", "m"), pretreatment="DPCPX", pretreatment_dose=1.0, pretreatment_unit="mg/kg")
    assert plain(treatment(session)) == "ketamine 10 mg/kg after DPCPX 1 mg/kg"
    assert dose(None, "mg/kg") == ""


def test_handling_names_the_default_and_what_a_laboratory_chose() -> None:
    assert "(the default)" in handling(Settings())
    assert handling(Settings(handling_s=(-20.0, 45.0))) == "−20 to 45 s around each intervention"
