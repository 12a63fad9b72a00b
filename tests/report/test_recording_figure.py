"""A window on a session is drawn with what it shows, and no more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

from adenoscope.core.interval import Interval
from adenoscope.core.response import Curve, Estimands
from adenoscope.report.ink import SIMULATED
from adenoscope.report.recording_figure import recording_figure
from adenoscope.report.recording_view import ChannelView, RecordingView

NONE = np.zeros(0)


def channel(title: str, colour: str) -> ChannelView:
    time_s = np.linspace(-600, 1200, 500)
    low = np.full(500, 99, dtype=np.float32)
    low[100] = -1e6  # a wild sample, in a stretch that was left out
    bins = np.arange(-590.0, 1200.0, 20.0)
    level = np.full(bins.size, 100.0)
    return ChannelView(title, colour, time_s, low, np.full(500, 101, np.float32), bins, level, level, level)


@pytest.fixture
def view() -> RecordingView:
    after = np.arange(10.0, 1200.0, 20.0)
    mean = Interval(0.05, 0.04, 0.06)
    return RecordingView(
        window_s=(-600, 1200),
        channels=(channel("signal", "green"), channel("control", "purple")),
        onsets_s=(0.0,),
        left_out_s=((-300.0, -200.0),),
        curve=Curve(after, after / 1e4, after / 1e4 - 0.01, after / 1e4 + 0.01),
        estimands=Estimands((0, 600), mean, None, mean, Interval(60, 30, 90), None, None, None, None),
        synthetic=True,
    )


def labels(figure: Figure) -> list[str]:
    return [str(text) for text in figure.axes[0].get_legend_handles_labels()[1]]


def test_channels_and_response_stand_on_one_axis_of_time(view: RecordingView) -> None:
    figure = recording_figure(view)
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["signal", "control", "response, with 95 % band"]
    assert {axes.get_xlim() for axes in figure.axes} == {(-10.0, 20.0)}
    assert labels(figure) == ["measured", "bins", "model", "without response"]
    assert [text.get_text() for text in figure.texts] == [SIMULATED]
    assert figure.axes[0].get_ylim()[0] > 90  # the wild sample does not set it


def test_what_is_hidden_and_what_lies_outside_is_not_drawn(view: RecordingView) -> None:
    hidden = frozenset({"raw", "background", "masks", "interventions"})
    figure = recording_figure(replace(view, hidden=hidden, window_s=(-600.0, -100.0), synthetic=False))
    assert len(figure.axes) == 2
    assert labels(figure) == ["bins", "model"]
    assert not figure.texts
    assert not figure.axes[0].patches


def test_a_recording_without_a_fit_is_drawn_alone(view: RecordingView) -> None:
    bare = tuple(replace(one, fitted_s=NONE, bins=NONE, fit=NONE, background=NONE) for one in view.channels)
    figure = recording_figure(replace(view, channels=bare, curve=None, estimands=None))
    assert len(figure.axes) == 2
    assert labels(figure) == ["measured"]
