"""What the NWB reader and writer must agree on: names that NWB allows, and words for what is unknown."""

from __future__ import annotations

from collections.abc import Iterable

NOT_RECORDED = "not recorded"
INTERVENTIONS = "interventions"
RESPONSE_MODULE = "ophys"


def plain_name(name: str) -> str:
    """Return ``name`` without the characters that NWB forbids in the name of an object."""
    return name.translate(str.maketrans("/:\\", "___")) or "unnamed"


def unique_names(names: Iterable[str]) -> list[str]:
    """Return ``names``, the second of a kind with _2 behind it, the third with _3."""
    taken: set[str] = set()
    unique: list[str] = []
    for name in names:
        candidate, count = name, 1
        while candidate in taken:
            count += 1
            candidate = f"{name}_{count}"
        taken.add(candidate)
        unique.append(candidate)
    return unique
