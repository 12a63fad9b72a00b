"""What the pieces of biology take from each other, found in their equations.

A piece computes a name that it gives a rule (``name := ...``) or a rate (``name' = ...``), and takes what its own
rules and rates use and another piece computes. Constants, and what follows from constants at rest, pass no link: they
say nothing about what drives what. A protocol gives as well: inputs, switches and doses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from adenoscope.mechanism.compounds import library
from adenoscope.mechanism.interventions import INPUTS
from adenoscope.mechanism.observables import BEHAVIOUR, BRAIN, OXYGEN
from adenoscope.mechanism.pieces import PIECES, Species, piece_text

PROTOCOL, DOSES = "protocol", "doses"
STATEMENT = re.compile(r"\b(\w+)\s*(?:'\s*=|:=)([^;]*);")
NAME = re.compile(r"\b[A-Za-z_]\w*")


@dataclass(frozen=True)
class Link:
    """What ``taker`` uses of ``giver``: names of quantities, in the order in which they are used."""

    giver: str
    taker: str
    names: tuple[str, ...]


def computed(piece: str) -> frozenset[str]:
    """Return the names to which a piece gives a rule or a rate."""
    return frozenset(name for name, _ in STATEMENT.findall(equations(piece)))


def links() -> tuple[Link, ...]:
    """Return what every piece takes from every other, by taker and then by giver, each in the pieces' order."""
    owners = {name: piece for piece in PIECES for name in computed(piece)}
    found: list[Link] = []
    for taker in PIECES:
        givers: dict[str, list[str]] = {piece: [] for piece in PIECES if piece != taker}
        for name in _used(taker):
            if owners.get(name, taker) != taker:
                givers[owners[name]].append(name)
        found += [Link(giver, taker, tuple(names)) for giver, names in givers.items() if names]
    return tuple(found)


def protocol_links(species: Species) -> tuple[Link, ...]:
    """Return what a protocol gives each piece: the inputs and switches that it sets, and doses."""
    states = {route.state for compound in library().values() for route in compound.routes[species].values()}
    found: list[Link] = []
    for piece in PIECES:
        words = set(NAME.findall(equations(piece)))
        names = [name for name in INPUTS if name in words] + ([DOSES] if states & computed(piece) else [])
        found += [Link(PROTOCOL, piece, tuple(names))] if names else []
    return tuple(found)


def looked_at(species: Species) -> Mapping[str, tuple[str, ...]]:
    """Return, by piece, what a simulation shows of it whatever was given; behaviour in mice only."""
    behaviour = BEHAVIOUR if species == "mouse" else ()
    seen = [observable.source for observable in (*BRAIN, *behaviour, *OXYGEN)]
    return {piece: tuple(name for name in seen if name in computed(piece)) for piece in PIECES}


def few(names: tuple[str, ...], most: int = 3) -> tuple[str, ...]:
    """Return all names, or, where there are more than ``most``, the first ones and how many follow."""
    return names if len(names) <= most else (*names[: most - 1], f"and {len(names) - most + 1} more")


def equations(piece: str) -> str:
    """Return a piece's text without comments."""
    return re.sub(r"//.*", "", piece_text(piece))


def _used(piece: str) -> Iterable[str]:
    said = " ".join(right for _, right in STATEMENT.findall(equations(piece)))
    return dict.fromkeys(NAME.findall(said))
