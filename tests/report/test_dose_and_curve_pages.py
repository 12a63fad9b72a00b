"""Dose-responses and whole-trace contrasts on the page: drawn, told, and open where they could not be told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_results import a_result
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

from adenoscope.core.curve_contrast import CurveContrast
from adenoscope.core.dose_response import DoseCurve, DoseResponse
from adenoscope.core.interval import Interval
from adenoscope.core.reading import Given, Setting
from adenoscope.report.curve_figures import curve_figure
from adenoscope.report.curve_pages import curve_pages, curve_sentence
from adenoscope.report.dose_figures import dose_figure
from adenoscope.report.dose_pages import dose_pages, dose_sentence
from adenoscope.report.numbers import MEASURES
from adenoscope.report.study_report import render_report

PEAK = MEASURES["peak_dff"]
DOSES = (0.0, 5.0, 10.0, 30.0)


def a_dose_response(**changes: object) -> DoseResponse:
    rng = np.random.default_rng(1)
    readings = tuple(
        (f"m{dose:g}-{index}", dose, 0.05 + 0.3 * dose / (10 + dose) + float(rng.normal(0, 0.03)))
        for dose in DOSES
        for index in range(6)
    )
    grid = 30 * np.linspace(0, 1, 41) ** 2
    centre = 0.05 + 0.3 * grid / (10 + grid)
    response = DoseResponse(
        "peak_dff", "", "ketamine", "mg/kg", Setting("mPFC", condition="CRS"), readings, Interval(0.05, 0.03, 0.07),
        Interval(0.3, 0.24, 0.36), Interval(10.0, 6.0, 17.0), None,
        DoseCurve(grid, centre, centre - 0.02, centre + 0.02), 0.0004, 0.4, None, "Emax, steepness 1",
    )  # fmt: skip
    return replace(response, **changes)  # type: ignore[arg-type]


def an_open_dose_response() -> DoseResponse:
    reason = "Could not tell ED50: the effect still grows at 30 mg/kg, the largest dose of peak_dff."
    return a_dose_response(ed50=None, emax=None, curve=None, e0=None, reason=reason)


def a_curve_contrast(**changes: object) -> CurveContrast:
    time = np.arange(-600.0, 3600.0, 10.0)
    difference = np.where(time > 0, 0.08 * np.exp(-np.maximum(time, 0) / 1500), 0.0)
    contrast = CurveContrast(
        "effect", "unpaired", time, 8, 7, difference, difference - 0.03, difference + 0.03, difference - 0.02,
        difference + 0.02, ((80.0, 1800.0),), given=Given("ketamine", 10.0, "mg/kg"), versus="saline",
        setting=Setting("mPFC", condition="CRS"),
    )  # fmt: skip
    return replace(contrast, **changes)  # type: ignore[arg-type]


def texts(figure: Figure) -> list[str]:
    return [text.get_text().replace("\u00a0", " ") for text in figure.findobj(Text) if isinstance(text, Text)]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_every_animal_is_a_dot_over_its_dose_and_vehicle_stands_at_the_left() -> None:
    figure = dose_figure(a_dose_response(), PEAK, synthetic=False)
    dots = [item for item in figure.findobj(PathCollection) if isinstance(item, PathCollection)]
    assert sum(len(np.asarray(item.get_offsets())) for item in dots) == 24 + 1
    axes = figure.axes[0]
    ticks = dict(zip((label.get_text() for label in axes.get_xticklabels()), axes.get_xticks(), strict=True))
    assert ticks["vehicle"] < ticks["5"] < ticks["10"] < ticks["30"]
    assert ticks["10"] - ticks["5"] == pytest.approx((ticks["30"] - ticks["10"]) * np.log(2) / np.log(3))
    assert "ED50 10.0 (6.0 to 17.0) mg/kg" in texts(figure)


def test_without_a_curve_the_animals_stand_and_the_figure_says_could_not_tell() -> None:
    figure = dose_figure(an_open_dose_response(), PEAK, synthetic=True)
    assert "ED50: could not tell" in texts(figure)
    assert "simulated data" in texts(figure)


def test_a_dose_response_is_told_with_its_intervals_or_its_reason() -> None:
    text = plain(dose_sentence(a_dose_response(), PEAK))
    assert text.startswith("Half of the effect on peak ΔF/F is reached at 10")
    assert "The ceiling lies 30.0 percentage points from vehicle (95 % interval 24.0 to 36.0)." in text
    assert dose_sentence(an_open_dose_response(), PEAK) == (
        "Could not tell ED50: the effect still grows at 30 mg/kg, the largest dose of peak ΔF/F."
    )
    page = next(dose_pages([a_dose_response()], synthetic=False))
    assert page.heading == "Ketamine and peak ΔF/F (mPFC, WT, CRS)"
    assert plain(page.facts).startswith("the dose matters: p = 0.0004")


def test_a_curve_says_when_the_band_for_all_times_excludes_zero() -> None:
    assert plain(curve_sentence(a_curve_contrast())) == (
        "Ketamine 10 mg/kg minus saline differs from zero from 1.33 to 30 min after the intervention, judged for all "
        "times at once (8 treated animals, 7 with saline)."
    )
    nowhere = a_curve_contrast(excludes_zero_s=())
    assert plain(curve_sentence(nowhere)).startswith(
        "Could not tell at any time whether ketamine 10 mg/kg minus saline"
    )
    early = curve_sentence(a_curve_contrast(excludes_zero_s=((-30.0, 60.0),)))
    assert "from −30 to 60" in plain(early)


def test_too_few_animals_have_a_reason_and_no_figure() -> None:
    few = a_curve_contrast(
        difference=None, low=None, high=None, point_low=None, point_high=None, excludes_zero_s=(), reason="3 animals"
    )
    page = next(curve_pages([few], synthetic=False))
    assert page.figure is None
    assert (
        plain(page.sentence)
        == "Could not tell at what times ketamine 10 mg/kg minus saline differs from zero. 3 animals."
    )


def test_the_animals_of_an_effect_are_drawn_above_it_and_an_interaction_has_none() -> None:
    effect = a_curve_contrast()
    flat = np.zeros((2, effect.time_s.size))
    figure = curve_figure(replace(effect, treated=flat + 0.1, vehicle=flat), synthetic=False)
    assert figure is not None
    assert len(figure.axes) == 2
    assert "ketamine 10 mg/kg, n = 2" in texts(figure)
    alone = curve_figure(replace(effect, kind="interaction"), synthetic=False)
    assert alone is not None
    assert len(alone.axes) == 1


def test_both_have_their_sections_on_the_page() -> None:
    interaction = a_curve_contrast(kind="interaction", manipulation="Adora1-KO")
    curves = (a_curve_contrast(), interaction)
    result = replace(a_result(synthetic=True), curves=curves, doses=(a_dose_response(), an_open_dose_response()))
    html = render_report(result)
    for expected in ('id="curves"', 'id="doses"', 'href="#curves"', "Interaction with Adora1-KO", "still grows"):
        assert expected in html
    assert html.count(">simulated data</text>") == 4
    assert 'id="curves"' not in render_report(a_result())
