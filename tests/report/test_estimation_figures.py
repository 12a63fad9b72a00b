"""Estimation plots: every animal a dot, every interval the contrast's own, and the margin shown for what it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_results import a_contrast, a_verdict, an_effect, an_open_verdict, some_contrasts, some_verdicts
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from scipy.stats import t as student

from adenoscope.core.contrast import Contrast
from adenoscope.core.interval import Interval
from adenoscope.core.reading import Given
from adenoscope.report.cumming import MOST_COLUMNS, cumming_figures
from adenoscope.report.delta_delta import delta_delta_figure
from adenoscope.report.estimation_marks import reach_of, swarm
from adenoscope.report.group_figures import contrast_figure, shared_limits
from adenoscope.report.ink import house_style
from adenoscope.report.numbers import MEASURES, Measure
from adenoscope.report.svg import inline_svg

SECONDS, MEAN = Measure("FST immobility", "s"), MEASURES["mean_dff"]


def texts(figure: Figure) -> list[str]:
    return [text.get_text().replace("\u00a0", " ") for text in figure.findobj(Text) if isinstance(text, Text)]


def n_dots(figure: Figure) -> int:
    dots = [item for item in figure.findobj(PathCollection) if isinstance(item, PathCollection)]
    return sum(len(np.asarray(item.get_offsets())) for item in dots)


def uprights(figure: Figure) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for item in figure.findobj(LineCollection):
        for (x0, y0), (x1, y1) in item.get_segments() if isinstance(item, LineCollection) else ():
            if x0 == x1:
                found.append((round(float(y0), 6), round(float(y1), 6)))
    return found


def test_dots_of_like_height_stand_apart_and_keep_their_height() -> None:
    values = np.array([1.0, 1.0, 1.01, 5.0, 1.0])
    offset = swarm(values, 10.0)
    assert len(set(offset[[0, 1, 2, 4]])) == 4
    assert offset[3] == 0.0
    crowd = swarm(np.ones(300), 10.0)
    assert np.ptp(crowd) == pytest.approx(0.6)
    assert swarm(np.array([2.0]), 0.0).tolist() == [0.0]


def test_the_interval_drawn_is_the_contrasts_own_and_the_shade_is_the_t_that_has_it() -> None:
    contrast = an_effect("WT", Interval(-41.0, -63.0, -19.0), "w", treated=-41.0)
    figure = contrast_figure(contrast, SECONDS, shared_limits((contrast,), SECONDS), synthetic=False)
    assert (-63.0, -19.0) in uprights(figure)
    shade = next(item for item in figure.axes[1].collections if isinstance(item, PolyCollection))
    x, y = shade.get_paths()[0].vertices.T
    foot, curved = x.min(), x > x.min()
    tallest, (x, y) = x.max() - foot, (x[curved], y[curved])
    expected = student.pdf(student.ppf(0.975, 12), 12) / student.pdf(0, 12)
    for bound in (-63.0, -19.0):
        at_bound = (x[np.argmin(np.abs(y - bound))] - foot) / tallest
        # The outline has a point every 2.5 % of the half width, and one may be as far as half of that from the bound.
        assert at_bound == pytest.approx(expected, rel=0.06)


def test_skewed_bounds_make_a_skewed_shade() -> None:
    low, high = reach_of(Interval(1.0, 0.5, 3.0), Measure("x"))
    assert (1.0 - low, high - 1.0) == pytest.approx((0.75, 3.0))
    assert reach_of(None, Measure("x")) == ()


def test_a_cumming_plot_holds_every_animal_and_every_difference() -> None:
    contrasts = some_contrasts()[:3]
    figures = list(cumming_figures(contrasts, MEAN, synthetic=True))
    assert len(figures) == 1
    animals = sum(len(contrast.treated) + len(contrast.vehicle) for contrast in contrasts)
    told = sum(contrast.difference is not None for contrast in contrasts)
    assert n_dots(figures[0]) == animals + told
    assert {(5.8, 9.4), (-3.1, 5.2)} <= set(uprights(figures[0]))
    assert "could\nnot tell" in texts(figures[0])


def test_groups_that_share_their_vehicle_show_it_once() -> None:
    doses = tuple(a_contrast(given=Given("ketamine", dose, "mg/kg"), design="unpaired") for dose in (5.0, 10.0, 30.0))
    figure = next(cumming_figures(doses, MEAN, synthetic=False))
    assert texts(figure).count("saline") == 1
    assert [text for text in texts(figure) if "mg/kg" in text] == ["5 mg/kg", "10 mg/kg", "30 mg/kg"]


def test_many_groups_are_spread_over_several_plots_on_one_scale() -> None:
    def other(index: int) -> Contrast:
        return a_contrast(vehicle=((f"v{index}", 0.0), (f"u{index}", 0.01)), design="unpaired")

    figures = list(cumming_figures([other(index) for index in range(MOST_COLUMNS)], MEAN, synthetic=False))
    assert len(figures) == 2
    assert figures[0].axes[1].get_ylim() == figures[1].axes[1].get_ylim()


def test_the_panel_shows_four_groups_two_effects_and_their_interaction() -> None:
    figure = delta_delta_figure(a_verdict(), SECONDS, synthetic=False)
    assert figure is not None
    assert n_dots(figure) == 4 * 7 + 3
    drawn = uprights(figure)
    for bounds in ((-63.0, -19.0), (-20.0, 16.0), (-66.0, -12.0), (-17.0, 13.0), (-61.0, -17.0)):
        assert bounds in drawn
    for expected in ("in WT", "in Adora1-KO", "necessary", "(WT minus Adora1-KO)", "margin ±20,\ngiven by the study"):
        assert expected in texts(figure)


def band(figure: Figure) -> Rectangle:
    return next(patch for patch in figure.axes[1].patches if isinstance(patch, Rectangle) and patch.get_height() > 1)


def test_a_margin_from_the_data_is_hatched_and_a_given_one_is_plain() -> None:
    given, seen = (
        delta_delta_figure(verdict, SECONDS, synthetic=False) for verdict in (a_verdict(), an_open_verdict())
    )
    assert given is not None
    assert seen is not None
    assert band(given).get_hatch() is None
    assert band(seen).get_hatch()
    assert band(seen).get_height() == pytest.approx(41.0)
    assert any("depends on the data" in text for text in texts(seen))


def test_a_verdict_without_animals_has_no_panel_and_one_without_an_interaction_says_so() -> None:
    assert delta_delta_figure(some_verdicts()[-1], SECONDS, synthetic=False) is None
    alone = replace(
        a_verdict(), residual=an_effect("Adora1-KO", None, "k"), interaction=None, residual_90=None,
        interaction_90=None, margin=None,
    )  # fmt: skip
    figure = delta_delta_figure(alone, SECONDS, synthetic=True)
    assert figure is not None
    assert texts(figure).count("could not tell") == 2


def test_every_panel_is_the_same_drawing_twice() -> None:
    with house_style():
        figures = [delta_delta_figure(an_open_verdict(), SECONDS, synthetic=True) for _ in range(2)]
    first, second = (inline_svg(figure, name="p", alt="x") for figure in figures if figure is not None)
    assert first == second
