"""SMILES are read as text first: atoms by their place, and the first slip named with the character it stands at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adenoscope.io.structures.spelling import Fault, look_over

KETAMINE = "CNC1(CCCCC1=O)c1ccccc1Cl"


def test_atoms_are_found_where_they_stand() -> None:
    assert look_over("C[C@@H](Cl)Br") == (1, 2, 9, 12)
    places = look_over(KETAMINE)
    assert isinstance(places, tuple)
    assert [KETAMINE[place - 1] for place in places] == list("CNCCCCCCOccccccC")


@pytest.mark.parametrize("smiles", ["C%10CCCC%10", "C=1CCCC-1", "[13CH4]", "[Na+].[Cl-]", "F/C=C\\F", "C1CC1C1CC1"])
def test_rarer_spellings_are_right_too(smiles: str) -> None:
    assert isinstance(look_over(smiles), tuple)


@pytest.mark.parametrize(
    ("smiles", "words"),
    [
        ("CNC1(CCCCC1=O)c1ccccc1C(", '"(" at character 24 is never closed'),
        ("C1CC1)", '")" at character 6 closes nothing'),
        ("CC()C", "a branch that ends at character 4 without an atom"),
        ("CNC1(CCCCC=O)c1ccccc1Cl", "ring 1, opened at character 4 and closed at 15, joins two atoms"),
        ("C11CC", "closes at the atom that it opens at"),
        ("C1CC", "ring 1, opened at character 2, is never closed"),
        ("1CC1", "ring mark 1 at character 1 has no atom before it"),
        ("CC=", "ends before an atom"),
        ("CC.", "ends before an atom"),
        ("=C", 'the bond "=" at character 1'),
        (".C", '"." at character 1'),
        ("C(=)C", "without an atom"),
        ("CC[Q]C", '"[Q]" at character 3, which is no atom'),
        ("[R1]CC", '"[R1]" at character 1'),
        ("[CH3][CH2", '"[" at character 6 without its partner'),
        ("CC*", 'an open place "*" at character 3'),
        ("CXC", '"X" at character 2'),
        ("CN\u0421", "cyrillic capital letter es) at character 3"),
        ("CC O", "a blank at character 3"),
        ("CC>>CO", "a reaction"),
        ("ketamine", "what seems to be a name"),
        ("InChI=1S/CH4/h1H4", "an InChI"),
        ("YQEZLKZALYSWHR-UHFFFAOYSA-N", "an InChIKey"),
        ("", "ends before an atom"),
    ],
)
def test_the_first_slip_is_named_with_what_is_allowed_and_what_to_do(smiles: str, words: str) -> None:
    fault = look_over(smiles)
    assert isinstance(fault, Fault)
    assert words in fault.found
    assert fault.allowed
    assert fault.remedy


@given(st.text(max_size=40))
def test_whatever_stands_in_a_cell_there_is_an_answer(text: str) -> None:
    assert isinstance(look_over(text), Fault | tuple)


@given(st.integers(1, len(KETAMINE) - 1))
def test_a_structure_that_was_cut_off_is_a_fault_or_another_structure(kept: int) -> None:
    answer = look_over(KETAMINE[:kept])
    assert isinstance(answer, Fault) or len(answer) <= kept
