"""What the mechanism is shown to consist of agrees with the model that runs."""

from __future__ import annotations

import pytest

from adenoscope.mechanism.cohort import known_constants, mechanism
from adenoscope.mechanism.links import PROTOCOL, links
from adenoscope.mechanism.pieces import PIECES
from adenoscope.studies.show_mechanism import show_mechanism


@pytest.mark.parametrize("species", ["mouse", "human"])
def test_states_and_constants_of_the_pieces_are_those_of_the_model(species) -> None:
    shown = show_mechanism(species)
    assert tuple(shown.states) == PIECES
    assert sum(shown.states.values()) == len(mechanism(species).system.rates)
    assert sum(len(own) for own in shown.constants.values()) == len(known_constants(species))
    counted = sum(shown.unverified_share_of(piece) * len(own) for piece, own in shown.constants.items())
    assert counted == pytest.approx(shown.unverified_share * len(known_constants(species)))


def test_links_are_those_of_the_equations_and_what_a_protocol_gives() -> None:
    shown = show_mechanism("mouse")
    assert tuple(link for link in shown.links if link.giver != PROTOCOL) == links()
    assert {link.taker for link in shown.links if link.giver == PROTOCOL} >= {"oxygen", "seizure"}
