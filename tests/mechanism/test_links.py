"""What pieces take from each other: found in the equations, and the same in the model that runs."""

from __future__ import annotations

import pytest

from adenoscope.mechanism.cohort import mechanism
from adenoscope.mechanism.links import DOSES, computed, few, links, looked_at, protocol_links
from adenoscope.mechanism.pieces import PIECES

TAKEN = {(link.taker, link.giver): link.names for link in links()}


def givers(taker: str) -> set[str]:
    return {giver for piece, giver in TAKEN if piece == taker}


def upstream(piece: str) -> set[str]:
    found, waiting = {piece}, [piece]
    while waiting:
        new = givers(waiting.pop()) - found
        found |= new
        waiting += new
    return found


def test_energy_takes_oxygen_of_tissue_and_gives_back_its_use() -> None:
    assert TAKEN["energy", "oxygen"] == ("pto2",)
    assert TAKEN["oxygen", "energy"] == ("cmro2",)


def test_no_piece_but_nmdar_feeds_locomotion() -> None:
    assert "locomotion" in computed("nmdar")
    assert givers("nmdar") == {"pharmacokinetics"}
    assert not any("locomotion" in names for names in TAKEN.values())


def test_receptors_get_nothing_but_compounds_and_adenosine() -> None:
    assert givers("receptors") == {"pharmacokinetics", "purines"}
    assert TAKEN["receptors", "purines"] == ("adenosine",)
    assert all(name.endswith("_brain") for name in TAKEN["receptors", "pharmacokinetics"])


def test_what_is_taken_is_computed_by_its_giver_and_used_by_no_constant() -> None:
    for (taker, giver), names in TAKEN.items():
        assert set(names) <= computed(giver) - computed(taker)
        assert len(set(names)) == len(names)


def test_no_name_is_computed_by_two_pieces() -> None:
    names = [name for piece in PIECES for name in computed(piece)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("piece", PIECES)
def test_every_rate_of_the_running_model_depends_on_linked_pieces_alone(piece: str) -> None:
    system = mechanism("mouse").system
    owners = {name: owner for owner in PIECES for name in computed(owner)}
    for state, rate in system.rates.items():
        if owners[state] == piece:
            used = {owners[name] for name in system.graph.symbols([rate]) if name in system.rates}
            assert used <= upstream(piece), state


def test_links_alone_account_for_every_piece_that_a_rate_or_a_readout_depends_on() -> None:
    """A link that the equations did not need would be an arrow too many."""
    system = mechanism("mouse").system
    owners = {name: owner for owner in PIECES for name in computed(owner)}
    seen = {
        (owners[name], owners[symbol])
        for name, node in (*system.rates.items(), *system.quantities.items())
        if name in owners
        for symbol in system.graph.symbols([node])
        if symbol in system.rates
    }
    states = {piece for piece in PIECES if any(owners[name] == piece for name in system.rates)}
    assert all((taker, giver) in seen for taker, giver in TAKEN if giver in states)


def test_a_protocol_gives_inputs_switches_and_doses() -> None:
    given = {link.taker: link.names for link in protocol_links("mouse")}
    assert given["seizure"] == ("shock", "charge_mc")
    assert given["pharmacokinetics"] == (DOSES,)
    assert DOSES in given["purines"]
    assert DOSES not in {link.taker: link.names for link in protocol_links("human")}["purines"]
    assert "nmdar" not in given


def test_behaviour_is_looked_at_in_mice_alone() -> None:
    assert looked_at("mouse")["behaviour"]
    assert not looked_at("human")["behaviour"]
    assert looked_at("human")["sensor"] == ("dff",)


@pytest.mark.parametrize(
    ("names", "shown"),
    [((), ()), (("a", "b", "c"), ("a", "b", "c")), (("a", "b", "c", "d", "e"), ("a", "b", "and 3 more"))],
)
def test_long_lists_end_with_a_count(names: tuple[str, ...], shown: tuple[str, ...]) -> None:
    assert few(names) == shown
