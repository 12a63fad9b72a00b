"""A structure is inside, at the edge or outside of what is known, by its neighbours and by size and polarity."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.core.structure import Structure
from adenoscope.io.structures.molecule import read_structure
from adenoscope.mechanism.chemical_domain import domain, similarity


def structure(smiles: str) -> Structure:
    answer = read_structure(smiles)
    assert isinstance(answer, Structure)
    return answer


KETAMINE = structure("CNC1(CCCCC1=O)c1ccccc1Cl")
KNOWN = {
    "ketamine": KETAMINE,
    "norketamine": structure("NC1(CCCCC1=O)c1ccccc1Cl"),
    "deschloroketamine": structure("CNC1(CCCCC1=O)c1ccccc1"),
}
OTHERS = [
    structure(smiles) for smiles in ("CCO", "c1ccccc1", "C1CCN(CC1)C1(CCCCC1)c1ccccc1", "CNC1(CCCCC1=O)c1ccccc1F")
]


@given(st.sampled_from([KETAMINE, *OTHERS]), st.sampled_from([KETAMINE, *OTHERS]))
def test_similarity_is_a_share_alike_from_both_sides_and_one_with_itself(one: Structure, other: Structure) -> None:
    assert 0 <= similarity(one, other) == similarity(other, one) <= 1
    assert similarity(one, one) == 1


def test_a_stereoisomer_and_a_salt_are_as_near_as_can_be() -> None:
    for smiles in ("CN[C@@]1(CCCCC1=O)c1ccccc1Cl", "CNC1(CCCCC1=O)c1ccccc1Cl.Cl"):
        found = domain(structure(smiles), KNOWN)
        assert (found.standing, found.nearest, found.similarity) == ("inside", "ketamine", 1.0)


def test_a_relative_is_inside_a_cousin_at_the_edge_and_a_stranger_outside() -> None:
    assert domain(structure("CNC1(CCCCC1=O)c1ccccc1F"), KNOWN).standing == "inside"
    assert domain(structure("CCNC1(CCCCC1=O)c1cccs1"), KNOWN).standing == "edge"
    assert domain(structure("Cn1c(=O)c2c(ncn2C)n(C)c1=O"), KNOWN).standing == "outside"


def test_a_descriptor_beyond_the_range_is_named_and_two_of_them_put_it_outside() -> None:
    heavy = domain(structure("CCCCCCCCNC1(CCCCC1=O)c1ccccc1Cl"), KNOWN)
    assert [words.partition(" ")[0] for words in heavy.beyond] == ["molar", "log"]
    assert heavy.standing == "outside"


def test_with_nothing_to_compare_everything_is_outside() -> None:
    assert domain(KETAMINE, {}).standing == "outside"
    assert domain(KETAMINE, {}).nearest is None


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_known_is_inside_itself(name: str) -> None:
    assert domain(KNOWN[name], KNOWN).standing == "inside"
