"""Figures: what is drawn, thinned but not smoothed away, and the mark of simulated data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_results import a_contrast, a_refusal, an_answer, estimated, without_control
from matplotlib.figure import Figure
from matplotlib.text import Text

from adenoscope.core.interval import Interval
from adenoscope.report.figures import MOST_POINTS, extent, hero_figure, session_figure, thin
from adenoscope.report.group_figures import contrast_figure, shared_limits
from adenoscope.report.numbers import MEASURES
from adenoscope.report.svg import inline_svg, standalone_svg

MEAN = MEASURES["mean_dff"]


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if isinstance(text, Text)]


def test_thinning_keeps_the_mean_and_forgets_only_lost_samples() -> None:
    values = np.arange(10_000, dtype=float)
    assert len(thin(values)) <= MOST_POINTS
    assert thin(values, 10) == pytest.approx(values.reshape(10, -1).mean(axis=1))
    assert thin(np.array([1.0, np.nan, np.nan, np.nan]), 2).tolist()[0] == 1.0
    assert np.isnan(thin(np.array([1.0, np.nan, np.nan, np.nan]), 2)[1])


def test_the_extent_shows_every_excursion() -> None:
    values = np.zeros(9_000)
    values[4321] = 5.0
    low, high = extent(values)
    assert high.max() == 5.0
    assert low.max() == 0.0


@pytest.mark.parametrize("size", [0, 1, 2, MOST_POINTS, MOST_POINTS + 1])
def test_thinning_takes_any_length(size: int) -> None:
    values = np.linspace(0, 1, size)
    assert len(thin(values)) <= max(size, 1)


def test_two_channels_and_a_response_make_three_panels() -> None:
    figure = session_figure(estimated(), synthetic=False)
    assert figure is not None
    assert len(figure.axes) == 3


def test_a_session_without_a_control_has_two_panels() -> None:
    item = replace(estimated(), response=without_control(an_answer(), 4))
    figure = session_figure(item, synthetic=False)
    assert figure is not None
    assert len(figure.axes) == 2


def test_a_refused_session_shows_its_channels_or_nothing() -> None:
    drawn = session_figure(replace(estimated(), response=a_refusal(drawn=True)), synthetic=False)
    assert drawn is not None
    assert len(drawn.axes) == 2
    assert session_figure(replace(estimated(), response=a_refusal(drawn=False)), synthetic=False) is None


def test_channels_that_were_never_fitted_show_no_model() -> None:
    item = estimated()
    parts = item.response.parts
    assert parts is not None
    nothing = np.full_like(parts.signal, np.nan)
    unfitted = replace(
        parts, signal_fit=nothing, signal_background=nothing, control_fit=nothing, control_background=nothing
    )
    figure = session_figure(replace(item, response=replace(a_refusal(drawn=True), parts=unfitted)), synthetic=False)
    assert figure is not None
    assert "measured" in texts(figure)
    assert "model" not in texts(figure)


def test_a_drug_free_session_in_the_controls_place_is_named_so() -> None:
    item = estimated()
    blank = replace(item, session=replace(item.session, blank="s00"), facts=replace(item.facts, control=""))
    figure = session_figure(blank, synthetic=False)
    assert figure is not None
    assert [axes.get_title(loc="left") for axes in figure.axes][:2] == ["signal", "blank session"]


def test_a_response_without_fitted_parts_is_drawn_alone() -> None:
    item = estimated()
    figure = session_figure(replace(item, response=replace(item.response, parts=None)), synthetic=False)
    assert figure is not None
    assert len(figure.axes) == 1


def test_a_channel_that_was_lost_whole_is_still_a_panel() -> None:
    item = estimated()
    parts = item.response.parts
    assert parts is not None
    lost = replace(parts, signal=np.full_like(parts.signal, np.nan))
    figure = session_figure(replace(item, response=replace(item.response, parts=lost)), synthetic=False)
    assert figure is not None
    inline_svg(figure, name="lost", alt="")


def test_only_simulated_data_carry_the_mark() -> None:
    for synthetic in (True, False):
        hero = hero_figure(estimated(), synthetic=synthetic)
        group = contrast_figure(a_contrast(), MEAN, (-5.0, 15.0), synthetic=synthetic)
        assert ("simulated data" in texts(hero)) is synthetic
        assert ("simulated data" in texts(group)) is synthetic


def test_the_hero_needs_a_response() -> None:
    with pytest.raises(ValueError, match="s01 has no response"):
        hero_figure(replace(estimated(), response=a_refusal(drawn=True)), synthetic=False)


def test_the_hero_is_the_same_file_every_time() -> None:
    first, second = (standalone_svg(hero_figure(estimated(), synthetic=True)) for _ in range(2))
    assert first == second
    assert first.startswith("<?xml")


def test_the_second_axis_has_its_zero_at_the_vehicles_mean() -> None:
    contrast = a_contrast()
    figure = contrast_figure(contrast, MEAN, (-5.0, 15.0), synthetic=False)
    left, right = figure.axes
    vehicle = 100 * float(np.mean([value for _, value in contrast.vehicle]))
    assert left.get_ylim()[0] - right.get_ylim()[0] == pytest.approx(vehicle)
    assert left.get_ylim()[1] - right.get_ylim()[1] == pytest.approx(vehicle)


def test_without_an_interval_there_is_no_second_axis() -> None:
    figure = contrast_figure(a_contrast(difference=None), MEAN, (-5.0, 15.0), synthetic=False)
    assert len(figure.axes) == 1


def test_shared_limits_hold_every_dot_and_every_interval() -> None:
    contrasts = (
        a_contrast(),
        a_contrast(difference=Interval(0.0, -0.4, 0.3)),
        a_contrast(vehicle=(), treated=()),
    )
    low, high = shared_limits(contrasts, MEAN)
    assert low < -39.0
    assert high > 30.0
    assert shared_limits(contrasts[2:], MEAN)[0] < shared_limits(contrasts[2:], MEAN)[1]


def test_ids_of_two_figures_on_one_page_do_not_meet() -> None:
    figures = [session_figure(estimated(), synthetic=False) for _ in range(2)]
    drawings = [
        inline_svg(figure, name=name, alt="x")
        for figure, name in zip(figures, "pq", strict=True)
        if figure is not None
    ]
    assert 'id="p-' in drawings[0]
    assert 'id="p-' not in drawings[1]
