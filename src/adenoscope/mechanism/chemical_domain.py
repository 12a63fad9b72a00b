"""Whether a structure is like those that something is known of: by its nearest neighbour, and by size and polarity.

    similarity = shared fragments / fragments of either (Tanimoto)

Inside: half of the fragments in common with one of them, and every descriptor within the range that they span.
Outside: no more in common than random molecules have, or two descriptors beyond their range. Else at the edge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adenoscope.core.parameter import load_values
from adenoscope.core.structure import Domain, DomainStanding, Structure

TOPIC = "chemical_domain"
WORDS = {"molar_mass": ("molar mass", "g/mol", 0), "log_p": ("log P", "", 1), "tpsa": ("polar surface", "Å²", 0)}
MOST_BEYOND = 2  # descriptors beyond the range that put a structure outside whatever its neighbours


def similarity(one: Structure, other: Structure) -> float:
    """Return Tanimoto's similarity [1] of two structures by their circular fragments."""
    return len(one.features & other.features) / len(one.features | other.features)


def domain(structure: Structure, known: Mapping[str, Structure]) -> Domain:
    """Return how near a structure is to the ``known`` ones, by name.

    Valid: small organic molecules; thresholds and margins are judgements, but for that of noise.
    Source: ``values/chemical_domain.toml``; Tanimoto (1958), Rogers & Hahn (2010), doi:10.1021/ci100050t.
    """
    if not known:
        return Domain("outside", None, None, ())
    found = {name: similarity(structure, other) for name, other in known.items()}
    nearest = max(found, key=lambda name: found[name])
    beyond = tuple(_beyond(structure, known))
    return Domain(_standing(found[nearest], len(beyond)), nearest, found[nearest], beyond)


def _standing(nearest: float, n_beyond: int) -> DomainStanding:
    limits = load_values(TOPIC)["similarity"]
    if nearest <= limits["noise"].value or n_beyond >= MOST_BEYOND:
        return "outside"
    return "inside" if nearest >= limits["close"].value and n_beyond == 0 else "edge"


def _beyond(structure: Structure, known: Mapping[str, Structure]) -> Iterator[str]:
    margins = load_values(TOPIC)["margin"]
    for descriptor, (words, unit, places) in WORDS.items():
        values = [float(getattr(other, descriptor)) for other in known.values()]
        value, margin = float(getattr(structure, descriptor)), margins[descriptor].value
        if not min(values) - margin <= value <= max(values) + margin:
            span = f"{min(values):.{places}f} to {max(values):.{places}f}"
            yield f"{words} {value:.{places}f} {unit}".rstrip() + f", theirs {span}"
