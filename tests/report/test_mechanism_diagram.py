"""The diagram of the mechanism: a box for each piece, an arrow for each link, and nothing on top of another."""

from __future__ import annotations

from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.text import Text

from adenoscope.mechanism.links import PROTOCOL
from adenoscope.mechanism.pieces import PIECES
from adenoscope.report.mechanism_diagram import PLACES, mechanism_figure
from adenoscope.studies.show_mechanism import Mechanism, show_mechanism


@pytest.fixture(scope="module", params=["mouse", "human"])
def shown(request: pytest.FixtureRequest) -> Mechanism:
    return show_mechanism(request.param)


@pytest.fixture(scope="module")
def figure(shown: Mechanism) -> Figure:
    return mechanism_figure(shown)


def patches(figure: Figure, kind: type) -> list:
    return [patch for patch in figure.axes[0].patches if isinstance(patch, kind)]


def words(figure: Figure) -> list[Text]:
    return [text for text in figure.axes[0].texts if text.get_text()]


def test_every_piece_has_a_place_of_its_own() -> None:
    assert set(PLACES) == set(PIECES)
    assert len(set(PLACES.values())) == len(PLACES)


def test_there_is_a_box_for_each_piece_and_an_arrow_for_each_link(figure: Figure, shown: Mechanism) -> None:
    assert len(patches(figure, FancyBboxPatch)) == len(PIECES)
    between = [link for link in shown.links if link.giver != PROTOCOL]
    assert len(patches(figure, FancyArrowPatch)) == len(between)


def test_a_box_counts_states_and_constants_and_says_how_many_are_unverified(figure: Figure, shown: Mechanism) -> None:
    said = [text.get_text() for text in words(figure)]
    for piece in PIECES:
        assert piece in said
        assert f"{100 * shown.unverified_share_of(piece):.0f} % unverified" in said
    assert f"25 states · {len(shown.constants['oxygen'])} constants" in said


def test_no_words_lie_on_other_words_or_outside(figure: Figure) -> None:
    FigureCanvasAgg(figure).draw()
    places = [(text.get_text(), text.get_window_extent().padded(-1)) for text in words(figure)]
    for (one, first), (other, second) in combinations(places, 2):
        assert not first.overlaps(second), f"{one!r} lies on {other!r}"
    for name, place in places:
        assert figure.bbox.containsx(place.x0), name
        assert figure.bbox.containsx(place.x1), name
