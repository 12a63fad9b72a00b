"""Which compounds somebody has scheduled, where and since when: information, not legal advice, and not complete."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FILE = "scheduled.csv"
DISCLAIMER = (
    "Not legal advice. The list is short and dated; a compound that is not in it may be controlled all the same, by "
    "name, as a member of a class, or as an analogue. Salts and stereoisomers are listed with their compound."
)


@dataclass(frozen=True)
class Listing:
    """What a jurisdiction decided about a substance; ``date_is`` says what the date means.

    A date is written as exactly as its source tells it: 2021, 2021-04 or 2021-04-14.
    ``connectivity`` is the first block of the substance's InChIKey.
    """

    substance: str
    connectivity: str
    jurisdiction: str
    status: str
    date: str
    date_is: str
    source: str
    verified: bool

    @property
    def sentence(self) -> str:
        """Return the listing in words."""
        doubt = "" if self.verified else " (from memory, not verified)"
        return f"{self.jurisdiction}: {self.status}, {self.date_is} {self.date}; {self.source}{doubt}"


@cache
def listings() -> tuple[Listing, ...]:
    """Return every listing that ships, in the order of the file."""
    text = (files("adenoscope") / "values" / FILE).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(Listing(**{**row, "verified": row["verified"] == "true"}) for row in rows)  # pyright: ignore[reportArgumentType]


def listings_of(connectivity: str) -> tuple[Listing, ...]:
    """Return what is listed of a structure, by the first block of its InChIKey."""
    return tuple(listing for listing in listings() if listing.connectivity == connectivity)
