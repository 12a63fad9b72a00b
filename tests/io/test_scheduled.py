"""What is scheduled is told with jurisdiction, date and source, and nothing is made of what is not in the list."""

from __future__ import annotations

import re

import pytest

from adenoscope.core.structure import Structure
from adenoscope.io.scheduled import DISCLAIMER, Listing, listings, listings_of
from adenoscope.io.structures.molecule import read_structure

SMILES = {
    "ketamine": "CNC1(CCCCC1=O)c1ccccc1Cl",
    "deschloroketamine": "CNC1(CCCCC1=O)c1ccccc1",
    "methoxetamine": "CCNC1(CCCCC1=O)c1cccc(OC)c1",
    "2-fluorodeschloroketamine": "CNC1(CCCCC1=O)c1ccccc1F",
    "phencyclidine": "C1CCN(CC1)C1(CCCCC1)c1ccccc1",
    "3-MeO-PCP": "COc1cccc(c1)C1(CCCCC1)N1CCCCC1",
    "diphenidine": "C(c1ccccc1)C(c1ccccc1)N1CCCCC1",
    "methoxphenidine": "COc1ccccc1C(Cc1ccccc1)N1CCCCC1",
    "tiletamine": "CCNC1(CCCCC1=O)c1cccs1",
}


@pytest.mark.parametrize("listing", listings(), ids=lambda one: f"{one.substance} {one.jurisdiction}")
def test_every_listing_is_of_its_structure_and_has_jurisdiction_date_and_source(listing: Listing) -> None:
    structure = read_structure(SMILES[listing.substance])
    assert isinstance(structure, Structure)
    assert structure.connectivity == listing.connectivity
    assert listing.jurisdiction
    assert listing.status
    assert listing.source
    assert re.fullmatch(r"(19|20)\d\d(-[01]\d(-[0-3]\d)?)?", listing.date)
    assert listing.date in listing.sentence
    assert listing.verified != ("from memory" in listing.source)
    assert ("not verified" in listing.sentence) != listing.verified


def test_salts_and_stereoisomers_are_listed_with_their_compound() -> None:
    for smiles in ("CN[C@@]1(CCCCC1=O)c1ccccc1Cl", "CNC1(CCCCC1=O)c1ccccc1Cl.Cl"):
        structure = read_structure(smiles)
        assert isinstance(structure, Structure)
        assert {one.jurisdiction for one in listings_of(structure.connectivity)} >= {
            "United States",
            "United Kingdom",
        }


def test_absence_says_nothing_and_is_said_to() -> None:
    assert listings_of("AAAAAAAAAAAAAA") == ()
    assert "may be controlled all the same" in DISCLAIMER
    assert "Not legal advice" in DISCLAIMER
